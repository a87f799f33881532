"""After a decision or a leave, whoever became free takes over what others have too much of.

One turn in each transaction, which holds one resource: two at once could wait for each other.
Only what its holder has not begun is moved: neither claimed, nor opened, nor written about.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.assignment import Candidate, Work, reads
from resource_hub.domain.evening import MOST_APART, SETTLED, MovableTurn, Move, to_move
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import Language
from resource_hub.models import (
    Assignment,
    EndedAs,
    HalfWritten,
    Remark,
    Resource,
    Revision,
    Submission,
    User,
)
from resource_hub.services.absences import away
from resource_hub.services.assigning import end, give
from resource_hub.services.notices import tell
from resource_hub.services.persons import load_person
from resource_hub.services.queries.inbox import may_judge
from resource_hub.services.revisions import hold_still, load_revision
from resource_hub.services.unit_of_work import UnitOfWork

EVENED_OUT = "evened_out"
"""To the one from whom it was taken."""

LOOKED_AT = 20
"""Of the turns of equally busy people, the youngest, that are compared."""


def to_take_over(session: Session, reviewer_id: int, today: date) -> int | None:
    """Which turn this person should take over; None: nobody has more than two submissions more."""
    person = load_person(session, reviewer_id)
    move = _next(session, person, today) if person is not None else None
    return None if move is None else move.turn_id


def take_over(uow: UnitOfWork, reviewer_id: int, turn_id: int) -> bool:
    """Move this turn to this person, if that is still right; both are told. Whether it was."""
    session = uow.session
    revision_id = session.scalar(
        select(Submission.revision_id)
        .join(Assignment, Assignment.submission_id == Submission.id)
        .where(Assignment.id == turn_id)
    )
    hold_still(session, revision_id or 0)
    person = load_person(session, reviewer_id)
    move = _next(session, person, uow.today(), only=turn_id) if person is not None else None
    if person is None or move is None:  # the holder has begun meanwhile, say
        return False
    held = session.get_one(Assignment, turn_id, populate_existing=True)
    submission = session.get_one(Submission, held.submission_id, populate_existing=True)
    revision = load_revision(session, submission.revision_id)
    end(uow, held, EndedAs.CLOSED)
    tell(
        uow,
        held.reviewer_id,
        EVENED_OUT,
        by=OPERATOR,
        resource=revision.resource,
        revision=revision,
        submission=submission,
        comment=person.name,
    )
    give(uow, submission, revision, reviewer_id, move.why)
    return True


def note_opened(uow: UnitOfWork, person: Person, submission_id: int) -> None:
    """From now on the turn stays with the person who has it on the desk."""
    for held in uow.session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission_id,
            Assignment.reviewer_id == (person.id or 0),
            Assignment.ended_at.is_(None),
            Assignment.opened_at.is_(None),
        )
    ):
        held.opened_at = uow.now()


def _next(session: Session, person: Person, today: date, *, only: int | None = None) -> Move | None:
    """The busiest people are asked first; mostly nobody is too busy, and that is four queries.

    Args:
        only: this turn alone, if it is still one that can be moved.
    """
    if away(session, [person.id or 0], today):
        return None
    number = _open(session, person.id or 0)
    taker = _candidate(session, person, number)
    for _load, alike in groupby(_too_busy(session, number), key=lambda row: row[1]):
        if move := to_move(taker, _movable(session, person, taker, dict(alike), today, only)):
            return move
    return None


def _candidate(session: Session, person: Person, number: int) -> Candidate:
    teaches = session.scalar(select(User.subjects).where(User.id == person.id))
    return Candidate(
        person.id or 0,
        person.school_id,
        language=person.language,
        teaches=frozenset(teaches or ()).union(*(each.subjects for each in person.appointments)),
        open=number,
    )


def _open(session: Session, reviewer_id: int) -> int:
    held = select(func.count(Assignment.id)).where(
        Assignment.reviewer_id == reviewer_id, Assignment.ended_at.is_(None)
    )
    return session.scalar(held) or 0


def _too_busy(session: Session, number: int) -> list[tuple[int, int]]:
    """Who has more than two more than ``number``, and how many; the most first."""
    rows = session.execute(
        select(Assignment.reviewer_id, func.count().label("open"))
        .where(Assignment.ended_at.is_(None))
        .group_by(Assignment.reviewer_id)
        .having(func.count() > number + MOST_APART)
        .order_by(func.count().desc(), Assignment.reviewer_id)
    )
    return [(holder, load) for holder, load in rows]


def _movable(
    session: Session,
    person: Person,
    taker: Candidate,
    holders: Mapping[int, int],
    today: date,
    only: int | None,
) -> list[MovableTurn]:
    """What these people have not begun and this person may judge, the youngest first; one query.

    Args:
        holders: with how many they have.
    """
    reviewing = tuple(each for each in person.appointments if each.role is Role.REVIEWER)
    rows = session.execute(
        select(
            Assignment.id,
            Assignment.reviewer_id,
            User.name,
            Assignment.assigned_at,
            Submission.stage,
            Resource.owner_id,
            Resource.school_id,
            Revision.subject,
            Revision.school_stage,
            Revision.language,
        )
        .join(Assignment.submission)
        .join(Submission.revision)
        .join(Revision.resource)
        .join(Assignment.reviewer)
        .where(
            Assignment.reviewer_id.in_(holders),
            *_not_begun(),
            Assignment.due_on > today,
            may_judge(replace(person, appointments=reviewing)),
            ~_had_it(person.id or 0),
            *_reads_it(taker),
            *([] if only is None else [Assignment.id == only]),
        )
        .order_by(Assignment.assigned_at.desc(), Assignment.id.desc())
        .limit(LOOKED_AT)
    )
    return [
        MovableTurn(
            id=row.id,
            holder_name=row.name,
            holder_open=holders[row.reviewer_id],
            given_at=row.assigned_at,
            work=Work(
                stage=row.stage,
                author_id=row.owner_id,
                school_id=row.school_id,
                subject=row.subject,
                school_stage=row.school_stage,
                language=row.language,
            ),
        )
        for row in rows
    ]


def _not_begun() -> list[ColumnElement[bool]]:
    """The conditions on Assignment that its holder has not touched it, and nobody chose them."""
    chosen = func.coalesce(Assignment.why["ground"].as_string(), "")
    return [
        Assignment.ended_at.is_(None),
        Assignment.claimed_at.is_(None),
        Assignment.opened_at.is_(None),
        chosen.not_in([each.value for each in SETTLED]),
        *[
            ~exists().where(
                table.submission_id == Assignment.submission_id, writer == Assignment.reviewer_id
            )
            for table, writer in (
                (HalfWritten, HalfWritten.reviewer_id),
                (Remark, Remark.writer_id),
            )
        ],
    ]


def _had_it(reviewer_id: int) -> ColumnElement[bool]:
    """Who has it, or gave it out of hand at this stage, as ``services.available`` asks it."""
    own = aliased(Assignment)
    return exists().where(
        own.submission_id == Assignment.submission_id,
        own.stage == Assignment.stage,
        own.reviewer_id == reviewer_id,
        own.ended_as.is_distinct_from(EndedAs.CLOSED),
    )


def _reads_it(taker: Candidate) -> list[ColumnElement[bool]]:
    """``domain.assignment.reads`` as conditions on Revision."""
    read = [each.value for each in Language if reads(taker, each.value)]
    return [] if len(read) == len(Language) else [Revision.language.in_(read)]
