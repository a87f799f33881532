"""From one storage to another: a blob arrives whole and right, or not at all."""

import hashlib
import io
from typing import Any, BinaryIO, cast

from storage.base import CHUNK, Blob, Storage, StorageError


class BlobDamaged(StorageError):
    """The bytes are not those that the key names."""


class _Checked(io.RawIOBase):
    """Passes bytes on, and refuses to end where their hash is not ``key``."""

    def __init__(self, source: BinaryIO, key: str) -> None:
        super().__init__()
        self._source, self._key, self._digest = source, key, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # what the base class hands over has no common type
        view = memoryview(buffer).cast("B")
        piece = self._source.read(len(view))
        self._digest.update(piece)
        if not piece and self._digest.hexdigest() != self._key:
            raise BlobDamaged("The bytes are not those that were stored.")
        view[: len(piece)] = piece
        return len(piece)


def copy_blob(key: str, *, source: Storage, target: Storage) -> Blob:
    """Copy a blob; its hash is compared on the way, and damaged bytes are not stored.

    Raises:
        BlobMissing: ``source`` has no such blob.
        BlobDamaged: what ``source`` has is damaged.
        StorageError: one of the two refused.
    """
    with source.open(key) as stream:
        return target.put(cast("BinaryIO", _Checked(stream, key)))


def check_blob(key: str, storage: Storage) -> int:
    """Read a blob from end to end and compare its hash; returns its size in bytes.

    Raises:
        BlobMissing, BlobDamaged, StorageError: as ``copy_blob``.
    """
    size = 0
    with storage.open(key) as stream:
        checked = _Checked(stream, key)
        while piece := checked.read(CHUNK):
            size += len(piece)
    return size
