"""Spreadsheets: plans, marks, observation tables."""

from datetime import UTC, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from resource_hub.demo.content import DemoFile, DemoRevision
from resource_hub.demo.markup import Heading, Paragraph, Part, Point, Rows, parts


def sheets(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    """One sheet for each heading of the first level; figures are stored as numbers."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties(
        {
            "title": revision.title,
            "author": byline,
            "created": datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        }
    )
    plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    head = book.add_format({"border": 1, "bold": True, "bg_color": "#DCEBF2", "align": "center"})
    for part in parts(spec.content):
        _fill(book.add_worksheet(part.title), part, plain, head)
    book.close()
    return target.getvalue()


def _fill(sheet: Worksheet, part: Part, plain: Format, head: Format) -> None:
    line = 0
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 8, 22)
    for block in part.blocks:
        match block:
            case Rows(cells):
                for position, row in enumerate(cells):
                    for column, words in enumerate(row):
                        value = float(words) if _is_figure(words) else words
                        sheet.write(line, column, value, plain if position else head)
                    line += 1
            case Heading(words, _) | Paragraph(words) | Point(words):
                sheet.write_string(line, 0, words)
                line += 1


def _is_figure(words: str) -> bool:
    return words.removeprefix("-").replace(".", "", 1).isdecimal()
