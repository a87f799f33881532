"""The folder of one unfinished upload: its bytes, who may write them, and how many count.

``bytes`` is the file; ``owner`` says who may write and how much is trusted; ``finished``, at last,
is the blob it became. The lock of ``owner`` is held while a piece is written, never while one is
awaited, so that a new connection need not wait for one that hangs.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.base import (
    Blob,
    UploadMissing,
    UploadMoved,
    UploadTaken,
    checked_upload,
    disk_errors,
)
from storage.durable import fsync_folder

BYTES, _OWNER, _FINISHED = "bytes", "owner", "finished"
ALL = -1
"""Every byte of the file is trusted."""

_WRITER = 32  # hex digits
_RECORD = _WRITER + 1 + 20


@dataclass(frozen=True, slots=True)
class UploadFolder:
    """The folder, with ``owner`` open in it."""

    folder: Path
    owner: int

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else, in any process, writes meanwhile."""
        fcntl.flock(self.owner, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.owner, fcntl.LOCK_UN)

    @contextmanager
    def data(self) -> Iterator[int]:
        """The bytes, to read and write."""
        handle = os.open(self.folder / BYTES, os.O_RDWR)
        try:
            yield handle
        finally:
            os.close(handle)

    def end(self, data: int) -> int:
        """How many bytes count."""
        size, trusted = os.fstat(data).st_size, self._record()[1]
        return size if trusted == ALL else min(size, trusted)

    def take_over(self, data: int, writer: str, offset: int, *, doubtful: bool) -> None:
        """Make ``writer`` the only one who may write. To be called ``alone``.

        Args:
            doubtful: what is going to be written does not count before ``trust``.

        Raises:
            UploadMoved: ``offset`` is not where the upload ends.
        """
        end = self.end(data)
        if offset != end:
            raise UploadMoved(end)
        was_doubtful = self._record()[1] != ALL
        if was_doubtful:
            os.ftruncate(data, end)
            os.fsync(data)  # before the record: else a power cut brings back what did not count
        self.write_record(writer, offset if doubtful else ALL)
        if doubtful or was_doubtful:
            os.fsync(self.owner)

    def check_owner(self, writer: str) -> None:
        """Raise ``UploadTaken`` when ``writer`` may write no more. To be called ``alone``."""
        if self._record()[0] != writer:
            raise UploadTaken

    def trust(self, writer: str) -> None:
        """Count all bytes, which must be on disk already."""
        with self.alone():
            self.check_owner(writer)
            self.write_record(writer, ALL)
            os.fsync(self.owner)

    def forget(self, data: int, writer: str, offset: int) -> None:
        """Drop what was written from ``offset`` on, unless a newer writer has done so already."""
        with self.alone():
            if self._record()[0] == writer:
                os.ftruncate(data, offset)
                os.fsync(data)
                self.write_record(writer, ALL)
                os.fsync(self.owner)

    def close(self) -> None:
        """Let nobody who is writing write any more. To be called ``alone``."""
        self.write_record(uuid.uuid4().hex, ALL)

    def finished(self) -> Blob | None:
        """What the upload became."""
        try:
            key, size = (self.folder / _FINISHED).read_text("ascii").split()
        except FileNotFoundError:
            return None
        return Blob(key, int(size))

    def write_finished(self, blob: Blob) -> None:
        draft = self.folder / f"{_FINISHED}.draft"
        with draft.open("w", encoding="ascii") as mark:
            mark.write(f"{blob.key} {blob.size}")
            mark.flush()
            os.fsync(mark.fileno())
        draft.replace(self.folder / _FINISHED)
        fsync_folder(self.folder)

    def write_record(self, writer: str, trusted: int) -> None:
        os.pwrite(self.owner, f"{writer} {trusted:020d}".encode("ascii"), 0)

    def _record(self) -> tuple[str, int]:
        text = os.pread(self.owner, _RECORD, 0).decode("ascii")
        return text[:_WRITER], int(text[_WRITER:])


def make_upload(folder: Path) -> None:
    """Make the folder of a new upload in one that exists; its name survives a power cut."""
    folder.mkdir()
    (folder / BYTES).touch(mode=0o600)
    owner = os.open(folder / _OWNER, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        UploadFolder(folder, owner).close()
        os.fsync(owner)
    finally:
        os.close(owner)
    fsync_folder(folder)
    fsync_folder(folder.parent)


@contextmanager
def upload_folder(root: Path, upload: str) -> Iterator[UploadFolder]:
    """The upload of this name below ``root``, or raise ``UploadMissing``."""
    folder = root / checked_upload(upload)
    with upload_errors():
        owner = os.open(folder / _OWNER, os.O_RDWR)
    try:
        yield UploadFolder(folder, owner)
    finally:
        os.close(owner)


@contextmanager
def upload_errors() -> Iterator[None]:
    """As ``disk_errors``; an upload whose files are gone is missing."""
    with disk_errors():
        try:
            yield
        except FileNotFoundError as error:
            raise UploadMissing("There is no such upload.") from error
