"""Which pages of two files look different, and where; of pictures that the hub made itself."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageStat

WIDTH = 400
"""Pixels at which two pages are compared: a letter of 10 points is five high."""

CELLS = 40
"""Columns of the grid in which differences are gathered."""

DARK = 48
"""Difference of brightness, of 255, that an eye would notice."""

SAME_PAGE = 24.0
"""Mean difference of brightness up to which two pages may be the same one, changed."""

MOST_REGIONS = 8

Region = tuple[int, int, int, int]
"""Left, top, width and height, in thousandths of the page."""


@dataclass(frozen=True, slots=True)
class PagePair:
    """Numbers of a page in both files, from 1, None where there is none; what is different."""

    before: int | None
    after: int | None
    regions: tuple[Region, ...] = ()


def compared_pages(before: Sequence[bytes], after: Sequence[bytes]) -> list[PagePair]:
    """The pages of two files in order, those that go together beside each other."""
    old = [_opened(picture) for picture in before]
    new = [_opened(picture) for picture in after]
    pairs = []
    for i, j in _aligned(old, new):
        regions = () if i is None or j is None else regions_of(old[i], new[j])
        pairs.append(PagePair(None if i is None else i + 1, None if j is None else j + 1, regions))
    return pairs


def regions_of(before: Image.Image, after: Image.Image) -> tuple[Region, ...]:
    """Where two pages differ, from the top down; a few large rectangles rather than many."""
    width, height = after.size
    if before.size != after.size:
        before = before.resize(after.size)
    soft = ImageFilter.GaussianBlur(1)
    difference = ImageChops.difference(before.filter(soft), after.filter(soft))
    cell = max(1, width // CELLS)
    columns, rows = -(-width // cell), -(-height // cell)
    marked = difference.point(lambda value: 255 if value > DARK else 0)
    marked = marked.filter(ImageFilter.MaxFilter(3))
    grid = marked.resize((columns, rows), Image.Resampling.BOX).point(lambda value: int(value > 0))
    lit = {(number % columns, number // columns) for number, on in enumerate(grid.tobytes()) if on}
    boxes = _merged([_box(group) for group in _groups(lit)])
    return tuple(
        (
            1000 * left // columns,
            1000 * top // rows,
            min(1000, -(-1000 * (right - left) // columns)),
            min(1000, -(-1000 * (bottom - top) // rows)),
        )
        for left, top, right, bottom in boxes
    )


def _opened(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture)) as opened:
        grey = opened.convert("L")
    return grey.resize((WIDTH, max(1, round(grey.height * WIDTH / grey.width))))


def _aligned(
    old: Sequence[Image.Image], new: Sequence[Image.Image]
) -> list[tuple[int | None, int | None]]:
    """Pages side by side so that as many as possible are alike; the order stays."""
    small = [picture.resize((32, 32)) for picture in old], [p.resize((32, 32)) for p in new]
    worth = [[_worth(first, second) for second in small[1]] for first in small[0]]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            together = worth[i][j] + best[i + 1][j + 1] if worth[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i == len(old):
            pairs.append((None, j))
            j += 1
        elif j == len(new) or best[i][j] == best[i + 1][j]:
            pairs.append((i, None))
            i += 1
        elif best[i][j] == best[i][j + 1]:
            pairs.append((None, j))
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _worth(first: Image.Image, second: Image.Image) -> float:
    """From 0, two other pages, to 1, the same."""
    mean = ImageStat.Stat(ImageChops.difference(first, second)).mean[0]
    return max(0.0, 1 - mean / SAME_PAGE)


Cell = tuple[int, int]
Box = tuple[int, int, int, int]


def _groups(lit: set[Cell]) -> list[set[Cell]]:
    """Cells that touch, or nearly."""
    left = set(lit)
    groups = []
    while left:
        waiting = [left.pop()]
        group = set(waiting)
        while waiting:
            x, y = waiting.pop()
            near = {(x + i, y + j) for i in (-2, -1, 0, 1, 2) for j in (-1, 0, 1)} & left
            left -= near
            group |= near
            waiting += near
        groups.append(group)
    return groups


def _box(group: set[Cell]) -> Box:
    columns, rows = [x for x, _y in group], [y for _x, y in group]
    return min(columns), min(rows), max(columns) + 1, max(rows) + 1


def _merged(boxes: list[Box]) -> list[Box]:
    """At most a few: the closest become one until they are."""
    kept = sorted(boxes, key=lambda box: (box[1], box[0]))
    while len(kept) > MOST_REGIONS:
        number = min(range(len(kept) - 1), key=lambda i: kept[i + 1][1] - kept[i][3])
        first, second = kept[number], kept.pop(number + 1)
        kept[number] = (
            min(first[0], second[0]),
            min(first[1], second[1]),
            max(first[2], second[2]),
            max(first[3], second[3]),
        )
    return kept
