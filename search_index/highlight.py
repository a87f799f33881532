"""Where a query's words stand in the original text, and which pieces of it are worth showing."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from search_index import analysis, sound, unfolding
from search_index.analysis import IDEOGRAPHS, Literal
from search_index.base import Highlighted, IndexDocument, Passage
from search_index.snapshot import Shown
from search_index.spelling import distance
from search_index.tree import Node, positive_literals
from search_index.unfolding import Sought

Marks = tuple[tuple[int, int], ...]
"""Half-open ranges of a text."""

PASSAGE = 80
"""Characters of a passage, about."""

MOST_PASSAGES = 2

_PAGE_ALLOWANCE = 4_000_000  # characters looked through for one page of hits, about 0.05 s
_TO_THE_LAST_PAUSE = re.compile(r".*[\s。！？；，、：.!?;,:]", re.DOTALL)


class Highlighter:
    """Mark the words of one query in the documents of one page of hits."""

    def __init__(self, tree: Node) -> None:
        occurring = dict.fromkeys(positive_literals(tree))
        literals = {o.literal for o in occurring if o.place not in {"sound", "initials", "whole"}}
        self._sounds = [o.literal.terms for o in occurring if o.place == "sound"]
        self._initials = [o.literal.text for o in occurring if o.place == "initials"]
        self._letters = _Letters(literals)
        self._whole = [
            literal
            for literal in sorted(literals, key=lambda literal: (-len(literal.text), literal.text))
            if " " in literal.text or analysis.is_ideographic(literal.text)
        ]
        self._patterns: dict[bool, re.Pattern[str]] = {}
        self._allowance = _PAGE_ALLOWANCE

    def title(self, document: Shown | IndexDocument) -> Highlighted:
        """Give the whole title with its marks, also where it only sounds like the query."""
        title = document.title
        marks = [*self._found(self._pattern_for(title), title, 0, len(title))]
        if self._sounds or self._initials:
            marks += self._sounding(analysis.fold(document.title))
        return Highlighted(document.title, _combined(marks))

    def passages(self, document: Shown | IndexDocument) -> tuple[Passage, ...]:
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
        """Yield pieces of ``text``, where they begin, and their marks, which are at least one."""
        seen, last = 0, min(len(text), self._allowance)
        pattern = self._pattern_for(text)
        for start, _ in self._found(pattern, text, 0, last):
            if start >= seen:
                begin, end = _around(text, start)
                self._allowance -= end - seen
                seen = end
                marks = []
                for a, b in self._found(pattern, text, begin, len(text)):
                    if a >= end:
                        break
                    marks.append((a - begin, min(b, end) - begin))
                yield text[begin:end], begin, _combined(marks)
        self._allowance -= last - seen

    def _pattern_for(self, text: str) -> re.Pattern[str]:
        rare = unfolding.is_rare(text)
        if rare not in self._patterns:
            sought = [unfolding.occurrence(literal, rare=rare) for literal in self._whole]
            if self._letters:
                word = self._letters.sought(rare=rare)
                sought.append(word._replace(rest=f"{word.rest}(?P<word>)"))
            self._patterns[rare] = unfolding.looking_for(sought, rare=rare)
        return self._patterns[rare]

    def _found(
        self, pattern: re.Pattern[str], text: str, start: int, end: int
    ) -> Iterator[tuple[int, int]]:
        for place in pattern.finditer(text, start, end):
            if place.lastgroup != "word" or self._letters.answers(analysis.fold(place[0])):
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
        self._firsts = "".join(sorted({word.text[0] for word in words}))

    def sought(self, *, rare: bool) -> Sought:
        """Look for the words that may answer: a word and its stem begin with the same letter."""
        anything = self._near or self._patterns
        return unfolding.word_beginning_with("" if anything else self._firsts, rare=rare)

    def __bool__(self) -> bool:
        return bool(self._stems or self._beginnings or self._near or self._patterns)

    def answers(self, word: str) -> bool:
        return (
            analysis.stem(word) in self._stems
            or word.startswith(self._beginnings or "\0")
            or any(pattern.fullmatch(word) for pattern in self._patterns)
            or any(
                distance(word, near.text, most=near.distance) <= near.distance
                for near in self._near
            )
        )


def _around(text: str, place: int) -> tuple[int, int]:
    """Cut a passage that has ``place`` near its beginning, from a pause to a pause."""
    begin = max(place - PASSAGE // 4, 0)
    if begin and (pause := _TO_THE_LAST_PAUSE.match(text, begin, place)):
        begin = pause.end()
    end = min(begin + PASSAGE, len(text))
    if end < len(text) and (pause := _TO_THE_LAST_PAUSE.match(text, begin + PASSAGE // 2, end)):
        end = pause.end() if pause.end() > place + 1 else end
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
