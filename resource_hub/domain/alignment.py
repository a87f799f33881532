"""What two sequences have in common, in order: exact, and fast also when they are long.

The sequences are strings in which every character stands for one token. First come stretches that
occur once in both ("anchors", as in patience sorting), from long to short ones: what is long and
unique was hardly written twice. What lies between two anchors is short as a rule; there the
longest common subsequence is found with whole rows of bits at a time (Hyyrö 2004), which Python's
large integers make quick.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

ANCHORS = (32, 12, 4)
"""Lengths of the stretches that are looked for, in tokens."""

MOST_CELLS = 25_000_000
"""Tokens times tokens up to which a gap without anchors is compared; beyond, it was replaced."""


class Block(NamedTuple):
    """``length`` tokens are the same from ``before`` and from ``after`` on."""

    before: int
    after: int
    length: int


def common_blocks(before: str, after: str) -> list[Block]:
    """Blocks in rising order of both, none touching the next on both sides.

    What they leave out was removed from ``before``, or added in ``after``.
    """
    found: list[Block] = []
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        low, high, lower, higher = gaps.pop()
        head = _common_head(before, low, high, after, lower, higher)
        if head:
            found.append(Block(low, lower, head))
            low, lower = low + head, lower + head
        tail = _common_tail(before, low, high, after, lower, higher)
        if tail:
            found.append(Block(high - tail, higher - tail, tail))
            high, higher = high - tail, higher - tail
        if low == high or lower == higher:
            continue
        anchors = _anchors(before[low:high], after[lower:higher])
        if not anchors:
            found += (
                Block(low + block.before, lower + block.after, block.length)
                for block in _subsequence(before[low:high], after[lower:higher])
            )
            continue
        start, other = low, lower
        for block in anchors:
            there, then = low + block.before, lower + block.after
            found.append(Block(there, then, block.length))
            gaps.append((start, there, other, then))
            start, other = there + block.length, then + block.length
        gaps.append((start, high, other, higher))
    return list(_joined(sorted(found)))


def _joined(blocks: list[Block]) -> Iterator[Block]:
    last: Block | None = None
    for block in blocks:
        if last is None:
            last = block
        elif block.before - last.before == block.after - last.after == last.length:
            last = Block(last.before, last.after, last.length + block.length)
        else:
            yield last
            last = block
    if last is not None:
        yield last


def _common_head(before: str, low: int, high: int, after: str, lower: int, higher: int) -> int:
    """How many tokens are the same from the beginning on; halving, for strings compare quickly."""
    good, bad = 0, min(high - low, higher - lower) + 1
    while bad - good > 1:
        middle = (good + bad) // 2
        if before[low + good : low + middle] == after[lower + good : lower + middle]:
            good = middle
        else:
            bad = middle
    return good


def _common_tail(before: str, low: int, high: int, after: str, lower: int, higher: int) -> int:
    good, bad = 0, min(high - low, higher - lower) + 1
    while bad - good > 1:
        middle = (good + bad) // 2
        if before[high - middle : high - good] == after[higher - middle : higher - good]:
            good = middle
        else:
            bad = middle
    return good


def _anchors(before: str, after: str) -> list[Block]:
    """Blocks of tokens that begin with stretches which occur once in both; the longest kind."""
    for length in ANCHORS:
        if min(len(before), len(after)) < length:
            continue
        olds, news = _stretches(before, length), _stretches(after, length)
        shared = set(olds).intersection(news)
        places = _once(news, shared)
        pairs = [
            (start, places[stretch])
            for stretch, start in _once(olds, shared).items()
            if stretch in places
        ]
        if pairs:
            return list(_apart(_rising(pairs), length))
    return []


def _stretches(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]


def _once(stretches: list[str], shared: Collection[str]) -> dict[str, int]:
    """The stretches that both texts share and this one has once, with their places, rising.

    As a rule few are shared; counting those alone is most of the speed.
    """
    found = [(stretch, start) for start, stretch in enumerate(stretches) if stretch in shared]
    numbers = Counter(stretch for stretch, _start in found)
    return {stretch: start for stretch, start in found if numbers[stretch] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs in which both rise; ``pairs`` rise by their first."""
    ends: list[int] = []
    chosen: list[int] = []
    previous: list[int] = []
    for number, (_start, place) in enumerate(pairs):
        rank = bisect_left(ends, place)
        previous.append(chosen[rank - 1] if rank else -1)
        if rank == len(ends):
            ends.append(place)
            chosen.append(number)
        else:
            ends[rank], chosen[rank] = place, number
    last = chosen[-1]
    kept = []
    while last >= 0:
        kept.append(pairs[last])
        last = previous[last]
    return kept[::-1]


def _apart(pairs: list[tuple[int, int]], length: int) -> Iterator[Block]:
    """Blocks that do not overlap, out of stretches of ``length`` that may."""
    begin = end = shift = 0
    for start, place in pairs:
        if place - start == shift and start <= end:
            end = start + length
            continue
        if end > begin:
            yield Block(begin, begin + shift, end - begin)
        over = max(0, end - start, end + shift - place)
        begin, end, shift = start + over, max(start + over, start + length), place - start
    if end > begin:
        yield Block(begin, begin + shift, end - begin)


def _subsequence(before: str, after: str) -> list[Block]:
    """A longest common subsequence of two short strings; nothing when they are too long."""
    if len(before) * len(after) > MOST_CELLS:
        return []
    places: dict[str, int] = {}
    for number, token in enumerate(before):
        places[token] = places.get(token, 0) | 1 << number
    whole = (1 << len(before)) - 1
    row = whole
    rows = []
    for token in after:
        shared = row & places.get(token, 0)
        row = ((row + shared) | (row - shared)) & whole
        rows.append(row)
    found = []
    number, column = len(before), len(after)
    while number and column:
        if rows[column - 1] >> (number - 1) & 1:
            number -= 1  # a token of ``before`` without its like
        elif column > 1 and not rows[column - 2] >> (number - 1) & 1:
            column -= 1
        else:
            number, column = number - 1, column - 1
            found.append(Block(number, column, 1))
    return found[::-1]
