"""The hub's own form of a backup, the same for both databases and for any storage.

    blobs/ab/abcdef…                     every blob once, shared by all snapshots of the folder
    20261012T040000Z/tables/NAME.gz      one line of JSON per row, after a line of column names
    20261012T040000Z/blobs.txt           key and size of each blob that the tables use
    20261012T040000Z/manifest.json       written last: without it there is no snapshot

Values are written as the database column has them, not as the models see them, so that a later
version of the hub reads an old snapshot: times in UTC as ISO 8601, bytes as Base64, the rest as
JSON has it.
"""

import base64
import gzip
import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from sqlalchemy import Date, DateTime, LargeBinary, Table

from resource_hub.domain.errors import N_, Missing, WrongState

FORMAT = 1
MANIFEST = "manifest.json"
BLOBS = "blobs.txt"
CHUNK = 1024 * 1024

Value = Any  # Any: whatever a column can hold


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a snapshot: ``rows`` or lines, and the SHA-256 of the file as it lies there."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to a snapshot. Sizes in bytes, times as ISO 8601."""

    name: str
    made_at: str
    schema: str
    """The migration after which the tables had this shape."""
    tables: dict[str, Piece]
    blobs: Piece
    blob_size: int
    lacking: list[str]
    """Keys of blobs that were missing or damaged when the backup was made."""
    format: int = FORMAT

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read one.

        Raises:
            WrongState: a newer version of the hub made it, or it is no manifest.
        """
        try:
            raw = json.loads(text)
            if raw["format"] != FORMAT:
                raise WrongState(N_("A newer version of the hub made this backup: update first."))
            raw["tables"] = {name: Piece(**piece) for name, piece in raw["tables"].items()}
            raw["blobs"] = Piece(**raw["blobs"])
            return cls(**raw)
        except (ValueError, KeyError, TypeError) as error:
            raise WrongState(DAMAGED, name=MANIFEST) from error


DAMAGED = N_("The backup is damaged: %(name)s is not what was written. Use an older one.")


class Source(Protocol):
    """Where a backup is read from: a folder, or a tar file with the same inside."""

    def names(self) -> list[str]:
        """The snapshots that are whole, newest first."""
        ...

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file by its path inside the backup; raises ``Missing``."""
        ...


class FolderSource:
    """A folder of snapshots."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        return sorted(
            (found.parent.name for found in self._folder.glob(f"*/{MANIFEST}")), reverse=True
        )

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        try:
            stream = (self._folder / name).open("rb")
        except FileNotFoundError as error:
            raise Missing(NOT_THERE, name=name) from error
        with stream:
            yield stream


class TarSource:
    """One snapshot in one file."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def names(self) -> list[str]:
        try:
            paths = [name.split("/") for name in self._tar.getnames()]
        except tarfile.TarError as error:  # cut off, by a full disk or a stick pulled too early
            raise WrongState(DAMAGED, name=Path(str(self._tar.name)).name) from error
        return sorted((parts[0] for parts in paths if parts[1:] == [MANIFEST]), reverse=True)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        try:
            stream = self._tar.extractfile(name)
        except KeyError as error:
            raise Missing(NOT_THERE, name=name) from error
        if stream is None:
            raise Missing(NOT_THERE, name=name)
        with stream:
            yield cast("BinaryIO", stream)


NOT_THERE = N_("The backup has no %(name)s.")


@contextmanager
def source_at(path: Path) -> Iterator[Source]:
    """Open a backup, folder or file.

    Raises:
        Missing: there is nothing at ``path``.
        WrongState: it is no tar file.
    """
    if path.is_dir():
        yield FolderSource(path)
        return
    if not path.is_file():
        raise Missing(N_("There is no backup at %(path)s."), path=path)
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 - what goes wrong later is no damaged file
    except tarfile.TarError as error:
        raise WrongState(DAMAGED, name=path.name) from error
    with tar:
        yield TarSource(tar)


def read_manifest(source: Source, name: str = "") -> Manifest:
    """The manifest of the snapshot ``name``, of the newest without one.

    Raises:
        Missing: there is no such snapshot, or none that is whole.
    """
    names = source.names()
    if not names or (name and name not in names):
        raise Missing(N_("There is no whole backup here: an interrupted one does not count."))
    with source.open(f"{name or names[0]}/{MANIFEST}") as stream:
        return Manifest.from_json(stream.read().decode())


def blob_path(key: str) -> str:
    """Where a blob lies inside a backup."""
    return f"blobs/{key[:2]}/{key}"


def table_path(snapshot: str, table: str) -> str:
    return f"{snapshot}/tables/{table}.gz"


def check_piece(source: Source, path: str, piece: Piece) -> None:
    """Read a file of the snapshot; raises ``WrongState`` unless it is what was written."""
    with source.open(path) as stream:
        digest = hashlib.sha256()
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
        if digest.hexdigest() != piece.sha256:
            raise WrongState(DAMAGED, name=path)


def listed_blobs(source: Source, manifest: Manifest) -> Iterator[tuple[str, int]]:
    """Key and size of each blob of a snapshot.

    Raises:
        WrongState: the list is not what was written.
    """
    path = f"{manifest.name}/{BLOBS}"
    check_piece(source, path, manifest.blobs)
    with source.open(path) as stream:
        for line in stream:
            key, size = line.decode().split()
            yield key, int(size)


def write_rows(path: Path, columns: Sequence[str], rows: Iterator[Sequence[Value]]) -> Piece:
    """Write a table's file; on return it is on disk."""
    count = 0
    with path.open("xb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3, mtime=0) as packed:
            packed.write(_line(columns))
            for row in rows:
                packed.write(_line([to_plain(value) for value in row]))
                count += 1
        raw.flush()
        os.fsync(raw.fileno())
    return Piece(count, sha256_of(path))


def read_rows(stream: BinaryIO, table: Table) -> Iterator[dict[str, Value]]:
    """The rows of a table's file, as ``table`` takes them."""
    with gzip.GzipFile(fileobj=stream) as packed:
        columns = json.loads(packed.readline())
        readers = [reader_of(table, column) for column in columns]
        for line in packed:
            values = json.loads(line)
            yield {
                column: None if value is None else read(value)
                for column, value, read in zip(columns, values, readers, strict=True)
            }


def to_plain(value: Value) -> Value:
    """A value as JSON can hold it; SQLite's times are UTC without saying so."""
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def reader_of(table: Table, column: str) -> Callable[[Value], Value]:
    """A function from what ``to_plain`` gave back to what the column takes."""
    kind = table.c[column].type
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    return _same


def _same(value: Value) -> Value:
    return value


def _line(values: Sequence[Value]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
