"""The small picture of its first page that a program may have left inside an office file."""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from resource_hub.files.guard import MIB, Unreadable
from resource_hub.files.packed import find_directory

_NAMES = ("docprops/thumbnail.jpeg", "docprops/thumbnail.png", "thumbnails/thumbnail.png")
_LARGEST = 4 * MIB  # bytes, unpacked
_MOST_NAMES = 5_000


def own_picture(path: Path) -> BytesIO | None:
    """The picture that the program which wrote the file left in it, or None."""
    try:
        with path.open("rb") as stream:
            directory = find_directory(stream)
            if directory is None or directory.entries > _MOST_NAMES:
                return None
            with zipfile.ZipFile(stream) as packed:
                for member in packed.infolist():
                    if member.filename.lower() in _NAMES and member.file_size <= _LARGEST:
                        return BytesIO(packed.read(member))
    except (zipfile.BadZipFile, zlib.error, Unreadable, ValueError, RuntimeError, EOFError):
        pass
    return None
