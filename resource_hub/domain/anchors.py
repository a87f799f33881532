"""Where a remark stands: a page, a second, a field, a passage; and what became of that place."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

CONTEXT = 32
"""Characters kept before and after a passage, to know its place again."""
TELLING = 12
"""As many of them must be the same for the place to be the same."""


class AnchorKind(StrEnum):
    PAGE = "page"
    """A page or slide of a file, with or without a rectangle on it."""
    SECOND = "second"
    """A moment of a film or a sound."""
    FIELD = "field"
    """A field of the description."""
    PASSAGE = "passage"
    """Words of the text, of the description or of a file."""


class Change(StrEnum):
    """What became of the place of a remark in what lies on the desk now."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"
    UNKNOWN = "unknown"
    """It cannot be told yet: the new page has not been drawn, or not been read."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a page; all four are fractions of its width and height, 0 to 1."""

    left: float
    top: float
    width: float
    height: float

    @property
    def is_on_the_page(self) -> bool:
        """False also for what has no size, and for numbers that are none."""
        slack = 1e-6
        return (
            self.left >= 0
            and self.top >= 0
            and self.width > 0
            and self.height > 0
            and self.left + self.width <= 1 + slack
            and self.top + self.height <= 1 + slack
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """Words as they stand at ``start``, and what stands around them."""

    start: int
    quote: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """What became of a place.

    Attributes:
        page: where it is now, if it is on a page.
        words: of a changed passage: what stands there now.
    """

    change: Change
    page: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """What a place held when the remark was written; empty where the hub does not know."""

    words: str = ""
    """``digest`` of the text of the page or field."""
    picture: str = ""
    """The key of the page's picture: the hash of its bytes."""


def digest(text: str) -> str:
    """The hash of words: spaces and line ends do not count; empty for no words at all."""
    words = " ".join(text.split())
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def find_passage(
    text: str, quote: str, *, first: int = 0, last: int | None = None
) -> Passage | None:
    """The first place of ``quote`` in ``text[first:last]``; spaces and line ends may differ."""
    pattern = _pattern(quote)
    if pattern is None:
        return None
    found = pattern.search(text, first, len(text) if last is None else last)
    return None if found is None else _passage(text, found.start(), found.end())


def passage_now(text: str, passage: Passage) -> PlaceNow:
    """What became of ``passage`` in ``text``, which may be another text by now.

    The same words between other neighbours have moved; other words between the same neighbours
    have changed; else the passage is gone.
    """
    pattern = _pattern(passage.quote)
    places = [] if pattern is None else [match.span() for match in pattern.finditer(text)]
    if any(_is_between(text, start, end, passage) for start, end in places):
        return PlaceNow(Change.SAME)
    if places:
        return PlaceNow(Change.MOVED)
    between = _between_neighbours(text, passage)
    return PlaceNow(Change.GONE) if between is None else PlaceNow(Change.CHANGED, words=between)


def page_now(
    page: int, was: Witness, *, words: Sequence[str], pictures: Sequence[str], total: int | None
) -> PlaceNow:
    """What became of a page when another file stands in the place of its own.

    Args:
        words: the ``digest`` of each page's text, from page 1; empty where it is not known.
        pictures: the keys of the pages' pictures, from page 1; empty where none is drawn yet.
        total: how many pages the new file has, if that is known.
    """
    new = Witness(_at(words, page), _at(pictures, page))
    if new.picture and was.picture:
        if new.picture == was.picture:
            return PlaceNow(Change.SAME, page)
    elif was.words and new.words == was.words:
        return PlaceNow(Change.UNKNOWN, page)
    if was.words and new.words != was.words and list(words).count(was.words) == 1:
        return PlaceNow(Change.MOVED, list(words).index(was.words) + 1)
    if total is not None and page > total:
        return PlaceNow(Change.GONE)
    if (new.picture and was.picture) or (new.words and was.words):
        return PlaceNow(Change.CHANGED, page)
    return PlaceNow(Change.UNKNOWN, page)


def _at(values: Sequence[str], page: int) -> str:
    return values[page - 1] if 0 < page <= len(values) else ""


def _pattern(quote: str) -> re.Pattern[str] | None:
    words = quote.split()
    return re.compile(r"\s+".join(re.escape(word) for word in words)) if words else None


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage(
        start=start,
        quote=text[start:end],
        before=text[max(0, start - CONTEXT) : start],
        after=text[end : end + CONTEXT],
    )


def _is_between(text: str, start: int, end: int, passage: Passage) -> bool:
    """Whether what stands before or behind is what stood there."""
    here = _passage(text, start, end)
    return _last(here.before) == _last(passage.before) or _first(here.after) == _first(
        passage.after
    )


def _between_neighbours(text: str, passage: Passage) -> str | None:
    before, after = _last(passage.before), _first(passage.after)
    if not before and not after:
        return None
    longest = 3 * len(passage.quote) + 200
    start = text.find(before) if before else 0
    while start >= 0:
        begin = start + len(before)
        if not after:
            rest = text[begin:]
            return rest.strip() if len(rest) <= longest else None
        end = text.find(after, begin, begin + longest + len(after))
        if end >= 0:
            return text[begin:end].strip()
        start = text.find(before, start + 1) if before else -1
    return None


def _last(text: str) -> str:
    return text[-TELLING:]


def _first(text: str) -> str:
    return text[:TELLING]
