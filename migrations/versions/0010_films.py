"""How long films and sounds are, in which codecs, and whether browsers play them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column, as in 0008.
    op.add_column("blob", sa.Column("duration", sa.Float(), nullable=True))
    op.add_column("blob", sa.Column("codecs", sa.String(length=80), nullable=True))
    op.add_column("blob", sa.Column("playing", sa.String(length=12), nullable=True))


def downgrade() -> None:
    for name in ("playing", "codecs", "duration"):
        op.drop_column("blob", name)
