"""Prints of pages by their looks, and which pages of two works look the same."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "printed_file",
        sa.Column("blob_key", sa.String(64), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_key"], ["blob.key"], name="fk_printed_file_blob_key_blob", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("blob_key", name="pk_printed_file"),
    )
    op.create_table(
        "page_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blob_key", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bits", sa.String(64), nullable=False),
        sa.Column("look", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_key"],
            ["printed_file.blob_key"],
            name="fk_page_print_blob_key_printed_file",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_page_print"),
        sa.UniqueConstraint("blob_key", "number", name="uq_page_print_blob_key_number"),
    )
    op.create_table(
        "page_band",
        sa.Column("value", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("print_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["print_id"],
            ["page_print.id"],
            name="fk_page_band_print_id_page_print",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("value", "print_id", name="pk_page_band"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_page_band_print_id", "page_band", ["print_id"])
    op.add_column(
        "found_alike", sa.Column("same_pages", sa.JSON(), server_default="[]", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("found_alike", "same_pages")
    op.drop_table("page_band")
    op.drop_table("page_print")
    op.drop_table("printed_file")
