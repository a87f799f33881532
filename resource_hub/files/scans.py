"""Text in pictures: which files may hold some, and how it is asked for, a page at a time.

``recognition`` is what the workshop's child does. Both work only where the extra ``ocr`` is
installed; nothing of it is imported in this process.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.types import Family
from resource_hub.files.workshop import Workshop

MOST_PAGES = 100
"""Pages of one file whose text is recognised: what a school scans is a lesson, not a library."""

PAGE_SECONDS = 60.0
"""For one page, the engine's start included. It takes 1 to 4 where nothing else runs."""

_ENGINE = ("rapidocr", "onnxruntime")
_LONGER, _SHORTER = 500, 300  # pixels: what is smaller is an icon, a badge or a formula
_PICTURES = frozenset({"jpg", "png", "webp", "bmp", "tiff"})  # not gif: it moves, or is an icon
_OF_PICTURES = frozenset({Family.PDF, Family.SLIDES, Family.DOCUMENT})
_PLACES = {Family.PDF: PlaceKind.PAGE, Family.SLIDES: PlaceKind.SLIDE}


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What was recognised on one page.

    Attributes:
        text: Clean lines; empty where there is nothing that can be read.
        total: How many pages the file has, as far as they are looked at.
    """

    text: str
    total: int


def is_installed() -> bool:
    """Whether the extra ``ocr`` is there; only looks for it."""
    return all(find_spec(name) is not None for name in _ENGINE)


def may_hold_text(
    family: Family, code: str, trouble: Trouble | None, width: int | None, height: int | None
) -> bool:
    """Whether it is worth looking for text in the pictures of a file.

    Worth it are files of pages whose reading ended without text, and pictures that are large
    enough for a page.

    Args:
        family: What kind of file it is.
        code: Its type.
        trouble: How its reading ended.
        width: Of a picture, in pixels; likewise ``height``.
    """
    if family is Family.IMAGE:
        sides = sorted((width or 0, height or 0))
        large = sides[0] >= _SHORTER and sides[1] >= _LONGER
        return code in _PICTURES and trouble is None and large
    return family in _OF_PICTURES and trouble is Trouble.NO_TEXT


def place_of(family: Family) -> PlaceKind | None:
    """What a page of such a file is called; None where it has none, or only those it is set in."""
    return _PLACES.get(family)


def read_page(
    workshop: Workshop, path: Path, code: str, number: int, *, seconds: float = PAGE_SECONDS
) -> ReadPage:
    """Have the text of one page recognised, at a safe distance.

    Args:
        workshop: Where the file is opened; its child needs 1,200 MiB.
        path: The bytes.
        code: What it is, as in ``TYPES``.
        number: From 1; beyond the last page there is no text.
        seconds: After which the page is given up.

    Raises:
        Unreadable: the page cannot be drawn, or kills its reader, or takes too long.
        OSError: the engine does not start; or our disk failed.
        WorkshopClosed: the child does not start.
        ValueError: the child says what no child says.
    """
    arguments = {"code": code, "page": number}
    found = ReadPage("", 1)
    for answer in workshop.ask("recognise", path, arguments=arguments, seconds=seconds):
        total = answer.facts.get("total")
        if type(total) is not int:
            raise ValueError("This is no page of a workshop.")
        found = ReadPage(str(answer.facts.get("text", "")), min(max(total, 1), MOST_PAGES))
    return found
