"""Slide shows: a cover, then one slide for each heading of the content."""

from datetime import UTC, datetime
from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.presentation import Presentation as PresentationType
from pptx.slide import Slide
from pptx.util import Cm, Length, Pt

from resource_hub.demo.content import DemoFile, DemoRevision
from resource_hub.demo.markup import Drawing, Heading, Paragraph, Part, Point, Rows, parts
from resource_hub.demo.pictures import drawing

WIDTH, HEIGHT, NONE = Cm(33.87), Cm(19.05), Length(0)
INK, PAPER = "222B38", "FFFFFF"
COLOURS = ("1F6F8B", "2E7D4F", "A4512B", "5B4B8A", "8A3B52")
BLANK = 6  # the position of the empty layout in python-pptx's own template


def slides(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    """A wide show; drawings stand at the right, text at the left."""
    show = Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    properties = show.core_properties
    properties.title, properties.author = revision.title, byline
    properties.created = properties.modified = datetime(2020, 1, 1, tzinfo=UTC)
    colour = COLOURS[len(revision.title) % len(COLOURS)]
    _cover(show, revision.title, byline, colour)
    for part in parts(spec.content):
        _slide(show, part, colour)
    target = BytesIO()
    show.save(target)
    return target.getvalue()


def _cover(show: PresentationType, title: str, byline: str, colour: str) -> None:
    slide = show.slides.add_slide(show.slide_layouts[BLANK])
    _band(slide, HEIGHT, colour)
    _write(slide, [title], (2.5, 6, 29, 4), size=44, colour=PAPER, bold=True)
    _write(slide, [byline], (2.5, 11, 29, 2), size=24, colour=PAPER)


def _slide(show: PresentationType, part: Part, colour: str) -> None:
    slide = show.slides.add_slide(show.slide_layouts[BLANK])
    _band(slide, Cm(2.6), colour)
    _write(slide, [part.title], (1.2, 0.5, 31, 1.8), size=30, colour=PAPER, bold=True)
    lines: list[str] = []
    tables: list[Rows] = []
    wide = not any(isinstance(block, Drawing) for block in part.blocks)
    for block in part.blocks:
        match block:
            case Point(words):
                lines.append(f"• {words}")
            case Paragraph(words) | Heading(words, _):
                lines.append(words)
            case Drawing(name):
                slide.shapes.add_picture(BytesIO(drawing(name)), Cm(17.6), Cm(4), width=Cm(15))
            case Rows():
                tables.append(block)
    if lines:
        box = (1.4, 3.2, 31 if wide else 15.6, 14)
        _write(slide, lines, box, size=24 if wide else 21, colour=INK)
    for table in tables:
        _table(slide, table.cells, top=3.4 + 1.35 * len(lines))


def _band(slide: Slide, height: Length, colour: str) -> None:
    """Colour the slide from its upper edge down."""
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, NONE, NONE, WIDTH, height)
    band.fill.solid()
    band.fill.fore_color.rgb = _rgb(colour)
    band.line.fill.background()


def _rgb(colour: str) -> RGBColor:
    found: RGBColor = RGBColor.from_string(colour)  # type: ignore[no-untyped-call]  # half typed
    return found


def _write(
    slide: Slide,
    lines: list[str],
    box: tuple[float, float, float, float],
    *,
    size: int,
    colour: str,
    bold: bool = False,
) -> None:
    """Put one paragraph per line in ``box``: left, top, width, height in centimetres."""
    frame = slide.shapes.add_textbox(*(Cm(side) for side in box)).text_frame
    frame.word_wrap = True
    for position, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(colour)
        paragraph.space_after = Pt(size / 2)


def _table(slide: Slide, cells: tuple[tuple[str, ...], ...], *, top: float) -> None:
    columns = max(map(len, cells))
    shape = slide.shapes.add_table(
        len(cells), columns, Cm(1.4), Cm(top), Cm(31), Cm(1.3 * len(cells))
    )
    for row, line in zip(shape.table.rows, cells, strict=True):
        for cell, words in zip(row.cells, line, strict=False):
            cell.text = words
            for run in cell.text_frame.paragraphs[0].runs:
                run.font.size = Pt(18)
