"""Typed letters as pinyin: how they are cut into syllables, and which syllables sound alike.

Everything is toneless and in lower case, and ü is u (lü and lv are lu), as ``sound`` reads Chinese.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

MOST_SPELLINGS = 8
"""Ways to cut letters into syllables that are worth a search."""

_SYLLABLES_BY_INITIAL = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue un uo",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan ue un uo",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_PARTS = {
    initial + final: (initial, final)
    for initial, finals in _SYLLABLES_BY_INITIAL.items()
    for final in finals.split()
}
_BEGUN = {syllable[:end] for syllable in _PARTS for end in range(1, len(syllable) + 1)}
_LONGEST_SYLLABLE = max(map(len, _PARTS))

_TELLING = 3  # syllables

_CONFUSED = (
    *(("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"), ("r", "l")),
    *(("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang")),
)
"""Initials and finals that speakers of one region or another do not tell apart."""


def spelled(letters: str) -> list[tuple[str, ...]]:
    """Read ``letters`` as whole syllables, in at most ``MOST_SPELLINGS`` ways, shortest first.

    A digit from 1 to 5 is the tone of the syllable that it ends, and is dropped. Empty if there is
    any other character, or no way.
    """
    return _spellings(letters, unfinished=False)


def spelled_unfinished(letters: str) -> list[tuple[str, ...]]:
    """Read ``letters`` like ``spelled``, but let the last syllable be only begun.

    It is given as it is written: gougud is gou, gu, d.
    """
    return _spellings(letters, unfinished=True)


@lru_cache(maxsize=1024)
def completed(begun: str) -> tuple[str, ...]:
    """Give all syllables that begin with ``begun``, in order; itself too if it is one."""
    return tuple(sorted(syllable for syllable in _PARTS if syllable.startswith(begun)))


def sound_distance(a: str, b: str) -> float:
    """Say how unlike two syllables sound: 0 the same, 0.5 often confused, 1 otherwise."""
    if a == b:
        return 0.0
    return 0.5 if (a, b) in _ALIKE else 1.0


def misspelt(letters: str) -> Iterator[tuple[str, ...]]:
    """Give what may have been meant by ``letters``, the likeliest first: readings of one slip.

    Sounds that a region does not tell apart come first, then letters swapped, doubled or left out.
    Only of three syllables or more: to fewer, too much is near.
    """
    for other in dict.fromkeys(_slips(letters)):
        for syllables in spelled(other)[:2]:
            if len(syllables) >= _TELLING:
                yield syllables


def _slips(letters: str) -> Iterator[str]:
    places = range(len(letters))
    pieces = [(letters[:place], letters[place:]) for place in places]
    for a, b in _CONFUSED:
        for wrong, right in ((a, b), (b, a)):
            yield from (
                head + right + tail.removeprefix(wrong)
                for head, tail in pieces
                if tail.startswith(wrong)
            )
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in pieces[:-1])
    yield from (head + tail[1:] for head, tail in pieces)
    yield from (head + missing + tail for missing in "aeioungh" for head, tail in pieces[1:])


def _alike() -> frozenset[tuple[str, str]]:
    either_way = {*_CONFUSED, *((b, a) for a, b in _CONFUSED)}
    pairs = product(_PARTS.items(), repeat=2)
    return frozenset(
        (a, b)
        for (a, (a_initial, a_final)), (b, (b_initial, b_final)) in pairs
        if (a_initial == b_initial and (a_final, b_final) in either_way)
        or (a_final == b_final and (a_initial, b_initial) in either_way)
    )


_ALIKE = _alike()


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to read letters from some place to the end: a syllable, then a way for the rest.

    The rest is shared by all that go on alike, so that a thousand letters are not copied.
    """

    count: int
    syllable: str = ""
    rest: "_Spelling | None" = None

    def syllables(self) -> tuple[str, ...]:
        found: list[str] = []
        spelling = self
        while spelling.rest:
            found.append(spelling.syllable)
            spelling = spelling.rest
        return tuple(found)


def _spellings(typed: str, *, unfinished: bool) -> list[tuple[str, ...]]:
    letters, toned = _without_tones(typed.replace("v", "u"))
    size = len(letters)
    ways: list[list[_Spelling]] = [[] for _ in letters] + [[_Spelling(0)]]
    for start in reversed(range(size)):
        found: list[_Spelling] = []
        for end in range(min(start + _LONGEST_SYLLABLE, size), start, -1):
            syllable = letters[start:end]
            may_be_begun = unfinished and end == size and end not in toned
            if syllable in (_BEGUN if may_be_begun else _PARTS) and toned.isdisjoint(
                range(start + 1, end)
            ):
                found += [_Spelling(rest.count + 1, syllable, rest) for rest in ways[end]]
        found.sort(key=lambda way: way.count)  # stable: among equals, the longer syllable first
        ways[start] = found[:MOST_SPELLINGS]
    return [way.syllables() for way in ways[0]] if size and 0 not in toned else []


def _without_tones(typed: str) -> tuple[str, set[int]]:
    """Take the tones out of ``typed``, and say after how many letters they stood."""
    pieces = re.split("[1-5]", typed)
    toned: set[int] = set()
    count = 0
    for piece in pieces[:-1]:
        count += len(piece)
        toned.add(count)
    return "".join(pieces), toned
