"""Real items that nobody here wrote: what a teacher types finds them."""

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from search_index.base import IndexDocument, SearchEngine
from search_index.from_url import engine_from_url
from tests.samples import SAMPLES, needs_samples
from tests.search_index.documents import VOCABULARY, ask, found, lesson

pytestmark = needs_samples


def items() -> Iterator[IndexDocument]:
    """Give every eighth item, and all that hold the words asked for below."""
    with (SAMPLES / "items.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 8 == 0 or "勾股" in line or "靜夜思" in line:
                item = json.loads(line)
                title = item.get("title") or item["text"][:40]
                body = f"{item['text']}\n{item['analysis']}"
                yield lesson(number, title, body, author=item.get("author") or "")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    folder: Path = tmp_path_factory.mktemp("real")
    engine = engine_from_url(f"tantivy://{folder}/index", vocabulary=VOCABULARY)
    documents = items()
    while batch := list(islice(documents, 500)):
        engine.apply(batch, ())
    yield engine
    engine.close()


@pytest.mark.parametrize("query", ["靜夜思", "静夜思", "李白静夜思", "床前看月光"])
def test_a_poem_is_on_top_in_either_script(real: SearchEngine, query: str) -> None:
    assert ask(real, query).hits[0].title.text == "靜夜思"


@pytest.mark.parametrize("query", ["勾股定理", "三角形"])
def test_every_hit_holds_the_word_where_the_passage_shows_it(
    real: SearchEngine, query: str
) -> None:
    page = ask(real, query)
    assert page.total >= 1
    best = page.hits[0]
    shown = [piece.text[a:b] for piece in best.passages for a, b in piece.marks]
    assert any(mark in query for mark in shown)


def test_any_piece_of_a_title_finds_its_document(real: SearchEngine) -> None:
    dice = random.Random(20261101)  # noqa: S311 - the same pieces every time, no secret
    poems = [item for item in items() if item.author and item.title.isalpha()]
    missed = []
    for poem in dice.sample(poems, 150):
        start = dice.randrange(max(len(poem.title) - 1, 1))
        piece = poem.title[start : dice.randint(start + 2, max(start + 2, len(poem.title)))]
        page = ask(real, piece, per_page=1_000)
        if poem.resource_id not in found(page):
            missed.append((piece, poem.title))
    assert missed == []
