"""All that waits, as rows that can be counted, filtered and sorted, and what is next in a list.

The database counts and sorts; a page (``sheets``) reads some hundred sums and thirty numbers of it.
Reading every row instead is slow twice over: SQLite lets go of the interpreter after each row, so
that two readers at once wait for each other five thousand times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    Tuple,
    and_,
    case,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Stage
from resource_hub.domain.taxonomy import Kind
from resource_hub.models import Assignment, Resource, Revision, Submission


class Whose(StrEnum):
    """Whose turn it is, as the reader sees it; in the order of the page."""

    MINE = "mine"
    FREE = "free"
    OTHERS = "others"


class Order(StrEnum):
    MINE = "mine"
    """What is mine first, then what is free; each by its day."""
    DUE = "due"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the inbox is wanted; empty means all."""

    subject: str = ""
    kind: Kind | None = None
    stage: Stage | None = None
    whose: Whose | None = None
    late: bool = False
    order: Order = Order.MINE


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, as one person sees it."""

    person: Person
    scope: ColumnElement[bool]
    """A condition on submission, revision and resource, such as ``queries.inbox.may_judge``."""
    today: date
    holder_id: int | None = None
    """Only what this person has; 0: only what nobody has."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The submissions before and after one, in the order of a list; None where it ends."""

    before: int | None
    after: int | None


def neighbours(session: Session, queue: Queue, sought: Sought, submission_id: int) -> Neighbours:
    """What stands before and after a submission, whether or not it stands there itself.

    One query, in which the list is gone through once; where there is no such submission, another
    one, for then the first of the list comes after it.
    """
    rows, own = (
        waiting_rows(queue).subquery("waiting"),
        waiting_rows(queue, only=submission_id).subquery("waiting"),
    )
    others = select(rows).where(*_wanted(rows, sought), rows.c.id != submission_id)
    both = union_all(others, select(own)).subquery("both")
    place = place_in(both, sought.order)
    line = select(
        both.c.id,
        func.lag(both.c.id).over(order_by=place).label("before"),
        func.lead(both.c.id).over(order_by=place).label("after"),
    ).subquery("line")
    here = session.execute(
        select(line.c.before, line.c.after).where(line.c.id == submission_id)
    ).first()
    if here is not None:
        return Neighbours(here.before, here.after)
    first = sifted(rows, sought).order_by(*place_in(rows, sought.order)).limit(1)
    return Neighbours(None, session.scalar(first))


def next_turn(session: Session, queue: Queue, sought: Sought, submission_id: int) -> int | None:
    """What the person would judge after this one: the next of the list that no other has.

    At the end of the list it goes on at its beginning. Where others' work is what is sought, the
    next is any of theirs.
    """
    rows = waiting_rows(queue).subquery("waiting")
    place = place_in(rows, sought.order)
    left = sifted(rows, sought).where(rows.c.id != submission_id)
    if sought.whose is not Whose.OTHERS:
        left = left.where(rows.c.whose != RANKS[Whose.OTHERS])
    mark = _mark(session, queue, sought.order, submission_id)
    if mark is None:
        return session.scalar(left.order_by(*place).limit(1))
    is_before = case((tuple_(*place) < mark, 1), else_=0)
    return session.scalar(left.order_by(is_before, *place).limit(1))


def _mark(session: Session, queue: Queue, order: Order, submission_id: int) -> Tuple | None:
    """Where a submission stands in an order, whether or not it is in the list."""
    own = waiting_rows(queue, only=submission_id).subquery("waiting")
    place = place_in(own, order)
    here = session.execute(select(*place)).first()
    if here is None:
        return None
    return tuple_(*[literal(value, column.type) for value, column in zip(here, place, strict=True)])


RANKS = {whose: rank for rank, whose in enumerate(Whose)}


def sifted(rows: FromClause, sought: Sought) -> Select[int]:
    """The submissions among ``waiting_rows`` that are sought."""
    return select(rows.c.id).where(*_wanted(rows, sought))


def _wanted(rows: FromClause, sought: Sought) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if sought.subject:
        wanted.append(rows.c.subject == sought.subject)
    if sought.kind is not None:
        wanted.append(rows.c.kind == sought.kind)
    if sought.stage is not None:
        wanted.append(rows.c.stage == sought.stage)
    if sought.whose is not None:
        wanted.append(rows.c.whose == RANKS[sought.whose])
    if sought.late:
        wanted.append(rows.c.is_late == 1)
    return wanted


def place_in(
    rows: FromClause, order: Order
) -> Sequence[ColumnElement[Any]]:  # Any: columns of a row
    """By what it is sorted: ties by age. What has no day yet comes after what has one."""
    by_age = (rows.c.since, rows.c.id)
    if order is Order.AGE:
        return by_age
    return (rows.c.whose, rows.c.due, *by_age) if order is Order.MINE else (rows.c.due, *by_age)


def waiting_rows(queue: Queue, only: int | None = None) -> Select[Any]:  # Any: eight columns
    """All that one filters and sorts by, of each submission of the queue.

    Args:
        only: this submission alone, and whatever the queue's scope says of it.
    """
    turns = _turns(queue.person, only)
    due = func.coalesce(turns.c.my_day, turns.c.any_day)
    whose = case(
        (turns.c.my_day.is_not(null()), RANKS[Whose.MINE]),
        (turns.c.any_day.is_not(null()), RANKS[Whose.OTHERS]),
        else_=RANKS[Whose.FREE],
    )
    wanted = (
        select(
            Submission.id,
            Submission.stage_since.label("since"),
            Revision.subject,
            Resource.kind,
            Submission.stage,
            whose.label("whose"),
            func.coalesce(due, literal(date.max, Date)).label("due"),
            case((due < queue.today, 1), else_=0).label("is_late"),
        )
        .join(Submission.revision)
        .join(Revision.resource)
        .outerjoin(turns, turns.c.submission_id == Submission.id)
        .where(queue.scope if only is None else Submission.id == only)
    )
    if queue.holder_id is not None and only is None:
        wanted = wanted.where(_held_by(queue.holder_id))
    return wanted


def _turns(person: Person, only: int | None) -> Subquery:
    """Of each submission that somebody has: the first day it is due, and this person's own.

    Gathered once: asked line by line, the database looks through everybody's turns each time.
    """
    my_day = case((Assignment.reviewer_id == (person.id or 0), Assignment.due_on))
    return (
        select(
            Assignment.submission_id,
            func.min(Assignment.due_on).label("any_day"),
            func.min(my_day).label("my_day"),
        )
        .where(
            Assignment.ended_at.is_(None),
            *([] if only is None else [Assignment.submission_id == only]),
        )
        .group_by(Assignment.submission_id)
        .subquery("turns")
    )


def _held_by(holder_id: int) -> ColumnElement[bool]:
    held = select(Assignment.id).where(
        and_(Assignment.submission_id == Submission.id, Assignment.ended_at.is_(None))
    )
    if not holder_id:
        return ~held.exists()
    return held.where(Assignment.reviewer_id == holder_id).exists()
