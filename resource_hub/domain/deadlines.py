"""Working days: when a review is due, and when somebody must be reminded of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SATURDAY = 5
MOST_DAYS = 366
"""Days that are looked through; a calendar on which nobody works for a year is a mistake."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday, less holidays, plus days that make up for them."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    """Saturdays and Sundays on which schools work instead of a day before or after a holiday."""

    def is_working_day(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays


def due_on(start: date, days: int, calendar: Calendar) -> date:
    """The last day in time for what began on ``start``, which is itself not counted.

    With 0 days, the first working day from ``start`` on.

    Raises:
        ValueError: the calendar has too few working days within a year.
    """
    if days == 0:
        return next(_working_days(start, calendar))
    found = _working_days(start + timedelta(days=1), calendar)
    for _ in range(days - 1):
        next(found)
    return next(found)


def working_day_before(day: date, calendar: Calendar) -> date:
    """The last working day before ``day``: on it people are reminded of what is due on ``day``."""
    for back in range(1, MOST_DAYS):
        earlier = day - timedelta(days=back)
        if calendar.is_working_day(earlier):
            return earlier
    raise ValueError("nobody works in the year before this day")


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days come after ``start``, up to and with ``end``; 0 when it is no later."""
    days = (end - start).days
    return sum(calendar.is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


def working_days_late(due: date, today: date, calendar: Calendar) -> int:
    """How many working days have passed since ``due``; 0 on the day itself and before."""
    return working_days_between(due, today, calendar)


class Nudge(StrEnum):
    """What the clock has to say of one person's turn, on one day."""

    SOON = "due_soon"
    TODAY = "due_today"
    LATE = "late"
    """A working day late: the coordinators are told too."""
    REASSIGN = "reassign"
    """Another working day has passed since then: somebody else is asked."""


def nudge(
    due: date, today: date, calendar: Calendar, *, escalated_on: date | None = None
) -> Nudge | None:
    """What is to be said on ``today``; nothing on a day on which nobody works.

    Args:
        escalated_on: when the coordinators were told that this turn is late; None: not yet. A hub
            that was switched off for a week tells them first, and passes it on a day later.
    """
    if not calendar.is_working_day(today):
        return None
    if today < due:
        return Nudge.SOON if today == working_day_before(due, calendar) else None
    if working_days_late(due, today, calendar) == 0:
        return Nudge.TODAY if today == due else None
    if escalated_on is None:
        return Nudge.LATE
    return Nudge.REASSIGN if today > escalated_on else None


def _working_days(first: date, calendar: Calendar) -> Iterator[date]:
    for ahead in range(MOST_DAYS):
        day = first + timedelta(days=ahead)
        if calendar.is_working_day(day):
            yield day
    raise ValueError("nobody works in the year after this day")
