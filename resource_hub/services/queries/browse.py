"""Browse the shelf by subject, by grade, by school; inside each by the other two and by kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Alliance, Membership, Resource, Revision, School
from resource_hub.services.queries.axes import Axis, along
from resource_hub.services.queries.shelf import Card, Paging, cards
from resource_hub.services.queries.shelf_counts import count_shelf, total
from resource_hub.services.usage import used
from search_index import SearchEngine

PER_PAGE = 24


class Order(StrEnum):
    NEWEST = "newest"
    TITLE = "title"
    MOST_USED = "most_used"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One browse page: its cards, and how many there are behind every other choice."""

    cards: list[Card]
    paging: Paging
    counts: Mapping[Axis, Mapping[str, int]]
    """By axis and code, each counted as if its own choice were not made."""


def counts_by_stage(
    session: Session, engine: SearchEngine, person: Person, now: datetime, stages: Iterable[str]
) -> dict[tuple[str, str], int]:
    """How many resources stand behind each of these stages of school and each subject."""
    return {
        (stage, subject): number
        for stage in stages
        for subject, number in count_shelf(
            session, engine, person, now, {Axis.STAGE: stage}, (Axis.SUBJECT,)
        )
        .by[Axis.SUBJECT]
        .items()
    }


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
    engine: SearchEngine,
    person: Person,
    now: datetime,
    chosen: Mapping[Axis, str],
    *,
    order: Order = Order.NEWEST,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Shelf:
    """The resources behind ``chosen``, and the counts for choosing further.

    What stands on the page comes from the database, so it is never behind.
    """
    by = {
        Order.NEWEST: (Resource.available_at.desc(), Resource.id.desc()),
        Order.TITLE: (Revision.title, Resource.id),
        Order.MOST_USED: (used(Resource).desc(), Resource.views.desc(), Resource.id.desc()),
    }[order]
    wanted = along(select(Resource.id), chosen, person, now).order_by(*by)

    def ids_from(offset: int, most: int) -> Sequence[int]:
        return session.scalars(wanted.offset(offset).limit(most)).all()

    counted = count_shelf(session, engine, person, now, chosen, tuple(Axis))
    paging = Paging.fit(page, per_page, counted.total)
    ids = ids_from(paging.offset, per_page + 1)
    if not _fits(paging, len(ids)):
        paging = Paging.fit(page, per_page, total(session, person, now, chosen))
        ids = ids_from(paging.offset, per_page)
    ids = ids[:per_page]
    found = cards(session, ids)
    return Shelf(
        cards=[found[resource_id] for resource_id in ids if resource_id in found],
        paging=paging,
        counts=counted.by,
    )


def _fits(paging: Paging, found: int) -> bool:
    """Whether what the page holds, asked for one more than that, bears the counted total out.

    An index that is a moment behind shows on the last page, where people look for what is new.
    """
    if paging.number < paging.pages:
        return found == paging.per_page + 1
    return paging.offset + found == paging.total


def newest(
    session: Session, person: Person, now: datetime, chosen: Mapping[Axis, str], *, most: int
) -> list[Card]:
    """The latest resources behind ``chosen``, in four queries however many there are."""
    ids = session.scalars(
        along(select(Resource.id), chosen, person, now)
        .order_by(Resource.available_at.desc(), Resource.id.desc())
        .limit(most)
    ).all()
    found = cards(session, ids)
    return [found[resource_id] for resource_id in ids if resource_id in found]
