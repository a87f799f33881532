"""The calendar of working days: weekends, the shipped holidays, and what administrators changed."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.deadlines import Calendar
from resource_hub.domain.errors import N_, Invalid, Missing, WrongState
from resource_hub.domain.holidays import YEARS, YearDays, calendar_of, typed_days
from resource_hub.domain.people import Person
from resource_hub.models import HolidayYear
from resource_hub.services.organisations import require_administrator
from resource_hub.services.unit_of_work import FASTER, UnitOfWork


@dataclass(frozen=True, slots=True)
class Shipped:
    """One year of ``resource_hub/holidays.toml``."""

    days: YearDays
    announced: str
    """The day of the State Council's notice; empty while only the law is known."""


@dataclass(frozen=True, slots=True)
class KnownYear:
    """One year as it applies now."""

    year: int
    days: YearDays
    announced: str
    is_own: bool
    """An administrator has entered it; else it came with the hub."""
    version: int
    """0 while nobody has changed it."""


@cache
def shipped_years() -> Mapping[int, Shipped]:
    """What came with the hub, by year."""
    kept = tomllib.loads((files("resource_hub") / "holidays.toml").read_text("utf-8"))
    return {
        int(year): Shipped(YearDays(tuple(each["off"]), tuple(each["worked"])), each["announced"])
        for year, each in kept.items()
    }


def working_calendar(session: Session) -> Calendar:
    """The days that are known; a year that nobody entered has weekends alone. One query."""
    return calendar_of(each.days for each in known_years(session))


def known_years(session: Session) -> Sequence[KnownYear]:
    """Every year that came with the hub or was entered, the earliest first."""
    rows = {row.year: row for row in session.scalars(select(HolidayYear))}
    return [_known(year, rows.get(year)) for year in sorted({*shipped_years(), *rows})]


def known_year(session: Session, year: int) -> KnownYear:
    """One year, empty when nothing is known of it.

    Raises:
        Missing: no such year can be entered.
    """
    if year not in YEARS:
        raise Missing(N_("There is no such year in the calendar."))
    return _known(year, session.get(HolidayYear, year, populate_existing=True))


def _known(year: int, row: HolidayYear | None) -> KnownYear:
    came = shipped_years().get(year, Shipped(YearDays(), ""))
    if row is None:
        return KnownYear(year, came.days, came.announced, is_own=False, version=0)
    days = YearDays(tuple(row.off), tuple(row.worked))
    return KnownYear(year, days, came.announced, is_own=True, version=row.version)


def save_year(
    uow: UnitOfWork, by: Person, year: int, *, off: str, worked: str, seen: int
) -> KnownYear:
    """Enter the days of a year; what is due already keeps its day.

    Args:
        off, worked: as ``domain.holidays.typed_days`` reads them.
        seen: the ``version`` of the page on which it was typed.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Invalid: something is no day, or cannot be so.
        WrongState: somebody else was faster.
    """
    require_administrator(by)
    known = known_year(uow.session, year)
    days, problems = typed_days(year, off, worked)
    if problems:
        raise Invalid(problems)
    if known.version != seen:
        raise WrongState(FASTER)
    row = uow.session.get(HolidayYear, year)
    if row is None:
        row = HolidayYear(year=year)
        uow.session.add(row)
    row.off, row.worked, row.changed_at = list(days.off), list(days.worked), uow.now()
    uow.session.flush()
    uow.record("holidays:save", by=by, year=year, off=list(days.off), worked=list(days.worked))
    return known_year(uow.session, year)


def drop_year(uow: UnitOfWork, by: Person, year: int) -> None:
    """Go back to what came with the hub; nothing happens when it was never changed."""
    require_administrator(by)
    row = uow.session.get(HolidayYear, year)
    if row is not None:
        uow.session.delete(row)
        uow.record("holidays:drop", by=by, year=year)
