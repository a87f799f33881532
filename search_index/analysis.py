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
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add

from opencc import OpenCC
from whoosh.lang.snowball.english import EnglishStemmer

IDEOGRAPHS = "\u3005-\U0010ffff"
"""Scripts without spaces, as a range for regular expressions: ideographs, kana, bopomofo, hangul
(and rarer ones, which are treated alike)."""

BEFORE_IDEOGRAPHS = "\u3004"
_RUN = re.compile(f"[^\\W_\\x00-{BEFORE_IDEOGRAPHS}]+|[^\\W_{IDEOGRAPHS}]+")
_LAST_CACHED = 0x30000  # the planes above are nearly empty; remembering them would only cost memory
_LAST_LATIN = 0x24F
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


def runs(folded: str) -> list[str]:
    """Split folded text into runs of ideographs and runs of other letters and digits."""
    found: list[str] = _RUN.findall(folded)
    if max(map(len, found), default=0) <= LONGEST_TERM:
        return found
    return [run if is_ideographic(run) else run[:LONGEST_TERM] for run in found]


def is_ideographic(run: str) -> bool:
    return run[0] > BEFORE_IDEOGRAPHS


_english = EnglishStemmer()


@lru_cache(maxsize=_REMEMBERED_STEMS)
def stem(run: str) -> str:
    """Give the stem of an English word, and anything else as it is."""
    if len(run) < _SHORTEST_STEMMED or not (run.isascii() and run.isalpha()):
        return run
    return str(_english.stem(run))


def pairs(run: str) -> list[str]:
    """Give the terms of one run: pairs of ideographs, a single ideograph, or the stem of a word."""
    if run[0] > BEFORE_IDEOGRAPHS:
        return list(map(add, run, run[1:])) if len(run) > 1 else [run]
    return [stem(run)]


def match_terms(text_runs: list[str]) -> list[str]:
    """Give the terms that matching and phrases use, in order."""
    terms: list[str] = []
    for run in text_runs:
        if run[0] > BEFORE_IDEOGRAPHS and len(run) > 1:  # pairs(), where speed counts
            terms += map(add, run, run[1:])
        else:
            terms.append(run if run[0] > BEFORE_IDEOGRAPHS else stem(run))
    return terms


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
