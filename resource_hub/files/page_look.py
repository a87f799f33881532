"""Whether two small grey pictures show one page: the same words on it, not only the same paper.

The bits of a print tell pages apart whose layout differs. Two slides on one photograph with other
words are a few bits apart; their small pictures differ where the words stand. One picture is
shifted and stretched a little until it fits the other best (a page that was cropped, or cut out
by hand), both are brought to the same contrast, and the worst place counts.
"""

import zlib
from base64 import b64decode, b64encode
from itertools import pairwise

from PIL import Image, ImageChops, ImageStat

SIDE = 64
"""Pixels."""

MOST_DIFFERENT, MOST_ON_PAPER = 16, 24
"""Mean difference of brightness, of 255, in the worst 14th by 14th of a page that is the same one;
more of it where most of both pages is plain paper, on which other words make a greater difference.
Measured: other words make 17 or more on one picture, 29 or more on paper."""

_PAPER = 0.65  # share of one colour; of bright photographs it was 0.6
_CONTRAST = 45.0  # standard deviation to which both are brought
_MARGIN = 3  # pixels on each side that shifting may leave empty
_INSIDE = (_MARGIN, _MARGIN, SIDE - _MARGIN, SIDE - _MARGIN)
_PLACES = 14
_STEPS = (2.0, 1.0, 0.5)  # pixels
_TURNS = 3  # rounds with one step
_MOVES = ((1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))

Box = tuple[float, float, float, float]


def packed(grey: Image.Image) -> str:
    """A grey picture of ``SIDE`` by ``SIDE`` pixels as a text: 16 shades, compressed.

    It is brought to one contrast first: of faint writing 16 shades would leave three.
    """
    shades = [value >> 4 for value in _in_contrast(grey).tobytes()]
    pairs = bytes(high << 4 | low for high, low in zip(shades[::2], shades[1::2], strict=True))
    return b64encode(zlib.compress(pairs, 9)).decode()


def unpacked(look: str) -> Image.Image:
    """What ``packed`` made, as far as 16 shades tell; ``ValueError`` for anything else."""
    opener = zlib.decompressobj()
    try:
        pairs = opener.decompress(b64decode(look, validate=True), SIDE * SIDE // 2)
    except (zlib.error, ValueError) as error:
        raise ValueError("This is no look of a page.") from error
    if len(pairs) != SIDE * SIDE // 2:
        raise ValueError("This is no look of a page.")
    shades = bytes(17 * shade for pair in pairs for shade in (pair >> 4, pair & 15))
    return Image.frombytes("L", (SIDE, SIDE), shades)


def is_same_look(one: str, other: str) -> bool:
    """Whether two looks, as ``packed`` made them, are of one page."""
    first, second = unpacked(one), unpacked(other)
    on_paper = _is_paper(first) and _is_paper(second)
    return difference(first, second) <= (MOST_ON_PAPER if on_paper else MOST_DIFFERENT)


def difference(one: Image.Image, other: Image.Image) -> int:
    """How different the worst place of two pictures is, of 255, once they lie on each other."""
    first, second = _in_contrast(one), _in_contrast(other)
    worst = _worst_place(first, second)
    # Most copies lie on each other as they are, and fitting takes fourteen milliseconds.
    return worst if worst <= MOST_DIFFERENT else _worst_place(first, _fitted(first, second))


def _worst_place(one: Image.Image, other: Image.Image) -> int:
    places = ImageChops.difference(one, other).crop(_INSIDE)
    return max(places.resize((_PLACES, _PLACES), Image.Resampling.BOX).tobytes())


def _is_paper(grey: Image.Image) -> bool:
    """Whether most of it is of one colour, give or take a shade."""
    shades = grey.histogram()[::17]
    return max(map(sum, pairwise(shades))) >= _PAPER * SIDE * SIDE


def _in_contrast(grey: Image.Image) -> Image.Image:
    found = ImageStat.Stat(grey)
    mean, factor = found.mean[0], _CONTRAST / max(found.stddev[0], 1.0)
    return grey.point(
        [min(255, max(0, round(128 + (value - mean) * factor))) for value in range(256)]
    )


def _fitted(still: Image.Image, loose: Image.Image) -> Image.Image:
    """``loose``, shifted and stretched by a few pixels so that it is most like ``still``."""
    box: Box = (0.0, 0.0, float(SIDE), float(SIDE))
    best, lowest = loose, _mean_difference(still, loose)
    for step in _STEPS:
        for _turn in range(_TURNS):
            before = lowest
            for move in _MOVES:
                for way in (step, -step):
                    left, top, right, bottom = (
                        edge + way * part for edge, part in zip(box, move, strict=True)
                    )
                    tried = loose.transform(
                        loose.size,
                        Image.Transform.EXTENT,
                        (left, top, right, bottom),
                        Image.Resampling.BILINEAR,
                    )
                    mean = _mean_difference(still, tried)
                    if mean < lowest:
                        best, lowest, box = tried, mean, (left, top, right, bottom)
                        break
            if lowest == before:
                break
    return best


def _mean_difference(one: Image.Image, other: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(one, other).crop(_INSIDE)).mean[0]
