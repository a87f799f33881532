"""Limits that are checked before anything is unpacked or parsed."""

import errno
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, BinaryIO
from xml.parsers import expat

from resource_hub.files.facts import Trouble
from resource_hub.files.packed import find_directory

MIB = 1024 * 1024
MAX_MEMBER = 64 * MIB  # bytes, unpacked
MAX_SUM = 300 * MIB  # bytes, unpacked
MAX_RATIO = 200  # unpacked to packed
MAX_MEMBERS = 5_000
MAX_PIXELS = 178_000_000
_MAX_DEPTH = 2_000  # elements inside each other
_CHUNK = 64 * 1024
# A little text of many spaces packs better than any bomb needs to: below this the ratio is free.
_RATIO_MATTERS = 16 * MIB
# What is unpacked here; films and pictures inside slides are not, so they may be of any size.
_UNPACKED = (".xml", ".rels", ".bin", ".vml")

_OF_CONTENT = frozenset({None, errno.EINVAL, errno.EPERM, errno.EFBIG})
"""Numbers of an ``OSError`` that content can bring about: libraries give none to what is damaged, a
place that cannot be is ``EINVAL``, and the workshop refuses lines to others and files to write."""


class Unreadable(Exception):
    """The content of a file cannot be used; ``trouble`` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def trouble_of(error: BaseException) -> Trouble | None:
    """Why content could not be read, or None for what has nothing to do with it."""
    if isinstance(error, Unreadable):
        return error.trouble
    if is_our_own(error):
        return None
    if isinstance(error, MemoryError):
        return Trouble.TOO_LARGE
    # A panic of Rust is not an Exception.
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return Trouble.DAMAGED
    return None


def is_our_own(error: BaseException) -> bool:
    """Whether the hub's disk failed, or it ran out of descriptors: that says nothing about a file.

    Not to be asked of FFmpeg's errors: it numbers what it finds in a film as the system does.
    """
    return isinstance(error, OSError) and error.errno not in _OF_CONTENT


def open_office(stream: BinaryIO) -> zipfile.ZipFile:
    """Open an office file whose parts are small enough to be unpacked; raises ``Unreadable``."""
    directory = find_directory(stream)
    if directory is None:
        raise Unreadable(Trouble.DAMAGED)
    # zipfile reads the whole list at once: look at its size before.
    if directory.entries > MAX_MEMBERS or directory.length > MAX_MEMBERS * 1_000:
        raise Unreadable(Trouble.TOO_LARGE)
    try:
        packed = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        if is_our_own(error):
            raise
        raise Unreadable(Trouble.DAMAGED) from error
    members = packed.infolist()
    sizes = [m.file_size for m in members if m.filename.lower().endswith(_UNPACKED)]
    compressed = sum(m.compress_size for m in members if m.filename.lower().endswith(_UNPACKED))
    whole = sum(sizes)
    bomb = whole > _RATIO_MATTERS and whole > MAX_RATIO * compressed
    too_many = len(members) > MAX_MEMBERS
    if too_many or bomb or whole > MAX_SUM or max(sizes, default=0) > MAX_MEMBER:
        raise Unreadable(Trouble.TOO_LARGE)
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable(Trouble.ENCRYPTED)
    return packed


def read_xml(
    packed: zipfile.ZipFile,
    name: str,
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Read one XML member, see ``follow_xml``.

    Raises:
        Unreadable: There is no such member, it is no XML, or it declares entities.
    """
    try:
        with packed.open(name) as member:
            follow_xml(member, start=start, end=end, characters=characters, enough=enough)
    except (
        KeyError,
        EOFError,
        OSError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        if is_our_own(error):
            raise
        raise Unreadable(Trouble.DAMAGED) from error


def follow_xml(
    stream: IO[bytes],
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
    enough: Callable[[], bool] = lambda: False,
    encoding: str | None = None,
) -> None:
    """Read XML as a stream of events, in little memory.

    Strict and transitional documents differ in their namespaces only, so names come without.

    Args:
        start: Called with the local name and the attributes of each element.
        end: Called with the local name.
        characters: Called with text.
        enough: Asked now and then; true stops reading.
        encoding: Instead of the one that the file itself names.

    Raises:
        Unreadable: It is no XML, or it declares entities.
    """
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    depth = 0

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise Unreadable(Trouble.DAMAGED)
        start(tag.rpartition(":")[2], attributes)

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    def no_doctype(*_: object) -> None:
        # Office files have none; in it live the entities that grow to gigabytes or read files.
        raise Unreadable(Trouble.DAMAGED)

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = no_doctype
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            if enough():
                return
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(Trouble.DAMAGED) from error
