"""Codes, sentences and dates in one language."""

from datetime import date

from resource_hub.catalogue.labels import (
    Labels,
    change_word,
    date_words,
    issue_words,
    month_words,
)
from resource_hub.domain.catalogue import Change
from tests.catalogue.issues import CHINESE, ENGLISH


def said(labels: Labels) -> list[str]:
    return [
        issue_words(labels, "2026-10"),
        month_words(labels, "2026-09"),
        date_words(labels, date(2026, 11, 1)),
        change_word(labels, Change.UPDATED),
    ]


def test_dates_and_numbers_are_said_in_the_language_of_the_labels() -> None:
    assert said(ENGLISH) == ["Issue 10 of 2026", "9/2026", "2026-11-01", "Updated"]
    assert said(CHINESE) == ["2026年第10期", "2026年9月", "2026年11月1日", "更新"]
