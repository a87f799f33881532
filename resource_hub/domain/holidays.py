"""The days off of one year as they are announced: stretches of days, and days that make up."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from resource_hub.domain.deadlines import Calendar
from resource_hub.domain.errors import N_, Problem

YEARS = range(2020, 2100)
MOST_OFF = 100
"""More days off in a year than this are a mistake: a whole summer of weekdays has fewer."""
_SATURDAY = 5
_PARTS = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True, slots=True)
class YearDays:
    """Days off (``2026-10-01``, or ``2026-10-01..2026-10-07``) and weekends at work."""

    off: tuple[str, ...] = ()
    worked: tuple[str, ...] = ()

    def days_off(self) -> frozenset[date]:
        return frozenset(day for stretch in self.off for day in days_of(stretch))

    def days_worked(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in self.worked)


def calendar_of(years: Iterable[YearDays]) -> Calendar:
    """All years together; of one that is not among them, weekends alone are free."""
    every = list(years)
    return Calendar(
        frozenset().union(*(year.days_off() for year in every)),
        frozenset().union(*(year.days_worked() for year in every)),
    )


def days_of(stretch: str) -> Iterator[date]:
    """Every day of a stretch, or the one day that is named.

    Raises:
        ValueError: it names no day.
    """
    first, _, last = stretch.partition("..")
    day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)


def typed_days(year: int, off: str, worked: str) -> tuple[YearDays, list[Problem]]:
    """What somebody typed, parted by spaces, commas or lines, and what is wrong with it."""
    problems: list[Problem] = []
    stretches = [part for part in _PARTS.split(off) if part]
    weekends = [part for part in _PARTS.split(worked) if part]
    free = {day for part in stretches for day in _days("off", part, year, problems)}
    busy = {day for part in weekends for day in _days("worked", part, year, problems)}
    problems += [
        Problem("worked", N_("“%(part)s”: name each day by itself."), {"part": part})
        for part in weekends
        if ".." in part
    ]
    for day in sorted(busy):
        if day.weekday() < _SATURDAY:
            sentence = N_("%(day)s is no Saturday or Sunday: it is a working day anyway.")
            problems.append(Problem("worked", sentence, {"day": day.isoformat()}))
    for day in sorted(free & busy):
        sentence = N_("%(day)s cannot be a day off and a working day.")
        problems.append(Problem("worked", sentence, {"day": day.isoformat()}))
    if len(free) > MOST_OFF:
        sentence = N_("These are %(number)s days off; more than %(most)s a year are a mistake.")
        problems.append(Problem("off", sentence, {"number": len(free), "most": MOST_OFF}))
    return YearDays(tuple(dict.fromkeys(stretches)), tuple(dict.fromkeys(weekends))), problems


def _days(field: str, part: str, year: int, problems: list[Problem]) -> list[date]:
    """The days of one part; what is wrong is added to ``problems``, and no day comes back."""
    first, _, last = part.partition("..")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        sentence = N_("“%(part)s” is no day. Write 2026-10-01, or 2026-10-01..2026-10-07.")
        problems.append(Problem(field, sentence, {"part": part}))
        return []
    if {begin.year, end.year} != {year}:
        sentence = N_("“%(part)s” is not in %(year)s.")
        problems.append(Problem(field, sentence, {"part": part, "year": year}))
        return []
    if end < begin:
        sentence = N_("“%(part)s”: the last day is before the first one.")
        problems.append(Problem(field, sentence, {"part": part}))
        return []
    return list(days_of(part))
