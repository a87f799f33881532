"""Text out of workbooks that are one file of XML, as systems of schools export their lists."""

import codecs
import re
from typing import BinaryIO

from resource_hub.files.facts import PlaceKind
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import follow_xml

_CHINESE = re.compile(rb"""encoding=["']gb""", re.IGNORECASE)
_MIDNIGHT = "T00:00:00.000"


def read_excel_xml(stream: BinaryIO, gathering: Gathering) -> int:
    """Gather every sheet, and say how many there are; raises ``Unreadable``."""
    reader = _Reader(gathering)
    stream.seek(0)
    is_chinese = _CHINESE.search(stream.read(200)) is not None
    stream.seek(0)
    follow_xml(
        # The parser of XML knows no Chinese encoding.
        codecs.EncodedFile(stream, "utf-8", "gb18030", "replace") if is_chinese else stream,
        start=reader.start,
        end=reader.end,
        characters=reader.characters,
        enough=lambda: reader.length > 2 * gathering.limit,
        encoding="utf-8" if is_chinese else None,
    )
    return reader.sheets


class _Reader:
    """Listens to the events of SpreadsheetML: a line per row, with tabs between the cells."""

    def __init__(self, gathering: Gathering) -> None:
        self.sheets = 0
        self.length = 0
        self._gathering = gathering
        self._name = ""
        self._lines: list[str] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._is_said_of_it = False  # a comment to a cell

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Worksheet":
            self.sheets += 1
            self._name = next((v for name, v in attributes.items() if name.endswith("Name")), "")
            self._lines = [self._name]
        elif tag == "Comment":
            self._is_said_of_it = True
        elif tag == "Data" and not self._is_said_of_it:
            self._cell = []

    def end(self, tag: str) -> None:
        if tag == "Worksheet":
            self._gathering.add("\n".join(self._lines), PlaceKind.SHEET, self._name)
        elif tag == "Row":
            self._lines.append("\t".join(self._row))
            self._row = []
        elif tag == "Comment":
            self._is_said_of_it = False
        elif tag == "Data" and self._cell is not None:
            written = "".join(self._cell).replace("\n", " ").replace("\t", " ").strip()
            self._row.append(written.removesuffix(_MIDNIGHT))
            self._cell = None

    def characters(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)
            self.length += len(text)
