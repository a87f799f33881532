"""The order of hits: how well the words fit, with a gentle lift for what is recent and used."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Handle = TypeVar("Handle")

WINDOW = 100
"""Best hits that age and use may put into another order; further ones come as the words fit."""

RECENT, USED = 0.10, 0.10
"""What the newest and the most used resources gain over the others, at most."""

HALF_LIFE = 365.0
"""Days after which half of the lift for recent resources is left."""

MANY_USES = 1_000
"""Views and downloads from which there is nothing more to gain."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Handle]):
    """A hit before it is read: ``published`` is the ordinal of a day, ``used`` a count."""

    score: float
    resource_id: int
    published: int
    used: int
    handle: Handle


def comparable(score: float) -> float:
    """Round away what depends on the order in which an engine adds up the parts of a score."""
    return round(score, 3)


def in_order(
    candidates: Iterable[Candidate[Handle]], *, today: date | None
) -> list[Candidate[Handle]]:
    """Put hits in their final order: the first ``WINDOW`` by all that counts, the rest by score.

    Equal ones are in the order of their ids.
    """
    by_score = sorted(candidates, key=lambda c: (-comparable(c.score), c.resource_id))
    best, rest = by_score[:WINDOW], by_score[WINDOW:]
    lifted = [(lift(c.published, c.used, today=today) * comparable(c.score), c) for c in best]
    lifted.sort(key=lambda pair: (-round(pair[0], 3), pair[1].resource_id))
    return [candidate for _, candidate in lifted] + rest


def lift(published: int, used: int, *, today: date | None) -> float:
    """Say by how much age and use multiply a score, between 1 and 1.2."""
    recent = 0.0
    if today is not None:
        recent = 0.5 ** (max(today.toordinal() - published, 0) / HALF_LIFE)
    often = min(math.log1p(max(used, 0)) / math.log1p(MANY_USES), 1.0)
    return 1 + RECENT * recent + USED * often
