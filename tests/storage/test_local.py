"""What a disk adds: durable names, full disks, writers that are killed."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import Blob, LocalStorage, StorageError, StorageFull

NOBODY = 65534
CHECKOUT = Path(__file__).resolve().parents[2]
ENDLESS_PUT = """
import sys, pathlib, storage
class Endless:
    sent = 0
    def read(self, size):
        self.sent += 1
        if self.sent == 3:
            print("writing", flush=True)
        return b"x" * size if self.sent < 3 else b"x"
storage.LocalStorage(pathlib.Path(sys.argv[1])).put(Endless())
"""


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_kill_9_in_the_middle_leaves_no_half_blob(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    whole = storage.put(io.BytesIO(b"whole"))
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", ENDLESS_PUT, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        writer.kill()
    assert list(storage.keys()) == [whole.key]
    assert len(files(tmp_path)) == 2
    assert storage.sweep(older_than_seconds=3600) == 0
    assert storage.sweep(older_than_seconds=0) == 1
    assert [path.name for path in files(tmp_path)] == [whole.key]


def test_many_may_store_the_same_bytes_at_once(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    content = hashlib.shake_256(b"any").digest(3_000_000)
    with ThreadPoolExecutor(8) as pool:
        blobs = set(pool.map(lambda _: storage.put(io.BytesIO(content)), range(16)))
    assert blobs == {Blob(hashlib.sha256(content).hexdigest(), 3_000_000)}
    assert [path.name for path in files(tmp_path)] == [next(iter(blobs)).key]


def test_a_sweep_takes_only_what_is_old(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".incoming-old", tmp_path / ".incoming-fresh"
    old.touch()
    fresh.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    assert LocalStorage(tmp_path).sweep(older_than_seconds=3600) == 1
    assert files(tmp_path) == [fresh]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync", "fchmod"])
def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    storage = LocalStorage(tmp_path)
    storage.put(io.BytesIO(b"before"))

    def full(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(StorageFull, match="The disk is full: free some space"):
        storage.put(io.BytesIO(b"lava"))
    monkeypatch.undo()
    assert len(files(tmp_path)) == 1


def test_bytes_and_names_reach_the_disk_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, told, real_fsync, real_replace = tmp_path / "a" / "b", [], os.fsync, Path.replace

    def fsync(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink()
        told.append("draft" if name.name.startswith(".incoming-") else str(name))
        real_fsync(handle)

    def replace(self: Path, target: Path) -> Path:
        told.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    blob = LocalStorage(root).put(io.BytesIO(b"lava"))
    folder = str(root / blob.key[:2])
    assert told == [
        str(tmp_path), str(tmp_path / "a"), "draft", str(root), "rename", folder
    ]  # fmt: skip


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may do anything: a test of permissions is somebody else for a moment."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_what_is_forbidden_is_said_and_never_taken_for_missing(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "blobs")
    key, upload = storage.put(io.BytesIO(b"lava")).key, storage.begin()
    said = r"^The disk refused: Permission denied\.$"
    (tmp_path / "blobs").chmod(0)
    with as_nobody():
        for refused in (
            lambda: storage.put(io.BytesIO(b"more")),
            lambda: storage.size(key),
            lambda: storage.open(key).__enter__(),
            lambda: storage.delete(key),
            storage.begin,
            lambda: storage.append(upload, io.BytesIO(b"more"), offset=0),
            lambda: storage.finish(upload),
        ):
            with pytest.raises(StorageError, match=said) as caught:
                refused()
            assert caught.type is StorageError
        with pytest.raises(StorageError, match=r"cannot be written to: Permission denied\.$"):
            storage.check()
    (tmp_path / "blobs").chmod(0o750)
    assert list(storage.keys()) == [key]
    assert storage.received(upload) == 0


@pytest.mark.parametrize("damaged", [b"la", b"la?a"])
def test_storing_twice_heals_a_damaged_file_and_disturbs_no_reader(
    tmp_path: Path, damaged: bytes
) -> None:
    storage = LocalStorage(tmp_path)
    key = storage.put(io.BytesIO(b"lava")).key
    with storage.local_copy(key) as path:
        path.chmod(0o640)
        path.write_bytes(damaged)
        with storage.open(key) as reading:
            storage.put(io.BytesIO(b"lava"))
            assert reading.read() == damaged
        assert path.read_bytes() == b"lava"
    assert len(files(tmp_path)) == 1


def test_a_root_that_vanished_is_made_again(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "blobs")
    first = storage.put(io.BytesIO(b"lava"))
    (tmp_path / "blobs").rename(tmp_path / "elsewhere")
    assert list(storage.keys()) == []
    assert storage.put(io.BytesIO(b"lava")) == first
    assert list(storage.keys()) == [first.key]


def test_a_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    storage = LocalStorage(tmp_path / "file")
    with pytest.raises(StorageError, match=r"^The storage folder cannot be written to: .+\.$"):
        storage.check()
    with pytest.raises(StorageError, match=r"^The disk refused: .+\.$"):
        storage.put(io.BytesIO(b"lava"))


def test_a_web_server_is_told_where_a_blob_lies(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "blobs")
    blob = storage.put(io.BytesIO(b"lava"))
    path = storage.path_in_folder(blob.key)
    assert path == f"{blob.key[:2]}/{blob.key}"
    assert (tmp_path / "blobs" / path).read_bytes() == b"lava"


def test_a_disk_has_no_links(tmp_path: Path) -> None:
    assert LocalStorage(tmp_path).public_url("a" * 64, filename="a.txt", seconds=60) is None
