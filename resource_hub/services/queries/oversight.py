"""Who holds what: for those who answer for a school, or for the hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import State
from resource_hub.models import Assignment, Resource, Revision, School, Submission, User
from resource_hub.services.closeness import wrote_it


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has to review, of all that the reader answers for."""

    person_id: int
    name: str
    school_name: str
    number: int
    late: int
    """How many of them should have been decided before today."""
    oldest_since: datetime
    """Since when the longest held has been theirs."""
    next_due: date


def may_oversee(person: Person) -> bool:
    return person.is_administrator or person.is_coordinator


def refuse_unless_overseer(person: Person) -> None:
    """Raise ``NotAllowed`` for those who answer for nobody's work but their own."""
    if not may_oversee(person):
        raise NotAllowed(N_("Only coordinators see who holds what."))


def answers_for(person: Person) -> ColumnElement[bool]:
    """Open work of the schools that ``person`` coordinates, of all for an administrator.

    Not the own work: its author sees how it goes on pages of their own, and never at the desk.
    """
    schools = [
        held.school_id
        for held in person.appointments
        if held.role is Role.COORDINATOR and held.school_id is not None
    ]
    own = [] if person.is_administrator else [Resource.school_id.in_(schools)]
    return and_(
        Submission.outcome.is_(None),
        Revision.state == State.IN_REVIEW,
        ~wrote_it(person),
        *own,
    )


def loads(session: Session, person: Person, *, today: date) -> Sequence[Load]:
    """Everybody who has something, those with late work first, then the longest lists.

    Raises:
        NotAllowed: the person oversees nothing.
    """
    refuse_unless_overseer(person)
    late = func.sum(case((Assignment.due_on < today, 1), else_=0))
    number = func.count(Assignment.id)
    rows = session.execute(
        select(
            User.id,
            User.name,
            School.name,
            number,
            late,
            func.min(Assignment.assigned_at),
            func.min(Assignment.due_on),
        )
        .select_from(Assignment)
        .join(Assignment.submission)
        .join(Submission.revision)
        .join(Revision.resource)
        .join(Assignment.reviewer)
        .outerjoin(User.school)
        .where(Assignment.ended_at.is_(None), answers_for(person))
        .group_by(User.id, User.name, School.name)
        .order_by(late.desc(), number.desc(), User.id)
    )
    return [
        Load(person_id, name, school or "", count, int(of_them), since, due)
        for person_id, name, school, count, of_them, since, due in rows
    ]


def number_unheld(session: Session, person: Person) -> int:
    """How much of what the person answers for nobody has."""
    held = (
        select(Assignment.id)
        .where(Assignment.submission_id == Submission.id, Assignment.ended_at.is_(None))
        .exists()
    )
    return (
        session.scalar(
            select(func.count(Submission.id))
            .join(Submission.revision)
            .join(Revision.resource)
            .where(answers_for(person), ~held)
        )
        or 0
    )
