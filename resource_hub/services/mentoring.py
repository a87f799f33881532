"""Mentors and mentees (师徒): entered by the coordinator; neither judges the other's work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.models import (
    Assignment,
    Membership,
    MentorPair,
    Resource,
    Revision,
    School,
    Submission,
    User,
)
from resource_hub.services.people import require_may_manage
from resource_hub.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair, as the page of one of the two shows it."""

    id: int
    name: str
    """Of the other one."""
    is_mentor: bool
    """The other one is the mentor."""


def pair(uow: UnitOfWork, by: Person, *, mentor_id: int, mentee_id: int) -> MentorPair:
    """Make somebody the mentor of another; entering it twice changes nothing.

    What one of the two has to review of the other is passed on by the clock.

    Args:
        by: who manages the accounts of one of the two schools.

    Raises:
        NotAllowed: ``by`` manages the people of neither school.
        Invalid: there is no such person, or both are the same.
    """
    session = uow.session
    mentor, mentee = session.get(User, mentor_id), session.get(User, mentee_id)
    if mentor is None or mentee is None or not (mentor.is_active and mentee.is_active):
        raise Invalid([Problem("other", N_("Choose a person from the list."))])
    _require_may_pair(by, mentor, mentee)
    if mentor.id == mentee.id:
        raise Invalid([Problem("other", N_("Nobody is their own mentor."))])
    if mentee.id not in {number for number, _name in possible(session, mentor.id)}:
        raise Invalid([Problem("other", N_("Choose a person from the list."))])
    if kept := _kept(session, mentor.id, mentee.id):
        return kept
    made = MentorPair(mentor_id=mentor.id, mentee_id=mentee.id, since=uow.now())
    session.add(made)
    session.flush()
    uow.record("mentoring:begin", by=by, mentor=mentor.id, mentee=mentee.id)
    for one, other in ((mentor.id, mentee.id), (mentee.id, mentor.id)):
        if _has_work_of(session, one, other):
            uow.promise("turns", one)
    return made


def part(uow: UnitOfWork, by: Person, pair_id: int) -> None:
    """End it; from now on either may judge the other's work again."""
    found = uow.session.get(MentorPair, pair_id)
    if found is None:
        raise Missing(N_("This pair is not entered any more."))
    mentor = uow.session.get_one(User, found.mentor_id)
    mentee = uow.session.get_one(User, found.mentee_id)
    _require_may_pair(by, mentor, mentee)
    uow.record("mentoring:end", by=by, mentor=mentor.id, mentee=mentee.id)
    uow.session.delete(found)
    uow.session.flush()


def pairs_of(session: Session, user_id: int) -> Sequence[Pair]:
    """The mentors, then the mentees of one person; two queries."""
    mentors = session.execute(
        select(MentorPair.id, User.name)
        .join(User, MentorPair.mentor_id == User.id)
        .where(MentorPair.mentee_id == user_id)
        .order_by(User.name, MentorPair.id)
    )
    mentees = session.execute(
        select(MentorPair.id, User.name)
        .join(User, MentorPair.mentee_id == User.id)
        .where(MentorPair.mentor_id == user_id)
        .order_by(User.name, MentorPair.id)
    )
    return [
        *(Pair(number, name, is_mentor=True) for number, name in mentors),
        *(Pair(number, name, is_mentor=False) for number, name in mentees),
    ]


def possible(session: Session, user_id: int) -> Sequence[tuple[int, str]]:
    """With whom this person can be paired: everybody of the schools of the own alliances, named.

    The own school comes first; of others the school is named too.
    """
    user = session.get_one(User, user_id)
    if user.school_id is None:
        return []
    theirs = select(Membership.alliance_id).where(Membership.school_id == user.school_id)
    near = select(Membership.school_id).where(Membership.alliance_id.in_(theirs))
    others = case((User.school_id == user.school_id, 0), else_=1)
    rows = session.execute(
        select(User.id, User.name, School.id, School.name)
        .join(User.school)
        .where(
            User.is_active,
            User.id != user.id,
            or_(User.school_id == user.school_id, User.school_id.in_(near)),
        )
        .order_by(others, School.name, User.name, User.id)
    )
    return [
        (number, name if school == user.school_id else f"{name} · {school_name}")
        for number, name, school, school_name in rows
    ]


def _require_may_pair(by: Person, *people: User) -> None:
    """Raises for who manages the people of neither school."""
    schools = [user.school_id for user in people]
    if any(number is not None and by.coordinates(number) for number in schools):
        return
    require_may_manage(by, schools[0])


def _kept(session: Session, mentor_id: int, mentee_id: int) -> MentorPair | None:
    return session.scalar(
        select(MentorPair).where(
            MentorPair.mentor_id == mentor_id, MentorPair.mentee_id == mentee_id
        )
    )


def _has_work_of(session: Session, reviewer_id: int, author_id: int) -> bool:
    found = (
        select(Assignment.id)
        .join(Assignment.submission)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(
            Assignment.reviewer_id == reviewer_id,
            Assignment.ended_at.is_(None),
            Resource.owner_id == author_id,
        )
    )
    return session.scalar(found.limit(1)) is not None
