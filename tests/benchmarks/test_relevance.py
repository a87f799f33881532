"""The judged queries are well formed, and fair: what they ask for is there, as the rule says."""

from collections import Counter

import pytest

from benchmarks.relevance.collection import Record, collection
from benchmarks.relevance.derived import Derived
from benchmarks.relevance.judging import (
    Judged,
    Kind,
    relevant_by,
    with_initials,
    written_lines,
    written_queries,
)
from benchmarks.relevance.letters import letters, titles_within
from tests.samples import needs_samples


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return collection()


@pytest.fixture(scope="module")
def judged(records: list[Record]) -> list[Judged]:
    return [*written_queries(records), *Derived(records).all()]


def test_every_line_of_the_file_has_a_class_a_query_and_a_rule_that_can_be_read() -> None:
    lines = written_lines()
    assert {kind for kind, _, _ in lines} == set(Kind) - {Kind.QUESTION}
    for _, _, rule in lines:
        assert relevant_by(rule, []) == frozenset()


def test_no_query_stands_twice_in_the_file() -> None:
    counted = Counter((kind, query) for kind, query, _ in written_lines())
    assert [pair for pair, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("rule", ["", "title=", "title=……", "words~春", "title=春 & "])
def test_a_rule_that_says_nothing_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="is no condition"):
        relevant_by(rule, [])


def test_letters_are_the_same_however_they_are_typed() -> None:
    assert letters("靜 夜思（Ａ）1.") == letters("静夜思, a １") == "静夜思a1"


def test_a_title_is_known_by_each_name_in_it() -> None:
    assert titles_within("相和歌辭 長門怨") == {"相和歌辞长门怨", "相和歌辞", "长门怨"}


@needs_samples
def test_each_class_has_forty_queries_and_every_query_an_answer(judged: list[Judged]) -> None:
    counted = Counter(query.kind for query in judged)
    assert set(counted) == set(Kind)
    assert min(counted.values()) >= 40
    assert counted.total() >= 450
    assert [query for query in judged if not query.relevant or not query.text.strip()] == []


@needs_samples
def test_the_queries_that_are_made_are_the_same_each_time(
    records: list[Record], judged: list[Judged]
) -> None:
    first = list(Derived(records).exact())
    made = [query for query in judged if query.kind is Kind.EXACT]
    assert made[-len(first) :] == first


@needs_samples
def test_what_is_to_be_found_in_a_file_is_in_no_item(
    records: list[Record], judged: list[Judged]
) -> None:
    files = {record.number for record in records if record.file}
    asked = [query for query in judged if query.kind is Kind.IN_FILE]
    assert [query.text for query in asked if not query.relevant <= files] == []


@needs_samples
def test_a_pasted_question_has_a_hundred_to_five_hundred_characters(judged: list[Judged]) -> None:
    lengths = [len(query.text) for query in judged if query.kind is Kind.QUESTION]
    assert (min(lengths) >= 100, max(lengths) <= 500) == (True, True)


@needs_samples
def test_a_query_in_the_other_script_differs_from_what_it_means(judged: list[Judged]) -> None:
    asked = [query for query in judged if query.kind is Kind.OTHER_SCRIPT]
    assert [query.text for query in asked if query.text == query.meant] == []


@needs_samples
def test_initials_mean_everything_that_may_be_typed_so(records: list[Record]) -> None:
    known = {record.number: record for record in records}
    found = [known[number] for number in with_initials("jys", records)]
    assert {"静夜思"} < {name for record in found for name in record.titles}
