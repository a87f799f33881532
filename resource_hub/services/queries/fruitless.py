"""What was looked for in vain, month by month, for editors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.models import FruitlessSearch
from resource_hub.services.issue_access import may_edit_some
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 100
MOST_MONTHS = 24
"""Months that the page offers; older ones have their address, and the report has them all."""


@dataclass(frozen=True, slots=True)
class Missed:
    """One query that found nothing; folded, and cut after 100 characters."""

    month: str
    query: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class MonthOfMissed:
    """How many different queries found nothing in a month, and how often that happened."""

    month: str
    different: int
    times: int


def months_of_missed(session: Session, by: Person) -> Sequence[MonthOfMissed]:
    """The months in which something was missed, newest first.

    Raises:
        NotAllowed: ``by`` is neither editor nor administrator.
    """
    _require_editor(by)
    rows = session.execute(
        select(
            FruitlessSearch.month,
            func.count(FruitlessSearch.id),
            func.sum(FruitlessSearch.times),
        )
        .group_by(FruitlessSearch.month)
        .order_by(FruitlessSearch.month.desc())
        .limit(MOST_MONTHS)
    )
    return [MonthOfMissed(month, different, int(times)) for month, different, times in rows]


def missed_in(
    session: Session, by: Person, month: Month, *, page: int = 1
) -> tuple[Sequence[Missed], Paging]:
    """One page of a month, what was asked most often first.

    Raises:
        NotAllowed: see ``months_of_missed``.
    """
    _require_editor(by)
    counted = select(func.count(FruitlessSearch.id)).where(FruitlessSearch.month == str(month))
    paging = Paging.fit(page, PER_PAGE, session.scalar(counted) or 0)
    wanted = _missed(month).offset(paging.offset).limit(PER_PAGE)
    return [Missed(*row) for row in session.execute(wanted)], paging


def all_missed(session: Session, by: Person, month: Month | None = None) -> Sequence[Missed]:
    """Everything of one month, or of all months, the newest first.

    Raises:
        NotAllowed: see ``months_of_missed``.
    """
    _require_editor(by)
    return [Missed(*row) for row in session.execute(_missed(month))]


def _missed(month: Month | None) -> Select[str, str, int, datetime]:
    wanted = select(
        FruitlessSearch.month,
        FruitlessSearch.query,
        FruitlessSearch.times,
        FruitlessSearch.last_at,
    ).order_by(
        FruitlessSearch.month.desc(),
        FruitlessSearch.times.desc(),
        FruitlessSearch.last_at.desc(),
        FruitlessSearch.query,
    )
    return wanted if month is None else wanted.where(FruitlessSearch.month == str(month))


def _require_editor(by: Person) -> None:
    if not may_edit_some(by):
        raise NotAllowed(N_("Only the catalogue's editor can do this."))
