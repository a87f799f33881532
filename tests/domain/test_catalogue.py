"""Months as the hub's time zone counts them, and an issue as the difference of two shelves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.catalogue import (
    Change,
    Listed,
    Month,
    Version,
    change_between,
    in_order,
    stood_before,
)
from resource_hub.domain.errors import Invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 9, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def version(
    number: int, published: int, *, available: int | None = None, withdrawn: int | None = None
) -> Version:
    return Version(
        number,
        at(published),
        at(published if available is None else available),
        None if withdrawn is None else at(withdrawn),
    )


# Months


def test_a_month_is_read_and_written() -> None:
    assert Month.parse(" 2026-10 ") == Month(2026, 10)
    assert str(Month(2026, 1)) == "2026-01"
    assert Month(2026, 2).first_day == date(2026, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "0000-01",
        "0001-01",
        "9999-12",
        "2026-1",
        "十月",
        "2026-10-1",
    ],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="YYYY-MM"):
        Month.parse(text)


def test_a_year_ends_and_the_next_begins() -> None:
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2026, 1).previous == Month(2025, 12)


@pytest.mark.parametrize("month", [Month(1970, 1), Month(9998, 12)])
def test_the_first_and_the_last_month_have_a_beginning_and_an_end(month: Month) -> None:
    assert month.start(SHANGHAI) < month.end(SHANGHAI)


def test_october_begins_at_midnight_in_shanghai() -> None:
    assert Month(2026, 10).start(SHANGHAI) == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert Month(2026, 10).end(SHANGHAI) == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert Month.of(datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC), SHANGHAI) == Month(2026, 9)
    assert Month.of(datetime(2026, 9, 30, 16, tzinfo=UTC), SHANGHAI) == Month(2026, 10)


@given(
    st.integers(0, 4_000_000_000),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Auckland", "UTC"]),
)
def test_every_moment_belongs_to_one_month(seconds: int, zone_name: str) -> None:
    moment, zone = datetime.fromtimestamp(seconds, UTC), ZoneInfo(zone_name)
    month = Month.of(moment, zone)
    assert month.start(zone) <= moment < month.end(zone)
    assert month.end(zone) == month.next.start(zone)
    assert month.next.previous == month


# What is listed


def test_a_resource_is_new_then_updated_then_withdrawn() -> None:
    first, second = version(1, 10), version(2, 30, withdrawn=50)
    history = [first, second]
    assert change_between(at(0), at(20), history) == (Change.NEW, first)
    assert change_between(at(20), at(40), history) == (Change.UPDATED, second)
    assert change_between(at(40), at(60), history) == (Change.WITHDRAWN, second)
    assert change_between(at(60), at(80), history) is None


def test_the_first_moment_belongs_to_an_issue_and_the_last_does_not() -> None:
    history = [version(1, 10)]
    assert change_between(at(0), at(10), history) is None
    assert change_between(at(10), at(20), history) == (Change.NEW, history[0])


def test_what_came_and_went_in_between_is_not_listed() -> None:
    assert change_between(at(0), at(40), [version(1, 10, withdrawn=20)]) is None


def test_what_comes_back_after_it_was_withdrawn_is_new_again() -> None:
    history = [version(1, 10, withdrawn=30), version(2, 50)]
    assert change_between(at(20), at(40), history) == (Change.WITHDRAWN, history[0])
    assert change_between(at(40), at(60), history) == (Change.NEW, history[1])


def test_what_came_and_went_is_new_when_it_comes_to_stay() -> None:
    history = [version(1, 10, withdrawn=20), version(2, 50)]
    assert change_between(at(0), at(40), history) is None
    assert change_between(at(40), at(60), history) == (Change.NEW, history[1])


def test_two_versions_in_one_month_are_one_line_with_the_last() -> None:
    history = [version(1, 10), version(2, 20), version(3, 30)]
    assert change_between(at(0), at(40), history) == (Change.NEW, history[2])
    assert change_between(at(15), at(40), history) == (Change.UPDATED, history[2])


def test_the_withdrawn_version_that_readers_knew_is_listed() -> None:
    known, unknown = version(1, 10), version(2, 30, withdrawn=35)
    assert change_between(at(20), at(40), [known, unknown]) == (Change.WITHDRAWN, known)


def test_a_release_date_counts_rather_than_the_publication() -> None:
    history = [version(1, 10, available=30)]
    assert change_between(at(0), at(20), history) is None
    assert change_between(at(20), at(40), history) == (Change.NEW, history[0])


def test_a_version_withdrawn_before_its_release_never_stood() -> None:
    history = [version(1, 10, available=30, withdrawn=20)]
    assert change_between(at(0), at(40), history) is None


def test_a_version_replaced_before_its_release_never_stood() -> None:
    history = [version(1, 10, available=50), version(2, 20, available=70)]
    assert stood_before(history, at(60)) is None
    assert stood_before(history, at(71)) == history[1]


# The property: all issues in turn give the shelf


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    """Publications and withdrawals at even hours, releases at odd ones, so none coincide."""
    found: list[Version] = []
    hour, live = 0, False
    for _ in range(draw(st.integers(0, 6))):
        hour += 2 * draw(st.integers(1, 10))
        if live and draw(st.booleans()):
            last = found[-1]
            found[-1] = Version(last.number, last.published_at, last.available_at, at(hour))
            live = False
        else:
            embargo = draw(st.sampled_from([0, 0, 1, 7, 25]))
            found.append(version(len(found) + 1, hour, available=hour + embargo))
            live = True
    return found


def replayed(history: Sequence[Version], moment: datetime) -> Version | None:
    """What stood just before ``moment``, told event by event: the slow and obvious way."""
    events: list[tuple[datetime, str, Version]] = []
    for item in history:
        events.append((item.published_at, "published", item))
        if item.available_at != item.published_at:
            events.append((item.available_at, "released", item))
        if item.withdrawn_at is not None:
            events.append((item.withdrawn_at, "withdrawn", item))
    standing: Version | None = None
    waiting: Version | None = None
    for when, what, item in sorted(events, key=lambda event: event[0]):
        if when >= moment:
            break
        if what == "published" and item.available_at == item.published_at:
            standing, waiting = item, None
        elif what == "published":
            waiting = item
        elif what == "released" and waiting is item:
            standing, waiting = item, None
        elif what == "withdrawn":
            standing = waiting = None
    return standing


@given(histories(), st.integers(0, 200))
def test_the_rule_agrees_with_the_events_told_one_by_one(history: list[Version], hour: int) -> None:
    assert stood_before(history, at(hour)) == replayed(history, at(hour))


@given(st.lists(histories(), max_size=4), st.lists(st.integers(0, 200), min_size=2, max_size=8))
def test_whoever_applies_all_issues_in_turn_has_the_shelf(
    resources: list[list[Version]], hours: list[int]
) -> None:
    """Wherever the issues are cut: nothing is missing, and nothing is listed twice."""
    cuts = [at(0), *map(at, sorted(set(hours)))]
    shelf: dict[int, Version] = {}
    for start, end in pairwise(cuts):
        for number, history in enumerate(resources):
            found = change_between(start, end, history)
            if found is None:
                continue
            change, item = found
            assert (number in shelf) == (change is not Change.NEW)
            if change is Change.WITHDRAWN:
                assert shelf.pop(number) == item
            else:
                assert shelf.get(number) != item
                shelf[number] = item
        assert shelf == {
            number: standing
            for number, history in enumerate(resources)
            if (standing := replayed(history, end)) is not None
        }


# The order


def listed(title: str, **changes: object) -> Listed:
    values: dict[str, object] = {
        "change": Change.NEW,
        "subject_position": 1,
        "grade_position": 1,
        "school_name": "甲校",
        "title": title,
        "public_id": f"R-{title}",
    }
    return Listed(**(values | changes))  # type: ignore[arg-type]  # a test's shorthand


def test_an_issue_goes_by_subject_grade_school_and_title_and_ends_with_what_is_gone() -> None:
    gone = listed("a", change=Change.WITHDRAWN, subject_position=0)
    other_subject = listed("b", subject_position=2)
    other_grade = listed("c", grade_position=2)
    other_school = listed("d", school_name="乙校")
    updated = listed("e", change=Change.UPDATED)
    new = listed("f")
    moved = listed("z", school_name="乙校", rank=1)
    mixed = [gone, other_subject, other_grade, other_school, updated, new, moved]
    wanted = [moved, other_school, new, other_grade, other_subject, updated, gone]
    assert in_order(mixed) == in_order(reversed(mixed)) == wanted
