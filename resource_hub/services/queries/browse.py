"""Browse the shelf by subject, by grade, by school; inside each by the other two and by kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from resource_hub.domain.people import Person
from resource_hub.models import Alliance, Membership, Resource, Revision, RevisionGrade, School
from resource_hub.services.queries.shelf import Card, Paging, cards, is_live, on_shelf
from resource_hub.services.usage import used

PER_PAGE = 24


class Axis(StrEnum):
    """The ways through the shelf; see ``WAYS_IN`` for those that are pages of their own."""

    SUBJECT = "subject"
    GRADE = "grade"
    SCHOOL = "school"
    STAGE = "stage"
    KIND = "kind"


WAYS_IN = (Axis.SUBJECT, Axis.GRADE, Axis.SCHOOL)
"""Stage of school and kind are only ever a second choice."""


class Order(StrEnum):
    NEWEST = "newest"
    TITLE = "title"
    MOST_USED = "most_used"


_COLUMNS: Mapping[Axis, InstrumentedAttribute[Any]] = {  # Any: columns of several types
    Axis.SUBJECT: Revision.subject,
    Axis.GRADE: RevisionGrade.grade,
    Axis.SCHOOL: School.code,
    Axis.STAGE: Revision.school_stage,
    Axis.KIND: Resource.kind,
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One browse page: its cards, and how many there are behind every other choice."""

    cards: list[Card]
    paging: Paging
    counts: Mapping[Axis, Mapping[str, int]]
    """By axis and code, each counted as if its own choice were not made."""


def counts(session: Session, person: Person, now: datetime, axis: Axis) -> dict[str, int]:
    """How many resources stand behind each code of one axis."""
    return _counts(session, person, now, axis, {})


def counts_by_stage(session: Session, person: Person, now: datetime) -> dict[tuple[str, str], int]:
    """How many resources stand behind each stage of school and subject."""
    statement = select(Revision.school_stage, Revision.subject, func.count(Resource.id))
    rows = session.execute(
        _joined(statement, {}, person, now).group_by(Revision.school_stage, Revision.subject)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def school_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Code → name of these schools, in the order of their names."""
    known = sorted(code for code in codes if "\0" not in code)  # PostgreSQL refuses to compare it
    rows = session.execute(
        select(School.code, School.name).where(School.code.in_(known)).order_by(School.name)
    )
    return dict(rows.all())


def schools_by_alliance(session: Session) -> list[tuple[str, dict[str, str]]]:
    """Alliance → its schools, code → name, core schools first; last those in no alliance (``""``).

    A school in two alliances stands in both.
    """
    rows = session.execute(
        select(Alliance.name, School.code, School.name)
        .select_from(School)
        .outerjoin(Membership, Membership.school_id == School.id)
        .outerjoin(Alliance, Membership.alliance_id == Alliance.id)
        .order_by(Alliance.name, Membership.standing, School.name)
    )
    found: dict[str, dict[str, str]] = {}
    for alliance, code, name in rows:
        found.setdefault(alliance or "", {})[code] = name
    return sorted(found.items(), key=lambda item: (item[0] == "", item[0]))


def shelf(
    session: Session,
    person: Person,
    now: datetime,
    chosen: Mapping[Axis, str],
    *,
    order: Order = Order.NEWEST,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Shelf:
    """The resources behind ``chosen``, and the counts for choosing further."""
    total = session.scalar(_joined(select(func.count(Resource.id.distinct())), chosen, person, now))
    paging = Paging.fit(page, per_page, total or 0)
    by = {
        Order.NEWEST: (Resource.available_at.desc(), Resource.id.desc()),
        Order.TITLE: (Revision.title, Resource.id),
        Order.MOST_USED: (used(Resource).desc(), Resource.views.desc(), Resource.id.desc()),
    }[order]
    ids = session.scalars(
        _joined(select(Resource.id), chosen, person, now)
        .order_by(*by)
        .offset(paging.offset)
        .limit(per_page)
    ).all()
    found = cards(session, ids)
    return Shelf(
        cards=[found[resource_id] for resource_id in ids if resource_id in found],
        paging=paging,
        counts={
            axis: _counts(
                session, person, now, axis, {a: c for a, c in chosen.items() if a is not axis}
            )
            for axis in Axis
        },
    )


def newest(
    session: Session, person: Person, now: datetime, chosen: Mapping[Axis, str], *, most: int
) -> list[Card]:
    """The latest resources behind ``chosen``, in four queries however many there are."""
    ids = session.scalars(
        _joined(select(Resource.id), chosen, person, now)
        .order_by(Resource.available_at.desc(), Resource.id.desc())
        .limit(most)
    ).all()
    found = cards(session, ids)
    return [found[resource_id] for resource_id in ids if resource_id in found]


def _counts(
    session: Session, person: Person, now: datetime, axis: Axis, chosen: Mapping[Axis, str]
) -> dict[str, int]:
    column = _COLUMNS[axis]
    statement = _joined(
        select(column, func.count(Resource.id.distinct())), chosen, person, now, also=axis
    )
    rows = session.execute(statement.group_by(column))
    return {str(getattr(code, "value", code)): number for code, number in rows if code}


def _joined(
    statement: Select[*tuple[Any, ...]],  # Any: whatever is selected
    chosen: Mapping[Axis, str],
    person: Person,
    now: datetime,
    *,
    also: Axis | None = None,
) -> Select[*tuple[Any, ...]]:  # Any: as it came
    """Add the tables and conditions that ``chosen`` and the person's audience ask for."""
    axes = set(chosen) | ({also} if also else set())
    joined = statement.select_from(Resource).join(Revision, is_live())
    if Axis.GRADE in axes:
        joined = joined.join(RevisionGrade, RevisionGrade.revision_id == Revision.id)
    if Axis.SCHOOL in axes:
        joined = joined.join(School, Resource.school_id == School.id)
    conditions = [_COLUMNS[axis] == code for axis, code in chosen.items()]
    return joined.where(on_shelf(person, now), *conditions)
