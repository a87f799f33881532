"""The order of hits: how well the words fit, with a gentle lift for what is recent and used.

Hits stand in the order of their scores, equal ones in that of their lifts, then of their ids. The
first ``WINDOW`` of that row are put into the order of score times lift; the others stay. So the
order is one and the same whichever page of it is asked for.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

Handle = TypeVar("Handle")

WINDOW = 500
"""Best hits that age and use may put before others whose words fit a little better."""

RECENT, USED = 0.10, 0.10
"""What the newest and the most used resources gain over the others, at most."""

HALF_LIFE = 365.0
"""Days after which half of the lift for recent resources is left."""

MANY_USES = 1_000
"""Views and downloads from which there is nothing more to gain."""

_ROUNDED = 0.002  # what rounding two scores may make them seem apart


class Candidate(NamedTuple, Generic[Handle]):
    """A hit before it is read; ``lift`` is what ``lift`` says of it.

    A tuple: hundreds are made for every answer.
    """

    score: float
    resource_id: int
    lift: float
    handle: Handle


def comparable(score: float) -> float:
    """Round away what depends on the order in which an engine adds up the parts of a score."""
    return round(score, 3)


def reach(scores: Sequence[float], start: int, end: int, *, more: bool) -> tuple[int, int] | None:
    """Say which hits decide what stands at ``start`` to ``end``: those from one place to another.

    ``scores`` are those of the best hits, falling; ``more`` whether there are others below. None
    says that these are needed too: one of them may tie with a hit that counts, or be lifted over
    it.
    """
    if end > len(scores) and more:
        return None
    end = min(end, len(scores))
    if start >= end:
        return start, start
    last = comparable(scores[end - 1])
    if end <= WINDOW:
        # ``end`` hits come to at least this; whatever cannot be lifted so high stands behind them.
        last = last / (1 + RECENT + USED) - _ROUNDED
        if len(scores) >= WINDOW:
            last = max(last, comparable(scores[WINDOW - 1]))
    stop = bisect_right(scores, -last, key=_falling)
    if stop == len(scores) and more:
        return None
    return 0 if start < WINDOW else bisect_left(scores, _falling(scores[start]), key=_falling), stop


def _falling(score: float) -> float:
    return -comparable(score)


def in_order(
    candidates: Iterable[Candidate[Handle]], *, before: int = 0
) -> list[Candidate[Handle]]:
    """Put hits in their final order; ``before`` are those with better scores that are left out."""
    by_score = sorted([(-comparable(c.score), -round(c.lift, 6), c.resource_id, c)
                       for c in candidates])  # fmt: skip
    window = max(WINDOW - before, 0)
    lifted = sorted(
        [(round(score * c.lift, 3), lift, i, c) for score, lift, i, c in by_score[:window]]
    )
    return [hit[-1] for hit in (*lifted, *by_score[window:])]


def lift(published: int, used: int, *, today: date | None) -> float:
    """Say by how much age and use multiply a score, between 1 and 1.2.

    ``published`` is the ordinal of a day, ``used`` a count; without ``today`` age does not count.
    """
    return lifts((published,), (used,), today=today)[0]


def lifts(published: Iterable[int], used: Iterable[int], *, today: date | None) -> list[float]:
    """Give the lifts of many hits; see ``lift``."""
    of_use = [_OF_USE[count if 0 <= count <= MANY_USES else _within(count)] for count in used]
    if today is None:
        return of_use
    day, known = today.toordinal(), len(_OF_AGE)
    return [
        lifted + (_OF_AGE[age] if 0 <= (age := day - since) < known else _of_age(max(age, 0)))
        for lifted, since in zip(of_use, published, strict=True)
    ]


def _within(count: int) -> int:
    return max(0, min(count, MANY_USES))


def _of_age(days: int) -> float:
    return float(RECENT * 0.5 ** (days / HALF_LIFE))


_OF_AGE = [_of_age(days) for days in range(4_000)]
"""Read rather than reckoned: it is asked for a hundred times in every answer."""

_OF_USE = [1 + USED * math.log1p(used) / math.log1p(MANY_USES) for used in range(MANY_USES + 1)]
