"""Text to terms: folded character by character, so that every offset still fits the original.

Chinese has no spaces, and a dictionary may cut a word differently in a query and in a document.
Hence what must *match* never depends on the dictionary: a document is indexed by every pair of
neighbouring characters (with positions) and by the set of its single characters, and each word of a
query has to occur literally. The dictionary (rjieba) decides only what the words of a query are,
and which documents hold them as words, which lifts those in the order.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import add

import rjieba
from opencc import OpenCC

IDEOGRAPHS = "\u3005-\U0010ffff"
"""Scripts without spaces, as a range for regular expressions: ideographs, kana, bopomofo, hangul
(and rarer ones, which are treated alike)."""

_BEFORE_IDEOGRAPHS = "\u3004"
_RUN = re.compile(f"[^\\W_\\x00-{_BEFORE_IDEOGRAPHS}]+|[^\\W_{IDEOGRAPHS}]+")
_LAST_CACHED = 0x30000  # the planes above are nearly empty; remembering them would only cost memory

STOP = frozenset("的了和与在是之及或也都就把被吗呢吧啊")
"""Characters that are not asked for when a query has better words."""

LONGEST_TERM = 64
"""Characters; a longer Latin run (base64, say) is no word and is cut."""


class _Folding(dict[int, int]):
    """Fold one code point to one: NFKC, lower case, traditional to simplified; filled on demand.

    Where a step would give several characters (㈠, ﬁ, İ) that step is left out: offsets must stay,
    and such a character is still found by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s").convert

    def __missing__(self, code: int) -> int:
        character = chr(code)
        for step in (_nfkc, str.lower, self._simplify):
            if len(changed := step(character)) == 1:
                character = changed
        folded = ord(character)
        if code < _LAST_CACHED:
            self[code] = folded
        return folded


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=1)
def _folding() -> _Folding:
    return _Folding()


def fold(text: str) -> str:
    """Fold ``text`` so that scripts, widths and cases compare equal; as long as ``text``."""
    return text.translate(_folding())


def runs(folded: str) -> list[str]:
    """Split folded text into runs of ideographs and runs of other letters and digits."""
    return [
        run if len(run) <= LONGEST_TERM or is_ideographic(run) else run[:LONGEST_TERM]
        for run in _RUN.findall(folded)
    ]


def is_ideographic(run: str) -> bool:
    return run[0] > _BEFORE_IDEOGRAPHS


def pairs(run: str) -> list[str]:
    """Give the terms of one run: pairs of ideographs, or the run itself if it has no pair."""
    if len(run) > 1 and is_ideographic(run):
        return list(map(add, run, run[1:]))
    return [run]


def match_terms(text_runs: list[str]) -> list[str]:
    """Give the terms that matching and phrases use, in order."""
    terms: list[str] = []
    for run in text_runs:
        if len(run) > 1 and run[0] > _BEFORE_IDEOGRAPHS:  # pairs(), where speed counts
            terms += map(add, run, run[1:])
        else:
            terms.append(run)
    return terms


def word_terms(text_runs: list[str]) -> list[str]:
    """Give the dictionary's words, the long ones and those inside them, for ranking."""
    words: list[str] = rjieba.cut_for_search(" ".join(text_runs), False)
    return [word for word in words if word != " "]


@dataclass(frozen=True, slots=True)
class Literal:
    """What has to occur: ``terms`` one after the other.

    ``text`` is the folded text that a highlight looks for. ``prefix`` says that the only term may
    go on. A lone ideograph has itself as its term and is looked up among single characters.
    """

    text: str
    terms: tuple[str, ...]
    prefix: bool = False

    @property
    def is_single(self) -> bool:
        return len(self.text) == 1 and is_ideographic(self.text)


def literal(run: str) -> Literal:
    return Literal(run, tuple(pairs(run)))


def required(chunk: str) -> tuple[Literal, ...]:
    """Say what must occur for a folded ``chunk`` that was typed without quotes.

    Words come from the dictionary; a long one made of shorter ones (数学教案) asks for these,
    neighbouring characters that are no word (a name) stay together, and the smallest words of
    grammar are dropped. A document that holds ``chunk`` literally always holds these too.
    """
    found: list[Literal] = []
    for run in runs(chunk):
        words = _query_words(run) if is_ideographic(run) else [run]
        found += [literal(word) for word in words]
    helpful = [item for item in found if item.text not in STOP]
    return tuple(dict.fromkeys(helpful or found))


def _query_words(run: str) -> list[str]:
    words: list[str] = []
    loose = ""  # neighbouring single characters
    for word in rjieba.cut(run, False):
        if len(word) == 1 and word not in STOP:
            loose += word
            continue
        if loose:
            words.append(loose)
            loose = ""
        words += _parts(word)
    return [*words, loose] if loose else words


def _parts(word: str) -> list[str]:
    """Cut a word of four characters or more into words that cover it, or leave it whole."""
    if len(word) < 4:  # noqa: PLR2004 - two words of two are the shortest compound
        return [word]
    inside = [part for part in rjieba.cut_for_search(word, False) if part != word]
    parts: list[str] = []
    rest = word
    while rest:
        longest = max((p for p in inside if rest.startswith(p)), key=len, default="")
        if not longest or longest[0] in STOP:  # 之一 is no word to look for
            return [word]
        parts.append(longest)
        rest = rest[len(longest) :]
    return parts


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
