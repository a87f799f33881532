"""How much of one text stands in another, however it was dressed up; and a small print of each.

A text is cut into tokens: one ideograph each, and pieces of three letters of other words. Signs,
spaces and the breaks of lines are no tokens. Each run of ``WIDTH`` tokens is a shingle. Its
shingles say what a text is made of, in whatever order, whatever was added and whatever was taken
away: this is Broder's resemblance (On the resemblance and containment of documents, 1997).

A print keeps the shingles with the smallest hashes (MinHash, bottom-k), more of them for a longer
text: what two texts share shows in both prints, so one finds a copy within a much longer text,
where MinHash of a fixed size, compared in bands of several rows, does not. Prints find candidates;
what is told to people is counted on the texts themselves (``compare``).
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from heapq import nsmallest
from itertools import compress, pairwise
from operator import and_
from zlib import crc32

METHOD = 1
"""Raised when prints of today cannot be compared with those of yesterday."""

WIDTH = 7
"""Tokens of a shingle: long enough to be no mere phrase, short enough to survive small edits."""

SHORTEST_PASSAGE = 12
"""Tokens in a row that count as taken over: headings and turns of phrase are shorter."""

SHORTEST_TEXT = 60
"""Tokens below which a text is not compared: two who write down one short poem copy neither."""

LONGEST_TEXT = 400_000
"""Characters of a work that are looked at: each of its pieces gets its share of them."""

FEWEST, MOST, ONE_IN = 32, 1024, 64
"""A print keeps one shingle in 64, at least 32 and at most 1,024."""

ALIKE_NEW, ALIKE_OLD = 0.30, 0.50
"""Which share of the new text, or of the old one, makes two works alike: formulas do not count."""

ALIKE_ANYWAY = 0.80
"""Which share of either makes them alike even if it is all formulas: a much copied text."""

COMMON = 5
"""Other works in which a shingle stands when it belongs to a formula, such as a form to fill in."""

LEAST_TAKEN = 100
"""Tokens that must be taken over where only the share of the old text is large: a poem that a
lesson quotes is no copy of the poem."""

_IDEOGRAPH = "[^\\W_\\x00-\u3004]"
_PIECE = "[^\\W_\u3005-\U0010ffff]{1,3}"
_TOKEN = re.compile(f"{_IDEOGRAPH}|{_PIECE}")
_HASHES = 1 << 32


@dataclass(frozen=True, slots=True)
class Print:
    """What is kept of a text: ``values`` are 64-bit numbers with a sign, the smallest hashes first.

    ``reach`` is the part of all hashes up to the greatest that was kept: 1.0 when all were kept.
    """

    tokens: int
    shingles: int
    reach: float
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands in both: characters ``start`` to ``end`` of each."""

    new_start: int
    new_end: int
    old_start: int
    old_end: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of two texts is the same: shares from 0 to 1 of what is no formula."""

    of_new: float
    of_old: float
    taken: int
    """Tokens of the new text that stand in the old one."""
    passages: tuple[Passage, ...] = ()
    """In the order of the new text, formulas among them."""

    @property
    def is_alike(self) -> bool:
        """Whether people should be told."""
        return self.of_new >= ALIKE_NEW or (self.of_old >= ALIKE_OLD and self.taken >= LEAST_TAKEN)

    @property
    def percent(self) -> int:
        """What people are told: the greater share; 100 only when nothing is different."""
        share = max(self.of_new, self.of_old if self.taken >= LEAST_TAKEN else 0.0)
        return min(int(share * 100 + 0.5), 99) if share < 1 else 100


@dataclass(frozen=True, slots=True)
class Cut:
    """A folded text, cut once for many comparisons."""

    words: Sequence[str]
    shingles: Sequence[str]


def cut(folded: str) -> Cut:
    words = tokens(folded)
    return Cut(words, list(_shingles(words)))


def spans(folded: str) -> list[tuple[int, int]]:
    """Where each token of a folded text begins and ends."""
    return [found.span() for found in _TOKEN.finditer(folded)]


def tokens(folded: str) -> list[str]:
    return _TOKEN.findall(folded)


def _shingles(words: Sequence[str]) -> Iterator[str]:
    columns = [words[start:] for start in range(WIDTH)]
    return map("".join, zip(*columns, strict=False))


def print_of(text: Cut) -> Print:
    """The print of a text; of one that is too short for a shingle an empty one."""
    different = {crc32(shingle.encode()): shingle for shingle in text.shingles}
    number = len(different)
    kept = nsmallest(min(max(FEWEST, -(-number // ONE_IN)), MOST), different)
    reach = 1.0 if len(kept) == number else (kept[-1] + 1) / _HASHES
    values = tuple(_value(different[rank]) for rank in kept)
    return Print(len(text.words), number, reach, values)


def _value(shingle: str) -> int:
    digest = blake2b(shingle.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def likely_shares(new: Print, old: Print, shared: int) -> tuple[float, float]:
    """Estimate from ``shared`` values which share of each text's shingles the other one has."""
    common = shared / min(new.reach, old.reach)
    return min(common / new.shingles, 1.0), min(common / old.shingles, 1.0)


def formulas_in(text: Cut, own: Print, common: Container[int]) -> list[tuple[int, int]]:
    """Where the text is made of what many works have, in tokens.

    Args:
        own: The print of ``text``.
        common: Those of its values that many works share. Between two of them in a row all is a
            formula; between one of them and another value, the half that is nearer to it.
    """
    below = int(own.reach * _HASHES)
    known = [
        (place, _value(shingle) in common)
        for place, shingle in enumerate(text.shingles)
        if crc32(shingle.encode()) < below
    ]
    if not any(is_common for _, is_common in known):
        return []
    middles = [(left + right + WIDTH) // 2 for (left, _), (right, _) in pairwise(known)]
    edges = [0, *middles, len(text.words)]
    return [
        (start, end)
        for (_, is_common), start, end in zip(known, edges, edges[1:], strict=False)
        if is_common
    ]


def likeness(new: Cut, old: Cut, formulas: Iterable[tuple[int, int]] = ()) -> Likeness:
    """Count what two texts share; where it stands is left out: see ``compare``.

    Args:
        formulas: tokens of ``new`` that count for nothing on either side, unless nearly the whole
            of one text stands in the other.
    """
    in_new, in_old = bytearray(len(new.words)), bytearray(len(old.words))
    own, old_own = bytearray(b"\1") * len(new.words), bytearray(b"\1") * len(old.words)
    for start, end in formulas:
        own[start:end] = bytes(end - start)
    for here, there, length in _runs(new, old):
        in_new[here : here + length] = in_old[there : there + length] = b"\1" * length
        both = map(and_, old_own[there : there + length], own[here : here + length])
        old_own[there : there + length] = bytes(both)
    of_new, of_old, taken = _share(in_new), _share(in_old), sum(in_new)
    if max(of_new, of_old) < ALIKE_ANYWAY and not all(own):
        in_new = bytearray(compress(in_new, own))
        in_old = bytearray(compress(in_old, old_own))
        of_new, of_old, taken = _share(in_new), _share(in_old), sum(in_new)
    return Likeness(of_new, of_old, taken)


def compare(new: str, old: str, formulas: Iterable[tuple[int, int]] = ()) -> Likeness:
    """Count what two folded texts share, passage by passage; the offsets fit the originals too."""
    new_cut, old_cut = cut(new), cut(old)
    new_spans, old_spans = spans(new), spans(old)
    passages = tuple(
        Passage(
            new_spans[here][0],
            new_spans[here + length - 1][1],
            old_spans[there][0],
            old_spans[there + length - 1][1],
        )
        for here, there, length in _runs(new_cut, old_cut)
    )
    return replace(likeness(new_cut, old_cut, formulas), passages=passages)


def _share(marked: bytearray) -> float:
    return sum(marked) / len(marked) if marked else 0.0


_MOST_PLACES = 8
"""Places of one shingle in the old text that are tried."""


def _runs(new: Cut, old: Cut) -> list[tuple[int, int, int]]:
    """The longest common runs from the left, as place in the new, place in the old, tokens."""
    shared = set(new.shingles).intersection(old.shingles)
    places: dict[str, list[int]] = {}
    for position, shingle in enumerate(old.shingles):
        if shingle in shared:
            places.setdefault(shingle, []).append(position)
    found, begin = list[tuple[int, int, int]](), 0
    for here, shingle in enumerate(new.shingles):
        if here < begin or shingle not in shared:
            continue
        best, length = 0, 0
        for there in places[shingle][:_MOST_PLACES]:
            reached = _common_run(new.words, old.words, here, there)
            if reached > length:
                best, length = there, reached
        if length >= SHORTEST_PASSAGE:
            found.append((here, best, length))
            begin = here + length
    return found


def _common_run(new: Sequence[str], old: Sequence[str], here: int, there: int) -> int:
    most = min(len(new) - here, len(old) - there)
    length = WIDTH
    while length < most and new[here + length] == old[there + length]:
        length += 1
    return length
