"""Text to terms: folded character by character, so that every offset still fits the original.

Chinese has no spaces, and a dictionary may cut a word differently in a query and in a document.
Hence what must *match* never depends on the dictionary: a document is indexed by every pair of
neighbouring characters (with positions) and by the set of its single characters, and each word of a
query has to occur literally. The dictionary (``dictionary``) decides only what the words of a query
are, and which documents hold them as words, which lifts those in the order. Words of other letters
match by their English stem.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add
from typing import NamedTuple

from opencc import OpenCC
from whoosh.lang.snowball.english import EnglishStemmer

IDEOGRAPHS = "\u3005-\U0010ffff"
"""Scripts without spaces, as a range for regular expressions: ideographs, kana, bopomofo, hangul
(and rarer ones, which are treated alike)."""

BEFORE_IDEOGRAPHS = "\u3004"
_RUN = re.compile(f"[^\\W_\\x00-{BEFORE_IDEOGRAPHS}]+|[^\\W_{IDEOGRAPHS}]+")
_LAST_CACHED = 0x30000  # the planes above are nearly empty; remembering them would only cost memory
_LAST_LATIN = 0x24F
_LAST_CONTROL = 0x20
_SURROGATES = range(0xD800, 0xE000)  # halves of a character, which no engine can write down
_UNREADABLE = 0xFFFD

STOP = frozenset("的了和与在是之及或也都就把被吗呢吧啊")
"""Characters that are not asked for when a query has better words."""

LONGEST_TERM = 64
"""Characters; a longer Latin run (base64, say) is no word and is cut."""

_SHORTEST_STEMMED = 4
_REMEMBERED_STEMS = 1 << 16


class _Folding(dict[int, int]):
    """Fold one code point to one; filled on demand.

    NFKC, no accent on a Latin letter (pinyin with tones), lower case, traditional to simplified,
    the rarer form of a character to the usual one.
    Where a step would give several characters (㈠, ﬁ) that step is left out: offsets must stay,
    and such a character is still found by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s").convert
        self._usual = _usual_forms()

    def __missing__(self, code: int) -> int:
        if code in _SURROGATES:
            return _UNREADABLE
        character = chr(code)
        for step in (_nfkc, _without_accent, str.lower, self._simplify):
            if len(changed := step(character)) == 1:
                character = changed
        folded = ord(self._usual.get(character, character))
        if code < _LAST_CACHED:
            self[code] = folded
        return folded

    def changed(self) -> Iterator[str]:
        """Yield every character that folds to another one."""
        every = [chr(code) for code in range(_LAST_CACHED) if code not in _SURROGATES]
        simplified = self._simplify("\n".join(every[_LAST_CONTROL:])).split("\n")
        for character, simple in zip(every[_LAST_CONTROL:], simplified, strict=True):
            # To fold each and compare takes a second; most characters are plainly what they are.
            if (
                simple != character
                or not unicodedata.is_normalized("NFKD", character)
                or character.lower() != character
                or character in self._usual
            ) and self[ord(character)] != ord(character):
                yield character


def _usual_forms() -> dict[str, str]:
    text = files("search_index").joinpath("data", "variants.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _without_accent(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0]
    return plain if plain.isascii() or ord(character) <= _LAST_LATIN else character


@lru_cache(maxsize=1)
def _folding() -> _Folding:
    return _Folding()


def fold(text: str) -> str:
    """Fold ``text`` so that scripts, widths and cases compare equal; as long as ``text``."""
    return text.translate(_folding())


def forms() -> dict[str, str]:
    """Give for each folded character the others that fold to it, in one string."""
    found: dict[str, str] = {}
    for character in _folding().changed():
        folded = fold(character)
        found[folded] = found.get(folded, "") + character
    return found


def runs(folded: str) -> list[str]:
    """Split folded text into runs of ideographs and runs of other letters and digits."""
    found: list[str] = _RUN.findall(folded)
    if max(map(len, found), default=0) <= LONGEST_TERM:
        return found
    return [run if is_ideographic(run) else run[:LONGEST_TERM] for run in found]


def is_ideographic(run: str) -> bool:
    return run > BEFORE_IDEOGRAPHS


_english = EnglishStemmer()


@lru_cache(maxsize=_REMEMBERED_STEMS)
def stem(run: str) -> str:
    """Give the stem of an English word, and anything else as it is."""
    if len(run) < _SHORTEST_STEMMED or not (run.isascii() and run.isalpha()):
        return run
    return str(_english.stem(run))


def pairs(run: str) -> list[str]:
    """Give the terms of one run: pairs of ideographs, a single ideograph, or the stem of a word."""
    return match_terms([run])


class Parts(NamedTuple):
    """A text taken apart: its runs in order, its terms in order, and the runs of either kind."""

    runs: list[str]
    terms: list[str]
    ideographs: list[str]
    letters: list[str]


def parts(text: str) -> Parts:
    """Fold ``text`` and take it apart."""
    return _parts(runs(fold(text)))


def match_terms(text_runs: list[str]) -> list[str]:
    """Give the terms that matching and phrases use, in order."""
    return _parts(text_runs).terms


def _parts(text_runs: list[str]) -> Parts:
    """Do all in one pass: a rebuild spends a good part of its time here."""
    terms: list[str] = []
    ideographs: list[str] = []
    letters: list[str] = []
    for run in text_runs:
        if run > BEFORE_IDEOGRAPHS:
            ideographs.append(run)
            if len(run) > 1:
                terms += map(add, run, run[1:])
            else:
                terms.append(run)
        else:
            letters.append(run)
            terms.append(stem(run))
    return Parts(text_runs, terms, ideographs, letters)


@dataclass(frozen=True, slots=True)
class Literal:
    """What has to occur: ``terms`` one after the other.

    ``text`` is the folded text that a highlight looks for. For a lone term that is a word of
    letters: ``prefix`` says that it may go on, ``distance`` how many letters may differ, and a
    ``*`` within it stands for any letters. A lone ideograph has itself as its term and is looked up
    among single characters.
    """

    text: str
    terms: tuple[str, ...]
    prefix: bool = False
    distance: int = 0

    @property
    def is_single(self) -> bool:
        return len(self.text) == 1 and is_ideographic(self.text)

    @property
    def is_pattern(self) -> bool:
        return "*" in self.text


@lru_cache(maxsize=4096)
def literal(run: str) -> Literal:
    return Literal(run, tuple(pairs(run)))


def phrase(text: str) -> tuple[Literal, ...]:
    """Say what must occur for folded ``text`` in quotes: its terms in order.

    A lone ideograph at either end has neighbours in the document that nobody knows, so it is only
    asked for as a character.
    """
    inner = runs(text)
    edges = [
        literal(inner.pop(end))
        for end in (0, -1)
        if inner and len(inner[end]) == 1 and is_ideographic(inner[end])
    ]
    terms = tuple(match_terms(inner))
    whole = (Literal(" ".join(inner), terms),) if terms else ()
    return tuple(dict.fromkeys((*whole, *edges)))
