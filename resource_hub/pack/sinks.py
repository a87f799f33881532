"""Where a pack is written: a folder, or a ZIP of it; it appears whole or not at all."""

import hashlib
import os
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1 << 20
"""Bytes read, hashed and written at a time."""

_OLDEST = (1980, 1, 1, 0, 0, 0)
"""Of every file in a ZIP: the same pack gives the same bytes."""


class Sink(Protocol):
    """Takes the files of a pack by their paths; safe to use from several threads."""

    def write(self, path: str, content: bytes) -> None: ...

    def copy(self, path: str, source: BinaryIO) -> str:
        """Write ``source`` to its end; returns the SHA-256 of what was written."""
        ...


class Folder:
    """A folder on a disk or a stick."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, path: str, content: bytes) -> None:
        self._place(path).write_bytes(content)

    def copy(self, path: str, source: BinaryIO) -> str:
        with self._place(path).open("wb", buffering=0) as target:
            return _poured(source, target)

    def _place(self, path: str) -> Path:
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


class Zip:
    """A ZIP whose files are stored as they are: films and pictures are packed already."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._lock = threading.Lock()

    def write(self, path: str, content: bytes) -> None:
        with self._lock:
            self._archive.writestr(_member(path), content)

    def copy(self, path: str, source: BinaryIO) -> str:
        with self._lock, self._archive.open(_member(path), "w", force_zip64=True) as target:
            return _poured(source, target)


class Together:
    """Several sinks that get the same; each content is read once for each of them."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        self._sinks = sinks

    def write(self, path: str, content: bytes) -> None:
        for sink in self._sinks:
            sink.write(path, content)

    def copy(self, path: str, source: BinaryIO) -> str:
        digest = ""
        for sink in self._sinks:
            source.seek(0)
            digest = sink.copy(path, source)
        return digest


def _member(path: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, _OLDEST)
    member.compress_type = zipfile.ZIP_STORED
    member.external_attr = 0o644 << 16
    return member


def _poured(source: BinaryIO, target: "_Writes") -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


class _Writes(Protocol):
    def write(self, data: bytes, /) -> int | None: ...


@contextmanager
def opened(out: Path) -> Iterator[Sink]:
    """A sink that becomes ``out`` at the end: a ZIP if its name says so, else a folder.

    When the block raises, nothing remains.

    Raises:
        FileExistsError: there is something already that is no empty folder.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise FileExistsError(f"{out} is there already")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    try:
        if out.suffix.lower() == ".zip":
            inside = draft / "pack.zip"
            with zipfile.ZipFile(inside, "w", zipfile.ZIP_STORED) as archive:
                yield Zip(archive)
            inside.replace(out)
        else:
            yield Folder(draft)
            draft.chmod(0o755)
            os.replace(draft, out)  # noqa: PTH105 - over an empty folder, which Path.rename says nothing of
    finally:
        shutil.rmtree(draft, ignore_errors=True)
