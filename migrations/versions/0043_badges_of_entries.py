"""The entries of an issue say who stands behind them; those of frozen issues stay as they are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "entry", sa.Column("badge", sa.String(length=24), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("entry", "badge")
