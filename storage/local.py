"""Blobs on a local disk, one file each, durable before the answer."""

import hashlib
import os
import tempfile
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storage.base import (
    CHUNK,
    DAY,
    Blob,
    BlobMissing,
    StorageError,
    checked,
    disk_errors,
    is_key,
)
from storage.durable import READ_ONLY, DurableFolders, fsync_folder
from storage.taking_uploads import TakesUploads, Uploads
from storage.unfinished import UnfinishedUploads

_DRAFT = ".incoming-"
_UNFINISHED = "unfinished"
_PROBE = b"the storage answers"


class LocalStorage(TakesUploads):
    """``root/ab/abcdef…``: 256 folders, so that none holds too many files.

    ``root`` is made when the first blob comes. See ``Storage`` for what each method promises.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = DurableFolders()
        self._uploads: Uploads = UnfinishedUploads(root / _UNFINISHED, self._folders, self._place)

    def put(self, source: BinaryIO) -> Blob:
        with disk_errors():
            self._folders.make(self._root)
            handle, name = tempfile.mkstemp(dir=self._root, prefix=_DRAFT)
        draft = Path(name)
        try:
            try:
                blob = _copy(source, handle)
            finally:
                os.close(handle)
            with disk_errors():
                self._place(draft, blob)
        finally:
            draft.unlink(missing_ok=True)
        return blob

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with _blob_errors(key):
            stream = self._path(key).open("rb")
        with stream:
            yield stream

    def size(self, key: str) -> int:
        with _blob_errors(key):
            return self._path(key).stat().st_size

    def delete(self, key: str) -> None:
        with disk_errors():
            self._path(key).unlink(missing_ok=True)

    def keys(self) -> Iterator[str]:
        with disk_errors():
            for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
                yield from (path.name for path in folder.iterdir() if is_key(path.name))

    def public_url(self, key: str, *, filename: str, seconds: int) -> str | None:  # noqa: ARG002 - the contract's names; a disk has no links
        checked(key)
        return None

    def path_in_folder(self, key: str) -> str | None:
        self.size(key)  # raises when it is missing
        return self._path(key).relative_to(self._root).as_posix()

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        self.size(key)  # raises when it is missing
        yield self._path(key)

    def check(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._root, prefix=_DRAFT) as probe:
                probe.write(_PROBE)
                probe.seek(0)
                found = probe.read()
        except OSError as error:
            raise StorageError(
                f"The storage folder cannot be written to: {error.strerror or error}."
            ) from error
        if found != _PROBE:
            raise StorageError("The storage folder does not give back what was written to it.")

    def sweep(
        self,
        older_than_seconds: float,
        *,
        unfinished_seconds: float = 7 * DAY,
        awaited: Container[str] = (),
    ) -> int:
        # A slow upload keeps its draft fresh: every chunk renews the time of change.
        limit, removed = time.time() - older_than_seconds, 0
        with disk_errors():
            for draft in self._root.glob(f"{_DRAFT}*"):
                try:
                    if draft.stat().st_mtime <= limit:
                        draft.unlink()
                        removed += 1
                except FileNotFoundError:
                    continue  # its writer, or another sweep, was faster
        return removed + self._uploads.sweep(unfinished_seconds, awaited)

    def _path(self, key: str) -> Path:
        return self._root / checked(key)[:2] / key

    def _place(self, draft: Path, blob: Blob) -> None:
        """Give a finished draft its name, and make sure that the name survives a power cut."""
        final = self._path(blob.key)
        self._folders.make(final.parent)
        # Also where it is there already: the disk or a person may have damaged it.
        draft.replace(final)  # atomic: both are on the same file system
        fsync_folder(final.parent)


@contextmanager
def _blob_errors(key: str) -> Iterator[None]:
    try:
        with disk_errors():
            yield
    except StorageError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise BlobMissing(f"The storage has no blob {key}.") from error.__cause__
        raise


def _copy(source: BinaryIO, handle: int) -> Blob:
    """Write ``source`` to the open file ``handle`` and wait until the disk has it."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        with disk_errors():
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(handle, rest) :]
    with disk_errors():
        os.fchmod(handle, READ_ONLY)
        os.fsync(handle)
    return Blob(digest.hexdigest(), size)
