"""Whose turn it is by what day, and who had a submission before at its stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.assignment import PassedOn
from resource_hub.domain.review import Stage
from resource_hub.models import Assignment, EndedAs, Submission, User
from resource_hub.services.assigning import expected_on, holders

TOLD = (EndedAs.RELEASED, EndedAs.DECLINED, EndedAs.HANDED_OVER, EndedAs.REASSIGNED)
"""A decision is told elsewhere, and that somebody was faster is no story."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Where something that was submitted is judged first."""

    stage: Stage
    expected_on: date | None
    """None: nobody has it yet."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One turn that ended without a decision."""

    name: str
    ended_at: datetime
    ended_as: EndedAs
    note: str
    passed_on: PassedOn | None = None


def awaited(session: Session, revision_id: int) -> Awaited | None:
    """What the author of a revision waits for; None where no review of it is open."""
    found = session.execute(
        select(Submission.id, Submission.stage).where(
            Submission.revision_id == revision_id, Submission.outcome.is_(None)
        )
    ).one_or_none()
    if found is None:
        return None
    return Awaited(found.stage, expected_on(holders(session, [found.id])[found.id]))


def past_turns(session: Session, submission: Submission) -> Sequence[PastTurn]:
    """The latest first."""
    rows = session.execute(
        select(User.name, Assignment.ended_at, Assignment.ended_as, Assignment.note)
        .join(Assignment.reviewer)
        .where(
            Assignment.submission_id == submission.id,
            Assignment.stage == submission.stage,
            Assignment.ended_as.in_(TOLD),
        )
        .order_by(Assignment.ended_at.desc(), Assignment.id.desc())
    )
    return [
        PastTurn(name, ended_at, ended_as, "", PassedOn(note))
        if ended_as is EndedAs.REASSIGNED and note
        else PastTurn(name, ended_at, ended_as, note)
        for name, ended_at, ended_as, note in rows
        if ended_at is not None and ended_as is not None
    ]
