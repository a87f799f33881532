"""The discussion round of an issue: dates, agenda, attendance, minutes, and the tasks it leaves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES = ("open", "done", "confirmed", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "issue_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opening_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("minutes_edits", sa.Integer(), nullable=False),
        sa.Column("minutes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "closes_at > opens_at", name=op.f("ck_issue_round_closes_after_it_opens")
        ),
        sa.CheckConstraint(
            "minutes_at IS NULL OR minutes <> ''", name=op.f("ck_issue_round_minutes_say_something")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name="fk_issue_round_issue_id_issue", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["user.id"], name="fk_issue_round_host_id_user"),
        sa.ForeignKeyConstraint(
            ["minutes_by_id"], ["user.id"], name="fk_issue_round_minutes_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_issue_round"),
        sa.UniqueConstraint("issue_id", name="uq_issue_round_issue_id"),
    )
    op.create_index("ix_issue_round_host_id", "issue_round", ["host_id"])
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_agenda_item_says_something")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["issue_round.id"],
            name="fk_agenda_item_round_id_issue_round",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name="fk_agenda_item_resource_id_resource"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["thread.id"],
            name="fk_agenda_item_thread_id_thread",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
        sa.UniqueConstraint("round_id", "resource_id", name="uq_agenda_item_round_id_resource_id"),
    )
    op.create_index("ix_agenda_item_resource_id", "agenda_item", ["resource_id"])
    op.create_index("ix_agenda_item_thread_id", "agenda_item", ["thread_id"])
    op.create_table(
        "attendance",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["issue_round.id"],
            name="fk_attendance_round_id_issue_round",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_attendance_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "user_id", name="pk_attendance"),
    )
    op.create_index("ix_attendance_user_id", "attendance", ["user_id"])
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *_STATES, name="taskstate", native_enum=False, length=24, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_words", sa.Text(), nullable=False),
        sa.Column("done_revision", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_follow_up_says_something")),
        sa.CheckConstraint(
            "state <> 'done' OR done_at IS NOT NULL", name=op.f("ck_follow_up_done_has_date")
        ),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'withdrawn')) = (closed_at IS NOT NULL)",
            name=op.f("ck_follow_up_closed_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["issue_round.id"],
            name="fk_follow_up_round_id_issue_round",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name="fk_follow_up_resource_id_resource",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name="fk_follow_up_asked_by_id_user"),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name="fk_follow_up_done_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
    )
    op.create_index("ix_follow_up_round_id", "follow_up", ["round_id"])
    op.create_index("ix_follow_up_resource_id", "follow_up", ["resource_id"])


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("attendance")
    op.drop_table("agenda_item")
    op.drop_table("issue_round")
