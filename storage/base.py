"""What a storage promises: write-once blobs, each named by the SHA-256 of its bytes."""

import errno
import re
from collections.abc import Callable, Container, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1024 * 1024
"""Bytes read, hashed and written at a time."""

PIECE = 256 * 1024
"""Bytes asked for at a time from a line that may be slow: so much at most is in no safe place."""

DAY = 24 * 3600
"""Seconds."""

_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UPLOAD = re.compile(r"[0-9a-f]{32}", re.ASCII)
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Blob:
    """What was stored: ``key`` is 64 lower-case hex digits, ``size`` is in bytes."""

    key: str
    size: int


class StorageError(Exception):
    """The storage could not do what was asked; the text says it in one plain sentence."""


class BlobMissing(StorageError):
    """There is no blob of this key."""


class StorageFull(StorageError):
    """There is no room left, or the quota is used up; nothing of the blob was kept."""


class UploadMissing(StorageError):
    """There is no unfinished upload of this name."""


class UploadMoved(StorageError):
    """The upload ends elsewhere, at ``offset`` (in bytes), or is finished: go on from there."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"The upload ends at {offset} bytes: go on from there.")
        self.offset = offset


class UploadTaken(StorageError):
    """A newer connection took the upload over; this one writes nothing more."""

    def __init__(self) -> None:
        super().__init__("A newer connection took this upload over.")


class UploadRefused(StorageError):
    """What arrived is not what was announced; it is forgotten."""

    def __init__(self) -> None:
        super().__init__("What arrived is not what was announced: send it again.")


class Storage(Protocol):
    """Write-once blobs named by their content, so a key never changes meaning.

    Safe to use from several threads and several processes at once. Every method that takes a
    ``key`` refuses, with ``StorageError``, what is not 64 lower-case hex digits: a key that
    comes from outside can never become a path.
    """

    def put(self, source: BinaryIO) -> Blob:
        """Store ``source`` from its current position to its end; not closed.

        Streams: memory stays small for any size. When this returns, the bytes survive a power
        cut. Storing the same bytes twice, also at the same moment, leaves one blob, and what was
        damaged there is whole again; who reads it meanwhile is not disturbed. When it raises,
        or the process is killed, no key leads to half a blob.

        Raises:
            StorageFull: there is no room.
            StorageError: the storage refused for another reason. What ``source`` itself raises
                comes through unchanged.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Give the bytes back as a readable, seekable stream, or raise ``BlobMissing``."""
        ...

    def size(self, key: str) -> int:
        """How many bytes the blob has; raises ``BlobMissing``."""
        ...

    def delete(self, key: str) -> None:
        """Forget the blob; forgetting an unknown key is not an error.

        For housekeeping only: another resource may use the same bytes.
        """
        ...

    def keys(self) -> Iterator[str]:
        """Yield every key, in no particular order."""
        ...

    def public_url(self, key: str, *, filename: str, seconds: int) -> str | None:
        """A link a browser may follow for ``seconds``, or None: then stream it yourself.

        Behind the link the blob is an attachment called ``filename``, never a page, and no cache
        that others share may keep it. Whether there is such a blob is not asked.
        """
        ...

    def path_in_folder(self, key: str) -> str | None:
        """Where below the storage's folder the blob lies, for a web server that sends it itself.

        None where there is no folder; raises ``BlobMissing``.
        """
        ...

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """The blob as a file that another process can open, or raise ``BlobMissing``.

        Only to be read: it may be the very file of the storage. Gone or off limits after the block.
        """
        ...

    def check(self) -> None:
        """Write and read a few bytes; raises ``StorageError`` when that does not work."""
        ...

    def sweep(
        self,
        older_than_seconds: float,
        *,
        unfinished_seconds: float = 7 * DAY,
        awaited: Container[str] = (),
    ) -> int:
        """Remove what killed writers left untouched for so long, and say how many that were.

        Uploads that nobody finished go when nothing was added to them for ``unfinished_seconds``,
        but for those that are ``awaited``: somebody has asked for them since.
        """
        ...

    def begin(self) -> str:
        """Open an upload that may take many connections and days; its name is 32 hex digits.

        An upload that is unknown, or whose name is none, raises ``UploadMissing`` everywhere below.
        """
        ...

    def append(
        self,
        upload: str,
        source: BinaryIO,
        *,
        offset: int,
        accept: Callable[[], bool] | None = None,
    ) -> int:
        """Add ``source``, read to its end, to what has been received; returns the new offset.

        What is counted in the answer survives a power cut. Whatever ``source`` gives is written at
        once, so a source that gives what has arrived, and waits for nothing, loses the least.
        A newer call takes over at once from one that waits for its source, in any process: the
        older one raises ``UploadTaken`` at its next piece and writes nothing more.

        Args:
            offset: where these bytes belong; only the end of what was received will do.
            accept: asked when all has arrived; until it says yes, nothing of ``source`` counts.

        Raises:
            UploadMoved: the upload ends elsewhere, or is finished; nothing was read.
            UploadTaken: see above.
            UploadRefused: ``accept`` said no.
            StorageFull: there is no room, or too little would be left for anything else; what was
                written before is kept.
            StorageError: the storage refused. What ``source`` itself raises comes through
                unchanged, after what arrived is safe (with ``accept``: forgotten).
        """
        ...

    def received(self, upload: str) -> int:
        """How many bytes have arrived and survive a power cut."""
        ...

    def finish(self, upload: str) -> Blob:
        """Make a blob of what was received.

        May be repeated, also after a kill in its middle, until ``discard``: a mark remains.
        """
        ...

    def discard(self, upload: str) -> None:
        """Forget the upload, not the blob it became; an unknown one is no error."""
        ...


def is_key(name: str) -> bool:
    """Whether ``name`` could be the key of a blob."""
    return _KEY.fullmatch(name) is not None


def checked(key: str) -> str:
    """Give ``key`` back, or raise ``StorageError`` for what could never be one."""
    if not is_key(key):
        raise StorageError("A key of the storage is 64 hexadecimal digits in lower case.")
    return key


def checked_upload(name: str) -> str:
    """Give ``name`` back, or raise ``UploadMissing`` for what could never be an upload."""
    if _UPLOAD.fullmatch(name) is None:
        raise UploadMissing("There is no such upload.")
    return name


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the operating system says about a disk into our own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("The disk is full: free some space, then try again.") from error
        raise StorageError(f"The disk refused: {error.strerror or error}.") from error
