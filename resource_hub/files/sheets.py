"""Text out of workbooks: a line per row, with tabs between the cells."""

import zipfile
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, open_office, read_xml
from resource_hub.files.office import DRAWN, names_of, relations_of, text_of_part

_BOOK = "xl/workbook.xml"

Value = int | float | str | bool | time | date | datetime | timedelta


def read_sheets(stream: BinaryIO, gathering: Gathering, *, zipped: bool) -> int:
    """Gather every sheet, and say how many there are.

    Args:
        zipped: It is an xlsx or a relative, whose parts are weighed first.

    Raises:
        Unreadable: it is damaged, too large, or asks for a password.
    """
    beside = _drawn_beside(stream, gathering) if zipped else {}
    stream.seek(0)
    try:
        with CalamineWorkbook.from_filelike(stream) as book:
            for name in book.sheet_names:
                if gathering.full:
                    break
                text = "\n".join((_text_of(book, name, gathering.limit), *beside.get(name, ())))
                gathering.add(text, PlaceKind.SHEET, name)
            return len(book.sheet_names)
    except PasswordError as error:
        raise Unreadable(Trouble.ENCRYPTED) from error
    except (CalamineError, XmlError, ZipError) as error:
        raise Unreadable(Trouble.DAMAGED) from error


def _drawn_beside(stream: BinaryIO, gathering: Gathering) -> dict[str, list[str]]:
    """The words of text boxes, diagrams and charts by the name of their sheet.

    Raises:
        Unreadable: a part is too large.
    """
    with open_office(stream) as packed:
        try:
            return _drawn_by_sheet(packed, gathering)
        except Unreadable:  # a drawing is damaged: the cells may be read all the same
            return {}


def _drawn_by_sheet(packed: zipfile.ZipFile, gathering: Gathering) -> dict[str, list[str]]:
    names = names_of(packed)
    if _BOOK not in names:
        return {}
    relations = relations_of(packed, names, _BOOK)
    return {
        sheet: _drawn(packed, names, relations[each][1], gathering)
        for each, sheet in _sheets(packed, names[_BOOK])
        if each in relations
    }


def _sheets(packed: zipfile.ZipFile, book: str) -> list[tuple[str, str]]:
    """The relation and the name of each sheet."""
    found: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((v for name, v in attributes.items() if name.endswith(":id")), "")
            found.append((relation, attributes.get("name", "")))

    read_xml(packed, book, start=start, end=_ignore, characters=_ignore)
    return found


def _drawn(
    packed: zipfile.ZipFile, names: dict[str, str], sheet: str, gathering: Gathering
) -> list[str]:
    found: list[str] = []
    for kind, drawing in relations_of(packed, names, sheet).values():
        if kind.endswith("/drawing") and drawing in names:
            inside = relations_of(packed, names, drawing).values()
            parts = [drawing, *(name for kind, name in inside if kind.endswith(DRAWN))]
            found += [text_of_part(packed, names[n], gathering) for n in parts if n in names]
    return [text.strip() for text in found if text.strip()]


def _ignore(_: str) -> None:
    return


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
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, datetime):
        moment = cell.isoformat(" ")
        return moment.removesuffix(" 00:00:00")
    return str(cell).replace("\n", " ").replace("\t", " ").strip()
