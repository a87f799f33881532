"""The form of a review is data; a review remembers the wording that it was given on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "form_text",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_form_text")),
    )
    op.create_table(
        "form_choice",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_form_choice_kind_is_named")),
        sa.ForeignKeyConstraint(
            ["digest"], ["form_text.digest"], name=op.f("fk_form_choice_digest_form_text")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_form_choice_changed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_form_choice")),
    )
    op.create_index(op.f("ix_form_choice_changed_by_id"), "form_choice", ["changed_by_id"])
    # No foreign key: SQLite would have to copy the table for it, and wordings are never deleted.
    op.add_column("review", sa.Column("form", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("review", "form")
    op.drop_table("form_choice")
    op.drop_table("form_text")
