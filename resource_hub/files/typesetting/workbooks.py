"""Sheets of a workbook, or the lines of a CSV file, as tables on wide pages."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable, open_office
from resource_hub.files.sheets import as_written
from resource_hub.files.typesetting.blocks import Cell, Paragraph, Run, Sheets, Table
from resource_hub.files.typesetting.package import literal

_MOST_ROWS = 1_200  # about forty pages
_MOST_COLUMNS = 26
_MOST_CELLS = 12_000  # of all sheets: two seconds of setting
_MOST_SHEETS = 40
_LONGEST = 300  # characters of a cell
_DELIMITERS = ",\t;|"
_WIDE, _NARROW = 30, 4  # letters: columns are no wider and no narrower
_LOOKED_AT = 60  # rows that say how wide columns are
_CJK = "\u2e80"  # characters from here on are twice as wide


def read_workbook(stream: BinaryIO, *, zipped: bool) -> Sheets:
    """Read the sheets that have anything in them, each up to its limit; raises ``Unreadable``.

    Args:
        stream: Seekable.
        zipped: It is an xlsx or a relative, whose parts are weighed first.
    """
    if zipped:
        open_office(stream).close()
    stream.seek(0)
    made, left = Sheets(), _MOST_CELLS
    try:
        with CalamineWorkbook.from_filelike(stream) as book:
            for name in book.sheet_names[:_MOST_SHEETS]:
                rows = []
                for values in book.get_sheet_by_name(name).iter_rows():
                    row = [as_written(value) for value in values[:_MOST_COLUMNS]]
                    left -= sum(map(bool, row))
                    rows.append(row)
                    if len(rows) >= _MOST_ROWS or left < 0:
                        break
                if any(map(any, rows)):
                    made.sheets.append((literal(name), rows_as_table(rows)))
    except PasswordError as error:
        raise Unreadable(Trouble.ENCRYPTED) from error
    except (CalamineError, XmlError, ZipError) as error:
        raise Unreadable(Trouble.DAMAGED) from error
    return made


def read_csv(text: str) -> Sheets:
    """The lines of a CSV file as one sheet."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            rows.append(row[:_MOST_COLUMNS])
            if len(rows) >= _MOST_ROWS:
                break
    except csv.Error:
        pass  # a field that is too long: what came before stands
    return Sheets([("", rows_as_table(rows))])


def rows_as_table(rows: Sequence[Sequence[str]]) -> Table:
    """Rows of written values as a table; empty rows at the end and empty columns are left out."""
    kept = list(rows)
    while kept and not any(kept[-1]):
        kept.pop()
    count = max(map(len, kept), default=0)
    full = [at for at in range(count) if any(at < len(row) and row[at] for row in kept)]
    table = Table([_width(kept, at) for at in full] or [1.0], len(kept))
    for number, row in enumerate(kept):
        for column, at in enumerate(full):
            value = literal(row[at][:_LONGEST].strip()) if at < len(row) else ""
            if value:
                words = [Paragraph([Run(value)])]
                table.cells.append(Cell(column, number, list(words), right=_is_number(value)))
    return table


def _width(rows: Sequence[Sequence[str]], at: int) -> float:
    """The share of the room that a column gets: as wide as most of what stands in it."""
    lengths = sorted(_letters(row[at]) for row in rows[:_LOOKED_AT] if at < len(row) and row[at])
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    return float(min(max(usual, _NARROW), _WIDE))


def _letters(text: Iterable[str]) -> int:
    return sum(2 if each >= _CJK else 1 for each in text)


def _is_number(value: str) -> bool:
    return value.replace(",", "").replace(".", "", 1).lstrip("-").rstrip("%").isdecimal()
