"""Printed worksheets: PDF on A4 with the typeface embedded."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from resource_hub.demo.content import DemoFile, DemoRevision
from resource_hub.demo.lettering import printing_font
from resource_hub.demo.markup import Block, Drawing, Heading, Paragraph, Point, Rows, blocks
from resource_hub.demo.pictures import drawing

FACE = "Hub"


class _Sheet(FPDF):
    """A4 with the number of the page at the foot."""

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FACE, size=9)
        self.cell(0, 8, f"— {self.page_no()} —", align="C")


def worksheet(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    """Title, who wrote it, then the file's own text."""
    with TemporaryDirectory() as folder:
        # fpdf2 takes a typeface from a path only, and reads on in it until the end.
        face = Path(folder) / "hub.otf"
        face.write_bytes(printing_font())
        sheet = _Sheet(format="A4")
        sheet.set_creation_date(datetime(2020, 1, 1, tzinfo=UTC))
        sheet.set_title(revision.title)
        sheet.set_author(byline)
        sheet.set_margins(22, 20)
        sheet.set_auto_page_break(auto=True, margin=20)
        sheet.add_font(FACE, fname=face)
        sheet.add_page()
        _line(sheet, spec.name.rpartition(".")[0], size=17, align="C")
        _line(sheet, byline, size=10, align="C")
        sheet.ln(3)
        for block in blocks(spec.content):
            _add(sheet, block)
        return bytes(sheet.output())


def _line(sheet: FPDF, words: str, *, size: float, align: str = "L") -> None:
    sheet.set_font(FACE, size=size)
    sheet.multi_cell(
        0,
        size * 0.62,
        words,
        align=align,
        new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
        wrapmode=WrapMode.CHAR,
    )


def _add(sheet: FPDF, block: Block) -> None:
    match block:
        case Heading(words, level):
            sheet.ln(2)
            sheet.set_text_color(31, 84, 112)
            _line(sheet, words, size=15 - 1.5 * level)
            sheet.set_text_color(0)
            sheet.ln(1)
        case Paragraph(words):
            _line(sheet, words, size=11.5)
        case Point(words):
            _line(sheet, f"• {words}", size=11.5)
        case Rows(cells):
            sheet.set_font(FACE, size=11)
            with sheet.table(
                first_row_as_headings=False, line_height=8, wrapmode="CHAR", text_align="CENTER"
            ) as table:
                for line in cells:
                    table.row(line)
            sheet.ln(3)
        case Drawing(name):
            sheet.image(drawing(name), w=120, x=Align.C)
            sheet.ln(3)
