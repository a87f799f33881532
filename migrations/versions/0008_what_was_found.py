"""Macros, numbers of people and listings of archives, and which readers looked into a file."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column, never by a copy of the table: dropping the old copy of `blob` would take
    # the rows of `blob_text` with it on SQLite.
    op.add_column(
        "blob", sa.Column("macros", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("blob", sa.Column("findings", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "blob", sa.Column("inspected_by", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("blob_text", sa.Column("listing", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("blob_text", "listing")
    for name in ("inspected_by", "findings", "macros"):
        op.drop_column("blob", name)
