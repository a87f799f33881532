"""The discussion round of an issue: dates, agenda, attendance, minutes, tasks that it leaves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.discussion_round import Dates
from resource_hub.domain.follow_ups import TaskState
from resource_hub.models.base import Base, stored
from resource_hub.models.catalogue import Issue
from resource_hub.models.people import User
from resource_hub.models.resource import Resource


class IssueRound(Base):
    """The one round of an issue; whether it is open follows from its dates."""

    __tablename__ = "issue_round"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("minutes_at IS NULL OR minutes <> ''", name="minutes_say_something"),
        CheckConstraint(
            "called_off_at IS NULL OR minutes_at IS NULL", name="called_off_has_no_minutes"
        ),
        CheckConstraint(
            "(called_off_at IS NULL) = (called_off_why = '')", name="called_off_for_a_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), unique=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    """Where people meet beside writing: a room, or the address of a video meeting."""
    introduction: Mapped[str] = mapped_column(Text, default="")
    edits: Mapped[int] = mapped_column(default=0)
    """How often the preparation was changed: whoever saves says what they had seen."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Of the invitation: how often what stands in it was changed."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When the invitation was last changed."""
    opening_told_at: Mapped[datetime | None]
    closing_told_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    called_off_why: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What those who take part are told; empty unless it is called off."""
    minutes: Mapped[str] = mapped_column(Text, default="")
    minutes_edits: Mapped[int] = mapped_column(default=0)
    minutes_at: Mapped[datetime | None]
    """When they were published; nothing of the round changes afterwards."""
    minutes_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    issue: Mapped[Issue] = relationship(lazy="raise")
    host: Mapped[User] = relationship(foreign_keys=[host_id], lazy="raise")
    agenda: Mapped[list["AgendaItem"]] = relationship(
        cascade="all, delete-orphan", order_by="AgendaItem.position", lazy="raise"
    )

    @property
    def dates(self) -> Dates:
        return Dates(self.opens_at, self.closes_at, self.minutes_at, self.called_off_at)


class AgendaItem(Base):
    """One thing to talk about: a resource of the issue, or something else."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("round_id", "resource_id"),
        CheckConstraint("title <> ''", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("issue_round.id", ondelete="CASCADE"))
    position: Mapped[int]
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="SET NULL"), index=True
    )
    """Of an item without a resource, as soon as somebody has begun to talk about it."""
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")

    resource: Mapped[Resource | None] = relationship(lazy="raise")


class Attendance(Base):
    """A person signed the list of a round; whoever wrote in it took part without signing."""

    __tablename__ = "attendance"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("issue_round.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class Coming(Base):
    """A person said, before a round opened, that they will come."""

    __tablename__ = "coming"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("issue_round.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class FollowUp(Base):
    """What the authors of a resource were asked to do; see ``domain.follow_ups``."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("words <> ''", name="says_something"),
        CheckConstraint("state <> 'done' OR done_at IS NOT NULL", name="done_has_date"),
        CheckConstraint(
            "(state IN ('confirmed', 'withdrawn')) = (closed_at IS NOT NULL)",
            name="closed_has_date",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(
        ForeignKey("issue_round.id", ondelete="CASCADE"), index=True
    )
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[TaskState] = mapped_column(stored(TaskState), default=TaskState.OPEN)
    due_on: Mapped[date | None]
    """The last day on which it is in time, if the host named one."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_words: Mapped[str] = mapped_column(Text, default="")
    done_revision: Mapped[int | None]
    """The number of the revision by which it was done, if it was by one."""
    closed_at: Mapped[datetime | None]
    """When the host confirmed it or took it back."""
    host_words: Mapped[str] = mapped_column(Text, default="")
    """What the host said last, such as why it is open again."""
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[IssueRound] = relationship(lazy="raise")
    resource: Mapped[Resource] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so
