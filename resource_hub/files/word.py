"""Text out of Word's binary files: doc, and Kingsoft's wps, which is the same.

The layout is that of [MS-DOC]: the head of ``WordDocument`` says where, in ``0Table`` or
``1Table``, the list of the pieces of text lies; each piece is Unicode or Windows-1252.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from resource_hub.files.charset import text_encoding
from resource_hub.files.facts import Trouble
from resource_hub.files.formulas import from_field
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable
from resource_hub.files.ole import open_ole, read_ole_stream
from resource_hub.files.word_changes import GONE, deleted_ranges, without

_WORD_97, _WORD_6 = 0xA5EC, 0xA5DC
_FLAGS, _LOCKED, _TABLE_ONE = 10, 0x0100, 0x0200
_TEXT_FROM_TO = 24  # in Word 6 and 95: two positions in the stream
_LENGTHS = 76  # eight lengths in characters, one for each story
_PIECES = 418  # position and length of the list of pieces
_PRESETS, _PIECE_TABLE = 1, 2  # what comes first in that list
_NARROW = 0x4000_0000  # a piece of Windows-1252
_WORKS_TEXT = re.compile(rb"\x18\x00TEXT.{6}TEXT(.{8})", re.DOTALL)
_WORKS_HEAD = 4_096
_FIELD_MARKS = frozenset("\x13\x14\x15")
_LETTER = re.compile(r"[^\W\d_]")
# Body, footnotes, headers and footers, macros, comments, endnotes, text boxes of body and headers:
# the stories in the order of the file, and in the order in which a reader wants them.
_BODY, _FOOTNOTES, _HEADERS, _, _COMMENTS, _ENDNOTES, _BOXES, _HEADER_BOXES = range(8)
_READ = (_BODY, _BOXES, _FOOTNOTES, _ENDNOTES, _HEADERS, _HEADER_BOXES)
_MARKS = str.maketrans(
    {
        "\x07": "\t",  # the end of a table's cell
        "\x0b": "\n",
        "\x0c": "\n",
        "\x0e": "\n",
        "\r": "\n",
        "\x1e": "-",
        "\x1f": None,
        GONE: None,
    }
)


def read_doc(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather body, text boxes, notes, headers and footers; raises ``Unreadable``."""
    with open_ole(stream) as ole:
        main = read_ole_stream(ole, "WordDocument")
        if len(main) < _TEXT_FROM_TO + 8:
            raise Unreadable(Trouble.DAMAGED)
        kind, flags = _number(main, 0, "H"), _number(main, _FLAGS, "H")
        if flags & _LOCKED:
            raise Unreadable(Trouble.ENCRYPTED)
        if kind == _WORD_6:
            gathering.add(_shown(_old_text(main)))
            return
        if kind != _WORD_97:
            raise Unreadable(Trouble.DAMAGED)
        table = read_ole_stream(ole, "1Table" if flags & _TABLE_ONE else "0Table")
    stories = _stories(main, "".join(_pieces(main, table, gathering.limit)))
    for story in _READ:
        text = _shown(stories[story])
        # A header that only counts pages says nothing.
        if story != _HEADERS or _LETTER.search(text):
            gathering.add(_once(text) if story == _HEADERS else text)


def read_works(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather the text of Microsoft Works 2000 and later, which has the extension wps too."""
    with open_ole(stream) as ole:
        content = read_ole_stream(ole, "CONTENTS")
    for found in _WORKS_TEXT.finditer(content[:_WORKS_HEAD]):
        at, length = struct.unpack("<II", found.group(1))
        gathering.add(_shown(content[at : at + length].decode("utf-16-le", "replace")))


def _number(data: bytes, at: int, form: str = "I") -> int:
    try:
        found: int = struct.unpack_from(f"<{form}", data, at)[0]
    except struct.error as error:
        raise Unreadable(Trouble.DAMAGED) from error
    return found


def _pieces(main: bytes, table: bytes, limit: int) -> Iterator[str]:
    """The text of the whole file, piece by piece, until it is more than anybody keeps."""
    at, length = _number(main, _PIECES), _number(main, _PIECES + 4)
    listing = table[at : at + length]
    at = 0
    while listing[at : at + 1] == bytes([_PRESETS]):
        at += 3 + _number(listing, at + 1, "H")
    if listing[at : at + 1] != bytes([_PIECE_TABLE]):
        raise Unreadable(Trouble.DAMAGED)
    size = min(_number(listing, at + 1), len(listing) - at - 5)
    count = (size - 4) // 12
    if count < 1:
        raise Unreadable(Trouble.DAMAGED)
    starts = struct.unpack_from(f"<{count + 1}I", listing, at + 5)
    places = struct.unpack_from("<" + "2xI2x" * count, listing, at + 5 + 4 * (count + 1))
    gone = deleted_ranges(main, table)
    found = 0
    for (start, end), place in zip(pairwise(starts), places, strict=True):
        length, narrow = max(0, end - start), bool(place & _NARROW)
        begin = (place & ~_NARROW) // 2 if narrow else place
        width, codec = (1, "cp1252") if narrow else (2, "utf-16-le")
        text = main[begin : begin + length * width].decode(codec, "replace")
        text = without(text, begin, width, gone)
        # Positions are counted in characters: a cut piece must not move the stories after it.
        yield text.ljust(min(length, limit)) if len(text) < length else text
        found += length
        if found > 4 * limit:
            return


def _stories(main: bytes, text: str) -> list[str]:
    lengths = [min(_number(main, _LENGTHS + 4 * story), len(text)) for story in range(8)]
    if not any(lengths):
        return [text, *[""] * 7]
    found, at = [], 0
    for length in lengths:
        found.append(text[at : at + length])
        at += length
    return found


def _old_text(main: bytes) -> str:
    """The text of Word 6 and 95, which lies in one piece unless the file was saved in haste."""
    start, end = _number(main, _TEXT_FROM_TO), _number(main, _TEXT_FROM_TO + 4)
    raw = main[start:end]
    codec = text_encoding(re.sub(rb"[\x00-\x08\x0e-\x1f]", b"", raw)) or "cp1252"
    return raw.decode(codec, "replace")


def _shown(text: str) -> str:
    """What a reader sees: results of fields without their instructions, rows as lines."""
    text = _without_instructions(text)
    # A row ends with a mark of its own after that of its last cell.
    return text.replace("\x07\x07", "\n").replace("\r\x07", "\x07").translate(_MARKS)


def _without_instructions(text: str) -> str:
    """Leave out what stands between the begin of a field and its separator.

    An equation, which mostly has no result, is shown by what it is told to show.
    """
    out: list[str] = []
    fields: list[_Field] = []
    for piece in re.split("([\x13-\x15])", text):
        if piece == "\x13":
            fields.append(_Field(len(out)))
        elif piece == "\x14" and fields:
            fields[-1].result = len(out)
        elif piece == "\x15" and fields:
            ended = fields.pop()
            told = "".join(out[ended.begin : ended.result])
            result = out[ended.begin if ended.result is None else ended.result :]
            shown = "" if ended.result is None else "".join(result)
            out[ended.begin :] = [shown or from_field(told)]
        elif piece not in _FIELD_MARKS:
            out.append(piece)
    # A field that never ends is no field.
    return text if fields else "".join(out)


@dataclass(slots=True)
class _Field:
    """Where in the text before its end a field begins, and where its result."""

    begin: int
    result: int | None = None


def _once(text: str) -> str:
    """Headers of several sections mostly repeat each other."""
    return "\n".join(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
