"""Pages of any file as pictures: what the workshop's child does, and how it is asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from resource_hub.files.answers import Answer
from resource_hub.files.bounded import scratch
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.inspection import NO_PICTURE
from resource_hub.files.office_to_pdf import find_office, is_office, to_pdf
from resource_hub.files.page_look import packed, unpacked
from resource_hub.files.page_print import BITS, WIDTH, SeenPage, print_of_page
from resource_hub.files.pages import (
    MAX_PAGES,
    PagePicture,
    page_pictures,
    picture_page,
    read_page,
    small_pages,
    write_page,
)
from resource_hub.files.pdf import open_pdf
from resource_hub.files.preview import as_seen
from resource_hub.files.types import TYPES, Family
from resource_hub.files.workshop import Workshop

_SECONDS = 60.0  # a reader waits; what takes longer is not worth it


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of an order for pages.

    Attributes:
        pages: In order; those that do not exist are missing.
        total: How many there are in all, at most ``MAX_PAGES``; None where it is not known.
        approximate: Set from the file's text and pictures: its own layout is different.
        trouble: Why there are no (more) pages.
    """

    pages: Sequence[PagePicture] = ()
    total: int | None = None
    approximate: bool = False
    trouble: Trouble | None = None


def draw_pages(workshop: Workshop, path: Path, code: str, *, first: int, last: int) -> Drawn:
    """Have the pages ``first`` to ``last`` of a file drawn, at a safe distance.

    Office files go through LibreOffice where it is installed; where it is not, or cannot, their
    pages are set from what is inside, see ``draw``.

    Args:
        workshop: Where the file is opened.
        path: The bytes.
        code: What it is, as in ``TYPES``.
        first: From 1.
        last: At most ``MAX_PAGES``; pages that do not exist are passed over.

    Raises:
        OSError: the file cannot be opened.
        WorkshopClosed: the child does not start.
    """
    last = min(last, MAX_PAGES)
    with _through_office(path, code, last) as pdf:
        if pdf is not None:
            drawn = _ask(workshop, pdf, "pdf", first, last)
            if drawn.trouble is None:
                there_may_be_more = drawn.total == last < MAX_PAGES
                return replace(drawn, total=None) if there_may_be_more else drawn
    return _ask(workshop, path, code, first, last)


def print_pages(workshop: Workshop, path: Path, code: str) -> Mapping[int, SeenPage]:
    """The prints of all pages of a file, by number, as far as ``draw_pages`` can draw them.

    Blank pages are left out, and so are those after the last that could be drawn in time.

    Raises:
        OSError: the file cannot be opened.
        WorkshopClosed: the child does not start.
    """
    with _through_office(path, code, MAX_PAGES) as pdf:
        if pdf is not None and (prints := _ask_for_prints(workshop, pdf, "pdf")):
            return prints
    return _ask_for_prints(workshop, path, code)


@contextmanager
def _through_office(path: Path, code: str, last: int) -> Iterator[Path | None]:
    """The file as a PDF while the block runs, if LibreOffice is there for it and can."""
    if find_office() is None or not is_office(code):
        yield None
        return
    with scratch() as folder:
        # Half of its time goes into writing pages: only those that are wanted.
        yield to_pdf(path, code, folder, last_page=last)


def _ask_for_prints(workshop: Workshop, path: Path, code: str) -> dict[int, SeenPage]:
    prints: dict[int, SeenPage] = {}
    try:
        for answer in workshop.ask("prints", path, arguments={"code": code}, seconds=_SECONDS):
            number, bits = int(answer.facts["number"]), int(answer.facts["bits"], 16)
            look = packed(unpacked(str(answer.facts["look"])))
            if 0 < number <= MAX_PAGES and 0 <= bits < 1 << BITS:
                prints[number] = SeenPage(bits, look)
    except (Unreadable, ValueError, TypeError, KeyError):
        return prints  # what came before it holds
    return prints


def _ask(workshop: Workshop, path: Path, code: str, first: int, last: int) -> Drawn:
    arguments = {"code": code, "first": first, "last": last}
    pages: list[PagePicture] = []
    total, approximate = None, False
    trouble: Trouble | None = None
    try:
        for answer in workshop.ask("pages", path, arguments=arguments, seconds=_SECONDS):
            if "total" in answer.facts:
                total = min(int(answer.facts["total"]), MAX_PAGES)
                approximate = bool(answer.facts["approximate"])
            else:
                pages.append(read_page(answer))
    except Unreadable as error:
        trouble = error.trouble
    except (ValueError, TypeError, KeyError):
        trouble = Trouble.KILLED  # the child says what no child says
    return Drawn(tuple(pages), total, approximate, trouble)


def draw(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:  # Any: JSON
    """Draw pages of a file: first how many there are, then one answer for each page.

    Args:
        path: The bytes.
        arguments: ``code``, what it is; ``first`` and ``last``, the pages.

    Raises:
        Unreadable: there are no pages in such a file, or it cannot be read.
    """
    code, first, last = str(arguments["code"]), int(arguments["first"]), int(arguments["last"])
    if is_picture(code):
        with path.open("rb") as stream:
            page = picture_page(stream)
        yield _count(1, approximate=False)
        if first <= 1 <= last:
            yield write_page(page)
        return
    try:
        pages = paper(path, code, first, last)
    except Unreadable:
        if code != "svg" and TYPES[code].family in _SET:
            yield from _own_picture(path, first)
        raise
    try:
        yield _count(pages.total, approximate=pages.approximate)
        for page in page_pictures(pages.document, first, last, number_from=pages.number_from):
            yield write_page(page)
    finally:
        pages.document.close()


def draw_prints(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:  # Any: JSON
    """The prints of all pages of a file, one answer for each page that is not blank.

    Args:
        path: The bytes.
        arguments: ``code``, what it is.

    Raises:
        Unreadable: as of ``draw``.
    """
    code = str(arguments["code"])
    if is_picture(code):
        with path.open("rb") as stream:
            _, picture = as_seen(stream, box=(2 * WIDTH, 4 * WIDTH))
        yield from _print_as_answer(1, picture)
        return
    pages = paper(path, code, 1, MAX_PAGES)
    try:
        for number, picture in small_pages(pages.document, pages.number_from, 2 * WIDTH):
            yield from _print_as_answer(number, picture)
    finally:
        pages.document.close()


def _print_as_answer(number: int, picture: Image.Image) -> Iterator[Answer]:
    seen = print_of_page(picture)
    if seen is not None:
        yield Answer({"number": number, "bits": f"{seen.bits:x}", "look": seen.look})


@dataclass(frozen=True, slots=True)
class Paper:
    """The pages of a file as an open PDF, which begins with page ``number_from`` of ``total``."""

    document: pypdfium2.PdfDocument
    number_from: int
    total: int
    approximate: bool


_SET = frozenset({Family.DOCUMENT, Family.SLIDES, Family.SHEET, Family.TEXT})


def is_picture(code: str) -> bool:
    return TYPES[code].family is Family.IMAGE and code != "svg" and code not in NO_PICTURE


def paper(path: Path, code: str, first: int, last: int) -> Paper:
    family = TYPES[code].family
    if code in NO_PICTURE:
        raise Unreadable(Trouble.UNSUPPORTED)
    if family is Family.PDF:
        document = open_pdf(path)
    elif code == "svg":
        from resource_hub.files.typesetting.vectors import svg_as_pdf  # noqa: PLC0415 - as below

        document = pypdfium2.PdfDocument(svg_as_pdf(path))
    elif family in {Family.VIDEO, Family.AUDIO, Family.ARCHIVE, Family.OTHER}:
        raise Unreadable(Trouble.UNSUPPORTED)
    else:
        # typst and the readers of office files cost memory: those who never need them stay small.
        from resource_hub.files.typesetting.manuscripts import typeset  # noqa: PLC0415 - see above

        made = typeset(path, code, first=first, last=last)
        document = pypdfium2.PdfDocument(made.pdf)
        total = len(document) if made.count is None else made.count
        return Paper(document, made.first, total, approximate=True)
    return Paper(document, 1, len(document), approximate=False)


def _own_picture(path: Path, first: int) -> Iterator[Answer]:
    """The last resort: what the program that wrote the file took for its first page."""
    from resource_hub.files.typesetting.own_picture import own_picture  # noqa: PLC0415 - as above

    picture = own_picture(path) if first == 1 else None
    if picture is not None:
        try:
            page = picture_page(picture)
        except Unreadable:
            return  # why the file itself has no pages says more
        yield _count(1, approximate=True)
        yield write_page(page)


def _count(total: int, *, approximate: bool) -> Answer:
    return Answer({"total": total, "approximate": approximate})
