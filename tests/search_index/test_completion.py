"""How typing may go on: titles, units, people and schools that the person may see."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from search_index.base import Completion, CompletionKind, IndexDocument, SearchEngine
from search_index.completion import READ, complete
from search_index.copies import Finder, Found, Question
from search_index.fields import entry_of
from search_index.tantivy_engine import TantivyKind
from search_index.tree import positive_literals
from tests.search_index.documents import lesson
from tests.search_index.engines import KINDS, filled

PUBLIC = frozenset({"public"})

LESSONS = (
    lesson(1, "勾股定理", unit="第17章 勾股定理", author="曾晓云", views=9),
    lesson(2, "勾股定理的证明", unit="第17章 勾股定理", author="王老师", school="狗尾草小学"),
    lesson(3, "赵爽与勾股定理", author="赵敏", views=50),
    lesson(4, "靜夜思", author="李白", unit="唐詩"),
    lesson(5, "勾股定理机密卷", author="密探", visible_to=frozenset({"school:2"}), views=99),
    lesson(6, "Photosynthesis in leaves", author="Alice Smith"),
)


@pytest.fixture(params=KINDS, scope="module")
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchEngine:
    folder: Path = tmp_path_factory.mktemp("completion")
    return filled(request.param, request, folder, LESSONS)


def texts(engine: SearchEngine, typed: str, *more: str) -> list[str]:
    return [completion.text for completion in engine.complete(typed, PUBLIC | set(more))]


@pytest.mark.parametrize(
    "typed",
    [
        "勾股",
        "gougu",
        "gougud",
        "gou gu din",
        "ggd",
        "GouGu",
        "gou1gu3",
        "gou1 gu3d",
        "勾gu",
        "gou股",
    ],
)
def test_characters_unfinished_pinyin_and_initials_go_on_alike(
    engine: SearchEngine, typed: str
) -> None:
    found = texts(engine, typed)
    assert found[:2] == ["勾股定理", "勾股定理的证明"]
    assert set(found[2:]) == {"第17章 勾股定理", "赵爽与勾股定理"}


def test_what_begins_so_comes_first_then_what_is_used_most(engine: SearchEngine) -> None:
    titles = [
        completion.text
        for completion in engine.complete("勾股", PUBLIC)
        if completion.kind is CompletionKind.TITLE
    ]
    assert titles == ["勾股定理", "勾股定理的证明", "赵爽与勾股定理"]


@pytest.mark.parametrize(
    ("typed", "completion"),
    [
        ("曾", Completion("曾晓云", CompletionKind.AUTHOR)),
        ("zengx", Completion("曾晓云", CompletionKind.AUTHOR)),
        ("lib", Completion("李白", CompletionKind.AUTHOR)),
        ("靜", Completion("靜夜思", CompletionKind.TITLE)),
        ("静夜", Completion("靜夜思", CompletionKind.TITLE)),
        ("唐", Completion("唐詩", CompletionKind.UNIT)),
        ("狗尾", Completion("狗尾草小学", CompletionKind.SCHOOL)),
        ("photo", Completion("Photosynthesis in leaves", CompletionKind.TITLE)),
        ("ali", Completion("Alice Smith", CompletionKind.AUTHOR)),
    ],
)
def test_names_are_given_as_they_are_written(
    engine: SearchEngine, typed: str, completion: Completion
) -> None:
    assert engine.complete(typed, PUBLIC)[0] == completion


def test_only_what_the_person_may_see_is_given(engine: SearchEngine) -> None:
    assert "勾股定理机密卷" not in texts(engine, "勾股")
    assert texts(engine, "机密") == texts(engine, "mitan") == texts(engine, "密") == []
    assert "勾股定理机密卷" in texts(engine, "勾股", "school:2")
    assert texts(engine, "密", "school:2")[0] in {"密探", "勾股定理机密卷"}
    assert engine.complete("勾股", frozenset()) == ()


def test_what_is_typed_already_is_not_given_again(engine: SearchEngine) -> None:
    assert "勾股定理" not in texts(engine, "勾股定理")
    assert texts(engine, "靜夜思") == []


def test_no_more_than_asked_for_and_none_twice(engine: SearchEngine) -> None:
    assert len(engine.complete("勾股", PUBLIC, limit=2)) == 2
    found = engine.complete("g", PUBLIC)
    assert len(set(found)) == len(found) <= 8
    assert engine.complete("勾股", PUBLIC, limit=0) == ()


class Counting:
    """Finds as another finder does, and keeps what it was asked."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self.asked: list[Question] = []
        self.read = 0

    def find(self, question: Question) -> Found:
        self.asked.append(question)
        found = self._finder.find(question)
        self.read += len(found.hits)
        return found

    def documents(self, resource_ids: Collection[int]) -> Iterator[IndexDocument]:
        return self._finder.documents(resource_ids)


MANY = 300


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """Three hundred lessons that all sound alike, in title, unit, author and school."""
    copy = TantivyKind().create(tmp_path_factory.mktemp("many"))
    alike = (
        lesson(n, f"清溪{n}", unit=f"清溪{n}", author=f"秦希{n}", school=f"青西{n}", views=n)
        for n in range(MANY)
    )
    for _ in copy.fill(map(entry_of, alike)):
        pass
    return copy


@pytest.mark.parametrize(
    "typed",
    ["q", "z", "qing", "qingxi", "qing1xi", "清xi", "qing溪", "清溪", "qx", "xian" * 10, "x" * 40],
)
def test_however_much_fits_little_is_read_and_sounds_are_asked_for_once(
    many: Finder, typed: str
) -> None:
    counting = Counting(many)

    complete(counting, typed, PUBLIC, limit=8)

    assert len(counting.asked) <= 1 + len(CompletionKind)
    assert {(one.limit, one.facets, one.offset) for one in counting.asked} == {(READ, (), 0)}
    assert counting.read <= len(counting.asked) * READ < MANY
    wanted = [list(positive_literals(one.tree)) for one in counting.asked]
    assert sum(any(one.place == "sound" for one in literals) for literals in wanted) <= 1
    assert max(map(len, wanted)) <= 160


def test_of_many_the_most_used_are_given(many: Finder) -> None:
    found = complete(many, "qingx", PUBLIC, limit=8)
    assert [completion.text for completion in found] == [
        "清溪299",
        "清溪298",
        "清溪299",
        "清溪297",
        "清溪296",
        "清溪298",
        "清溪295",
        "清溪294",
    ]


@pytest.mark.parametrize("typed", ["", " ", "*", "\0", '"', "(((", "标题:", "\ud800", "xyzzy" * 99])
def test_nonsense_goes_on_as_nothing(engine: SearchEngine, typed: str) -> None:
    assert engine.complete(typed, PUBLIC) == ()
