"""Administrators enter the holidays of a year; what is due already keeps its day."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.holidays import YearDays, calendar_of, typed_days
from resource_hub.models import Assignment
from resource_hub.services.holidays import (
    drop_year,
    known_year,
    save_year,
    shipped_years,
    working_calendar,
)
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.test_assigning import Cast


def test_what_is_entered_takes_the_place_of_what_came_with_the_hub(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    boss, day = given.administrator(), date(2026, 10, 8)
    assert working_calendar(session).is_working_day(day)
    known = known_year(session, 2026)
    off = "\n".join([*known.days.off, "2026-10-08"])
    save_year(uow, boss, 2026, off=off, worked="2026-09-20 ,2026-10-10", seen=known.version)
    now = known_year(session, 2026)
    assert now.days.worked == ("2026-09-20", "2026-10-10")
    assert (now.is_own, now.version, now.days.off[-1]) == (True, 1, "2026-10-08")
    assert not working_calendar(session).is_working_day(day)
    assert not working_calendar(session).is_working_day(date(2025, 10, 1))  # others stay
    drop_year(uow, boss, 2026)
    assert known_year(session, 2026) == known
    assert working_calendar(session).is_working_day(day)


def test_what_is_due_already_keeps_its_day_and_the_next_follows_the_new_calendar(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    cast = Cast(given)
    given.submitted(by=cast.author)
    save_year(uow, given.administrator(), 2026, off="2026-10-13..2026-10-16", worked="", seen=0)
    given.submitted(by=cast.author)
    due = session.scalars(select(Assignment.due_on).order_by(Assignment.id)).all()
    assert due == [date(2026, 10, 19), date(2026, 10, 23)]


def test_only_an_administrator_enters_them_and_nobody_overwrites_unseen(
    uow: UnitOfWork, given: Given
) -> None:
    cast, boss = Cast(given), given.administrator()
    for person in (cast.author, cast.coordinator):
        with pytest.raises(NotAllowed):
            save_year(uow, person, 2027, off="", worked="", seen=0)
        with pytest.raises(NotAllowed):
            drop_year(uow, person, 2027)
    save_year(uow, boss, 2027, off="2027-01-01", worked="", seen=0)
    with pytest.raises(WrongState, match="Someone else changed this"):
        save_year(uow, boss, 2027, off="2027-01-02", worked="", seen=0)
    with pytest.raises(Missing):
        save_year(uow, boss, 1999, off="", worked="", seen=0)


@pytest.mark.parametrize(
    ("off", "worked", "sentence"),
    [
        ("neujahr", "", "“neujahr” is no day. Write 2026-10-01, or 2026-10-01..2026-10-07."),
        ("2026-02-30", "", "“2026-02-30” is no day."),
        ("2025-12-31..2026-01-02", "", "“2025-12-31..2026-01-02” is not in 2026."),
        ("2026-10-07..2026-10-01", "", "the last day is before the first one."),
        ("2026-01-01..2026-12-31", "", "These are 365 days off; more than 100 a year"),
        ("", "2026-10-09", "2026-10-09 is no Saturday or Sunday"),
        ("", "2026-10-10..2026-10-11", "name each day by itself."),
        ("2026-10-10", "2026-10-10", "2026-10-10 cannot be a day off and a working day."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    uow: UnitOfWork, given: Given, off: str, worked: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as caught:
        save_year(uow, given.administrator(), 2026, off=off, worked=worked, seen=0)
    assert sentence in " ".join(map(str, caught.value.problems))


def test_what_came_with_the_hub_is_what_the_page_would_take() -> None:
    for year, shipped in shipped_years().items():
        days, problems = typed_days(
            year, "\n".join(shipped.days.off), "、".join(shipped.days.worked)
        )
        assert (days, problems) == (shipped.days, [])
    assert {year: bool(each.announced) for year, each in shipped_years().items()} == {
        2025: True, 2026: True, 2027: False,
    }  # fmt: skip
    assert typed_days(2026, "", "") == (YearDays(), [])


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2025, ["01-28", "01-29", "04-04", "05-31", "10-06"]),
        (2026, ["02-16", "02-17", "04-05", "06-19", "09-25"]),
        (2027, ["02-05", "02-06", "04-05", "06-09", "09-15"]),
    ],
)
def test_the_days_that_moon_and_sun_fix_are_off(year: int, days: list[str]) -> None:
    """The eve and the day of Spring Festival, Qingming, Dragon Boat, Mid-Autumn."""
    calendar = calendar_of([shipped_years()[year].days])
    assert [day for day in days if date.fromisoformat(f"{year}-{day}") in calendar.holidays] == days
