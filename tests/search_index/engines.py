"""Engines that hold given documents, one of each kind that every engine's tests are asked of."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from search_index.base import IndexDocument, SearchEngine
from search_index.from_url import engine_from_url
from search_index.vocabulary import Vocabulary
from tests.search_index.documents import VOCABULARY

KINDS = ("tantivy", "whoosh", "opensearch")


def filled(
    kind: str,
    request: pytest.FixtureRequest,
    folder: Path,
    documents: Iterable[IndexDocument],
    *,
    vocabulary: Vocabulary = VOCABULARY,
) -> SearchEngine:
    """Give an engine of a kind over ``documents``; it is closed with the fixture that asked."""
    if kind == "opensearch":
        url = f"opensearch://{request.getfixturevalue('memory_host')}/{folder.name.lower()}"
    else:
        url = f"{kind}://{folder}/index"
    engine = engine_from_url(url, vocabulary=vocabulary)
    request.addfinalizer(engine.close)
    for _ in engine.rebuild(documents):
        pass
    return engine
