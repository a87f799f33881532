"""Pictures: drawings by name, and boards and time lines whose words come from the content."""

from collections.abc import Callable
from functools import cache, partial
from io import BytesIO

from PIL import Image

from resource_hub.demo import diagrams, scenes
from resource_hub.demo.content import DemoFile
from resource_hub.demo.easel import BLUE, GREY, INK, RED, Easel
from resource_hub.demo.markup import Heading, Paragraph, Point, Rows, blocks

WIDTH, HEIGHT, ZOOM = 640, 360, 2
CHALK, CHALK_YELLOW, BOARD, FRAME = "#f4f6ef", "#ffe9a3", "#2f4f43", "#8a6a45"

DRAWINGS: dict[str, Callable[[Easel], None]] = {
    "acid_scale": diagrams.acid_scale,
    "circle_area": partial(scenes.circle_area, at=1.0),
    "contours": diagrams.contours,
    "convex_lens": diagrams.convex_lens,
    "equal_fractions": partial(scenes.equal_fractions, at=1.0),
    "fraction_bars": diagrams.fraction_bars,
    "lever": diagrams.lever,
    "monotonic": diagrams.monotonic,
    "solar_terms": diagrams.solar_terms,
    "squares_on_sides": diagrams.squares_on_sides,
    "window_flower": diagrams.window_flower,
    "zhao_shuang": diagrams.zhao_shuang,
}


@cache
def drawing(name: str) -> bytes:
    """A PNG of 1280 x 720 pixels.

    Raises:
        KeyError: there is no such drawing.
    """
    easel = Easel(WIDTH, HEIGHT, zoom=ZOOM)
    DRAWINGS[name](easel)
    return _saved(easel.finish(), "png")


def picture(spec: DemoFile, *, title: str) -> bytes:
    """A PNG or a JPEG of 1280 x 720 pixels, as the name of the file says."""
    if spec.drawing == "blackboard":
        easel = Easel(WIDTH, HEIGHT, paper=FRAME, zoom=ZOOM)
        _blackboard(easel, spec.content)
    elif spec.drawing == "timeline":
        easel = Easel(WIDTH, HEIGHT, zoom=ZOOM)
        _timeline(easel, spec.content, title)
    elif spec.format == "png":
        return drawing(spec.drawing)
    else:
        easel = Easel(WIDTH, HEIGHT, zoom=ZOOM)
        DRAWINGS[spec.drawing](easel)
    return _saved(easel.finish(), spec.format)


def _saved(image: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    if kind == "jpg":
        image.save(target, "JPEG", quality=85)
    else:
        # Few colours: a palette makes a flat drawing a third of the size.
        small = image.quantize(64, Image.Quantize.FASTOCTREE)
        small.save(target, "PNG", compress_level=6)
    return target.getvalue()


def _blackboard(easel: Easel, content: str) -> None:
    """What a teacher leaves on the board: heading in yellow, points in white."""
    easel.box(12, 12, WIDTH - 12, HEIGHT - 12, BOARD)
    y = 50.0
    for block in blocks(content):
        match block:
            case Heading(words, level):
                easel.words((WIDTH / 2, y), words, 34 - 6 * level, CHALK_YELLOW)
                easel.line([(WIDTH / 2 - 120, y + 22), (WIDTH / 2 + 120, y + 22)], CHALK_YELLOW, 1)
                y += 50
            case Point(words):
                easel.words((70, y), f"· {words}", 20, CHALK, "lm")
                y += 34
            case Paragraph(words):
                easel.words((WIDTH / 2, y), words, 20, CHALK)
                y += 34


def _timeline(easel: Easel, content: str, title: str) -> None:
    """Years above and events below a line, in turn on both sides so that words have room."""
    rows = [row for block in blocks(content) if isinstance(block, Rows) for row in block.cells[1:]]
    easel.words((WIDTH / 2, 34), title, 24)
    easel.arrow((30, 190), (WIDTH - 20, 190), GREY, 4)
    for position, (year, event) in enumerate(rows):
        x = 75 + position * 490 / max(1, len(rows) - 1)
        upwards = -1 if position % 2 == 0 else 1
        easel.line([(x, 190), (x, 190 + 36 * upwards)], BLUE, 2)
        easel.circle((x, 190), 7, BLUE)
        easel.words((x, 190 + 54 * upwards), year, 19, RED)
        for line, start in enumerate(range(0, len(event), 7)):
            far = 80 + 24 * (line if upwards > 0 else (len(event) - 1) // 7 - line)
            easel.words((x, 190 + far * upwards), event[start : start + 7], 16, INK)
