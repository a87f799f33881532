"""Whether the text of a file was looked for in its pictures, and how far that has come."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0048"
down_revision: str | None = "0047"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column, never by a copy of the table: see 0008.
    op.add_column("blob", sa.Column("recognition", sa.String(length=12), nullable=True))
    op.add_column(
        "blob", sa.Column("recognised_pages", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("blob", "recognised_pages")
    op.drop_column("blob", "recognition")
