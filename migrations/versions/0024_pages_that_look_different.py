"""Which pages of two files look different."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "page_comparison",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("before_key", sa.String(length=64), nullable=False),
        sa.Column("after_key", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["after_key"],
            ["blob.key"],
            name=op.f("fk_page_comparison_after_key_blob"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_key"],
            ["blob.key"],
            name=op.f("fk_page_comparison_before_key_blob"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_comparison")),
        sa.UniqueConstraint(
            "before_key", "after_key", name=op.f("uq_page_comparison_before_key_after_key")
        ),
    )
    op.create_index(
        op.f("ix_page_comparison_after_key"), "page_comparison", ["after_key"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_page_comparison_after_key"), table_name="page_comparison")
    op.drop_table("page_comparison")
