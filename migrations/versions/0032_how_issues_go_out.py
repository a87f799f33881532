"""An issue goes out to people and to groups: robots, what was posted, who was told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SERVICES = ("dingtalk", "wecom", "feishu")
_BEFORE = ("own_work", "talk", "to_review", "other")
_TOPICS = ("own_work", "talk", "to_review", "catalogue", "other")


def upgrade() -> None:
    _allow_topics(_TOPICS)
    op.create_table(
        "robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                *_SERVICES, name="service", native_enum=False, length=24, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name="fk_robot_alliance_id_alliance"
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name="fk_robot_added_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_robot"),
        sa.UniqueConstraint("alliance_id", "name", name="uq_robot_alliance_id_name"),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("robot_name", sa.String(60), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name="fk_posting_issue_id_issue", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["robot_id"], ["robot.id"], name="fk_posting_robot_id_robot", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.UniqueConstraint("issue_id", "robot_id", name="uq_posting_issue_id_robot_id"),
    )
    op.create_index("ix_posting_robot_id", "posting", ["robot_id"])
    op.create_table(
        "issue_notice",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name="fk_issue_notice_issue_id_issue", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name="fk_issue_notice_notice_id_notice",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", "notice_id", name="pk_issue_notice"),
    )
    op.create_index("ix_issue_notice_notice_id", "issue_notice", ["notice_id"])


def downgrade() -> None:
    op.drop_table("issue_notice")
    op.drop_table("posting")
    op.drop_table("robot")
    op.execute("DELETE FROM mail_choice WHERE topic = 'catalogue'")
    _allow_topics(_BEFORE)


def _allow_topics(topics: tuple[str, ...]) -> None:
    """Nothing refers to this table, so it may be written anew on SQLite."""
    allowed = ", ".join(f"'{topic}'" for topic in topics)
    with op.batch_alter_table("mail_choice") as table:
        table.drop_constraint(op.f("ck_mail_choice_topic"), type_="check")
        table.create_check_constraint(op.f("ck_mail_choice_topic"), f"topic IN ({allowed})")
