"""Resources like one: what shares its words, subject and grade, as far as it may be seen."""

from pathlib import Path

import pytest

from search_index.base import SearchEngine
from tests.search_index.documents import lesson
from tests.search_index.engines import KINDS, filled

PUBLIC = frozenset({"public"})
INSIDE = frozenset({"school:2"})

LESSONS = (
    lesson(1, "勾股定理", keywords=("直角三角形",), grades=("g4",)),
    lesson(2, "勾股定理的证明", keywords=("直角三角形",), grades=("g4",)),
    lesson(3, "勾股定理", "语文老师讲的", subject="chinese", grades=("g3",), kind="micro_lesson"),
    lesson(4, "静夜思", subject="chinese", grades=("g3",)),
    lesson(5, "勾股定理习题", keywords=("直角三角形",), grades=("g4",), visible_to=INSIDE),
    lesson(6, "李白的诗", "静夜思", subject="chinese", grades=("g3",)),
    lesson(7, "", subject="chinese"),
)


@pytest.fixture(params=KINDS, scope="module")
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchEngine:
    folder: Path = tmp_path_factory.mktemp("likeness")
    return filled(request.param, request, folder, LESSONS)


def test_the_same_subject_and_grade_make_words_weigh_more(engine: SearchEngine) -> None:
    assert engine.more_like(1, PUBLIC) == (2, 3)
    assert engine.more_like(2, PUBLIC) == (1, 3)


def test_nothing_is_like_itself_or_like_what_shares_no_word(engine: SearchEngine) -> None:
    for resource_id in range(1, 8):
        assert resource_id not in engine.more_like(resource_id, PUBLIC | INSIDE)
    assert 1 not in engine.more_like(4, PUBLIC)
    assert engine.more_like(7, PUBLIC) == ()


def test_only_what_may_be_seen_is_given_and_only_for_what_may_be_seen(
    engine: SearchEngine,
) -> None:
    assert 5 not in engine.more_like(1, PUBLIC)
    assert 5 in engine.more_like(1, PUBLIC | INSIDE)
    assert engine.more_like(5, PUBLIC) == ()
    assert engine.more_like(1, frozenset()) == ()
    assert engine.more_like(1, INSIDE) == ()


def test_no_more_than_asked_for(engine: SearchEngine) -> None:
    assert engine.more_like(1, PUBLIC, limit=1) == (2,)
    assert engine.more_like(1, PUBLIC, limit=0) == ()


@pytest.mark.parametrize("resource_id", [0, -1, 99, 2**31, 2**62])
def test_nothing_is_like_what_is_not_indexed(engine: SearchEngine, resource_id: int) -> None:
    assert engine.more_like(resource_id, PUBLIC) == ()
