"""Make a backup while people work.

First the tables of one moment, then the blobs that they name: bytes are in the storage before a
row names them, and what is no longer used stays for a day at least, so none of them is gone
meanwhile. The manifest comes last: an interrupted backup is none.
"""

import errno
import fcntl
import os
import shutil
import tarfile
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from resource_hub.domain.errors import N_, WrongState
from resource_hub.services.backup_format import (
    BLOBS,
    MANIFEST,
    Manifest,
    Piece,
    blob_path,
    sha256_of,
)
from resource_hub.services.old_snapshots import thin_out
from resource_hub.services.reading_blobs import read_blob
from resource_hub.services.snapshots import Snapshot, dump
from storage import BlobMissing, LocalStorage, Storage

Step = Callable[[int, int], None]
"""Told after each blob how many of how many are done."""


LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds and what it cost; sizes in bytes."""

    name: str
    rows: int
    files: int
    size: int
    new_files: int
    new_size: int
    lacking: list[str]
    """Keys of blobs that are missing or damaged in the hub."""
    removed: int = 0
    """Older snapshots that were removed."""


def back_up_to_folder(
    engine: Engine,
    storage: Storage,
    folder: Path,
    *,
    now: datetime,
    step: Step,
    whole: bool = False,
    keep: int | None = None,
) -> Made:
    """Add a snapshot to ``folder``, which is made if it is not there; only new blobs are copied.

    Args:
        whole: read the blobs that the folder has already, too, and replace what is damaged.
        keep: how many snapshots stay; what only older ones used goes with them.

    Raises:
        WrongState: another backup into this folder is under way.
        StorageError: the hub's storage does not answer, or the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _forget_interrupted(folder)
        name = _free_name(folder, now)
        snapshot = dump(engine, folder / name / "tables")
        target = LocalStorage(folder / "blobs")
        copied = _Copied()
        present = set(target.keys())
        for number, (key, size) in enumerate(sorted(snapshot.blobs.items()), 1):
            has = key in present and _is_good(target, key, size, whole=whole)
            copied.note(
                key,
                target.size(key) if has else _copy(storage, target, key, snapshot.blobs),
                new=not has,
            )
            step(number, len(snapshot.blobs))
        manifest = _seal(folder / name, name, now, snapshot, copied)
        removed = thin_out(folder, target, keep) if keep else 0
    return copied.as_made(manifest, removed)


def back_up_to_file(
    engine: Engine, storage: Storage, path: Path, *, now: datetime, step: Step
) -> Made:
    """Write one snapshot with all its blobs into one tar file, which replaces ``path`` at the end.

    What a killed one has left beside ``path`` goes first.

    Raises:
        WrongState: another backup into this file is under way.
        StorageError: the hub's storage does not answer.
    """
    with _drafts_of(path) as folder:
        name = _stamp(now)
        snapshot = dump(engine, folder / name / "tables")
        copied = _Copied()
        draft = folder / "draft.tar"
        with draft.open("xb") as raw:
            with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for number, key in enumerate(sorted(snapshot.blobs), 1):
                    copied.note(key, _pack(storage, tar, key, now), new=True)
                    step(number, len(snapshot.blobs))
                manifest = _seal(folder / name, name, now, snapshot, copied)
                for piece in sorted((folder / name).rglob("*"), key=_manifest_last):
                    if piece.is_file():
                        tar.add(piece, f"{name}/{piece.relative_to(folder / name).as_posix()}")
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    return copied.as_made(manifest, 0)


@contextmanager
def _drafts_of(path: Path) -> Iterator[Path]:
    """An empty folder beside ``path``, gone after the block; what a killed one left goes."""
    folder = path.parent / f".{path.name}-unfinished"
    folder.mkdir(exist_ok=True)
    with _alone(folder):
        try:
            for left in folder.iterdir():
                if left.is_dir():
                    shutil.rmtree(left)
                elif left.name != LOCK:
                    left.unlink()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Copied:
    """Counts what a backup has of the blobs."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.lacking: list[str] = []
        self.new_files = self.new_size = 0

    def note(self, key: str, size: int | None, *, new: bool) -> None:
        if size is None:
            self.lacking.append(key)
            return
        self.sizes[key] = size
        if new:
            self.new_files += 1
            self.new_size += size

    def as_made(self, manifest: Manifest, removed: int) -> Made:
        return Made(
            name=manifest.name,
            rows=sum(piece.rows for piece in manifest.tables.values()),
            files=len(self.sizes),
            size=manifest.blob_size,
            new_files=self.new_files,
            new_size=self.new_size,
            lacking=self.lacking,
            removed=removed,
        )


def _is_good(target: LocalStorage, key: str, size: int | None, *, whole: bool) -> bool:
    """Whether the folder has the blob; one that is damaged is taken away."""
    if whole:
        good = read_blob(target, key, lambda _count: None).found == key
    else:
        good = size is None or target.size(key) == size
    if not good:
        target.delete(key)
    return good


def _copy(storage: Storage, target: LocalStorage, key: str, wanted: Container[str]) -> int | None:
    """Copy one blob, durably; None when the hub has it no more, or not as it was."""
    try:
        with storage.open(key) as stream:
            blob = target.put(stream)
    except BlobMissing:
        return None
    except OSError as error:
        if error.errno == errno.EIO:
            return None
        raise
    if blob.key != key:
        if blob.key not in wanted:
            target.delete(blob.key)
        return None
    return blob.size


def _pack(storage: Storage, tar: tarfile.TarFile, key: str, now: datetime) -> int | None:
    """Put one blob into the file; None when it is missing or damaged, then it is not there."""
    outcome = read_blob(storage, key, lambda _count: None)
    if outcome.found != key:
        return None
    member = tarfile.TarInfo(blob_path(key))
    member.size, member.mtime, member.mode = outcome.size, int(now.timestamp()), 0o440
    with storage.open(key) as stream:
        tar.addfile(member, stream)
    return outcome.size


def _seal(folder: Path, name: str, now: datetime, snapshot: Snapshot, copied: _Copied) -> Manifest:
    """Write the list of blobs, then the manifest: from here on there is a snapshot."""
    lines = [f"{key} {size}\n" for key, size in sorted(copied.sizes.items())]
    _write_durably(folder / BLOBS, "".join(lines))
    manifest = Manifest(
        name=name,
        made_at=now.astimezone(UTC).isoformat(),
        schema=snapshot.schema,
        tables=snapshot.tables,
        blobs=Piece(len(lines), sha256_of(folder / BLOBS)),
        blob_size=sum(copied.sizes.values()),
        lacking=copied.lacking,
    )
    for each in (folder / "tables", folder, folder.parent):
        _sync_folder(each)
    draft = folder / f".{MANIFEST}"
    _write_durably(draft, manifest.as_json())
    draft.replace(folder / MANIFEST)
    _sync_folder(folder)
    return manifest


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which a killed process gives back by itself."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise WrongState(N_("Another backup into this place is under way.")) from error
        yield


def _forget_interrupted(folder: Path) -> None:
    """Remove snapshots without a manifest; with the lock held nobody is writing one."""
    for tables in folder.glob("*/tables"):
        if not (tables.parent / MANIFEST).exists():
            shutil.rmtree(tables.parent)
    LocalStorage(folder / "blobs").sweep(0)


def _free_name(folder: Path, now: datetime) -> str:
    """The time, so that names are in order; a second backup of one second gets a number."""
    name, number = _stamp(now), 1
    while (folder / name).exists():
        number += 1
        name = f"{_stamp(now)}-{number}"
    return name


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _manifest_last(path: Path) -> tuple[bool, str]:
    return path.name == MANIFEST, path.as_posix()


def _write_durably(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
