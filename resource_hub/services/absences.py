"""Leave: who is away when, who may say so, and what happens to their reviews."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.models import Absence, Assignment, Revision, Submission, User
from resource_hub.services.queries.oversight import answers_for
from resource_hub.services.unit_of_work import UnitOfWork

LONGEST = timedelta(days=366)
MAX_NOTE = 200
NO_SUCH_PERSON = N_("There is no such person.")


def away(session: Session, people: Collection[int], day: date) -> dict[int, Absence]:
    """Those of ``people`` who are away on ``day``, with the leave that ends last; one query."""
    return {
        leave.user_id: leave
        for leave in session.scalars(
            select(Absence)
            .where(Absence.user_id.in_(people), Absence.first_on <= day, Absence.last_on >= day)
            .order_by(Absence.last_on)
        )
    }


def go_away(
    uow: UnitOfWork, by: Person, user_id: int, first: date | None, last: date | None, note: str
) -> Absence:
    """Note a leave; what the person has to review is passed on when it begins.

    Args:
        by: the person, the coordinator of the school, or an administrator.

    Raises:
        Missing: there is nobody with this number, as far as ``by`` may know.
        Invalid: a day is missing, the days are over or in the wrong order, or too many.
    """
    user = person_on_leave(uow.session, by, user_id)
    note = note.strip()
    if problems := _problems(uow.session, user_id, first, last, note, uow.today()):
        raise Invalid(problems)
    leave = Absence(
        user_id=user.id,
        first_on=first,
        last_on=last,
        note=note,
        entered_by=by.id or None,
        entered_at=uow.now(),
    )
    uow.session.add(leave)
    uow.session.flush()
    uow.record(
        "absence:enter",
        by=by,
        person=user.id,
        first=leave.first_on.isoformat(),
        last=leave.last_on.isoformat(),
    )
    if leave.first_on <= uow.today():
        uow.promise("turns", user.id)
    return leave


def come_back(uow: UnitOfWork, by: Person, absence_id: int) -> None:
    """End a leave before its time, or forget one that has not begun; from today on there is work.

    Who was away takes over what others have too much of.

    Raises:
        Missing: it is over, or there is none, as far as ``by`` may know.
    """
    leave = uow.session.get(Absence, absence_id)
    if leave is None or leave.last_on < uow.today():
        raise Missing(N_("This leave is over already."))
    person_on_leave(uow.session, by, leave.user_id)
    if leave.first_on >= uow.today():
        uow.session.delete(leave)
    else:
        leave.last_on = uow.today() - timedelta(days=1)
    uow.record("absence:end", by=by, person=leave.user_id)
    if leave.first_on <= uow.today():
        uow.promise_once("rebalance", leave.user_id)


def welcome_back(uow: UnitOfWork) -> None:
    """Whose leave ended yesterday takes over what others have too much of."""
    for user_id in uow.session.scalars(
        select(Absence.user_id).where(Absence.last_on == uow.today() - timedelta(days=1)).distinct()
    ):
        uow.promise_once("rebalance", user_id)


def person_on_leave(session: Session, by: Person, user_id: int) -> User:
    """The account, if ``by`` may see and set when this person is away."""
    user = session.get(User, user_id)
    if user is None:
        raise Missing(NO_SUCH_PERSON)
    if not (by.is_signed_in and by.id == user.id) and not _may_manage(by, user):
        raise Missing(NO_SUCH_PERSON)
    return user


def _may_manage(by: Person, user: User) -> bool:
    return by.is_administrator or (user.school_id is not None and by.coordinates(user.school_id))


def leaves(session: Session, user_id: int, today: date) -> Sequence[Absence]:
    """What is running or to come, the earliest first."""
    return session.scalars(
        select(Absence)
        .where(Absence.user_id == user_id, Absence.last_on >= today)
        .order_by(Absence.first_on, Absence.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody has to review, who is away or will be."""

    submission_id: int
    title: str
    due_on: date


def held_by(session: Session, by: Person, user_id: int) -> Sequence[Held]:
    """What this person has to review now, the most urgent first.

    Somebody else finds what they answer for, and so nothing of other schools nor their own work.
    """
    rows = session.execute(
        select(Submission.id, Revision.title, Assignment.due_on)
        .join(Assignment.submission)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(
            Assignment.reviewer_id == user_id,
            Assignment.ended_at.is_(None),
            true() if by.id == user_id else answers_for(by),
        )
        .order_by(Assignment.due_on, Assignment.id)
    )
    return [Held(number, title, due_on) for number, title, due_on in rows]


def _problems(
    session: Session, user_id: int, first: date | None, last: date | None, note: str, today: date
) -> list[Problem]:
    found = []
    if first is None:
        found.append(Problem("first", N_("Choose the first day.")))
    if last is None:
        found.append(Problem("last", N_("Choose the last day.")))
    if len(note) > MAX_NOTE:
        found.append(Problem("note", N_("Write at most %(most)s characters."), {"most": MAX_NOTE}))
    if first is None or last is None:
        return found
    if last < first:
        found.append(Problem("last", N_("The last day is before the first one.")))
    elif last < today:
        found.append(Problem("last", N_("These days are over: nothing is left to arrange.")))
    elif last - first > LONGEST:
        found.append(
            Problem("last", N_("At most a year at a time. For good, close the account instead."))
        )
    elif _overlaps(session, user_id, first, last):
        found.append(
            Problem("first", N_("Some of these days are entered already; end that leave first."))
        )
    return found


def _overlaps(session: Session, user_id: int, first: date, last: date) -> bool:
    found = select(Absence.id).where(
        Absence.user_id == user_id, Absence.first_on <= last, Absence.last_on >= first
    )
    return session.scalar(found.limit(1)) is not None
