"""Whether a name fits what is inside is asked of each name: the same bytes may have several."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("blob", "misnamed")


def downgrade() -> None:
    # What the names promised is not known any more; nobody is told that they lie.
    op.add_column(
        "blob", sa.Column("misnamed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
