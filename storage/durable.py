"""Names on a disk that survive a power cut: a file's own fsync does not save its name."""

import os
from pathlib import Path

# The owner may read, so may the group (a web server that serves the files itself); nobody writes.
READ_ONLY = 0o440


class DurableFolders:
    """Makes folders, once per process each, and waits until the disk has their names."""

    def __init__(self) -> None:
        self._known: set[Path] = set()

    def make(self, folder: Path) -> None:
        """Make ``folder`` and those above it; one that vanished meanwhile is made again."""
        if folder in self._known and folder.is_dir():
            return
        missing = [folder]
        while not missing[-1].parent.exists():
            missing.append(missing[-1].parent)
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            fsync_folder(each.parent)
        self._known.add(folder)


def fsync_folder(folder: Path) -> None:
    """Wait until the names in ``folder`` are on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, piece: bytes, position: int) -> None:
    """Write the whole of ``piece`` at ``position`` of an open file."""
    rest = memoryview(piece)
    while rest:
        written = os.pwrite(handle, rest, position)
        rest, position = rest[written:], position + written
