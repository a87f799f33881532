"""Read a table that a person made: CSV in any usual encoding, XLSX or a relative, JSON Lines."""

import csv
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from resource_hub.domain.errors import N_, Invalid, Problem, TooLarge
from resource_hub.files.charset import text_encoding
from resource_hub.files.guard import Unreadable, is_our_own, open_office

MAX_BYTES = 512 * 1024 * 1024
SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".et"})
JSON_LINES = frozenset({".jsonl", ".ndjson"})
COMMAS = frozenset({".csv", ".tsv", ".txt"})
MAX_CELL = 16 * 1024 * 1024
"""Characters of one field of a CSV file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number as the person's own program counts, and its cells by column."""

    number: int
    cells: Mapping[str, str]
    """Only the cells that hold something."""
    trouble: str = ""
    """Why the line could not be read; an English sentence to translate."""


def read_rows(path: Path, columns: Mapping[str, str], unknown: set[str]) -> Iterator[Row]:
    """Yield the rows of ``path`` under the names that the hub knows.

    Args:
        columns: a heading, folded by ``folded``, to the name of the column.
        unknown: gets every heading that is in no list, as it was written.

    Raises:
        Invalid: the file is no table, or none of its headings is known.
        TooLarge: nobody has such a table.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(N_("This table is too large: at most %(limit)s MiB."), limit=MAX_BYTES >> 20)
    ending = path.suffix.lower()
    if ending in JSON_LINES:
        yield from _json_rows(path, columns, unknown)
        return
    if ending in SHEETS:
        lines = _sheet_lines(path)
    elif ending in COMMAS:
        lines = _comma_lines(path)
    else:
        raise Invalid([Problem("file", N_("A table is a file .csv, .xlsx or .jsonl."))])
    yield from _table_rows(lines, columns, unknown)


def folded(heading: str) -> str:
    """A heading without what people add to it: blanks, stars, case, remarks in brackets."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return text.partition("(")[0].translate(_IGNORED)


_IGNORED = str.maketrans("", "", " \t\r\n*_-:：\ufeff")


def _table_rows(
    lines: Iterator[tuple[int, list[str]]], columns: Mapping[str, str], unknown: set[str]
) -> Iterator[Row]:
    headings: list[str | None] | None = None
    for number, cells in lines:
        if not any(cells):
            continue
        if headings is None:
            headings = [columns.get(folded(cell)) for cell in cells]
            if not any(headings):
                raise Invalid(
                    [Problem("file", N_("The first line must hold the headings of the columns."))]
                )
            unknown.update(
                cell for cell, name in zip(cells, headings, strict=True) if cell and not name
            )
            continue
        named = zip(headings, cells, strict=False)
        yield Row(number, {name: cell for name, cell in named if name and cell})
    if headings is None:
        raise Invalid([Problem("file", N_("The table is empty."))])


def _comma_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open("rb") as stream:
        encoding = text_encoding(stream.read(64 * 1024))
    if encoding is None:
        raise Invalid([Problem("file", N_("This file is no text: save it as CSV or XLSX."))])
    csv.field_size_limit(MAX_CELL)
    # A character that does not exist in the encoding must not cost the other lines.
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        head = text.readline()
        text.seek(0)
        delimiter = max(",\t;，", key=head.count)
        reader = csv.reader((line.replace("\0", "") for line in text), delimiter=delimiter)
        try:
            for cells in reader:
                cleaned = [cell.strip().removeprefix("\ufeff").strip() for cell in cells]
                yield reader.line_num, cleaned
        except csv.Error as error:
            raise Invalid(
                [Problem("file", N_("Line %(line)s is no CSV."), {"line": reader.line_num})]
            ) from error


def _sheet_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() not in {".xls", ".et"}:
                open_office(stream).close()
            stream.seek(0)
            with CalamineWorkbook.from_filelike(stream) as book:
                rows = book.get_sheet_by_index(0).iter_rows()
                for number, row in enumerate(rows, start=1):
                    yield number, [_written(cell) for cell in row]
    except PasswordError as error:
        raise Invalid([Problem("file", N_("This table asks for a password."))]) from error
    except (CalamineError, XmlError, ZipError, Unreadable, OSError) as error:
        if is_our_own(error):
            raise
        raise Invalid([Problem("file", N_("This table is damaged and cannot be read."))]) from error


def _written(cell: object) -> str:
    """A cell as people write it: no ``.0`` after whole numbers, no midnight after dates."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _plain(str(cell))


def _json_rows(path: Path, columns: Mapping[str, str], unknown: set[str]) -> Iterator[Row]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            text = line.decode("utf-8-sig", "replace").strip()
            if not text:
                continue
            try:
                found = json.loads(text)
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict):
                yield Row(number, {}, N_("This line is no JSON object."))
                continue
            cells = {}
            for heading, value in found.items():
                name = columns.get(folded(heading))
                if name is None:
                    unknown.add(_plain(heading))
                elif written := _said(value):
                    cells[name] = written
            yield Row(number, cells)


def _said(value: object) -> str:
    """A JSON value as a cell: a list becomes lines, nothing becomes nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_said, value)))
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, (bool, int, float)):
        return str(value)
    return _plain(json.dumps(value, ensure_ascii=False))


def _plain(text: str) -> str:
    """Without NUL and half surrogate pairs, which are no characters: no database takes them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip()
