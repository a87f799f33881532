"""Two engines over the same real items answer 300 queries alike."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index.base import SearchEngine
from search_index.from_url import engine_from_url
from tests.samples import needs_samples
from tests.search_index import agreement
from tests.search_index.agreement import SEEN_BY, VOCABULARY, compare, queries

pytestmark = needs_samples

CHOICES: tuple[dict[str, frozenset[str]], ...] = (
    {},
    {"subject": frozenset({"chinese", "math"}), "year": frozenset({"2025"})},
    {"grade": frozenset({"g3", "g12"}), "format": frozenset({"pdf"}), "edition": frozenset({"su"})},
)

Pair = tuple[SearchEngine, SearchEngine]


def test_the_queries_are_three_hundred() -> None:
    assert len(set(queries())) == len(queries()) == 300


def filled_pair(folder: Path, *, every: int) -> Pair:
    pair = tuple(
        engine_from_url(f"{kind}://{folder}/{kind}", vocabulary=VOCABULARY)
        for kind in ("tantivy", "whoosh")
    )
    for engine in pair:
        for _ in engine.rebuild(agreement.documents(every=every)):
            pass
    return pair[0], pair[1]


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Every 32nd item, for the suite that everybody runs."""
    pair = filled_pair(tmp_path_factory.mktemp("some"), every=32)
    yield pair
    for engine in pair:
        engine.close()


def differences(pair: Pair) -> list[str]:
    return [
        difference
        for number, query in enumerate(queries())
        for difference in compare(*pair, query, CHOICES[number % len(CHOICES)])
    ]


def test_both_engines_find_and_count_the_same(some: Pair) -> None:
    assert differences(some) == []


def test_the_facets_that_the_comparison_reads_are_the_hits(some: Pair) -> None:
    for engine in some:
        for query in queries()[::10]:
            page = agreement.answer(engine, query, {}, per_page=1_000)
            assert {str(hit.resource_id) for hit in page.hits} == agreement.found_by(page)
            assert page.total == len(page.hits)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_both_engines_agree_over_many_items(tmp_path: Path) -> None:
    """Whoosh takes eight minutes to index all of them, so that is for HUB_AGREEMENT_EVERY=1."""
    every = int(os.environ.get("HUB_AGREEMENT_EVERY", "8"))
    pair = filled_pair(tmp_path, every=every)
    assert [engine.count() for engine in pair] == [-(-13_318 // every)] * 2
    assert differences(pair) == []
    for engine in pair:
        engine.close()


def test_nothing_is_found_beyond_the_audience(some: Pair) -> None:
    visible = {
        str(document.resource_id)
        for document in agreement.documents(every=32)
        if document.visible_to & SEEN_BY
    }
    for engine in some:
        for query in queries():
            assert agreement.found_by(agreement.answer(engine, query, {})) <= visible
