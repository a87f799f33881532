"""Even out open reviews: who became free takes what somebody else has too much of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from resource_hub.domain.assignment import Candidate, Ground, Why, Work, may_have, reads

MOST_APART = 2
"""By how many open submissions people who could do the same may differ."""

SETTLED = frozenset({Ground.CLAIMED, Ground.HANDED_OVER, Ground.EVENED_OUT})
"""Chosen by a person, or moved once already: the hub does not move it again."""


@dataclass(frozen=True, slots=True)
class MovableTurn:
    """A turn that its holder has neither claimed nor begun."""

    id: int
    holder_name: str
    holder_open: int
    """How many submissions the holder has to review now, this one included."""
    given_at: datetime
    work: Work


@dataclass(frozen=True, slots=True)
class Move:
    turn_id: int
    why: Why


def to_move(taker: Candidate, turns: Iterable[MovableTurn]) -> Move | None:
    """What ``taker`` takes over, if somebody has more than two submissions more.

    From whoever has the most, the youngest: it has waited least. Only what the taker could have
    been given in the first place, in a language that they read.
    """
    possible = [
        turn
        for turn in turns
        if turn.holder_open - taker.open > MOST_APART
        and may_have(taker, turn.work)
        and reads(taker, turn.work.language)
    ]
    if not possible:
        return None
    turn = max(possible, key=lambda one: (one.holder_open, one.given_at, one.id))
    return Move(turn.id, Why(Ground.EVENED_OUT, taker.open, by=turn.holder_name))
