"""Pairs of which it is known whether one is a copy of the other, and who is to tell: ours, theirs.

Every work is in the corpus or its neighbour in the pile is: those outside lend text to disguises,
and are the innocents that nothing may be said of. Half of everything is written in the form that
the whole alliance uses.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.disguises import DISGUISES, Work, in_template, mixed, originals
from resource_hub.domain.finding_alike import alike_on
from resource_hub.domain.similarity import SHORTEST_TEXT, Print, cut, print_of
from search_index.analysis import fold


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that somebody submits, and the numbers of the works that it is a copy of."""

    disguise: str
    work: Work
    sources: frozenset[int]


@dataclass(frozen=True, slots=True)
class Material:
    corpus: Sequence[Work]
    asked: Sequence[Asked]


def material(copies: int, *, bystanders: int | None = None) -> Material:
    """Take ``copies`` works to be copied in every way, as many innocents, and bystanders.

    Poems are three quarters of the works; of those to be copied they are a quarter.
    """
    dice = random.Random(5)
    works = [work for work in originals() if len(work.text) > 2 * SHORTEST_TEXT]
    dice.shuffle(works)
    works.sort(key=lambda work: "/" not in work.name, reverse=True)  # real files are taken first
    outside, inside = works[::2], works[1::2]
    chosen = _mostly_lessons(inside, copies)
    rest = [place for place in range(len(inside)) if place not in set(chosen)][:bystanders]
    corpus = [inside[place] for place in (*chosen, *rest)]
    written = [in_template(work) if place % 2 else work for place, work in enumerate(corpus)]
    strangers = [outside[place] for place in _mostly_lessons(outside, copies)]
    return Material(written, [*_copies(corpus[:copies], strangers, dice), *_innocents(strangers)])


def _mostly_lessons(works: Sequence[Work], number: int) -> list[int]:
    poems = [place for place, work in enumerate(works) if work.name.startswith("诗文")]
    others = [place for place, work in enumerate(works) if not work.name.startswith("诗文")]
    few = poems[: number // 4]
    return (others[: number - len(few)] + few + poems[len(few) :])[:number]


def _copies(
    corpus: Sequence[Work], strangers: Sequence[Work], dice: random.Random
) -> Iterator[Asked]:
    for place, work in enumerate(corpus):
        for name, disguise in DISGUISES.items():
            sources = frozenset({place})
            other = strangers[place % len(strangers)]
            if disguise is mixed:
                beside = (place + 1) % len(corpus)
                other, sources = corpus[beside], frozenset({place, beside})
            copy = disguise(work, other, dice)
            yield Asked(name, in_template(copy) if place % 4 > 1 else copy, sources)


def _innocents(strangers: Sequence[Work]) -> Iterator[Asked]:
    for place, work in enumerate(strangers):
        yield Asked("innocent", in_template(work) if place % 2 else work, frozenset())


@dataclass(slots=True)
class MemoryShelf:
    """Works in memory, as ``domain.finding_alike.Shelf`` asks for them."""

    folded: list[str] = field(default_factory=list)
    kept: list[Print] = field(default_factory=list)
    by_value: dict[int, set[int]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        folded = fold(text)
        own = print_of(cut(folded))
        for value in own.values:
            self.by_value.setdefault(value, set()).add(len(self.kept))
        self.folded.append(folded)
        self.kept.append(own)

    def holders(self, values: Collection[int]) -> Mapping[int, set[int]]:
        return {value: self.by_value[value] for value in values if value in self.by_value}

    def prints(self, works: Collection[int]) -> Mapping[int, Print]:
        return {work: self.kept[work] for work in works}

    def texts(self, works: Collection[int]) -> Mapping[int, str]:
        return {work: self.folded[work] for work in works}

    def alike(self, text: str) -> set[int]:
        asked = cut(fold(text))
        return set(alike_on(self, asked, print_of(asked)))


@dataclass(slots=True)
class Score:
    """Pairs of a copy and a source: how many there are, were found, and were found wrongly."""

    pairs: int = 0
    found: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.pairs if self.pairs else 1.0

    @property
    def precision(self) -> float:
        told = self.found + self.wrong
        return self.found / told if told else 1.0

    def add(self, sources: Collection[int], answer: Collection[int]) -> None:
        self.pairs += len(sources)
        self.found += len(set(sources) & set(answer))
        self.wrong += len(set(answer) - set(sources))
