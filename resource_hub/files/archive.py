"""What a zip file holds: names and sizes from its own list; nothing is ever unpacked."""

import re
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from resource_hub.files.charset import text_encoding
from resource_hub.files.facts import MAX_LISTED, Listing, Member, Trouble
from resource_hub.files.gathering import clean
from resource_hub.files.guard import MAX_RATIO, MAX_SUM, Unreadable
from resource_hub.files.packed import find_directory

_ENTRY, _LENGTH = b"PK\x01\x02", 46
_MOST = 8 * 1024 * 1024  # bytes of the list that are read
_LOCKED, _UTF_8 = 0x0001, 0x0800  # flags of an entry
_LARGE, _UNICODE_NAME = 0x0001, 0x7075  # kinds of what may stand beside it
_BEYOND = 0xFFFF_FFFF
_MAX_NAME = 500  # characters
_STRAY = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)")
_OLD_ENCODINGS = {"utf-8", "gb18030", "big5hkscs"}


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    is_utf_8: bool
    is_locked: bool
    size: int
    packed: int


def list_zip(stream: BinaryIO) -> tuple[Listing, Trouble | None]:
    """List a zip file.

    Returns:
        Its listing, and ``ENCRYPTED`` where a file inside asks for a password (names are readable
        all the same), ``TOO_LARGE`` where it would unpack to what fills a disk, or ``STRAY_NAMES``
        where a careless program would put files elsewhere than into its folder.

    Raises:
        Unreadable: its list is missing or makes no sense.
    """
    directory = find_directory(stream)
    if directory is None:
        raise Unreadable(Trouble.DAMAGED)
    stream.seek(directory.start)
    entries = _entries(stream.read(min(directory.length, _MOST)))
    if directory.entries and not entries:
        raise Unreadable(Trouble.DAMAGED)
    names = _names(entries)
    files = [
        Member(name, entry.size)
        for name, entry in zip(names, entries, strict=True)
        if not name.endswith("/")  # a folder; what is in it says so itself
    ]
    total = max(directory.entries, len(entries)) - (len(names) - len(files))
    whole = sum(entry.size for entry in entries)
    trouble = None
    if any(entry.is_locked for entry in entries):
        trouble = Trouble.ENCRYPTED
    elif whole > MAX_SUM and whole > MAX_RATIO * sum(entry.packed for entry in entries):
        trouble = Trouble.TOO_LARGE
    elif any(_STRAY.search(name) for name in names):
        trouble = Trouble.STRAY_NAMES
    return Listing(tuple(files[:MAX_LISTED]), total), trouble


def _entries(listing: bytes) -> list[_Entry]:
    found, at = [], 0
    while listing[at : at + 4] == _ENTRY and at + _LENGTH <= len(listing):
        flags = struct.unpack_from("<H", listing, at + 8)[0]
        packed, size, *lengths = struct.unpack_from("<IIHHH", listing, at + 20)
        start = at + _LENGTH
        name = listing[start : start + lengths[0]]
        beside = _beside(listing[start + lengths[0] : start + lengths[0] + lengths[1]])
        large = beside.get(_LARGE, b"")
        if size == _BEYOND and len(large) >= 8:  # noqa: PLR2004 - one number
            size = struct.unpack_from("<Q", large)[0]
        unicode = beside.get(_UNICODE_NAME, b"")
        # It holds for the name whose checksum it repeats.
        is_better = unicode[1:5] == struct.pack("<I", zlib.crc32(name))
        found.append(
            _Entry(
                unicode[5:] if is_better else name,
                is_better or bool(flags & _UTF_8),
                bool(flags & _LOCKED),
                size,
                packed,
            )
        )
        at = start + sum(lengths)
    return found


def _beside(extra: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        found[kind] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def _names(entries: list[_Entry]) -> list[str]:
    """Names as people gave them: in UTF-8 where it is said, else in the encoding of all others."""
    old = b"\n".join(entry.name for entry in entries if not entry.is_utf_8)
    found = text_encoding(old) or ""
    codec = found if found in _OLD_ENCODINGS else "gb18030"
    codecs = ("utf-8" if entry.is_utf_8 else codec for entry in entries)
    return [
        _shown(entry.name.decode(each, "replace"))
        for entry, each in zip(entries, codecs, strict=True)
    ]


def _shown(name: str) -> str:
    return clean(name).replace("\n", " ").replace("\t", " ").replace("\\", "/")[:_MAX_NAME]
