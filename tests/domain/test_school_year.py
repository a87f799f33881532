"""Every day lies in one month, one term, one school year and one year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.errors import Missing
from resource_hub.domain.school_year import (
    Period,
    SchoolCalendar,
    Span,
    TermDates,
    flaws,
)
from tests.conftest import SHANGHAI

OWN = SchoolCalendar({2026: TermDates(2026, date(2026, 9, 3), date(2027, 2, 22))})


def test_the_usual_terms_begin_in_september_and_february() -> None:
    around = SchoolCalendar().around(date(2027, 1, 31))
    assert {span.value: period.key for span, period in around.items()} == {
        "month": "2027-01",
        "term": "2026-2027-1",
        "school_year": "2026-2027",
        "year": "2027",
    }
    assert SchoolCalendar().around(date(2027, 8, 31))[Span.TERM] == Period(
        "2026-2027-2", Span.TERM, date(2027, 2, 1), date(2027, 8, 31)
    )


def test_terms_that_were_entered_meet_those_of_the_years_around() -> None:
    assert OWN.period("2025-2026-2").last == date(2026, 9, 2)
    assert OWN.period("2026-2027-1") == Period(
        "2026-2027-1", Span.TERM, date(2026, 9, 3), date(2027, 2, 21)
    )
    assert OWN.period("2026-2027").last == date(2027, 8, 31)
    assert OWN.period("2026-2027-1").months == ("2026-10", "2027-02")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(list(Span)))
def test_what_surrounds_a_day_holds_it_and_meets_what_comes_before(day: date, span: Span) -> None:
    for calendar in (OWN, SchoolCalendar()):
        here = calendar.around(day)[span]
        assert here.first <= day <= here.last
        assert calendar.period(here.key) == here
        before = list(calendar.back_from(day, span, 2))[1]
        assert before.last + timedelta(days=1) == here.first
        assert before.end(SHANGHAI) == here.start(SHANGHAI)


@pytest.mark.parametrize(
    "key", ["", "2026-13", "2026-2028-1", "2026-2027-3", "1999", "2026-1", "2099-2100", "二〇二六"]
)
def test_what_is_no_period_is_missing(key: str) -> None:
    with pytest.raises(Missing):
        SchoolCalendar().period(key)


def test_terms_begin_in_late_summer_and_in_winter() -> None:
    assert flaws(TermDates(2026, date(2026, 9, 1), date(2027, 2, 20))) == []
    wrong = flaws(TermDates(2026, date(2027, 9, 1), date(2026, 2, 20)))
    assert [problem.field for problem in wrong] == ["first", "second"]
