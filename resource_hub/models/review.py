"""Submissions and the reviews that decide them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.models.base import Base, Codes, stored
from resource_hub.models.organisation import Alliance
from resource_hub.models.people import User
from resource_hub.models.resource import Revision


class Submission(Base):
    """One passage of a revision through review; ``stages`` and ``approvals`` are its policy.

    ``outcome`` is NULL while it is open, then the action that ended it.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("revision_id", "round"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_has_outcome"),
        CheckConstraint("(holder_id IS NULL) = (held_since IS NULL)", name="held_since_when"),
        CheckConstraint("outcome IS NULL OR holder_id IS NULL", name="closed_is_not_held"),
        Index(
            "uq_submission_open",
            "revision_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    round: Mapped[int]
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id"), index=True)
    stages: Mapped[tuple[str, ...]] = mapped_column(Codes())
    approvals: Mapped[int]
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    opened_at: Mapped[datetime]
    stage_since: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Action | None] = mapped_column(stored(Action))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    held_since: Mapped[datetime | None]
    message: Mapped[str] = mapped_column(Text, default="")
    """What the author tells the reviewers, such as what was changed since the last round."""
    version: Mapped[int] = mapped_column(default=1)

    revision: Mapped[Revision] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")
    holder: Mapped[User | None] = relationship(lazy="raise")
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="submission", lazy="raise", order_by="Review.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Review(Base):
    """One reviewer's decision at one stage."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("submission_id", "stage", "reviewer_id"),
        CheckConstraint(
            "decision IN ('approve', 'request_changes', 'reject')", name="decision_is_one"
        ),
        CheckConstraint("decision = 'approve' OR comment <> ''", name="refusal_has_comment"),
        CheckConstraint(
            "(decision = 'reject') = (reason IS NOT NULL)", name="rejection_has_reason"
        ),
        CheckConstraint("reviewer_id <> author_id", name="not_own_work"),
        CheckConstraint(
            "stage <> 'alliance' OR reviewer_school_id <> author_school_id",
            name="not_own_school_at_alliance",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reviewer_school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author_school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    decision: Mapped[Action] = mapped_column(stored(Action))
    reason: Mapped[Reason | None] = mapped_column(stored(Reason))
    comment: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(back_populates="reviews", lazy="raise")
    reviewer: Mapped[User] = relationship(lazy="raise", foreign_keys=[reviewer_id])
