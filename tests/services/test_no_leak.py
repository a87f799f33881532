"""Nobody learns from search what they may not see: random worlds, compared with brute force."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as whatever
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models.database import WRITING
from resource_hub.services import indexing
from resource_hub.services.queries import search as queries
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.vocabulary import search_vocabulary
from search_index import (
    FACETS,
    CompletionKind,
    Page,
    SearchEngine,
    SearchRequest,
    Sort,
    engine_from_url,
)
from search_index.dictionary import dictionary
from storage import LocalStorage, Storage
from tests.conftest import SHANGHAI
from tests.given import NOON, Clock, Given
from tests.services.worlds import CODES, WORDS, Plan, Seen, World, all_seen, build, plans

ALL = 1_000
"""More than any of these worlds holds."""

VOCABULARY = search_vocabulary()

_words = st.sampled_from(WORDS)


@dataclass(frozen=True)
class Asked:
    """A query, and what it means in plain Python."""

    text: str
    fits: Callable[[Seen], bool]


def has(word: str) -> Callable[[Seen], bool]:
    return lambda seen: any(word in text for text in seen.texts)


def _both(a: str, b: str) -> Asked:
    return Asked(f"{a} {b}", lambda seen: has(a)(seen) and has(b)(seen))


def _without(a: str, b: str) -> Asked:
    return Asked(f"{a} -{b}", lambda seen: has(a)(seen) and not has(b)(seen))


def _either(a: str, b: str) -> Asked:
    return Asked(f"{a} OR {b}", lambda seen: has(a)(seen) or has(b)(seen))


asked = st.one_of(
    st.just(Asked("", lambda _: True)),
    _words.map(lambda word: Asked(word, has(word))),
    _words.map(lambda word: Asked(f"“{word}”", has(word))),
    st.sampled_from([word[1] for word in WORDS]).map(lambda one: Asked(one, has(one))),
    _words.map(lambda word: Asked(f"标题:{word}", lambda seen: word in seen.title)),
    st.builds(_both, _words, _words),
    st.builds(_without, _words, _words),
    st.builds(_either, _words, _words),
)

MISSPELT = ("钟百", "勾故", "虎蝶", "观朝", "photn", "pythagorus")

_GUESSED = (
    *MISSPELT, "月", "蝴碟飞", "photon 蝴蝶", "guanchao", "yuebing", "gctx", "he tang", "王蝴碟",
    "观潮小学校", "松柏的荷塘photon磁铁蝴蝶", "学科:数学 月饼",
)  # fmt: skip

typed = st.one_of(
    st.lists(st.sampled_from([*WORDS, " "]), min_size=1, max_size=3).map("".join),
    st.sampled_from(_GUESSED),
)
"""Words as they are, misspelt, in pinyin, too many: what makes search guess."""

beginnings = st.builds(
    lambda word, end: word[:end], st.sampled_from([*WORDS, "王蝴蝶", "观潮小学"]), st.integers(1, 3)
)

filters = st.dictionaries(st.sampled_from(FACETS), st.integers(1, 7), max_size=3)
"""For each facet, which of its codes are chosen, as bits."""


def chosen(world: World, bits: Mapping[str, int]) -> dict[str, frozenset[str]]:
    codes = {**CODES, "school": world.schools}
    return {
        name: frozenset(code for at, code in enumerate(codes[name]) if bit >> at & 1)
        or frozenset({"none"})
        for name, bit in bits.items()
    }


@dataclass(frozen=True)
class Case:
    """One person in one world; ``seen`` is what they may see, ``only_seen`` an index of just that.

    ``everything`` is the hub's index, with what others may see.
    """

    session: Session
    world: World
    everything: SearchEngine
    person: Person
    seen: dict[int, Seen]
    only_seen: SearchEngine


@dataclass(frozen=True)
class Worlds:
    """Where worlds are made: each is one transaction that is rolled back."""

    database: Engine
    storage: Storage
    kind: str
    folder: Path
    _numbers: Iterator[int]

    @contextmanager
    def cases(self, plan: Plan, people: Collection[int]) -> Iterator[Iterator[Case]]:
        with Session(self.database) as session:
            session.connection(execution_options={WRITING: True})
            clock = Clock()
            given = Given(session, UnitOfWork(session, clock, SHANGHAI), self.storage)
            world = build(given, clock, plan)
            with self._index() as everything:
                indexing.index_resources(session, everything, world.resources, now=NOON)
                yield self._cases(session, world, everything, people)

    def _cases(
        self, session: Session, world: World, everything: SearchEngine, people: Collection[int]
    ) -> Iterator[Case]:
        for person in (world.people[who] for who in people):
            seen = all_seen(session, person, NOON)
            with self._index() as only_seen:
                only_seen.apply(indexing.documents_of(session, seen, now=NOON), ())
                yield Case(session, world, everything, person, seen, only_seen)

    @contextmanager
    def _index(self) -> Iterator[SearchEngine]:
        path = self.folder / str(next(self._numbers))
        engine = engine_from_url(f"{self.kind}://{path}", vocabulary=VOCABULARY)
        yield engine
        engine.close()


@pytest.fixture
def worlds(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Worlds:
    storage = LocalStorage(tmp_path / "blobs")
    return Worlds(engine, storage, request.param, tmp_path / "indexes", count())


def test_the_words_of_these_worlds_mean_nothing_but_themselves() -> None:
    assert len(set("".join(WORDS))) == 2 * len(WORDS)
    for word in WORDS:
        assert dictionary().same_as(word) == ()
        assert not any(VOCABULARY.code_of(name, word) for name in CODES)


# Two engines on one database, and two databases with one engine, are enough.
@pytest.mark.long
@pytest.mark.parametrize(
    ("database_url", "worlds"),
    [("sqlite", "tantivy"), ("postgresql", "tantivy"), ("sqlite", "whoosh")],
    indirect=True,
)
def test_nobody_learns_what_they_may_not_see(worlds: Worlds) -> None:
    @settings(
        max_examples=12 if worlds.kind == "tantivy" else 3,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @whatever(plans, st.sets(st.integers(0, 6), min_size=2, max_size=3), st.data())
    def run(plan: Plan, people: set[int], data: st.DataObject) -> None:
        with worlds.cases(plan, people) as cases:
            for case in cases:
                totals_facets_and_hits_are_those_of_brute_force(case, data)
                completions_are_names_of_what_may_be_seen_and_all_of_them(case, data)
                corrections_stand_in_what_may_be_seen(case)
                what_is_alike_may_be_seen_and_nothing_is_like_what_may_not(case)
                what_may_not_be_seen_changes_no_answer(case, data)

    run()


def totals_facets_and_hits_are_those_of_brute_force(case: Case, data: st.DataObject) -> None:
    for _ in range(6):
        query = data.draw(asked)
        choice = chosen(case.world, data.draw(filters))
        answer = queries.search(
            case.session, case.everything, case.person, NOON,
            query=query.text, filters=choice, sort=Sort.NEWEST, per_page=ALL, relax=False,
        )  # fmt: skip

        fitting = [seen for seen in case.seen.values() if query.fits(seen)]
        right = [seen for seen in fitting if is_chosen(seen, choice)]
        right.sort(key=lambda seen: (-seen.published_at.timestamp(), seen.resource_id))
        assert [found.card.resource_id for found in answer.found] == [
            seen.resource_id for seen in right
        ]
        assert answer.paging.total == len(right)
        assert answer.facets == {name: counted(name, fitting, choice) for name in FACETS}


def is_chosen(seen: Seen, choice: Mapping[str, frozenset[str]], *, but: str = "") -> bool:
    return all(seen.codes[name] & codes for name, codes in choice.items() if name != but)


def counted(name: str, fitting: list[Seen], choice: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Count a facet as if nothing were chosen in itself."""
    counts: dict[str, int] = {}
    for seen in fitting:
        if is_chosen(seen, choice, but=name):
            for code in seen.codes[name]:
                counts[code] = counts.get(code, 0) + 1
    return counts


def completions_are_names_of_what_may_be_seen_and_all_of_them(
    case: Case, data: st.DataObject
) -> None:
    for _ in range(6):
        begun = data.draw(beginnings)
        offered = case.everything.complete(begun, case.person.tokens, limit=ALL)
        for completion in offered:
            names = {getattr(seen, completion.kind.value) for seen in case.seen.values()}
            assert completion.text in names
        titles = {each.text for each in offered if each.kind is CompletionKind.TITLE}
        assert titles >= {
            seen.title
            for seen in case.seen.values()
            if seen.title.startswith(begun) and seen.title != begun
        }


def corrections_stand_in_what_may_be_seen(case: Case) -> None:
    for wrong in MISSPELT:
        request = SearchRequest(wrong, case.person.tokens)
        for correction in case.everything.search(request).corrections:
            assert any(has(correction)(seen) for seen in case.seen.values())


def what_is_alike_may_be_seen_and_nothing_is_like_what_may_not(case: Case) -> None:
    for resource_id in (*case.world.resources, 987_654):
        alike = case.everything.more_like(resource_id, case.person.tokens, limit=ALL)
        assert set(alike) <= case.seen.keys() - {resource_id}
        assert len(alike) == len(set(alike))
        if resource_id not in case.seen:
            assert alike == ()
    [first, *_] = case.world.resources
    cards = queries.more_like(case.session, case.everything, case.person, NOON, first)
    assert {card.resource_id for card in cards} <= case.seen.keys() - {first}


def what_may_not_be_seen_changes_no_answer(case: Case, data: st.DataObject) -> None:
    """Only scores know of it, and so the order of hits: how rare a word is comes from the index."""
    tokens = case.person.tokens
    for _ in range(6):
        request = SearchRequest(
            data.draw(typed), tokens, chosen(case.world, data.draw(filters)), per_page=ALL
        )
        assert told(case.everything, request) == told(case.only_seen, request)
        begun = data.draw(st.one_of(beginnings, typed))
        assert case.everything.complete(begun, tokens, limit=ALL) == (
            case.only_seen.complete(begun, tokens, limit=ALL)
        )
    for resource_id in case.world.resources:
        assert set(case.everything.more_like(resource_id, tokens, limit=ALL)) == set(
            case.only_seen.more_like(resource_id, tokens, limit=ALL)
        )


def told(engine: SearchEngine, request: SearchRequest) -> Page:
    """The answer without scores, in the order of the ids."""
    page = engine.search(request)
    hits = (replace(hit, score=0.0) for hit in page.hits)
    return replace(page, hits=tuple(sorted(hits, key=lambda hit: hit.resource_id)))
