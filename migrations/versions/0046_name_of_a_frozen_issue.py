"""A published issue keeps the name that its alliance had; those already out keep today's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0046"
down_revision: str | None = "0045"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("alliance_name", sa.String(120), nullable=True))
    op.execute(
        "UPDATE issue SET alliance_name ="
        " (SELECT name FROM alliance WHERE alliance.id = issue.alliance_id)"
        " WHERE published_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("issue", "alliance_name")
