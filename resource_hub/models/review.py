"""Submissions and the reviews that decide them."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.review import Action, Policy, Reason, Stage
from resource_hub.domain.review_form import Sheet
from resource_hub.models.base import Base, Codes, stored
from resource_hub.models.organisation import Alliance
from resource_hub.models.people import User
from resource_hub.models.policy import StoredPolicy
from resource_hub.models.resource import Revision


class Submission(Base):
    """One passage of a revision through review; ``policy`` is what it must pass.

    ``outcome`` is NULL while it is open, then the action that ended it.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("revision_id", "round"),
        Index("uq_submission_appeal", "revision_id", "appeal_of", unique=True),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_has_outcome"),
        Index(
            "uq_submission_open",
            "revision_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index("ix_submission_closed_at", "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    round: Mapped[int]
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id"), index=True)
    policy: Mapped[Policy] = mapped_column(StoredPolicy())
    """Of the day on which the round was opened; never changed."""
    fast_lane: Mapped[bool] = mapped_column(default=False)
    """Whether one approval is enough, for next to nothing was changed."""
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    opened_at: Mapped[datetime]
    stage_since: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Action | None] = mapped_column(stored(Action))
    appeal_of: Mapped[int | None]
    """The round against whose rejection the author appeals with this one."""
    message: Mapped[str] = mapped_column(Text, default="")
    """What the author tells the reviewers, such as what was changed since the last round."""
    checked: Mapped[tuple[str, ...]] = mapped_column(Codes(), default=())
    """The criteria that the author checked the work against before submitting it."""
    checked_form: Mapped[str | None] = mapped_column(String(64))
    """The digest of the form they are of; NULL where nobody was asked, as by an import."""
    version: Mapped[int] = mapped_column(default=1)

    revision: Mapped[Revision] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="submission", lazy="raise", order_by="Review.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Review(Base):
    """One reviewer's decision at one stage.

    The trigger ``review_not_too_close`` (migration 0035) keeps out who wrote it too and, from then
    on, who is the author's mentor or mentee; so does ``remark_not_too_close`` for remarks.
    """

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
    reviewer_school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"))
    """NULL: somebody from outside."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author_school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    decision: Mapped[Action] = mapped_column(stored(Action))
    reason: Mapped[Reason | None] = mapped_column(stored(Reason))
    form: Mapped[str | None] = mapped_column(String(64))
    """The digest of the wording it was given on (``form_text``, from which nothing is deleted);
    NULL for decisions from before the form, or without it."""
    passes: Mapped[dict[str, bool | None]] = mapped_column(JSON, default=dict)
    """Criterion → met or not."""
    scores: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    strengths: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    """What to change."""
    hidden_note: Mapped[str] = mapped_column(
        Text, default="", deferred=True, deferred_raiseload=True
    )
    """Not for the author: a query has to ask for it by name, or reading it is an error."""
    decided_at: Mapped[datetime]
    disclosed_at: Mapped[datetime | None]
    """When all of the stage were in; until then nobody but the reviewer knows of it."""

    submission: Mapped[Submission] = relationship(back_populates="reviews", lazy="raise")
    reviewer: Mapped[User] = relationship(lazy="raise", foreign_keys=[reviewer_id])

    @property
    def sheet(self) -> Sheet:
        """What was answered, without the note that the author may not see."""
        return Sheet(self.passes, self.scores, self.strengths, self.comment, form=self.form or "")
