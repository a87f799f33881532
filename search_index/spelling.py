"""How far two words are apart, by letters or by sound, and where in a text the nearest one is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from rapidfuzz.distance import OSA

from search_index import analysis, pinyin, sound
from search_index.analysis import is_ideographic

HALF = 0.5
"""What a character costs that sounds the same, but is another."""


def distance(a: str, b: str, *, most: int | None = None) -> int:
    """Count the letters to insert, leave out, change, or swap with the next (Damerau 1964).

    What is more than ``most`` may be counted as one more.
    """
    return int(OSA.distance(a, b, score_cutoff=most))


@dataclass(frozen=True, slots=True)
class Correction:
    """What may have been meant instead of a run, how far it is from it, and if it sounds alike."""

    text: str
    cost: float
    alike: bool = False


def nearest_run(
    run: str, folded: str, cut: Callable[[str], list[str]], *, alike: bool = False
) -> Correction | None:
    """Find in a folded text what ``run`` of ideographs may have been meant to be.

    Compared are pieces that are as long, or one longer or shorter, and share a character or the
    sound of one in its place; ``cost`` is at most a third of the length, and less than a whole
    character for two. What is given is whole, as ``cut`` knows words, and if it is to be ``alike``
    it sounds like ``run``. None if there is nothing, or ``run`` itself stands there.
    """
    if run in folded:
        return None
    syllables = sound.syllables(run)
    most = len(run) / 3 if len(run) > 2 else HALF  # noqa: PLR2004 - of two, none may be lost
    near = [
        (cost, place, piece)
        for place, piece in enumerate(_pieces(run, syllables, folded, alike=alike))
        if (cost := _cost(run, syllables, piece.text, piece.sounds, most)) <= most
    ]
    for cost, _, piece in sorted(near, key=lambda one: one[:2]):
        if text := _whole(run, piece, cut):
            return Correction(text, cost, _alike(run, syllables, text, sound.syllables(text)))
    return None


class _Piece(NamedTuple):
    """What stands in ``within`` from ``begin`` on, and how it is read."""

    text: str
    sounds: list[str]
    within: str
    begin: int


def _whole(run: str, piece: _Piece, cut: Callable[[str], list[str]]) -> str:
    """Give ``piece``, or the word that it is a part of; "" if it begins or ends amid others.

    A lone character at an end belongs to what stands beside, unless ``run`` has one there too.
    """
    words = cut(piece.text)
    if len(words[0]) == 1 or len(words[-1]) == 1:
        last = piece.begin + len(piece.text)
        start = 0
        for word in cut(piece.within):
            if start <= piece.begin and last <= start + len(word):
                return word
            start += len(word)
    own = cut(run)
    for mine, theirs in ((words[0], own[0]), (words[-1], own[-1])):
        if len(mine) == 1 and mine not in theirs and (len(theirs) > 1 or mine in analysis.STOP):
            return ""
    return "".join(words)


def _alike(run: str, syllables: list[str], piece: str, sounds: list[str]) -> bool:
    """Say whether each character is the same or sounds so; phrases may read the same otherwise."""
    return len(run) == len(piece) and all(
        x == y or pinyin.sound_distance(a, b) < 1
        for x, y, a, b in zip(run, piece, syllables, sounds, strict=True)
    )


def _pieces(run: str, syllables: list[str], folded: str, *, alike: bool) -> Iterator[_Piece]:
    """Yield what is worth a comparison, each piece once."""
    seen: set[str] = set()
    width = len(run)
    widths = (width,) if alike else (width, width - 1, width + 1)
    for found in analysis.runs(folded):
        if not is_ideographic(found) or len(found) < min(widths):
            continue
        sounds = sound.syllables(found)
        for begin in _beginnings(run, found, sounds, syllables):
            for length in widths:
                piece = found[begin : begin + length]
                if len(piece) == length > 1 and piece not in seen:
                    seen.add(piece)
                    read = sounds[begin : begin + length]
                    if not alike or _alike(run, syllables, piece, read):
                        yield _Piece(piece, read, found, begin)


def _beginnings(run: str, text: str, sounds: list[str], syllables: list[str]) -> set[int]:
    """Say where pieces may begin: wherever two neighbours fit, by character or by sound."""
    begins: set[int] = set()
    for at in range(len(text) - 1):
        for place in range(len(run) - 1):
            if (text[at] == run[place] or sounds[at] == syllables[place]) and (
                text[at + 1] == run[place + 1] or sounds[at + 1] == syllables[place + 1]
            ):
                begins.update(b for b in (at - place - 1, at - place, at - place + 1) if b >= 0)
    return begins


def _cost(run: str, syllables: list[str], piece: str, sounds: list[str], most: float) -> float:
    """Weigh the changes from ``run`` to ``piece``; gives up beyond ``most``, with infinity.

    A character that sounds the same is half of a half, and neighbours may have changed places.
    """
    before: list[float] = []
    row = [float(j) for j in range(len(piece) + 1)]
    for i, (x, a) in enumerate(zip(run, syllables, strict=True), 1):
        before, last, row = row, before, [float(i)]
        for j, (y, b) in enumerate(zip(piece, sounds, strict=True), 1):
            change = 0.0
            if x != y:
                apart = pinyin.sound_distance(a, b)
                change = HALF * 0.5 if not apart else (HALF if apart < 1 else 1.0)
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + change)
            if last and j > 1 and change == 1 and a == sounds[j - 2] and syllables[i - 2] == b:
                taken = (x != piece[j - 2]) + (run[i - 2] != y)
                least = min(least, last[j - 2] + 1 + taken * HALF * 0.5)
            row.append(least)
        if min(row) > most and (i == len(run) or min(before) + 1 > most):
            return inf
    return row[-1]


def nearest_word(run: str, folded: str) -> Correction | None:
    """Find in a folded text the word of letters that ``run`` may have been meant to be."""
    most = 1 if len(run) < 7 else 2  # noqa: PLR2004 - a longer word has room for two mistakes
    best: Correction | None = None
    for word in set(analysis.runs(folded)):
        if is_ideographic(word) or abs(len(word) - len(run)) > most:
            continue
        cost = distance(run, word, most=most)
        if 0 < cost <= most and (best is None or (cost, word) < (best.cost, best.text)):
            best = Correction(word, cost)
    return best
