"""Where a query's words stand in the original text, and which pieces of it are worth showing."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import takewhile

from search_index import analysis, sound
from search_index.analysis import IDEOGRAPHS, Literal
from search_index.base import Highlighted, IndexDocument, Passage
from search_index.spelling import distance
from search_index.tree import Node, positive_literals

Marks = tuple[tuple[int, int], ...]
"""Half-open ranges of a text."""

PASSAGE = 80
"""Characters of a passage, about."""

MOST_PASSAGES = 2

_WINDOW = 4_000  # characters folded at a time: most matches stand near the beginning
_PAGE_ALLOWANCE = 1_000_000  # characters folded for one page of hits, about 0.1 s
_LETTER = f"[^\\W_{IDEOGRAPHS}]"
_PAUSE = re.compile(r"[\s。！？；，、：.!?;,:]+")


class Highlighter:
    """Mark the words of one query in the documents of one page of hits."""

    def __init__(self, tree: Node) -> None:
        occurring = dict.fromkeys(positive_literals(tree))
        literals = {o.literal for o in occurring if o.place not in {"sound", "initials", "whole"}}
        self._sounds = [o.literal.terms for o in occurring if o.place == "sound"]
        self._initials = [o.literal.text for o in occurring if o.place == "initials"]
        self._letters = _Letters(literals)
        patterns = [
            _pattern_of(literal)
            for literal in sorted(literals, key=lambda literal: (-len(literal.text), literal.text))
            if " " in literal.text or analysis.is_ideographic(literal.text)
        ]
        if self._letters:
            patterns.append(f"(?P<word>{_LETTER}+)")
        self._pattern = re.compile("|".join(patterns)) if patterns else None
        self._allowance = _PAGE_ALLOWANCE

    def title(self, document: IndexDocument) -> Highlighted:
        """Give the whole title with its marks, also where it only sounds like the query."""
        marks = [*self._found(analysis.fold(document.title))]
        if self._sounds or self._initials:
            marks += self._sounding(analysis.fold(document.title))
        return Highlighted(document.title, _combined(marks))

    def passages(self, document: IndexDocument) -> tuple[Passage, ...]:
        """Give up to two pieces of summary and body that hold the words.

        Where neither holds any, the beginning of the first that is not empty.
        """
        found: list[Passage] = []
        for text, places in ((document.summary, ()), (document.body, document.places)):
            for piece, at, marks in self._pieces_with_words(text):
                # The mark decides the place: a passage may begin on the page before.
                before = bisect_right(places, at + marks[0][0], key=lambda place: place.start)
                found.append(Passage(piece, marks, places[before - 1] if before else None))
                if len(found) == MOST_PASSAGES:
                    return tuple(found)
        if not found and (opening := document.summary.strip() or document.body.strip()):
            found.append(Passage(_beginning(opening), ()))
        return tuple(found)

    def _pieces_with_words(self, text: str) -> Iterator[tuple[str, int, Marks]]:
        """Yield pieces of ``text``, where they begin, and their marks, which are at least one.

        The text is folded window by window; a word cut by a border is found in both.
        """
        after = 0
        for window in range(0, len(text), _WINDOW):
            if self._pattern is None or self._allowance <= 0:
                return
            folded = analysis.fold(text[window : window + _WINDOW + PASSAGE])
            self._allowance -= len(folded)
            spans = [(window + a, window + b) for a, b in self._found(folded)]
            for start, _ in spans:
                if start >= after:
                    begin, end = _around(text, start)
                    after = end
                    marks = ((a - begin, min(b, end) - begin) for a, b in spans if begin <= a < end)
                    yield text[begin:end], begin, _combined(marks)

    def _found(self, folded: str) -> Iterator[tuple[int, int]]:
        if self._pattern is None:
            return
        for place in self._pattern.finditer(folded):
            if place.lastgroup != "word" or self._letters.answers(place[0]):
                yield place.span()

    def _sounding(self, folded: str) -> Iterator[tuple[int, int]]:
        for run in re.finditer(f"[{IDEOGRAPHS}]+", folded):
            syllables = sound.syllables(run[0])
            letters = "".join(syllable[:1] or " " for syllable in syllables)
            for wanted in self._sounds:
                for at in range(len(syllables) - len(wanted) + 1):
                    if tuple(syllables[at : at + len(wanted)]) == wanted:
                        yield run.start() + at, run.start() + at + len(wanted)
            for initials in self._initials:
                if (at := letters.find(initials)) >= 0:
                    yield run.start() + at, run.start() + at + len(initials)


class _Letters:
    """Which words of letters answer the query."""

    def __init__(self, literals: Iterable[Literal]) -> None:
        words = [o for o in literals if " " not in o.text and not analysis.is_ideographic(o.text)]
        self._stems = {word.terms[0] for word in words if not (word.prefix or word.distance)}
        self._beginnings = tuple(word.text for word in words if word.prefix)
        self._near = [word for word in words if word.distance]
        self._patterns = [
            re.compile(word.text.replace("*", ".*")) for word in words if word.is_pattern
        ]

    def __bool__(self) -> bool:
        return bool(self._stems or self._beginnings or self._near or self._patterns)

    def answers(self, word: str) -> bool:
        return (
            analysis.stem(word) in self._stems
            or word.startswith(self._beginnings or "\0")
            or any(pattern.fullmatch(word) for pattern in self._patterns)
            or any(distance(word, near.text) <= near.distance for near in self._near)
        )


def _pattern_of(literal: Literal) -> str:
    """Look for ideographs anywhere, and for words of letters by their beginning."""
    parts = []
    for run in literal.text.split(" "):
        if analysis.is_ideographic(run):
            parts.append(re.escape(run))
        else:
            beginning = _common(run, analysis.stem(run))
            parts.append(f"(?<!{_LETTER}){re.escape(beginning)}{_LETTER}*")
    return r"[\W_]*".join(parts)


def _common(a: str, b: str) -> str:
    return "".join(
        x for x, _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))
    )


def _around(text: str, place: int) -> tuple[int, int]:
    """Cut a passage that has ``place`` near its beginning, from a pause to a pause."""
    begin = max(place - PASSAGE // 4, 0)
    if begin:
        pauses = list(_PAUSE.finditer(text, begin, place))
        begin = pauses[-1].end() if pauses else begin
    end = min(begin + PASSAGE, len(text))
    if end < len(text):
        pauses = list(_PAUSE.finditer(text, begin + PASSAGE // 2, end))
        pause = pauses[-1].end() if pauses else 0
        end = pause if pause > place + 1 else end
    stripped = text[begin:end]
    return (
        begin + len(stripped) - len(stripped.lstrip()),
        end - (len(stripped) - len(stripped.rstrip())),
    )


def _beginning(text: str) -> str:
    begin, end = _around(text, 0)
    return text[begin:end]


def _combined(marks: Iterable[tuple[int, int]]) -> Marks:
    """Join marks that overlap or touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
