"""The folder of an index on disk: copies aside of each other, and a small file that names one.

    index/current.json      {"schema": "tantivy-1", "generation": "20261101T…", "complete": true}
    index/20261101T…/       the files of the engine
    index/writing.lock      held while somebody writes; the kernel frees it when that process dies
    index/rebuilding.lock   held while somebody fills another copy

Replacing ``current.json`` is the swap: a reader notices it by the file's identity before its next
search. A reader that still has the old copy open keeps it, although its files are removed.
"""

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_index.base import IndexBusy, IndexUnavailable

_POLL = 0.02  # seconds between two looks at a lock that somebody holds

Identity = tuple[int, int, int]
"""Which version of a file this is: inode, size, time of change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One copy of the index; ``complete`` once a rebuild has filled it."""

    path: Path
    complete: bool


class Generations:
    """The copies of one index; ``schema`` changes whenever old copies can no longer be read."""

    def __init__(self, root: Path, *, schema: str) -> None:
        self._root = root
        self._schema = schema
        self._pointer = root / "current.json"

    def identity(self) -> Identity | None:
        """Tell one swap from the next, or None before there is any index."""
        return identity_of(self._pointer)

    def current(self) -> Generation | None:
        """Give the copy that is in use, or None before there is any index.

        Raises ``IndexUnavailable`` if it is of another version or its files are not there.
        """
        try:
            named = json.loads(self._pointer.read_text(encoding="utf-8"))
            schema, name, complete = named["schema"], str(named["generation"]), named["complete"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnavailable("The search index is damaged and must be rebuilt.") from error
        if schema != self._schema:
            raise IndexUnavailable("The search index is of another version and must be rebuilt.")
        path = self._root / Path(name).name
        if not path.is_dir():
            raise IndexUnavailable("The search index has lost its files and must be rebuilt.")
        return Generation(path, complete is True)

    def aside(self) -> Path:
        """Make an empty folder for a new copy."""
        self._root.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%dT%H%M%S-"), dir=self._root))

    def switch_to(self, path: Path, *, complete: bool) -> None:
        """Make ``path`` the copy in use, for every process."""
        named = {"schema": self._schema, "generation": path.name, "complete": complete}
        draft = self._pointer.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as target:
            json.dump(named, target)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(self._pointer)
        _sync(self._root)

    def remove_all_but(self, path: Path) -> None:
        """Remove old copies and what was left aside; only while ``rebuilding``."""
        for other in self._root.iterdir():
            if other.is_dir() and other.name != path.name:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self, *, patience: float) -> Iterator[None]:
        """Be the only writer, or raise ``IndexBusy`` after ``patience`` seconds."""
        with self._locked("writing.lock", patience, "Somebody else is writing to the index."):
            yield

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Be the only one who fills another copy, or raise ``IndexBusy`` at once."""
        with self._locked("rebuilding.lock", 0, "The search index is being rebuilt already."):
            yield

    @contextmanager
    def _locked(self, name: str, patience: float, sentence: str) -> Iterator[None]:
        self._root.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + patience
        with (self._root / name).open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= deadline:
                        raise IndexBusy(f"{sentence} Try again in a moment.") from error
                    time.sleep(_POLL)  # the kernel waits for a lock without end, or not at all
            yield


def identity_of(path: Path) -> Identity | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
