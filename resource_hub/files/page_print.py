"""The print of a page as it looks: what stays when it is scanned, shrunk or turned grey.

The empty margin is cut off, so that a page on other paper, or as a picture on a slide, stays the
same. What is left becomes 64 by 64 grey pixels; of their cosine transform the 16 by 16 lowest
frequencies, less the mean, are kept, each as one bit: above or below the median of all (the hash
of Zauner, Implementation and benchmarking of perceptual image hash functions, 2010, at 256 bits).
Brightness and contrast leave that order as it is; noise and compression live in the rest. By the
bits a page is found; whether it is the same one, ``page_look`` says by the 64 by 64 pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from statistics import median

from PIL import Image, ImageStat

from resource_hub.files.page_look import SIDE, packed

METHOD = 1
"""Raised when prints of today cannot be compared with those of yesterday."""

WIDTH = 320
"""Pixels at which a page is looked at; higher than twice as much it becomes narrower."""

BITS = 256

_KEPT = 16  # frequencies across, and down
_INK = 24  # difference of brightness from the paper, of 255
_LINE = 2  # mean of a row of the mask, of 255, from which there is ink in it: two pixels of 320
_LEAST_AREA = 0.02  # of the page: what is smaller is a page number, not a page
_LEAST_CONTRAST = 3.0  # standard deviation of brightness: less is one colour

_WAVES = tuple(
    tuple(math.cos(math.pi * (2 * place + 1) * frequency / (2 * SIDE)) for place in range(SIDE))
    for frequency in range(1, _KEPT + 1)
)


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The print of a page: ``bits`` is a number of ``BITS`` bits, ``look`` its small picture."""

    bits: int
    look: str
    """As ``page_look.packed`` makes it."""


def print_of_page(picture: Image.Image) -> SeenPage | None:
    """The print of a page, of which ``WIDTH`` pixels across are enough.

    Returns:
        None when there is next to nothing on the page.
    """
    grey = _without_margin(_small(picture))
    if grey is None or ImageStat.Stat(grey).stddev[0] < _LEAST_CONTRAST:
        return None
    small = grey.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    square = small.tobytes()
    rows = [square[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    across = [_transformed(row) for row in rows]
    lowest = [value for column in zip(*across, strict=True) for value in _transformed(column)]
    middle = median(lowest)
    bits = sum(1 << place for place, value in enumerate(lowest) if value > middle)
    return SeenPage(bits, packed(small))


def _transformed(line: Sequence[float]) -> list[float]:
    """The lowest frequencies of a line but the mean: a cosine transform (DCT-II)."""
    return [sum(map(mul, wave, line)) for wave in _WAVES]


def _small(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    scale = min(1.0, WIDTH / grey.width, 2 * WIDTH / grey.height)
    size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
    return grey.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _without_margin(grey: Image.Image) -> Image.Image | None:
    """What is on the paper, whatever colour the paper is; None when that is next to nothing."""
    width, height = grey.size
    pixels = grey.tobytes()
    paper = median(pixels[:width] + pixels[-width:] + pixels[::width] + pixels[width - 1 :: width])
    ink = grey.point([255 * (abs(value - paper) > _INK) for value in range(256)])
    rows = _inked(ink.resize((1, height), Image.Resampling.BOX))
    columns = _inked(ink.resize((width, 1), Image.Resampling.BOX))
    if not rows or not columns:
        return None
    box = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    if (box[2] - box[0]) * (box[3] - box[1]) < _LEAST_AREA * width * height:
        return None
    return grey.crop(box)


def _inked(line: Image.Image) -> list[int]:
    return [place for place, value in enumerate(line.tobytes()) if value >= _LINE]
