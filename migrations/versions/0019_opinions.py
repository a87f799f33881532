"""Half-written opinions are kept on the server; reviewers keep sentences of their own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "half_written",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("window", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_half_written_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["user.id"],
            name=op.f("fk_half_written_reviewer_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_written")),
        sa.UniqueConstraint(
            "submission_id",
            "reviewer_id",
            "window",
            name=op.f("uq_half_written_submission_id_reviewer_id_window"),
        ),
    )
    op.create_index(op.f("ix_half_written_reviewer_id"), "half_written", ["reviewer_id"])
    op.create_table(
        "own_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "field IN ('strengths', 'comment', 'hidden')", name=op.f("ck_own_sentence_field_is_one")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_own_sentence_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_sentence")),
    )
    op.create_index(op.f("ix_own_sentence_user_id"), "own_sentence", ["user_id"])


def downgrade() -> None:
    op.drop_table("own_sentence")
    op.drop_table("half_written")
