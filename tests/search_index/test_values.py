"""Values with signs in them: days and ranges, slips, stars."""

from datetime import date

import pytest

from search_index.analysis import Literal
from search_index.values import (
    days,
    days_between,
    ends,
    is_range,
    is_special,
    near,
    pieces,
    wildcard,
)

LAST = date.max.toordinal()


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026年", "2026-01-01", "2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024/2", "2024-02-01", "2024-02-29"),
        ("２０２６年３月", "2026-03-01", "2026-03-31"),
        ("2026.3.9", "2026-03-09", "2026-03-09"),
        ("2026-01..2026-03", "2026-01-01", "2026-03-31"),
        ("2026-01至2026-03", "2026-01-01", "2026-03-31"),
        ("2024..2026", "2024-01-01", "2026-12-31"),
        ("2026-03..", "2026-03-01", "9999-12-31"),
        ("..2026-03-15", "0001-01-01", "2026-03-15"),
    ],
)
def test_days_reach_from_the_first_to_the_last(value: str, first: str, last: str) -> None:
    assert days(value) == tuple(date.fromisoformat(end).toordinal() for end in (first, last))


@pytest.mark.parametrize(
    "value", ["", "..", "三月", "2026-13", "2026-02-30", "0000", "26-03", "x..y"]
)
def test_what_is_no_day_is_none(value: str) -> None:
    assert days(value) is None


def test_a_range_has_two_ends_and_a_value_is_both() -> None:
    assert (ends("三年级..五年级"), ends("三年级")) == (("三年级", "五年级"), ("三年级", "三年级"))
    assert (is_range("a…b"), is_range("a.b")) == (True, False)


def test_a_slip_may_be_one_letter_or_two_in_a_longer_word() -> None:
    assert near("leaf~") == ((Literal("leaf", ("leaf",), distance=1),), "leaf~")
    assert distances("photon~") == [2]
    assert distances("photon~1") == [1]
    assert near("a~") is near("leaf") is near("~") is None


def distances(typed: str) -> list[int]:
    read = near(typed)
    return [word.distance for word in read.words] if read else []


def test_no_more_may_differ_than_can_be_looked_for_and_that_is_shown() -> None:
    assert distances("photon~9") == [2]
    assert distances("勾股~3") == [1]
    assert [read.shown for read in map(near, ("photon~9", "勾股~3", "abc12~")) if read] == [
        "photon~2",
        "勾股~1",
        "abc12~",
    ]


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("勾*理", ["勾", "理"]),
        ("*勾股*定理*", ["勾股", "定理"]),
        ("长方*", ["长方*"]),
        ("re*tion", ["re*tion"]),
        ("勾?定理", ["勾", "定理"]),
        ("勾股^2", ["勾股", "2"]),
        ("勾股~0.8", ["勾股", "0", "8"]),
        ("勾股~2", ["勾股~2"]),
        ("x^2+y^2=1", ["x^2+y^2=1"]),
        ("什么?", ["什么?"]),
        ("***", ["***"]),
    ],
)
def test_a_word_is_parted_at_signs_that_mean_nothing_within_it(
    value: str, parts: list[str]
) -> None:
    assert pieces(value) == parts


def test_an_end_of_a_range_may_be_left_out_with_all_its_days() -> None:
    def between(*without: bool) -> list[str]:
        read = days_between("2026-01", "2026-03", (without[0], without[1])) or ()
        return [date.fromordinal(day).isoformat() for day in read]

    assert between(False, False) == ["2026-01-01", "2026-03-31"]
    assert between(True, False) == ["2026-02-01", "2026-03-31"]
    assert between(False, True) == ["2026-01-01", "2026-02-28"]
    assert days_between("x", "2026", (True, True)) is None


def test_a_star_stands_for_letters_at_the_end_or_within() -> None:
    assert wildcard("Photo*") == (Literal("photo", ("photo",), prefix=True),)
    assert [(one.text, one.prefix) for one in wildcard("pho***sis") or ()] == [("pho*sis", False)]
    assert wildcard("photo") is None
    assert wildcard("*") == ()
    assert [one.is_pattern for one in wildcard("勾股*") or ()] == [False]


def test_a_word_of_many_stars_is_read_as_its_pieces() -> None:
    assert [one.text for one in wildcard("a*b*c*d*e*") or ()] == ["a", "b", "c", "d", "e"]
    assert not any(one.is_pattern for one in wildcard("a*" + "b" * 40) or ())
    assert is_special("a*b*c*d*e")
