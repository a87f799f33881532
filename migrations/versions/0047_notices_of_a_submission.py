"""The notices of a submission are found by it: the clock asks what it has said of each turn."""

from collections.abc import Sequence

from alembic import op

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_notice_submission_id", "notice", ["submission_id"])


def downgrade() -> None:
    op.drop_index("ix_notice_submission_id", "notice")
