"""Which works are like a text: prints name the candidates, the texts themselves decide."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from resource_hub.domain.similarity import (
    ALIKE_NEW,
    ALIKE_OLD,
    COMMON,
    SHORTEST_TEXT,
    Cut,
    Likeness,
    Print,
    cut,
    formulas_in,
    likely_shares,
    likeness,
)

MOST_CANDIDATES = 200
MOST_COUNTED = 12
"""Candidates whose texts are read and counted."""

ALL_FORMULAS = 4
"""How many of them may share formulas only: a text that was copied until it became a formula."""

DOUBT = 0.5
"""How far below the bounds an estimate may lie and still be counted."""


class Shelf(Protocol):
    """The works that a text is compared with; they are named by numbers."""

    def holders(self, values: Collection[int]) -> Mapping[int, set[int]]:
        """Which works have each value in their print; the work that is asked about is not named."""
        ...

    def prints(self, works: Collection[int]) -> Mapping[int, Print]:
        """The prints of those of these works that may be compared; the values may be left out."""
        ...

    def texts(self, works: Collection[int]) -> Mapping[int, str]:
        """Their folded texts."""
        ...


def alike_on(shelf: Shelf, text: Cut, own: Print) -> Mapping[int, Likeness]:
    """The works on the shelf that the text is like.

    Args:
        own: The print of ``text``.
    """
    if own.tokens < SHORTEST_TEXT:
        return {}
    holders = shelf.holders(own.values)
    common = {value for value, works in holders.items() if len(works) >= COMMON}
    candidates = _likeliest(shelf, own, holders, common)
    formulas = formulas_in(text, own, common)
    texts = shelf.texts(candidates)
    counted = {work: likeness(text, cut(texts[work]), formulas) for work in candidates}
    return {work: found for work, found in counted.items() if found.is_alike}


def _likeliest(
    shelf: Shelf, own: Print, holders: Mapping[int, set[int]], common: Collection[int]
) -> Sequence[int]:
    """Works that may be alike as far as prints can tell, first what is no mere formula."""
    shared = Counter(work for works in holders.values() for work in works)
    telling = Counter(
        work for value, works in holders.items() if value not in common for work in works
    )
    best = {work for work, number in telling.most_common(MOST_CANDIDATES) if number > 1}
    best |= {work for work, number in shared.most_common(MOST_CANDIDATES) if number > 1}
    by_own, by_all = list[tuple[float, int]](), list[tuple[float, int]]()
    for work, old in shelf.prints(best).items():
        of_new, of_old = likely_shares(own, old, shared[work])
        if of_new >= ALIKE_NEW * DOUBT or of_old >= ALIKE_OLD * DOUBT:
            by_own.append((max(likely_shares(own, old, telling[work])), work))
            by_all.append((max(of_new, of_old), work))
    likely = [work for share, work in sorted(by_own, reverse=True) if share > 0]
    likely = likely[: MOST_COUNTED - ALL_FORMULAS]
    formulaic = [work for _, work in sorted(by_all, reverse=True) if work not in likely]
    return likely + formulaic[: MOST_COUNTED - len(likely)]
