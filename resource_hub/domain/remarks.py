"""Remarks of reviewers: how heavy, how long, and on what they may stand."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.anchors import AnchorKind, Passage, Rectangle, find_passage
from resource_hub.domain.description import Description
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.taxonomy import SECTION_LABELS

MAX_TEXT = 2_000
MAX_QUOTE = 500
MOST_REMARKS = 200
"""Of one person on one submission."""
MOST_PAGES = 5_000
"""Where the hub does not know how many pages a file has."""
LONGEST = 24 * 3600.0
"""Seconds, where it does not know how long a film is."""


class Weight(StrEnum):
    MUST_FIX = "must_fix"
    SUGGESTION = "suggestion"


WEIGHT_LABELS: Mapping[Weight, str] = {
    Weight.MUST_FIX: N_("Must be fixed"),
    Weight.SUGGESTION: N_("Suggestion"),
}

FIELD_LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "summary": N_("Summary"),
    "kind": N_("Kind"),
    "school_stage": N_("Stage of school"),
    "subject": N_("Subject"),
    "grades": N_("Grades"),
    "volume": N_("Volume"),
    "edition": N_("Edition of the textbook"),
    "unit": N_("Unit and lesson"),
    "keywords": N_("Keywords"),
    "text": N_("Text"),
    **{f"section_{section.value}": label for section, label in SECTION_LABELS.items()},
    "audience": N_("Who may see it"),
    "licence": N_("Licence"),
    "release_on": N_("Not before"),
    "language": N_("Language"),
    "source": N_("Source"),
}
"""The fields of the form, by the names of its fields."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a reviewer says the remark is about, as typed: a field or a file, and where in it."""

    field: str = ""
    attachment_id: int | None = None
    page: int | None = None
    rectangle: Rectangle | None = None
    second: float | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file that a remark may stand on.

    Attributes:
        pages: None where it has pages and nobody has counted them; 0 where it has none.
        seconds: None where it plays and nobody has measured it; 0 where it does not play.
        text: the words inside, as far as they are kept.
        places: the pages of ``text``, each with its first character; empty where not known.
    """

    pages: int | None
    seconds: float | None
    text: str = ""
    places: tuple[tuple[int, int], ...] = ()

    def page_of(self, offset: int) -> int | None:
        """The page on which a character of the text stands."""
        return next((page for page, start in reversed(self.places) if start <= offset), None)

    def span(self, page: int | None) -> tuple[int, int | None]:
        """Where the text of a page begins and ends; of None, and of an unknown one, the whole."""
        ends = [*(start for _page, start in self.places[1:]), None]
        for (number, start), end in zip(self.places, ends, strict=False):
            if number == page:
                return start, end
        return 0, None

    def words_of(self, page: int | None) -> str:
        """The text of one page; empty where the hub does not know which it is."""
        first, last = self.span(page)
        is_known = any(number == page for number, _start in self.places)
        return self.text[first:last] if is_known else ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that is there: what ``anchor_of`` made of a target."""

    kind: AnchorKind
    page: int | None = None
    rectangle: Rectangle | None = None
    second: float | None = None
    passage: Passage | None = None


def field_text(description: Description, name: str) -> str:
    """What a field of the form holds, as one text."""
    if name.startswith("section_"):
        texts = {section.value: text for section, text in description.sections.items()}
        return texts.get(name.removeprefix("section_"), "")
    value = getattr(description, name, None)
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)


def text_problems(text: str, *, field: str = "text") -> list[Problem]:
    """What is wrong with the words of a remark or an answer."""
    if len(text) <= MAX_TEXT:
        return []
    too_long = N_("At most %(limit)s characters; this has %(length)s.")
    return [Problem(field, too_long, {"limit": MAX_TEXT, "length": len(text)})]


def anchor_in_field(target: Target, description: Description) -> Anchor:
    """The field, or the passage in it that the target quotes.

    Raises:
        Invalid: there is no such field, or the words are not in it.
    """
    if target.field not in FIELD_LABELS:
        raise _wrong("place", N_("Choose what the remark is about."))
    if not target.quote.strip():
        return Anchor(AnchorKind.FIELD)
    passage = _passage(target.quote, field_text(description, target.field), (0, None))
    return Anchor(AnchorKind.PASSAGE, passage=passage)


def anchor_in_file(target: Target, facts: FileFacts) -> Anchor:
    """The passage, the second or the page of a file that the target names, in this order.

    Raises:
        Invalid: the file has no such place, or the target names none.
    """
    if target.quote.strip():
        passage = _passage(target.quote, facts.text, facts.span(target.page))
        return Anchor(AnchorKind.PASSAGE, page=facts.page_of(passage.start), passage=passage)
    if target.second is not None:
        return _moment(target.second, facts)
    page = 1 if target.page is None and facts.pages == 1 else target.page
    if page is not None:
        return _on_page(page, target.rectangle, facts)
    if facts.pages == 0 and facts.seconds != 0:
        raise _wrong("moment", N_("Say at which moment, such as 1:25."))
    raise _wrong("page", N_("Say on which page or slide, or copy the words it is about."))


def _passage(quote: str, text: str, span: tuple[int, int | None]) -> Passage:
    if len(quote) > MAX_QUOTE:
        raise _wrong(
            "quote",
            N_("At most %(limit)s characters; the first words of the passage are enough."),
            limit=MAX_QUOTE,
        )
    first, last = span
    found = find_passage(text, quote, first=first, last=last) or find_passage(text, quote)
    if found is None:
        raise _wrong("quote", N_("These words do not stand there. Copy a few from the text."))
    return found


def _moment(second: float, facts: FileFacts) -> Anchor:
    if facts.seconds == 0:
        raise _wrong("moment", N_("This file is no film and no sound: say which page instead."))
    end = LONGEST if facts.seconds is None else facts.seconds
    if not (math.isfinite(second) and 0 <= second <= end):
        raise _wrong("moment", N_("The film ends at %(end)s: choose a moment before."),
                     end=clock_words(end))  # fmt: skip
    return Anchor(AnchorKind.SECOND, second=second)


def _on_page(page: int, rectangle: Rectangle | None, facts: FileFacts) -> Anchor:
    if facts.pages == 0:
        raise _wrong("page", N_("This file has no pages: copy the words it is about instead."))
    last = facts.pages or MOST_PAGES
    if not 1 <= page <= last:
        raise _wrong(
            "page",
            N_("There is no page %(page)s: choose one from 1 to %(last)s."),
            page=page,
            last=last,
        )
    if rectangle is not None and not rectangle.is_on_the_page:
        raise _wrong("rectangle", N_("The marked part lies outside the page: mark it again."))
    return Anchor(AnchorKind.PAGE, page=page, rectangle=rectangle)


def _wrong(field: str, sentence: str, **values: object) -> Invalid:
    return Invalid([Problem(field, sentence, values)])


_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)|(\d{1,6}(?:\.\d+)?)")


def seconds_of(typed: str) -> float | None:
    """``1:25``, ``0:01:25`` or ``85`` as seconds; None for what is no time."""
    found = _CLOCK.fullmatch(typed.strip().replace("：", ":"))
    if found is None:
        return None
    hours, minutes, seconds, alone = found.groups()
    if alone is not None:
        return float(alone)
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)


def clock_words(seconds: float) -> str:
    """85 as ``1:25``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
