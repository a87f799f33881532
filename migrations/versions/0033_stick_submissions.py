"""A submission that came on a stick is taken in once; the key says so, also to two at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "stick_submission",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_stick_submission"),
    )


def downgrade() -> None:
    op.drop_table("stick_submission")
