"""What an import is pointed at: a folder of files, or a manifest with a line for each resource."""

import fnmatch
import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from resource_hub.domain.errors import N_, HubError, Invalid, Problem
from resource_hub.services.manifest_words import COLUMNS
from resource_hub.services.tables import COMMAS, JSON_LINES, SHEETS, read_rows

_CHUNK = 1024 * 1024
_LITTER = ("~$*", "Thumbs.db", "desktop.ini", "__MACOSX")
"""What programs leave behind in folders."""

_BETWEEN_FILES = re.compile(r"[;；|\n]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One resource to be: the cells of its line and its files, which need not exist."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    trouble: Problem | None = None


def is_manifest(path: Path) -> bool:
    """Whether a file given alone is a list of resources rather than one itself.

    JSON Lines always are; a CSV or a workbook is when its headings name a title, a file or a text.
    """
    ending = path.suffix.lower()
    if ending in JSON_LINES:
        return True
    if ending not in SHEETS | (COMMAS - {".txt"}):
        return False
    try:
        first = next(read_rows(path, COLUMNS, set()), None)
    except HubError:
        return False
    return first is not None and bool({"title", "files", "text"} & first.cells.keys())


def lines_of_manifest(manifest: Path, root: Path, unknown: set[str]) -> Iterator[Line]:
    """A line for each row; its files are named from ``root`` and must lie below it.

    Args:
        unknown: gets the headings that mean nothing to the hub.

    Raises:
        Invalid, TooLarge: the manifest as a whole cannot be read.
    """
    inside = root.resolve()
    for row in read_rows(manifest, COLUMNS, unknown):
        if row.trouble:
            yield Line(row.number, trouble=Problem("line", row.trouble))
            continue
        cells = {name: cell for name, cell in row.cells.items() if name != "files"}
        files: list[Path] = []
        trouble = None
        for name in filter(None, map(str.strip, _BETWEEN_FILES.split(row.cells.get("files", "")))):
            path = _inside(inside, name)
            if path is None:
                trouble = Problem(
                    "files", N_("“%(name)s” does not lie in the folder."), {"name": name}
                )
                break
            files.append(path)
        yield Line(row.number, cells, tuple(files), trouble)


def _inside(root: Path, name: str) -> Path | None:
    """The path below ``root``, every link on the way followed; None when it leads out."""
    try:
        path = (root / name.replace("\\", "/")).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(root) else None


def lines_of_folder(folder: Path, *, leave_out: Collection[str] = ()) -> Iterator[Line]:
    """Each file below ``folder``, in the order of the names; hidden ones are passed over.

    Args:
        leave_out: patterns such as ``nasty`` or ``*.tmp``, for names or paths below the folder.
    """
    number = 0
    for place, folders, names in os.walk(folder):
        here = Path(place)

        def wanted(name: str, here: Path = here) -> bool:
            below = str((here / name).relative_to(folder))
            return not name.startswith(".") and not any(
                fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(below, pattern)
                for pattern in (*_LITTER, *leave_out)
            )

        folders[:] = sorted(filter(wanted, folders))
        for name in sorted(filter(wanted, names)):
            number += 1
            yield Line(number, {}, (here / name,))


@dataclass(frozen=True, slots=True)
class Measured:
    """A file that can be read: its size in bytes and the SHA-256 of them."""

    path: Path
    size: int
    digest: str


def measure(path: Path) -> Measured:
    """Read a file once.

    Raises:
        Invalid: it is missing, empty, a link, a device, or not to be read.
    """
    name: dict[str, object] = {"name": path.name.encode("utf-8", "replace").decode()}
    try:
        with open_file(path) as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
            size = stream.tell()
    except FileNotFoundError as error:
        raise Invalid([Problem("files", N_("There is no file “%(name)s”."), name)]) from error
    except (OSError, ValueError) as error:
        sentence = N_("“%(name)s” cannot be read: it is a link, a device or closed to the hub.")
        raise Invalid([Problem("files", sentence, name)]) from error
    if not size:
        raise Invalid([Problem("files", N_("“%(name)s” is empty."), name)])
    return Measured(path, size, digest.hexdigest())


def open_file(path: Path) -> BinaryIO:
    """Open a plain file; a link is not followed, a pipe does not hold anybody up.

    Raises:
        OSError: it is not there, or no plain file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise IsADirectoryError(f"{path.name} is no plain file")
    return os.fdopen(handle, "rb")
