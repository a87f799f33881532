"""Where a query's words stand in the original text, and which pieces of it are worth showing."""

import re
from collections.abc import Iterable, Iterator

from search_index import analysis
from search_index.analysis import IDEOGRAPHS, Literal
from search_index.base import Highlighted, IndexDocument
from search_index.tree import Node, positive_words

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
        literals = dict.fromkeys(
            literal
            for words in positive_words(tree)
            for literal in (*words.needed, *filter(None, (words.together,)))
        )
        longest_first = sorted(literals, key=lambda literal: len(literal.text), reverse=True)
        self._pattern = (
            re.compile("|".join(map(_pattern_of, longest_first))) if longest_first else None
        )
        self._allowance = _PAGE_ALLOWANCE

    def title(self, document: IndexDocument) -> Highlighted:
        """Give the whole title with its marks."""
        return self._marked(document.title)

    def passages(self, document: IndexDocument) -> tuple[Highlighted, ...]:
        """Give up to two pieces of summary and body that hold the words.

        Where neither holds any, the beginning of the first that is not empty.
        """
        found: list[Highlighted] = []
        for text in (document.summary, document.body):
            for passage in self._pieces_with_words(text):
                found.append(passage)
                if len(found) == MOST_PASSAGES:
                    return tuple(found)
        if not found and (opening := document.summary.strip() or document.body.strip()):
            found.append(Highlighted(_beginning(opening), ()))
        return tuple(found)

    def _pieces_with_words(self, text: str) -> Iterator[Highlighted]:
        after = 0
        for start, _ in self._places(text):
            if start >= after:
                begin, end = _around(text, start)
                after = end
                yield self._marked(text[begin:end])

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Find the words window by window; a word cut by a border is looked for in both."""
        overlap = PASSAGE
        for begin in range(0, len(text), _WINDOW):
            if self._pattern is None or self._allowance <= 0:
                return
            window = analysis.fold(text[begin : begin + _WINDOW + overlap])
            self._allowance -= len(window)
            for place in self._pattern.finditer(window):
                yield begin + place.start(), begin + place.end()

    def _marked(self, text: str) -> Highlighted:
        if self._pattern is None:
            return Highlighted(text, ())
        places = self._pattern.finditer(analysis.fold(text))
        return Highlighted(text, _combined(place.span() for place in places))


def _pattern_of(literal: Literal) -> str:
    """Look for ideographs anywhere and for other words as a whole, or as a beginning."""
    parts = []
    for run in literal.text.split(" "):
        escaped = re.escape(run)
        if not analysis.is_ideographic(run):
            ending = f"{_LETTER}*" if literal.prefix else f"(?!{_LETTER})"
            escaped = f"(?<!{_LETTER}){escaped}{ending}"
        parts.append(escaped)
    return r"[\W_]*".join(parts)


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


def _combined(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join marks that overlap or touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
