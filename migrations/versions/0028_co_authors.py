"""Versions have co-authors, people have mentors; neither judges the other's work."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "co_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name=op.f("fk_co_author_revision_id_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_co_author_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author")),
        sa.UniqueConstraint(
            "revision_id", "user_id", name=op.f("uq_co_author_revision_id_user_id")
        ),
    )
    op.create_index(op.f("ix_co_author_user_id"), "co_author", ["user_id"])
    op.create_table(
        "mentor_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentee_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_mentor_pair_of_two")),
        sa.ForeignKeyConstraint(
            ["mentee_id"],
            ["user.id"],
            name=op.f("fk_mentor_pair_mentee_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["user.id"],
            name=op.f("fk_mentor_pair_mentor_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_pair")),
        sa.UniqueConstraint(
            "mentor_id", "mentee_id", name=op.f("uq_mentor_pair_mentor_id_mentee_id")
        ),
    )
    op.create_index(op.f("ix_mentor_pair_mentee_id"), "mentor_pair", ["mentee_id"])


def downgrade() -> None:
    op.drop_table("mentor_pair")
    op.drop_table("co_author")
