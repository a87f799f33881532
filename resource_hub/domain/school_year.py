"""Months, school terms and years: the stretches of time over which figures are counted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Missing, Problem

FIRST_YEAR, LAST_YEAR = 2000, 2098
_DAY = timedelta(days=1)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_TERM = re.compile(r"(\d{4})-(\d{4})(?:-([12]))?")
_YEAR = re.compile(r"\d{4}")


class Span(StrEnum):
    MONTH = "month"
    TERM = "term"
    SCHOOL_YEAR = "school_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TermDates:
    """One school year: the days on which its two terms begin."""

    year: int
    """In which it begins: 2026 for 2026–2027."""
    first: date
    second: date


@dataclass(frozen=True, slots=True)
class Period:
    """``key`` is ``2026-10``, ``2026-2027-1`` (first term), ``2026-2027`` or ``2026``."""

    key: str
    span: Span
    first: date
    last: date
    """The last day, which belongs to it."""

    def start(self, zone: tzinfo) -> datetime:
        """The first moment in ``zone``, as UTC."""
        return datetime.combine(self.first, time.min, zone).astimezone(UTC)

    def end(self, zone: tzinfo) -> datetime:
        """The first moment afterwards, as UTC."""
        return datetime.combine(self.last + _DAY, time.min, zone).astimezone(UTC)

    @property
    def months(self) -> tuple[str, str]:
        """The first and the last month of which it holds the first day; the last may be earlier."""
        begun = Month(self.first.year, self.first.month)
        first = begun if self.first.day == 1 else begun.next
        return str(first), str(Month(self.last.year, self.last.month))


def usual_dates(year: int) -> TermDates:
    """From September to January, and from February to August."""
    return TermDates(year, date(year, 9, 1), date(year + 1, 2, 1))


def flaws(dates: TermDates) -> list[Problem]:
    """What is wrong with dates that somebody typed."""
    problems = []
    year = dates.year
    if not date(year, 7, 1) <= dates.first <= date(year, 10, 31):
        sentence = N_("The first term begins between July and October of %(year)s.")
        problems.append(Problem("first", sentence, {"year": year}))
    if not date(year + 1, 1, 1) <= dates.second <= date(year + 1, 4, 30):
        sentence = N_("The second term begins between January and April of %(year)s.")
        problems.append(Problem("second", sentence, {"year": year + 1}))
    return problems


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The terms of an alliance: what it has entered, else the usual dates.

    A term ends the day before the next one begins, so that every day lies in exactly one.
    """

    entered: Mapping[int, TermDates] = field(default_factory=dict)

    def dates(self, year: int) -> TermDates:
        return self.entered.get(year) or usual_dates(year)

    def period(self, key: str) -> Period:
        """What a key means.

        Raises:
            Missing: it means nothing.
        """
        if _MONTH.fullmatch(key):
            year, number = int(key[:4]), int(key[5:])
            if FIRST_YEAR <= year <= LAST_YEAR:
                month = Month(year, number)
                return Period(key, Span.MONTH, month.first_day, month.next.first_day - _DAY)
        elif match := _TERM.fullmatch(key):
            year = int(match[1])
            if FIRST_YEAR <= year <= LAST_YEAR and int(match[2]) == year + 1:
                return self._of_school(key, year, match[3])
        elif _YEAR.fullmatch(key) and FIRST_YEAR <= int(key) <= LAST_YEAR:
            return Period(key, Span.YEAR, date(int(key), 1, 1), date(int(key), 12, 31))
        raise Missing(N_("There is no such month, term or year."))

    def _of_school(self, key: str, year: int, term: str | None) -> Period:
        dates, end = self.dates(year), self.dates(year + 1).first - _DAY
        if term is None:
            return Period(key, Span.SCHOOL_YEAR, dates.first, end)
        if term == "1":
            return Period(key, Span.TERM, dates.first, dates.second - _DAY)
        return Period(key, Span.TERM, dates.second, end)

    def school_year_of(self, day: date) -> int:
        """The school year that ``day`` lies in, by the year in which it begins."""
        return day.year if day >= self.dates(day.year).first else day.year - 1

    def around(self, day: date) -> dict[Span, Period]:
        """The month, term, school year and year that ``day`` lies in."""
        year = self.school_year_of(day)
        school_year = f"{year}-{year + 1}"
        term = f"{school_year}-{1 if day < self.dates(year).second else 2}"
        keys = (f"{day.year}-{day.month:02}", term, school_year, f"{day.year}")
        return {found.span: found for found in map(self.period, keys)}

    def back_from(self, day: date, span: Span, number: int) -> Iterator[Period]:
        """The period of ``day``, and those before it, the latest first; ``number`` at most."""
        for _ in range(number):
            found = self.around(day)[span]
            yield found
            day = found.first - _DAY
            if day.year <= FIRST_YEAR:
                return
