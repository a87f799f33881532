"""How much each reviewer does, and how old the open work is; for those who answer for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import Stage
from resource_hub.models import (
    Appointed,
    Assignment,
    EndedAs,
    Resource,
    Review,
    Revision,
    School,
    Submission,
    User,
)
from resource_hub.services.queries.oversight import answers_for, may_oversee
from resource_hub.services.queries.shelf import Paging
from resource_hub.services.queries.speed import Median, days_between, medians

LATELY = timedelta(days=30)
YEAR = timedelta(days=365)
PER_PAGE = 50

BUCKETS = (0, 3, 6, 11, 21)
"""Days: up to 2, 3 to 5, 6 to 10, 11 to 20, more."""


@dataclass(frozen=True, slots=True)
class ReviewerLoad:
    """What one reviewer has, and has done."""

    person_id: int
    name: str
    school_name: str
    open: int
    decided: int
    """In the last 30 days."""
    median: Median | None
    """From being given it to the decision, in the last 12 months; None where there was none."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How many open submissions are ``least`` to ``most`` days old; ``most`` None: and more."""

    least: int
    most: int | None
    number: int


def refuse_unless_concerned(person: Person) -> None:
    """Raise ``NotAllowed`` for those who neither review nor answer for reviewers."""
    if not person.is_signed_in or not (may_oversee(person) or person.is_reviewer):
        raise NotAllowed(N_("Only reviewers and coordinators see how reviews go."))


def is_overseen(person: Person) -> ColumnElement[bool]:
    """The condition on Review that ``person`` may count it.

    Coordinators count what was judged at the school stage of their school, and what people of their
    school judged for an alliance. What was said of the own work is left out, and others count what
    they judged themselves.
    """
    schools = _schools(person)
    seen: ColumnElement[bool]
    if person.is_administrator:
        seen = true()
    else:
        seen = or_(
            and_(Review.stage == Stage.SCHOOL, Review.author_school_id.in_(schools)),
            Review.reviewer_school_id.in_(schools),
            Review.reviewer_id == (person.id or 0),
        )
    return and_(seen, Review.author_id != (person.id or 0), Review.disclosed_at.is_not(None))


def reviewer_loads(
    session: Session, person: Person, *, now: datetime, page: int = 1
) -> tuple[Sequence[ReviewerLoad], Paging]:
    """Everybody whom ``person`` answers for, those with most to do first; five queries.

    Who only reviews finds the own line.

    Raises:
        NotAllowed: the person neither reviews nor answers for reviewers.
    """
    refuse_unless_concerned(person)
    opened, decided = _open(session, person), _decided(session, person, now - LATELY)
    spent = _spent(session, person, now - YEAR)
    everybody = {*_appointed(session, person), *opened, *decided, *spent}
    ranked = sorted(everybody, key=lambda each: (-opened.get(each, 0), -decided.get(each, 0), each))
    paging = Paging.fit(page, PER_PAGE, len(ranked))
    shown = ranked[paging.offset : paging.offset + PER_PAGE]
    rows = session.execute(
        select(User.id, User.name, School.name).outerjoin(User.school).where(User.id.in_(shown))
    )
    names = {number: (name, school or "") for number, name, school in rows}
    return [
        ReviewerLoad(
            each,
            *names[each],
            opened.get(each, 0),
            decided.get(each, 0),
            spent.get(each),
        )
        for each in shown
    ], paging


def open_ages(session: Session, person: Person, *, now: datetime) -> Sequence[Ages]:
    """How old the open submissions are that ``person`` answers for, since they were submitted."""
    if not may_oversee(person):
        return ()
    since = session.scalars(
        select(Submission.opened_at)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(answers_for(person))
    ).all()
    days = [(now - each).days for each in since]
    return [
        Ages(
            least,
            after - 1 if after else None,
            sum(least <= each and (after is None or each < after) for each in days),
        )
        for least, after in pairwise((*BUCKETS, None))
        if least is not None
    ]


def _schools(person: Person) -> list[int]:
    """The schools for whose reviewers the person answers; no alliance appoints coordinators."""
    return [
        held.school_id
        for held in person.appointments
        if held.role is Role.COORDINATOR and held.school_id is not None
    ]


def _answers_for_reviewer(person: Person) -> ColumnElement[bool]:
    """The condition on Assignment, Resource and User that ``person`` may count it."""
    if person.is_administrator:
        return Resource.owner_id != (person.id or 0)
    schools = _schools(person)
    seen = or_(
        and_(Assignment.stage == Stage.SCHOOL, Resource.school_id.in_(schools)),
        User.school_id.in_(schools),
        Assignment.reviewer_id == (person.id or 0),
    )
    return and_(seen, Resource.owner_id != (person.id or 0))


def _open(session: Session, person: Person) -> Mapping[int, int]:
    rows = session.execute(
        select(Assignment.reviewer_id, func.count(Assignment.id))
        .join(Assignment.submission)
        .join(Submission.revision)
        .join(Revision.resource)
        .join(Assignment.reviewer)
        .where(Assignment.ended_at.is_(None), _answers_for_reviewer(person))
        .group_by(Assignment.reviewer_id)
    )
    return dict(rows.all())


def _decided(session: Session, person: Person, since: datetime) -> Mapping[int, int]:
    rows = session.execute(
        select(Review.reviewer_id, func.count(Review.id))
        .where(Review.decided_at >= since, is_overseen(person))
        .group_by(Review.reviewer_id)
    )
    return dict(rows.all())


def _spent(session: Session, person: Person, since: datetime) -> Mapping[int, Median]:
    days = days_between(session, Assignment.assigned_at, Assignment.ended_at)
    return medians(
        session,
        select(Assignment.reviewer_id.label("key"), days.label("days"))
        .join(Assignment.submission)
        .join(Submission.revision)
        .join(Revision.resource)
        .join(Assignment.reviewer)
        .where(
            Assignment.ended_as == EndedAs.DECIDED,
            Assignment.ended_at >= since,
            _answers_for_reviewer(person),
        ),
    )


def _appointed(session: Session, person: Person) -> set[int]:
    """Who may review there, also those who have nothing to do."""
    schools = _schools(person)
    found = session.scalars(
        select(User.id)
        .join(Appointed, Appointed.user_id == User.id)
        .where(
            Appointed.role == Role.REVIEWER,
            User.is_active,
            true() if person.is_administrator else Appointed.school_id.in_(schools),
        )
    )
    own = {person.id} if person.id is not None and person.holds(Role.REVIEWER) else set()
    return {*found, *own}
