"""The list of names in a zip file, read without trusting it and without unpacking anything."""

import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

_END = b"PK\x05\x06"
_END_LENGTH = 22
_LARGE_END, _LARGE_WHERE = b"PK\x06\x06", b"PK\x06\x07"  # of files beyond the old limits
_LARGE_WHERE_LENGTH = 20
_ENTRY = b"PK\x01\x02"
_ENTRY_LENGTH = 46
_LOCAL_LENGTH = 30
_TAIL = 65_536 + _END_LENGTH
_MOST = 1024 * 1024  # bytes of the list that are looked at: about 10,000 names
_ODF = re.compile(rb"application/[a-z.+-]+")


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the list of a zip file lies, as the file says: position, bytes, entries."""

    start: int
    length: int
    entries: int


def find_directory(stream: BinaryIO) -> Directory | None:
    """Find the list at the end of a zip file, or None for one that was cut."""
    end = stream.seek(0, 2)
    stream.seek(max(0, end - _TAIL))
    tail = stream.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        return None
    entries, length, start = struct.unpack_from("<HII", tail, at + 10)
    return _large_directory(stream, tail[:at]) or Directory(start, length, entries)


def _large_directory(stream: BinaryIO, before: bytes) -> Directory | None:
    """Where the list lies in a file of 4 GiB or of 65,535 names and more, which says it apart."""
    where = before[-_LARGE_WHERE_LENGTH:]
    if len(where) < _LARGE_WHERE_LENGTH or not where.startswith(_LARGE_WHERE):
        return None
    at = struct.unpack_from("<Q", where, 8)[0]
    if at >= stream.seek(0, 2):
        return None
    stream.seek(at)
    end = stream.read(56)
    if len(end) < 56 or not end.startswith(_LARGE_END):  # noqa: PLR2004 - its length
        return None
    entries, length, start = struct.unpack_from("<QQQ", end, 32)
    # Beyond the end of the file there is nothing to read, whatever it says.
    return Directory(min(start, at), min(length, at), min(entries, at))


def names_in_zip(stream: BinaryIO, head: bytes) -> frozenset[str]:
    """The names inside, lower case, with forward slashes; of a cut file those in ``head``.

    Args:
        head: The first bytes of the file.
    """
    directory = find_directory(stream)
    names: list[bytes] = []
    if directory is not None:
        stream.seek(directory.start)
        listing, at = stream.read(min(directory.length, _MOST)), 0
        while listing[at : at + 4] == _ENTRY and at + _ENTRY_LENGTH <= len(listing):
            lengths = struct.unpack_from("<HHH", listing, at + 28)
            names.append(listing[at + _ENTRY_LENGTH : at + _ENTRY_LENGTH + lengths[0]])
            at += _ENTRY_LENGTH + sum(lengths)
    if not names:
        for found in re.finditer(re.escape(b"PK\x03\x04"), head):
            at = found.start()
            if at + _LOCAL_LENGTH <= len(head):
                length = struct.unpack_from("<H", head, at + 26)[0]
                names.append(head[at + _LOCAL_LENGTH : at + _LOCAL_LENGTH + length])
    return frozenset(name.decode("cp437").replace("\\", "/").lower() for name in names)


def declared_media_type(head: bytes) -> str:
    """What the first member says, where it is the ``mimetype`` of OpenDocument and EPUB."""
    if len(head) < _LOCAL_LENGTH:
        return ""
    length, extra = struct.unpack_from("<HH", head, 26)
    at = _LOCAL_LENGTH + length
    if head[_LOCAL_LENGTH:at] != b"mimetype":
        return ""
    found = _ODF.match(head, at + extra)
    return found.group().decode() if found else ""
