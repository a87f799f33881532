"""What a disk adds to uploads: kills, full disks, and bytes that are safe before they count."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import (
    Blob,
    LocalStorage,
    StorageError,
    StorageFull,
    UploadMissing,
    UploadMoved,
    UploadTaken,
)
from storage.unfinished import SPARE

CHECKOUT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024
FILM = hashlib.shake_256(b"film").digest(5 * MIB + 3)
WRITER = """
import hashlib, pathlib, sys, storage
root, upload, offset, doubtful = sys.argv[1:]
film = hashlib.shake_256(b"film").digest(5 * 1024 * 1024 + 3)
class Hung:
    position = int(offset)
    def read(self, size):
        piece = film[self.position : min(self.position + size, 3 * 1024 * 1024)]
        self.position += len(piece)
        if not piece:
            print("hangs", flush=True)
            sys.stdin.readline()
            return b"late"
        return piece
accept = (lambda: True) if doubtful == "doubtful" else None
disk = storage.LocalStorage(pathlib.Path(root))
try:
    disk.append(upload, Hung(), offset=int(offset), accept=accept)
except storage.UploadTaken:
    print("taken", flush=True)
"""


@contextmanager
def hanging_writer(
    root: Path, upload: str, offset: int, how: str = "plain"
) -> Iterator["subprocess.Popen[str]"]:
    """A process that has sent 3 MiB and waits for the next bytes; killed at the end."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WRITER, str(root), upload, str(offset), how],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        assert writer.stdout.readline() == "hangs\n"
        try:
            yield writer
        finally:
            writer.kill()


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_kill_9_in_the_middle_costs_nothing(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM[:1000]), offset=0)
    with hanging_writer(tmp_path, upload, 1000):
        pass
    assert storage.received(upload) == 3 * MIB
    storage.append(upload, io.BytesIO(FILM[3 * MIB :]), offset=3 * MIB)
    blob = storage.finish(upload)
    assert blob == Blob(hashlib.sha256(FILM).hexdigest(), len(FILM))
    with storage.local_copy(blob.key) as path:
        assert path.read_bytes() == FILM


def test_kill_9_before_it_is_accepted_leaves_what_was_there(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM[:1000]), offset=0)
    with hanging_writer(tmp_path, upload, 1000, "doubtful"):
        pass
    assert storage.received(upload) == 1000
    assert storage.append(upload, io.BytesIO(b"and ash"), offset=1000) == 1007
    blob = storage.finish(upload)
    with storage.local_copy(blob.key) as path:
        assert path.read_bytes() == FILM[:1000] + b"and ash"


def test_what_waited_to_be_accepted_is_not_in_the_blob(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(b"lava"), offset=0)
    with hanging_writer(tmp_path, upload, 4, "doubtful"):
        pass
    assert storage.finish(upload) == Blob(hashlib.sha256(b"lava").hexdigest(), 4)


def test_a_hung_process_is_taken_over_from_at_once(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    with hanging_writer(tmp_path, upload, 0) as writer:
        before = time.monotonic()
        storage.append(upload, io.BytesIO(FILM[3 * MIB :]), offset=3 * MIB)
        assert time.monotonic() - before < 5
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "taken\n"
    assert storage.finish(upload) == Blob(hashlib.sha256(FILM).hexdigest(), len(FILM))


def test_a_finish_that_was_killed_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM), offset=0)

    def killed(self: Path, target: Path) -> Path:
        if target.name == "finished":
            return real(self, target)
        raise KeyboardInterrupt

    real = Path.replace
    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        storage.finish(upload)
    monkeypatch.undo()
    assert list(storage.keys()) == []
    again = LocalStorage(tmp_path)
    assert again.received(upload) == len(FILM)
    with pytest.raises(UploadMoved):
        again.append(upload, io.BytesIO(b"more"), offset=len(FILM))
    blob = again.finish(upload)
    assert list(again.keys()) == [blob.key]
    again.discard(upload)
    assert [path.name for path in files(tmp_path)] == [blob.key]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_keeps_what_was_written_and_takes_more_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    storage, real, room = LocalStorage(tmp_path), os.pwrite, 2 * MIB + 77
    upload = storage.begin()

    def nearly_full(handle: int, data: bytes | memoryview, offset: int) -> int:
        if offset >= room:
            raise OSError(code, os.strerror(code))
        return real(handle, data[: room - offset], offset)

    monkeypatch.setattr(os, "pwrite", nearly_full)
    with pytest.raises(StorageFull, match="The disk is full: free some space"):
        storage.append(upload, io.BytesIO(FILM), offset=0)
    monkeypatch.undo()
    assert storage.received(upload) == room
    storage.append(upload, io.BytesIO(FILM[room:]), offset=room)
    assert storage.finish(upload) == Blob(hashlib.sha256(FILM).hexdigest(), len(FILM))


def test_an_upload_leaves_room_for_everything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM[:MIB]), offset=0)
    real = os.fstatvfs

    def nearly_full(handle: int) -> os.statvfs_result:
        found = list(real(handle))
        found[1], found[4] = 1, SPARE - 1  # bytes in a block, and blocks for who is not root
        return os.statvfs_result(found)

    monkeypatch.setattr(os, "fstatvfs", nearly_full)
    with pytest.raises(StorageFull, match="The disk is full: free some space"):
        storage.append(upload, io.BytesIO(FILM[MIB:]), offset=MIB)
    monkeypatch.undo()
    assert storage.received(upload) == MIB
    storage.append(upload, io.BytesIO(FILM[MIB:]), offset=MIB)
    assert storage.finish(upload) == Blob(hashlib.sha256(FILM).hexdigest(), len(FILM))


@pytest.mark.parametrize("call", ["fsync", "pwrite", "ftruncate"])
def test_what_a_disk_refuses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(b"lava"), offset=0)

    def refused(*_: object) -> int:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, call, refused)
    with pytest.raises(StorageError, match=r"^The disk refused: Permission denied\.$"):
        storage.append(upload, io.BytesIO(b"more"), offset=4, accept=lambda: False)
    monkeypatch.undo()
    assert storage.received(upload) == 4


def test_bytes_are_on_disk_before_they_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, told, real = LocalStorage(tmp_path), [], os.fsync

    def fsync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        told.append(f"{path.name} {path.stat().st_size}" if path.is_file() else path.name)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    upload = storage.begin()
    assert told[-3:] == ["owner 53", upload, "unfinished"]
    told.clear()
    storage.append(upload, io.BytesIO(b"la"), offset=0)
    assert told == ["bytes 2"]
    told.clear()
    storage.append(upload, io.BytesIO(b"va"), offset=2, accept=lambda: True)
    assert told == ["owner 53", "bytes 4", "owner 53"]
    told.clear()
    assert storage.received(upload) == 4
    assert told == ["bytes 4"]
    told.clear()
    key = storage.finish(upload).key
    assert told == ["bytes 4", "finished.draft 66", upload, tmp_path.name, key[:2]]


def test_a_sweep_counts_from_the_last_byte(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    old, fresh, killed = storage.begin(), storage.begin(), tmp_path / "unfinished" / ("a" * 32)
    killed.mkdir()
    storage.append(fresh, io.BytesIO(b"lava"), offset=0)
    week = 7 * 24 * 3600
    for path in [*(tmp_path / "unfinished").rglob("*"), killed]:
        if path.name != "bytes" or old in path.parts:
            os.utime(path, (time.time() - week - 60,) * 2)
    assert storage.sweep(0) == 2
    assert not killed.exists()
    with pytest.raises(UploadMissing):
        storage.received(old)
    assert storage.received(fresh) == 4


def test_a_blob_of_an_upload_can_be_read_by_the_group_and_written_by_nobody(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()
    storage.append(upload, io.BytesIO(b"lava"), offset=0)
    with storage.local_copy(storage.finish(upload).key) as path:
        assert path.stat().st_mode & 0o777 == 0o440


def test_the_older_of_two_in_one_process_is_told(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    upload = storage.begin()

    class Meanwhile(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 4:
                storage.append(upload, io.BytesIO(b" and ash"), offset=4)
                return b"late"
            return super().read(size)

    with pytest.raises(UploadTaken):
        storage.append(upload, Meanwhile(b"lava"), offset=0)
    assert storage.received(upload) == 12
