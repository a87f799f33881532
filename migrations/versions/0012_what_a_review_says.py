"""A review has answers to the form: criteria, scores, strengths, and a note for reviewers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("review", sa.Column("passes", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("review", sa.Column("scores", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("review", sa.Column("strengths", sa.Text(), server_default="", nullable=False))
    op.add_column("review", sa.Column("hidden_note", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for name in ("hidden_note", "strengths", "scores", "passes"):
        op.drop_column("review", name)
