"""A task that a round leaves may have a day by which it is to be done."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("follow_up", sa.Column("due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("follow_up", "due_on")
