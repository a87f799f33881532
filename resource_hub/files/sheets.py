"""Text out of workbooks: a line per row, with tabs between the cells."""

from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, open_office

Value = int | float | str | bool | time | date | datetime | timedelta


def read_sheets(stream: BinaryIO, gathering: Gathering, *, zipped: bool) -> int:
    """Gather every sheet, and say how many there are.

    Args:
        zipped: It is an xlsx or a relative, whose parts are weighed first.

    Raises:
        Unreadable: it is damaged, too large, or asks for a password.
    """
    if zipped:
        open_office(stream).close()
    stream.seek(0)
    try:
        with CalamineWorkbook.from_filelike(stream) as book:
            for name in book.sheet_names:
                if gathering.full:
                    break
                gathering.add(_text_of(book, name, gathering.limit), PlaceKind.SHEET, name)
            return len(book.sheet_names)
    except PasswordError as error:
        raise Unreadable(Trouble.ENCRYPTED) from error
    except (CalamineError, XmlError, ZipError) as error:
        raise Unreadable(Trouble.DAMAGED) from error


def _text_of(book: CalamineWorkbook, name: str, limit: int) -> str:
    lines, length = [name], 0
    for row in book.get_sheet_by_name(name).iter_rows():
        line = "\t".join(as_written(cell) for cell in row).strip("\t")
        if line:
            lines.append(line)
            length += len(line)
        if length > limit:
            break
    return "\n".join(lines)


def as_written(cell: Value) -> str:
    """A cell as people write it: no ``.0`` after whole numbers, no midnight after dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        moment = cell.isoformat(" ")
        return moment.removesuffix(" 00:00:00")
    return str(cell).replace("\n", " ").replace("\t", " ").strip()
