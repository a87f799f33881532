"""The author checks the list of the form before submitting; the submission says what and which."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("checked", sa.Text(), server_default="", nullable=False))
    op.add_column("submission", sa.Column("checked_form", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("submission", "checked_form")
    op.drop_column("submission", "checked")
