"""A report as a file: CSV or XLSX, by the ending of its name."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from resource_hub.catalogue.plain import harmless
from resource_hub.domain.errors import N_, Invalid, Problem

Cell = str | int | float

WIDEST = 60
"""Characters; a wider column is cut by the spreadsheet."""


def report_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows below their headings, as the ending of ``name`` says.

    Raises:
        Invalid: the name ends neither in .csv nor in .xlsx.
    """
    ending = name.lower().rpartition(".")[2]
    if ending == "csv":
        return as_csv(headings, rows)
    if ending == "xlsx":
        return as_xlsx(headings, rows)
    raise Invalid([Problem("out", N_("Let the name of the file end in .csv or .xlsx."))])


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read it; nothing in it is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def as_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, headings in bold and always in sight; words are words, never formulas or links."""
    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, plain) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        sheet.autofit(WIDEST * 8)
    return content.getvalue()
