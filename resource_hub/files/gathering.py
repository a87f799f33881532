"""Gather clean text up to a limit, and remember where each page begins."""

import re

from resource_hub.files.facts import MAX_TEXT, Part, PlaceKind

# Control characters, halves of surrogate pairs, the byte order mark, and what is no character.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2060\ud800-\udfff\ufeff\ufff0-\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# From the first blank on, and never back: else a line of blanks would be looked through from each.
_TRAILING = re.compile("(?<![ \t\u00a0\u3000])[ \t\u00a0\u3000]++(?=\n)")
_GAPS = re.compile("\n{3,}")


def clean(text: str) -> str:
    """Line feeds for all line ends, no control characters but tab, no gaps above one line."""
    text = _LINE_ENDS.sub("\n", text)
    text = _UNWANTED.sub("", text)
    return _GAPS.sub("\n\n", _TRAILING.sub("", text))


class Gathering:
    """Text of one file as it is read; ``text`` and ``parts`` say what came together."""

    def __init__(self, limit: int = MAX_TEXT) -> None:
        self.limit = limit
        self._pieces: list[str] = []
        self._length = 0
        self._parts: list[Part] = []

    @property
    def full(self) -> bool:
        return self._length >= self.limit

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self._parts)

    def add(self, text: str, kind: PlaceKind | None = None, label: str = "") -> None:
        """Add a passage, or the whole of a page, slide or sheet when ``kind`` says so.

        An empty passage is left out, and so is its place.
        """
        text = clean(text).strip()
        if not text or self.full:
            return
        if self._pieces:
            text = f"\n\n{text}"
        text = text[: self.limit - self._length]
        if kind is not None:
            start = self._length + (2 if self._pieces else 0)
            self._parts.append(Part(kind, clean(label).strip(), min(start, self.limit)))
        self._pieces.append(text)
        self._length += len(text)
