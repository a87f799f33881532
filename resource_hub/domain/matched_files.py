"""Which file of a later version is which file of the earlier one: by content, name, or likeness."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import PurePosixPath

LEAST_LIKENESS = 0.5
"""Share of their words that two texts have in common, from which one file replaced the other."""

LEAST_NAME = 0.6
"""The same of two names, when there is no text to go by."""

SHINGLE = 6
"""Characters."""


class FileChange(StrEnum):
    SAME = "same"
    RENAMED = "renamed"
    REPLACED = "replaced"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as far as it is needed to recognise it; ``beginning`` of its text may be empty."""

    name: str
    key: str
    family: str
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class FilePair:
    """Numbers of a file in both lists; None where it is in one alone."""

    change: FileChange
    before: int | None
    after: int | None


def matched_files(before: Sequence[KnownFile], after: Sequence[KnownFile]) -> list[FilePair]:
    """Each file once: those of ``after`` in their order, then what was removed."""
    found: dict[int, FilePair] = {}
    gone = dict(enumerate(before))
    tests: tuple[tuple[FileChange, Callable[[KnownFile, KnownFile], bool]], ...] = (
        (FileChange.SAME, lambda old, new: old.key == new.key and old.name == new.name),
        (FileChange.RENAMED, lambda old, new: old.key == new.key),
        (FileChange.REPLACED, lambda old, new: old.name == new.name),
    )
    for change, fits in tests:
        for number, file in enumerate(after):
            if number not in found:
                match = next((i for i, old in gone.items() if fits(old, file)), None)
                if match is not None:
                    del gone[match]
                    found[number] = FilePair(change, match, number)
    come = {i: file for i, file in enumerate(after) if i not in found}
    for old, new in _alike(gone, come):
        del gone[old]
        found[new] = FilePair(FileChange.REPLACED, old, new)
    pairs = [found.get(i, FilePair(FileChange.ADDED, None, i)) for i in range(len(after))]
    return pairs + [FilePair(FileChange.REMOVED, i, None) for i in gone]


def _alike(gone: dict[int, KnownFile], come: dict[int, KnownFile]) -> list[tuple[int, int]]:
    """Pairs of what is left, the most alike first."""
    old = {i: _shingles(file.beginning) for i, file in gone.items()}
    new = {i: _shingles(file.beginning) for i, file in come.items()}
    rated = []
    for i, first in gone.items():
        for j, second in come.items():
            likeness = _likeness(old[i], new[j])
            if likeness >= LEAST_LIKENESS:
                rated.append((1 + likeness, i, j))
            elif first.family == second.family and not (old[i] and new[j]):
                names = SequenceMatcher(None, _stem(first.name), _stem(second.name)).ratio()
                if names >= LEAST_NAME:
                    rated.append((names, i, j))
    pairs: list[tuple[int, int]] = []
    for _rating, i, j in sorted(rated, key=lambda each: (-each[0], each[1], each[2])):
        if all(i != first and j != second for first, second in pairs):
            pairs.append((i, j))
    return pairs


def _likeness(first: set[str], second: set[str]) -> float:
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _shingles(text: str) -> set[str]:
    words = "".join(text.split())
    return {words[start : start + SHINGLE] for start in range(len(words) - SHINGLE + 1)}


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()
