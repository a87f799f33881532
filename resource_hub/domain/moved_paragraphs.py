"""Which of the paragraphs that went are the same as some that came, or nearly."""

from collections import defaultdict
from collections.abc import Mapping

LEAST_LENGTH = 6
"""Characters below which a paragraph is not worth calling moved: a number, “答：”."""

LEAST_LIKENESS = 0.6
"""Share of the shingles of both that they have in common, from which one is the other."""

SHINGLE = 4
"""Characters."""

MOST = 400
"""Paragraphs on each side up to which those are looked for that were also changed."""

TOO_COMMON = 20
"""A shingle of more paragraphs than this says nothing about any."""


def moved(gone: Mapping[int, str], come: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs of keys of ``gone`` and ``come``; each key is in one pair at most.

    What is equal but for spaces goes first, in order; then what is most alike.
    """
    old = {
        key: folded for key, text in gone.items() if len(folded := _folded(text)) >= LEAST_LENGTH
    }
    new = {
        key: folded for key, text in come.items() if len(folded := _folded(text)) >= LEAST_LENGTH
    }
    waiting = defaultdict(list)
    for key, text in new.items():
        waiting[text].append(key)
    pairs = []
    for key, text in old.items():
        if waiting[text]:
            pairs.append((key, waiting[text].pop(0)))
    for first, second in pairs:
        del old[first], new[second]
    if len(old) <= MOST and len(new) <= MOST:
        pairs += _alike(old, new)
    return pairs


def _folded(text: str) -> str:
    return "".join(text.split())


def _alike(old: Mapping[int, str], new: Mapping[int, str]) -> list[tuple[int, int]]:
    shingles = {key: _shingles(text) for key, text in new.items()}
    holders = defaultdict(list)
    for key, of_it in shingles.items():
        for shingle in of_it:
            holders[shingle].append(key)
    found = []
    for key, text in old.items():
        own = _shingles(text)
        shared: dict[int, int] = defaultdict(int)
        for shingle in own:
            if len(holders.get(shingle, ())) <= TOO_COMMON:
                for other in holders.get(shingle, ()):
                    shared[other] += 1
        found += [
            (2 * number / (len(own) + len(shingles[other])), key, other)
            for other, number in shared.items()
        ]
    pairs, used_old, used_new = [], set(), set()
    for likeness, key, other in sorted(found, key=lambda each: (-each[0], each[1], each[2])):
        if likeness >= LEAST_LIKENESS and key not in used_old and other not in used_new:
            pairs.append((key, other))
            used_old.add(key)
            used_new.add(other)
    return pairs


def _shingles(text: str) -> set[str]:
    return {text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1))}
