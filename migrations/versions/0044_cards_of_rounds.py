"""Groups hear of rounds: what a card is about, and whether a group wants cards of rounds."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TOPICS = ("issue", "round", "round_opens", "round_moved", "round_called_off", "minutes")
_UNIQUE = "uq_posting_issue_id_robot_id"
_UNIQUE_BY_TOPIC = "uq_posting_issue_id_robot_id_topic_turn"


def upgrade() -> None:
    op.add_column(
        "robot",
        sa.Column("tells_rounds", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    allowed = ", ".join(f"'{topic}'" for topic in _TOPICS)
    # Nothing refers to this table, so it may be written anew on SQLite.
    with op.batch_alter_table("posting") as table:
        table.add_column(sa.Column("topic", sa.String(24), server_default="issue", nullable=False))
        table.add_column(sa.Column("turn", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_posting_cardtopic"), f"topic IN ({allowed})")
        table.drop_constraint(_UNIQUE, type_="unique")
        table.create_unique_constraint(_UNIQUE_BY_TOPIC, ["issue_id", "robot_id", "topic", "turn"])


def downgrade() -> None:
    op.execute("DELETE FROM posting WHERE topic <> 'issue'")
    with op.batch_alter_table("posting") as table:
        table.drop_constraint(_UNIQUE_BY_TOPIC, type_="unique")
        table.drop_constraint(op.f("ck_posting_cardtopic"), type_="check")
        table.drop_column("dropped_at")
        table.drop_column("turn")
        table.drop_column("topic")
        table.create_unique_constraint(_UNIQUE, ["issue_id", "robot_id"])
    op.drop_column("robot", "tells_rounds")
