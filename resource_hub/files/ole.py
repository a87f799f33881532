"""OLE files, which doc, ppt, xls and Kingsoft's files all are: their root folder, their streams."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

import olefile

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import MAX_SUM, Unreadable, is_our_own

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_MAX_SECTORS = 512
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks
_SMALL = 4096  # bytes; shorter streams lie elsewhere and are not read here


@dataclass(frozen=True, slots=True)
class OleFile:
    """The names at the root, and where each stream begins.

    Attributes:
        starts: Stream name -> position in the file of its first sector, None for a small stream.
        sector: Bytes in a sector, which is as much of a stream as surely lies in one piece.
    """

    starts: dict[str, int | None]
    sector: int

    def head(self, stream: BinaryIO, name: str) -> bytes:
        """The first sector of a stream, or nothing."""
        start = self.starts.get(name)
        if start is None:
            return b""
        stream.seek(start)
        return stream.read(self.sector)


def read_ole(stream: BinaryIO) -> OleFile:
    """Read the root folder; a damaged file gives the names that can still be read.

    Reads at most ``_MAX_SECTORS`` sectors of folders and as many of the allocation table.
    """
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512 or not header.startswith(MAGIC):  # noqa: PLR2004 - the header's length
        return OleFile({}, 512)
    shift = struct.unpack_from("<H", header, 30)[0]
    size = 1 << (shift if shift in {9, 12} else 9)
    table = [n for n in struct.unpack_from("<109I", header, 76) if n < _LAST]
    folder = _read_chain(stream, struct.unpack_from("<I", header, 48)[0], table, size)
    entries = [folder[at : at + _ENTRY] for at in range(0, len(folder) - _ENTRY + 1, _ENTRY)]
    return OleFile(_children_of_root(entries, size), size)


def _read_chain(stream: BinaryIO, first: int, table: list[int], size: int) -> bytes:
    """The bytes of a chain of sectors that begins at ``first``."""
    found, sector, seen = [], first, set[int]()
    while sector < _LAST and sector not in seen and len(seen) < _MAX_SECTORS:
        seen.add(sector)
        stream.seek((sector + 1) * size)
        found.append(stream.read(size))
        which, at = divmod(sector, size // 4)
        if which >= len(table):
            break  # its place in the table is told beyond the header: a file above 6.8 MB
        stream.seek((table[which] + 1) * size + at * 4)
        number = stream.read(4)
        if len(number) < 4:  # noqa: PLR2004 - a sector number has 4 bytes
            break
        sector = struct.unpack("<I", number)[0]
    return b"".join(found)


def _children_of_root(entries: list[bytes], size: int) -> dict[str, int | None]:
    """Walk the tree of names under the root; what is embedded deeper does not count."""
    starts: dict[str, int | None] = {}
    if not entries:
        return starts
    waiting, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set[int]()
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        sector, total = struct.unpack_from("<II", entry, 116)
        starts[name] = (sector + 1) * size if total >= _SMALL and sector < _LAST else None
        waiting += struct.unpack_from("<II", entry, 68)
    return starts


def open_ole(stream: BinaryIO) -> olefile.OleFileIO:
    """Open an OLE file for reading whole streams; raises ``Unreadable``.

    It reads all folders and the whole allocation table, as ``read_ole`` does not.
    """
    stream.seek(0)
    try:
        return olefile.OleFileIO(stream)
    except (OSError, ValueError, IndexError, struct.error) as error:
        if is_our_own(error):
            raise
        raise Unreadable(Trouble.DAMAGED) from error


def read_ole_stream(ole: olefile.OleFileIO, name: str) -> bytes:
    """The bytes of a stream; raises ``Unreadable`` where there is none, or too much of it."""
    try:
        if ole.get_size(name) > MAX_SUM:
            raise Unreadable(Trouble.TOO_LARGE)
        with ole.openstream(name) as opened:
            found: bytes = opened.read()
    except (OSError, ValueError, IndexError, struct.error) as error:
        if is_our_own(error):
            raise
        raise Unreadable(Trouble.DAMAGED) from error
    return found
