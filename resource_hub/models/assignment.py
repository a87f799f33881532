"""Who has a submission to review, since when, until when, and how that ended."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.review import Stage
from resource_hub.models.base import Base, stored
from resource_hub.models.people import User
from resource_hub.models.review import Submission


class EndedAs(StrEnum):
    """How a person's turn at a submission ended."""

    DECIDED = "decided"
    RELEASED = "released"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    REASSIGNED = "reassigned"
    CLOSED = "closed"
    """Somebody else decided, had less to do and has it now, or the author took it back."""


class Assignment(Base):
    """One person's turn at one stage of a submission; open while ``ended_at`` is NULL.

    An assignment is a duty, not a lock: only who has claimed it (``claimed_at``) keeps others from
    deciding. So a colleague who has an hour to spare need not ask first.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
        Index(
            "uq_assignment_open",
            "submission_id",
            "reviewer_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_assignment_load", "reviewer_id", "ended_at"),
        Index("ix_assignment_due", "ended_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    """When the person first had it on the desk; from then on nobody evens it out."""
    due_on: Mapped[date]
    """The last day, in the hub's time zone, on which a decision is in time."""
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Any: codes and their figures
    """Why this person; ``domain.assignment.Why`` as JSON."""
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[EndedAs | None] = mapped_column(stored(EndedAs))
    note: Mapped[str] = mapped_column(Text, default="")
    """The reason of who declined, the word to the next of who handed over; of what the hub passed
    on, the code of ``domain.assignment.PassedOn``, empty for what is older than the codes."""

    submission: Mapped[Submission] = relationship(lazy="raise")
    reviewer: Mapped[User] = relationship(lazy="raise")
