"""The words of a file beneath its pictures, for those who listen, and for those who copy."""

from dataclasses import dataclass

from resource_hub.models import BlobText

PART = 6_000
"""Characters of text on one page of the viewer, where the file does not say where pages begin."""


@dataclass(frozen=True, slots=True)
class ShownText:
    """Some of the text of a file.

    Attributes:
        is_of_page: It is the text of the page that is shown; else of the ``part`` of ``parts``.
    """

    text: str
    is_of_page: bool
    part: int = 1
    parts: int = 1


def shown_text(found: BlobText, *, page: int, part: int) -> ShownText:
    """The text of page ``page`` where the file has pages or slides, else part ``part`` of it."""
    places = found.places
    if places and all(kind in {"page", "slide"} for _start, kind, _label in places):
        starts = [start for start, _kind, _label in places]
        for (start, _kind, label), end in zip(places, [*starts[1:], None], strict=True):
            if label == str(page):
                return ShownText(found.text[start:end].strip(), is_of_page=True)
        return ShownText("", is_of_page=True)
    parts = max(1, -(-len(found.text) // PART))
    part = min(part, parts)
    piece = found.text[(part - 1) * PART : part * PART]
    return ShownText(piece.strip(), is_of_page=False, part=part, parts=parts)
