"""Pages as pictures in two sizes: a small one to choose from, a large one to read."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

import pypdfium2
from PIL import Image

from resource_hub.files.answers import Answer
from resource_hub.files.preview import as_seen, webp

SMALL_WIDTH = 320
LARGE_WIDTH = 1200
"""Widths in pixels. 1200 is a page that can be read on a laptop, and a slide on a projector."""

MAX_PAGES = 40
"""So many pages of a file are drawn, and no more."""

_TALLEST = 2  # times as high as wide; a longer page becomes narrower instead
_LARGEST_SCALE = 16.0  # a page of a few points is a mistake, not a stamp
_QUALITY = 75
# Measured on 31 pages: half the bytes of JPEG at quality 80 (91 kB, 173 kB) for 70 ms more; on a
# weak line that is a second and a half for every page, and the time is spent only once.
_EFFORT = 2
_ENCODERS = 2
_BLANK = (LARGE_WIDTH, 1697)  # pixels: A4 stands for a page that cannot be drawn


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page in two sizes, both WebP.

    Attributes:
        number: From 1.
        width: Of the large picture, in pixels; likewise ``height``.
        small: At most ``SMALL_WIDTH`` pixels wide.
        large: At most ``LARGE_WIDTH`` pixels wide.
    """

    number: int
    width: int
    height: int
    small: bytes
    large: bytes

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the small picture, in pixels."""
        return fitted(self.width, self.height, SMALL_WIDTH)


def fitted(width: float, height: float, widest: int) -> tuple[int, int]:
    """The size of something inside a box ``widest`` wide and twice as high; never enlarged."""
    scale = min(1.0, widest / max(width, 1), _TALLEST * widest / max(height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))


def page_pictures(
    document: pypdfium2.PdfDocument, first: int, last: int, *, number_from: int = 1
) -> Iterator[PagePicture]:
    """Draw the pages ``first`` to ``last`` of an open PDF, counted from 1.

    A page that cannot be drawn comes as a blank one: those around it are still worth seeing.

    Args:
        document: Such as ``pdf.open_pdf`` gives.
        first: Pages that do not exist are passed over.
        last: Likewise.
        number_from: What the first page of the document is called, where it begins later.
    """
    waiting: deque[Future[PagePicture]] = deque()
    # Encoding takes three times as long as drawing, and Pillow lets others work meanwhile.
    with ThreadPoolExecutor(_ENCODERS) as encoders:
        for number in range(first, last + 1):
            index = number - number_from
            if 0 <= index < len(document):
                picture = _drawn(document, index)
                waiting.append(encoders.submit(in_two_sizes, number, picture))
            if len(waiting) > _ENCODERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def small_pages(
    document: pypdfium2.PdfDocument, number_from: int, width: int
) -> Iterator[tuple[int, Image.Image]]:
    """Draw the pages of an open PDF up to ``MAX_PAGES``, with their numbers, ``width`` pixels wide.

    A page that cannot be drawn is left out.
    """
    for index in range(min(len(document), MAX_PAGES + 1 - number_from)):
        try:
            yield index + number_from, _rendered(document, index, width)
        except (pypdfium2.PdfiumError, ValueError):
            continue


def picture_page(source: BinaryIO) -> PagePicture:
    """Make a picture file a page: turned upright, in the browser's terms, without metadata.

    Small pictures are never enlarged.

    Raises:
        Unreadable: the bytes are no picture, are cut short, or are too many pixels.
    """
    _, picture = as_seen(source, box=(LARGE_WIDTH, _TALLEST * LARGE_WIDTH))
    return in_two_sizes(1, picture)


def in_two_sizes(number: int, picture: Image.Image) -> PagePicture:
    """Encode an RGB picture that is large enough already."""
    small = picture.resize(
        fitted(picture.width, picture.height, SMALL_WIDTH),
        Image.Resampling.LANCZOS,
        reducing_gap=1.5,
    )
    return PagePicture(
        number,
        picture.width,
        picture.height,
        small=webp(small, quality=_QUALITY, effort=_EFFORT),
        large=webp(picture, quality=_QUALITY, effort=_EFFORT),
    )


def write_page(page: PagePicture) -> Answer:
    """A page as an answer of the workshop's child."""
    facts = {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "small": len(page.small),
    }
    return Answer(facts, page.small + page.large)


def read_page(answer: Answer) -> PagePicture:
    """Read what ``write_page`` wrote, as far as it can be believed; ``ValueError`` otherwise."""
    try:
        number, width, height, small = (
            int(answer.facts[name]) for name in ("number", "width", "height", "small")
        )
    except (KeyError, TypeError) as error:
        raise ValueError("This is no page of a workshop.") from error
    page = PagePicture(number, width, height, answer.data[:small], answer.data[small:])
    honest = 0 < width <= LARGE_WIDTH and 0 < height <= _TALLEST * LARGE_WIDTH and number > 0
    for picture in (page.small, page.large):
        honest = honest and (picture[:4], picture[8:12]) == (b"RIFF", b"WEBP")
    if not honest:
        raise ValueError("A page is two WebP pictures of a sensible size.")
    return page


def _drawn(document: pypdfium2.PdfDocument, index: int) -> Image.Image:
    try:
        return _rendered(document, index, LARGE_WIDTH)
    except (pypdfium2.PdfiumError, ValueError):
        return Image.new("RGB", _BLANK, "white")


def _rendered(document: pypdfium2.PdfDocument, index: int, widest: int) -> Image.Image:
    page = document[index]
    width, height = page.get_size()
    scale = min(widest / max(width, 1), _TALLEST * widest / max(height, 1))
    bitmap = page.render(scale=min(scale, _LARGEST_SCALE), rev_byteorder=True)
    # pdfium rounds up: a page of 841.89 points becomes a pixel too high.
    size = fitted(bitmap.width, bitmap.height, widest)
    drawn: Image.Image = bitmap.to_pil().convert("RGB").crop((0, 0, *size))
    page.close()
    return drawn
