"""A search URL names an engine and a folder."""

from pathlib import Path

import pytest

from search_index.from_url import engine_from_url
from search_index.vocabulary import Vocabulary


@pytest.mark.parametrize(
    "url",
    ["", "sqlite:///x", "tantivy://", "tantivy:///", "tantivy://host/x", "whoosh:relative", "/a/b"],
)
def test_a_url_that_names_no_engine_or_folder_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="A search URL"):
        engine_from_url(url, vocabulary=Vocabulary())


def test_nothing_is_made_before_the_first_use(tmp_path: Path) -> None:
    engine = engine_from_url(f"tantivy://{tmp_path}/an%20index", vocabulary=Vocabulary())
    assert list(tmp_path.iterdir()) == []
    engine.check()
    assert [path.name for path in tmp_path.iterdir()] == ["an index"]


def test_a_vocabulary_may_not_invent_fields() -> None:
    with pytest.raises(ValueError, match="no field colour"):
        Vocabulary(fields={"颜色": "colour"})
