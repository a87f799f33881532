"""Working days, with holidays and the weekends that make up for them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.deadlines import (
    Calendar,
    Nudge,
    due_on,
    nudge,
    working_day_before,
    working_days_late,
)
from resource_hub.domain.holidays import calendar_of
from resource_hub.services.holidays import shipped_years

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 10, day) for day in (16, 17, 18, 19))
PLAIN = Calendar()

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    Calendar,
    holidays=st.frozensets(DAYS, max_size=30),
    worked=st.frozensets(DAYS, max_size=30),
)


def test_a_weekend_does_not_count() -> None:
    assert [PLAIN.is_working_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        True,
        False,
        False,
        True,
    ]
    assert due_on(FRIDAY, 1, PLAIN) == MONDAY
    assert due_on(SATURDAY, 1, PLAIN) == MONDAY
    assert due_on(FRIDAY, 5, PLAIN) == FRIDAY + timedelta(days=7)


def test_holidays_put_it_off_and_days_that_make_up_for_them_bring_it_forward() -> None:
    calendar = Calendar(holidays=frozenset({MONDAY}), worked=frozenset({SATURDAY}))
    assert due_on(FRIDAY, 1, calendar) == SATURDAY
    assert due_on(FRIDAY, 2, calendar) == MONDAY + timedelta(days=1)


def test_with_no_days_at_all_it_is_due_on_the_first_working_day() -> None:
    assert due_on(FRIDAY, 0, PLAIN) == FRIDAY
    assert due_on(SATURDAY, 0, PLAIN) == MONDAY


def test_the_reminder_of_a_monday_goes_out_on_friday() -> None:
    assert working_day_before(MONDAY, PLAIN) == FRIDAY


def test_a_weekend_makes_nobody_later() -> None:
    assert [working_days_late(FRIDAY, FRIDAY + timedelta(days=n), PLAIN) for n in range(-1, 5)] == [
        0, 0, 0, 0, 1, 2,
    ]  # fmt: skip


def test_the_clock_reminds_twice_tells_the_coordinator_and_passes_on_never_on_a_day_off() -> None:
    said, escalated = [], None
    for ahead in range(-7, 12):
        day = FRIDAY + timedelta(days=ahead)
        word = nudge(FRIDAY, day, PLAIN, escalated_on=escalated)
        if word is not None:
            said.append((ahead, word))
        if word is Nudge.LATE:
            escalated = day
        if word is Nudge.REASSIGN:
            break
    assert said == [(-1, Nudge.SOON), (0, Nudge.TODAY), (3, Nudge.LATE), (4, Nudge.REASSIGN)]


def test_a_hub_that_slept_for_a_week_tells_the_coordinator_before_it_passes_on() -> None:
    monday = MONDAY + timedelta(days=7)
    assert nudge(FRIDAY, monday, PLAIN) is Nudge.LATE
    assert nudge(FRIDAY, monday, PLAIN, escalated_on=monday) is None
    assert nudge(FRIDAY, monday + timedelta(days=1), PLAIN, escalated_on=monday) is Nudge.REASSIGN


def test_the_national_day_of_2026_and_its_make_up_days_are_known() -> None:
    calendar = calendar_of(each.days for each in shipped_years().values())
    assert due_on(date(2026, 9, 30), 1, calendar) == date(2026, 10, 8)
    assert calendar.is_working_day(date(2026, 10, 10))  # a Saturday
    assert not calendar.is_working_day(date(2026, 2, 23))  # the Spring Festival's last day
    assert calendar.is_working_day(date(2026, 2, 28))
    assert not any(calendar.is_working_day(date(2025, 10, day)) for day in range(1, 9))


def test_a_calendar_without_work_is_refused_and_does_not_run_for_ever() -> None:
    idle = Calendar(frozenset(FRIDAY + timedelta(days=n) for n in range(-400, 400)))
    with pytest.raises(ValueError, match="nobody works in the year after"):
        due_on(FRIDAY, 1, idle)
    with pytest.raises(ValueError, match="nobody works in the year before"):
        working_day_before(FRIDAY, idle)


@given(start=DAYS, days=st.integers(1, 40), calendar=CALENDARS)
def test_exactly_so_many_working_days_lie_between(
    start: date, days: int, calendar: Calendar
) -> None:
    due = due_on(start, days, calendar)
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert calendar.is_working_day(due)
    assert sum(map(calendar.is_working_day, between)) == days
    assert working_days_late(start, due, calendar) == days
    assert working_days_late(due, due, calendar) == 0
