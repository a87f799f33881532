"""The passages that two works share, as they are written in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from resource_hub.domain.similarity import compare
from resource_hub.services.work_texts import WorkText, texts_of

MOST_PASSAGES = 40
"""Pairs on one page, the longest of them."""

MOST_LETTERS = 600
"""Characters of a passage that are shown; what is between its two ends is left out."""


@dataclass(frozen=True, slots=True)
class Side:
    """A passage in one work: ``file`` is empty for the description."""

    file: str
    text: str
    left_out: int
    """Characters after ``text`` that are the same too."""


@dataclass(frozen=True, slots=True)
class Pair:
    new: Side
    old: Side


def side_by_side(session: Session, new_id: int, old_id: int) -> Sequence[Pair]:
    """The longest passages of revision ``new_id`` that stand in ``old_id``, in its order."""
    texts = texts_of(session, [new_id, old_id])
    new, old = texts[new_id], texts[old_id]
    found = compare(new.folded, old.folded).passages
    longest = sorted(found, key=lambda each: each.new_start - each.new_end)[:MOST_PASSAGES]
    return [
        Pair(
            _side(new, each.new_start, each.new_end),
            _side(old, each.old_start, each.old_end),
        )
        for each in sorted(longest, key=lambda each: each.new_start)
    ]


def _side(work: WorkText, start: int, end: int) -> Side:
    shown = min(end, start + MOST_LETTERS)
    return Side(work.piece_at(start).file, work.text[start:shown], end - shown)
