"""What the virus scanner said of the bytes of files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column, as in 0008.
    op.add_column("blob", sa.Column("virus", sa.String(length=200), nullable=True))
    op.add_column("blob", sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("blob", "scanned_at")
    op.drop_column("blob", "virus")
