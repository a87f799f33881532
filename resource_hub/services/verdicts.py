"""What the reviewers of a stage have decided: kept apart until all are in, then shown together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Place, Stage, State
from resource_hub.domain.verdict import Decision, Ground, Opinion, Verdict
from resource_hub.models import Review, Submission
from resource_hub.services.unit_of_work import UnitOfWork

OUTCOMES = {
    State.PUBLISHED: Action.APPROVE,
    State.CHANGES_REQUESTED: Action.REQUEST_CHANGES,
    State.REJECTED: Action.REJECT,
}
"""How a round has ended, by where its revision went."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the author is told: which words, and what reviewers wrote."""

    kind: str
    comment: str


def opinions_at(session: Session, submission: Submission) -> tuple[Opinion, ...]:
    """What is in at the present stage, in the order in which it came."""
    return tuple(
        Opinion(Decision(review.decision.value), review.sheet, review.reviewer_id)
        for review in session.scalars(
            select(Review)
            .where(Review.submission_id == submission.id, Review.stage == submission.stage)
            .order_by(Review.id)
        )
    )


def is_disclosed_to(person: Person) -> ColumnElement[bool]:
    """The condition on Review that ``person`` may know it: all were in, or it is the own one."""
    return or_(Review.disclosed_at.is_not(None), Review.reviewer_id == (person.id or 0))


def disclose(uow: UnitOfWork, submission: Submission) -> Sequence[Review]:
    """The stage is over: from now on its opinions may be known. Those of this round are returned.

    So may those of rounds that the author took back before all of this stage were in.
    """
    for review in uow.session.scalars(
        select(Review)
        .join(Review.submission)
        .where(
            Submission.revision_id == submission.revision_id,
            Submission.id != submission.id,
            Review.stage == submission.stage,
            Review.disclosed_at.is_(None),
        )
    ):
        review.disclosed_at = uow.now()
    found = uow.session.scalars(
        select(Review)
        .where(Review.submission_id == submission.id, Review.disclosed_at.is_(None))
        .order_by(Review.id)
        .options(joinedload(Review.reviewer))
    ).all()
    for review in found:
        review.disclosed_at = uow.now()
    return found


def telling(
    found: Sequence[Review], weighed: Verdict, *, place: Place, stage: Stage | None, last: str
) -> Telling:
    """What the author is told after a decision.

    Args:
        found: what is disclosed now.
        last: what the reviewer wrote who decided last.
    """
    if weighed.decision is None:
        return Telling("one_judged", "")
    several = len(found) > 1
    words = "\n\n".join(f"{each.reviewer.name}：{each.comment}" for each in found if each.comment)
    comment = words if several else last
    if place.state is State.PUBLISHED:
        return Telling("published", comment)
    if place.state is State.IN_REVIEW:
        return Telling("passed_stage" if place.stage is not stage else "one_judged", comment)
    if Ground.OPINION not in weighed.grounds:
        return Telling("marks_too_low", comment)
    action = OUTCOMES[place.state]
    return Telling(f"all_{action}" if several else action.value, comment)
