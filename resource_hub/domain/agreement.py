"""How far reviewers agree, beyond what chance would give: Cohen's kappa, plain and weighted.

J. Cohen: A coefficient of agreement for nominal scales (1960); Weighted kappa (1968). Any two who
judged the same round are a pair, and neither of them is the first: each pair counts in both orders,
so the figure does not depend on who happens to be named first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

FEWEST_PAIRS = 10
"""With fewer, one evening would make the figure."""

Pair = tuple[int, int]
Distance = Callable[[int, int], float]
"""How far two answers are apart; 0 for the same."""


def plain(one: int, other: int) -> float:
    """For what is met or not: the same, or not the same."""
    return float(one != other)


def quadratic(one: int, other: int) -> float:
    """For points from 1 to 5: two points apart is four times as bad as one."""
    return float((one - other) ** 2)


class Strength(StrEnum):
    """In words; the steps are those of Landis and Koch (1977)."""

    BY_CHANCE = "by_chance"
    SLIGHT = "slight"
    FAIR = "fair"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    ALMOST_PERFECT = "almost_perfect"


_STEPS = (
    (0.8, Strength.ALMOST_PERFECT),
    (0.6, Strength.SUBSTANTIAL),
    (0.4, Strength.MODERATE),
    (0.2, Strength.FAIR),
    (0.0, Strength.SLIGHT),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the pairs of one criterion come to."""

    pairs: int
    same: float | None = None
    """The share of pairs with the same answer; None with too few pairs."""
    kappa: float | None = None
    """1: always the same; 0: as by chance; below: less than that.

    None with too few pairs, and where all answers are the same: nothing was there to agree about.
    """

    @property
    def is_enough(self) -> bool:
        return self.pairs >= FEWEST_PAIRS

    @property
    def strength(self) -> Strength | None:
        if self.kappa is None:
            return None
        return next((word for step, word in _STEPS if self.kappa > step), Strength.BY_CHANCE)


def kappa(pairs: Sequence[Pair], distance: Distance) -> float | None:
    """1 less the observed disagreement over that which chance would give; at most 1.

    The first of a pair is the one rater, the second the other; see ``agreement`` for people who are
    neither. None where chance alone would never disagree.
    """
    if not pairs:
        return None
    number = len(pairs)
    observed = sum(distance(one, other) for one, other in pairs) / number
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(
        first[one] * second[other] * distance(one, other) for one in first for other in second
    ) / (number * number)
    return 1 - observed / expected if expected else None


def agreement(pairs: Sequence[Pair], distance: Distance) -> Agreement:
    """What ``pairs`` come to, whoever is named first; no figure below ``FEWEST_PAIRS``."""
    if len(pairs) < FEWEST_PAIRS:
        return Agreement(len(pairs))
    same = sum(one == other for one, other in pairs) / len(pairs)
    both_orders = [*pairs, *((other, one) for one, other in pairs)]
    return Agreement(len(pairs), same, kappa(both_orders, distance))


def pairs_of(rounds: Iterable[Mapping[int, int]], of: int | None = None) -> list[Pair]:
    """Every two answers of one round.

    Args:
        rounds: of each, the answers by reviewer.
        of: only the pairs with this reviewer.
    """
    return [
        (answers[one], answers[other])
        for answers in rounds
        for one, other in combinations(sorted(answers), 2)
        if of is None or of in {one, other}
    ]
