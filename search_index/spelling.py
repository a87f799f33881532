"""How far two words are apart, by letters or by sound, and where in a text the nearest one is."""

from collections.abc import Iterator
from dataclasses import dataclass

from search_index import analysis, pinyin, sound
from search_index.analysis import is_ideographic

HALF = 0.5
"""What a character costs that sounds the same, but is another."""


def distance(a: str, b: str) -> int:
    """Count the letters to insert, leave out, change, or swap with the next (Damerau 1964)."""
    last, row = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        earlier, last, row = last, row, [i]
        for j, y in enumerate(b, 1):
            steps = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                steps = min(steps, earlier[j - 2] + 1)
            row.append(steps)
    return row[-1]


@dataclass(frozen=True, slots=True)
class Correction:
    """What may have been meant instead of a run, how far it is from it, and if it sounds alike."""

    text: str
    cost: float
    alike: bool = False


def nearest_run(run: str, folded: str) -> Correction | None:
    """Find in a folded text what ``run`` of ideographs may have been meant to be.

    Compared are pieces that are as long, or one longer or shorter, and share a character or the
    sound of one in its place; ``cost`` is at most a third of the length, and less than a whole
    character for two. None if there is nothing, or ``run`` itself stands there.
    """
    if run in folded:
        return None
    syllables = sound.syllables(run)
    best: Correction | None = None
    most = len(run) / 3 if len(run) > 2 else HALF  # noqa: PLR2004 - of two, none may be lost
    for piece in _pieces(run, syllables, folded):
        cost = _cost(run, syllables, piece)
        if cost <= most and (best is None or cost < best.cost):
            best = Correction(piece, cost, _alike(run, piece))
    return best


def _alike(run: str, piece: str) -> bool:
    """Say whether each character is the same or sounds so; phrases may read the same otherwise."""
    return len(run) == len(piece) and all(
        x == y or pinyin.sound_distance(a, b) < 1
        for x, y, a, b in zip(run, piece, sound.syllables(run), sound.syllables(piece), strict=True)
    )


def _pieces(run: str, syllables: list[str], folded: str) -> Iterator[str]:
    seen: set[str] = set()
    width = len(run)
    for found in analysis.runs(folded):
        if not is_ideographic(found) or len(found) < width - 1:
            continue
        for begin in _beginnings(run, found, sound.syllables(found), syllables):
            for length in (width, width - 1, width + 1):
                piece = found[begin : begin + length]
                if len(piece) == length > 1 and piece not in seen:
                    seen.add(piece)
                    yield piece


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


def _cost(run: str, syllables: list[str], piece: str) -> float:
    sounds = sound.syllables(piece)
    row = [float(j) for j in range(len(piece) + 1)]
    for i, x in enumerate(run, 1):
        before, row[0] = row[0], float(i)
        for j, y in enumerate(piece, 1):
            change = 0.0
            if x != y:
                apart = pinyin.sound_distance(syllables[i - 1], sounds[j - 1])
                change = HALF * 0.5 if not apart else (HALF if apart < 1 else 1.0)
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + change)
    return row[-1]


def nearest_word(run: str, folded: str) -> Correction | None:
    """Find in a folded text the word of letters that ``run`` may have been meant to be."""
    most = 1 if len(run) < 7 else 2  # noqa: PLR2004 - a longer word has room for two mistakes
    best: Correction | None = None
    for word in set(analysis.runs(folded)):
        if is_ideographic(word) or abs(len(word) - len(run)) > most:
            continue
        cost = distance(run, word)
        if 0 < cost <= most and (best is None or (cost, word) < (best.cost, best.text)):
            best = Correction(word, cost)
    return best
