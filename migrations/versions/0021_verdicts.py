"""Opinions stay hidden until all of a stage are in; an author may appeal against a rejection."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("review", sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE review SET disclosed_at = decided_at")
    op.add_column("submission", sa.Column("appeal_of", sa.Integer(), nullable=True))
    op.create_index("uq_submission_appeal", "submission", ["revision_id", "appeal_of"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_submission_appeal", table_name="submission")
    op.drop_column("submission", "appeal_of")
    op.drop_column("review", "disclosed_at")
