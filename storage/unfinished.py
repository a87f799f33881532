"""Uploads on a local disk that arrive in many connections, each byte safe before it is counted."""

import errno
import os
import shutil
import time
import uuid
from collections.abc import Callable, Container
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from storage.base import (
    CHUNK,
    PIECE,
    Blob,
    UploadMissing,
    UploadMoved,
    UploadRefused,
    disk_errors,
)
from storage.durable import READ_ONLY, DurableFolders, write_all
from storage.hash_along import HashAlong, RunningHashes
from storage.upload_folder import (
    BYTES,
    UploadFolder,
    make_upload,
    upload_errors,
    upload_folder,
)

SPARE = 64 * CHUNK
"""Bytes that uploads leave free: with none left nobody could save a word, nor give an upload up."""

_CATCH_UP = 64 * CHUNK
"""So much is read back during an append to go on with the hash; more can wait for the end."""


class UnfinishedUploads:
    """``root/<upload>/``; see ``Storage`` for what each method promises.

    Args:
        root: on the file system of the blobs.
        place: moves a finished file to where its blob belongs, for good.
    """

    def __init__(
        self, root: Path, folders: DurableFolders, place: Callable[[Path, Blob], None]
    ) -> None:
        self._root = root
        self._folders = folders
        self._place = place
        self._hashes = RunningHashes()

    def begin(self) -> str:
        upload = uuid.uuid4().hex
        with disk_errors():
            self._folders.make(self._root)
            make_upload(self._root / upload)
        return upload

    def append(
        self, upload: str, source: BinaryIO, *, offset: int, accept: Callable[[], bool] | None
    ) -> int:
        writer = uuid.uuid4().hex
        with upload_folder(self._root, upload) as held, ExitStack() as opened:
            with upload_errors(), held.alone():
                if finished := held.finished():
                    raise UploadMoved(finished.size)
                data = opened.enter_context(held.data())
                held.take_over(data, writer, offset, doubtful=accept is not None)
            running = self._caught_up(upload, data, offset)
            try:
                end = _write(held, data, writer, source, offset, running)
                _ask(accept)
            except BaseException:
                with upload_errors():
                    if accept:
                        held.forget(data, writer, offset)
                    else:
                        os.fsync(data)
                        self._keep_hash(upload, running)
                raise
            with upload_errors():
                os.fsync(data)
                if accept:
                    held.trust(writer)
            self._keep_hash(upload, running)
        return end

    def received(self, upload: str) -> int:
        with upload_folder(self._root, upload) as held, ExitStack() as opened, upload_errors():
            with held.alone():
                if finished := held.finished():
                    return finished.size
                data = opened.enter_context(held.data())
                end = held.end(data)
            os.fsync(data)  # what a killed process wrote is in memory only
            return end

    def finish(self, upload: str) -> Blob:
        with upload_folder(self._root, upload) as held, upload_errors(), held.alone():
            blob = held.finished()
            if blob is None:
                blob = self._closed(upload, held)
                held.write_finished(blob)
            draft = held.folder / BYTES
            if draft.exists():
                self._place(draft, blob)
                draft.unlink(missing_ok=True)
        self._hashes.forget(upload)
        return blob

    def discard(self, upload: str) -> None:
        self._hashes.forget(upload)
        with (
            suppress(UploadMissing),
            upload_folder(self._root, upload) as held,
            upload_errors(),
            held.alone(),
        ):
            held.close()
            shutil.rmtree(held.folder)

    def sweep(self, older_than_seconds: float, awaited: Container[str]) -> int:
        limit, removed = time.time() - older_than_seconds, 0
        with disk_errors():
            for folder in self._root.glob("?" * 32):
                try:
                    touched = max(each.stat().st_mtime for each in (folder, *folder.iterdir()))
                    if touched > limit or folder.name in awaited:
                        continue
                    self.discard(folder.name)
                    with suppress(FileNotFoundError):
                        shutil.rmtree(folder)  # one that was killed while it began or ended
                except FileNotFoundError:
                    continue  # its owner, or another sweep, was faster
                removed += 1
        return removed

    def _caught_up(self, upload: str, data: int, end: int) -> HashAlong | None:
        """The running hash of all before ``end``; None where reading it back takes too long."""
        running = self._hashes.of(upload)
        if not 0 <= end - running.position <= _CATCH_UP:
            return None
        _feed(running, data, end)
        return running

    def _keep_hash(self, upload: str, running: HashAlong | None) -> None:
        if running:
            self._hashes.keep(upload, running)

    def _closed(self, upload: str, held: UploadFolder) -> Blob:
        """What the upload becomes: its bytes on disk, read-only and hashed."""
        with held.data() as data:
            end = held.end(data)
            os.ftruncate(data, end)
            held.close()
            running = self._hashes.of(upload)
            _feed(running, data, end)
            os.fchmod(data, READ_ONLY)
            os.fsync(data)
        return Blob(running.settled().hexdigest(), end)


def _write(
    held: UploadFolder,
    data: int,
    writer: str,
    source: BinaryIO,
    position: int,
    running: HashAlong | None,
) -> int:
    """Write ``source`` from ``position`` on, while ``writer`` may; returns where it ended."""
    while piece := source.read(PIECE):
        with upload_errors(), held.alone():
            held.check_owner(writer)
            _leave_room(data)
            write_all(data, piece, position)
        position += len(piece)
        if running:
            running.feed(piece)
    return position


def _leave_room(data: int) -> None:
    disk = os.fstatvfs(data)
    if disk.f_blocks and disk.f_bavail * disk.f_frsize < SPARE:  # some network disks count nothing
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _ask(accept: Callable[[], bool] | None) -> None:
    if accept and not accept():
        raise UploadRefused


def _feed(running: HashAlong, data: int, end: int) -> None:
    """Read back what is not in the hash yet."""
    with upload_errors():
        while rest := end - running.position:
            if not (piece := os.pread(data, min(rest, CHUNK), running.position)):
                raise UploadMissing("The bytes of this upload were cut short.")
            running.feed(piece)
