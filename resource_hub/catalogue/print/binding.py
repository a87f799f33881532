"""A finished PDF made into another thing: its pages into a booklet, its cover into a picture."""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from pypdfium2 import raw

_WIDTH, _HEIGHT = 841.89, 595.28  # points: A4 on its side
_BLANK = (595.28, 841.89)
_TRAILER = 300
"""Bytes at the end of a file, in which it says its names."""
_NAMES = re.compile(rb"/ID\[<([0-9A-F]{32})><([0-9A-F]{32})>\]")
COVER_WIDTH = 620
"""Pixels: four times as wide as a page of the hub shows it, for a card in a group chat too."""


def booklet(content: bytes) -> bytes:
    """Print it on both sides, turned at the short edge; fold the pile once in its middle.

    The first and the last page come to lie on the outside of the outer sheet. Empty pages are
    added before the last one until all sheets are full. Links do not survive: paper has none.

    Raises:
        ValueError: it is no PDF, or has no pages.
    """
    try:
        source = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise ValueError("this is no PDF") from error
    # Each step copies all fonts and pictures: what it was made from is closed at once.
    ordered = pypdfium2.PdfDocument.new()
    try:
        with source:
            order = list(in_order_of_folding(len(source)))
            # All at once: each call would bring fonts and pictures of its own.
            ordered.import_pages(source, [page - 1 for page in order if page is not None])
        for at, page in enumerate(order):
            if page is None:
                ordered.new_page(*_BLANK, index=at)
        made = raw.FPDF_ImportNPagesToOne(ordered.raw, _WIDTH, _HEIGHT, 2, 1)
    finally:
        ordered.close()
    if not made:
        raise ValueError("a booklet needs pages")
    result = BytesIO()
    with pypdfium2.PdfDocument(made) as sheets:
        sheets.save(result)
    _name_by_content(result)
    return result.getvalue()


def _name_by_content(saved: BytesIO) -> None:
    """Names of a file come by chance from pdfium; the same pages shall be the same bytes."""
    with saved.getbuffer() as content:
        (end,) = _NAMES.finditer(content[-_TRAILER:])
        at = len(content) - min(_TRAILER, len(content))
        name = hashlib.sha256(content[: at + end.start()]).hexdigest()[:32].upper().encode()
        for group in (1, 2):
            content[at + end.start(group) : at + end.end(group)] = name


def in_order_of_folding(pages: int) -> Iterator[int | None]:
    """Pages from 1, the left and the right one of each side in turn; None is an empty page.

    Empty pages stand before the last one, so that a back cover stays outside.
    """
    room = -(-pages // 4) * 4
    numbers: list[int | None] = [*range(1, pages), *([None] * (room - pages)), pages]
    for sheet in range(room // 4):
        first, last = 2 * sheet, room - 1 - 2 * sheet
        yield from (numbers[last], numbers[first], numbers[first + 1], numbers[last - 1])


def first_page(content: bytes) -> bytes:
    """The cover as a WebP picture, ``COVER_WIDTH`` pixels wide."""
    source = pypdfium2.PdfDocument(content)
    try:
        page = source[0]
        picture = page.render(scale=COVER_WIDTH / page.get_width()).to_pil().convert("RGB")
    finally:
        source.close()
    result = BytesIO()
    picture.save(result, "WEBP", quality=80)
    return result.getvalue()
