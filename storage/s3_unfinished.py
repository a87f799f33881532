"""Uploads into a bucket that arrive in many connections: parts of one size, and a tail."""

import hashlib
import io
import tempfile
import uuid
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, cast

from storage.base import (
    CHUNK,
    PIECE,
    Blob,
    BlobMissing,
    StorageError,
    UploadMissing,
    UploadMoved,
    UploadRefused,
    UploadTaken,
    disk_errors,
)
from storage.bucket import Bucket, Part
from storage.s3_upload_state import (
    FOLDER,
    PART,
    UploadState,
    assembly_of,
    begin_upload,
    data_of,
    folder_of,
    look,
    upload_of,
)

_TRIES = 8
_REMEMBERED = 1000
"""Uploads whose hash one process remembers; beyond that the object is read once more."""


@dataclass(slots=True)
class _Hashed:
    """The hash of the first parts, and which parts those were."""

    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    tags: list[str] = field(default_factory=list)


class S3Uploads:
    """``unfinished/<upload>/…``; see ``Storage`` for what each method promises.

    Args:
        place: stores a stream under a key that is known, unless it is there already.
        size: bytes of a blob, None where there is none.
    """

    def __init__(
        self,
        bucket: Bucket,
        place: Callable[[BinaryIO, Blob], None],
    ) -> None:
        self._bucket, self._place = bucket, place
        self._writers: dict[str, str] = {}
        self._hashed: dict[str, _Hashed] = {}

    def begin(self) -> str:
        upload = uuid.uuid4().hex
        begin_upload(self._bucket, upload)
        return upload

    def append(
        self, upload: str, source: BinaryIO, *, offset: int, accept: Callable[[], bool] | None
    ) -> int:
        # Twice: a wrong offset stops nobody, and what the one before did last is seen.
        self._check_offset(upload, offset)
        writer = self._take_over(upload)
        try:
            state = self._check_offset(upload, offset)
            if accept is None:
                return self._send(upload, writer, state, source)
            with tempfile.TemporaryFile(prefix="upload-") as waiting:
                while piece := source.read(PIECE):
                    self._check_here(upload, writer)
                    with disk_errors():
                        waiting.write(piece)
                if not accept():
                    raise UploadRefused
                waiting.seek(0)
                return self._send(upload, writer, state, cast("BinaryIO", waiting))
        finally:
            if self._writers.get(upload) == writer:
                del self._writers[upload]

    def received(self, upload: str) -> int:
        state = look(self._bucket, upload)
        return state.size if isinstance(state, Blob) else state.end

    def finish(self, upload: str) -> Blob:
        for _ in range(_TRIES):
            try:
                return self._finish(upload)
            except BlobMissing:
                continue  # another connection finishes it too, and was faster: look again
        raise StorageError("The upload could not be finished just now: try again.")

    def discard(self, upload: str) -> None:
        try:
            folder = folder_of(upload)
        except UploadMissing:
            return
        self._writers.pop(upload, None)
        self._hashed.pop(upload, None)
        names = [entry.name for entry in self._bucket.entries(folder)]
        for name in names:
            if name.startswith(f"{folder}begun-"):
                self._bucket.give_up(data_of(upload), assembly_of(name))
        for name in names:
            self._bucket.delete(name)

    def sweep(self, older_than_seconds: float, awaited: Container[str]) -> int:
        limit = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        touched: dict[str, datetime] = {}
        for entry in self._bucket.entries(FOLDER):
            upload = str(upload_of(entry.name))
            touched[upload] = max(touched.get(upload, entry.modified), entry.modified)
        old = [
            upload for upload, when in touched.items() if when <= limit and upload not in awaited
        ]
        for upload in old:
            self.discard(upload)
        removed = len(old)
        for name, assembly, began in self._bucket.assemblies():
            # Of a process that was killed while it began: it has no object yet.
            upload_or_none = upload_of(name)
            if upload_or_none and upload_or_none not in touched and began <= limit:
                self._bucket.give_up(name, assembly)
                removed += 1
        return removed

    def _check_offset(self, upload: str, offset: int) -> UploadState:
        state = look(self._bucket, upload)
        if isinstance(state, Blob):
            raise UploadMoved(state.size)
        if offset != state.end or state.complete:
            raise UploadMoved(state.end)
        return state

    def _take_over(self, upload: str) -> str:
        writer = uuid.uuid4().hex
        self._writers[upload] = writer
        self._bucket.put(f"{folder_of(upload)}owner", writer.encode("ascii"))
        return writer

    def _check_here(self, upload: str, writer: str) -> None:
        """Whether another connection of this process took over: costs nothing."""
        if self._writers.get(upload) != writer:
            raise UploadTaken

    def _check_owner(self, upload: str, writer: str) -> None:
        """Whether any connection took over."""
        self._check_here(upload, writer)
        try:
            owner = self._bucket.read(f"{folder_of(upload)}owner")
        except BlobMissing as error:
            raise UploadTaken from error
        if owner != writer.encode("ascii"):
            raise UploadTaken

    def _send(self, upload: str, writer: str, state: UploadState, source: BinaryIO) -> int:
        """Send ``source`` in parts, and what is left over as the new tail."""
        with tempfile.SpooledTemporaryFile(PIECE, prefix="upload-") as part:
            waiting = cast("BinaryIO", part)
            with _taken_if_missing():
                if state.tail:
                    self._bucket.fetch(state.tail, waiting)
            try:
                while piece := source.read(min(PIECE, PART - waiting.tell())):
                    self._check_here(upload, writer)
                    with disk_errors():
                        waiting.write(piece)
                    if waiting.tell() == PART:
                        self._check_owner(upload, writer)
                        self._send_part(upload, state, waiting)
            except UploadTaken:
                raise
            except BaseException:
                self._keep_tail(upload, writer, state, waiting)
                raise
            return self._keep_tail(upload, writer, state, waiting)

    def _send_part(self, upload: str, state: UploadState, waiting: BinaryIO) -> None:
        """Send a full part; ``waiting`` is empty then."""
        hashed, number = self._hashed.get(upload) or _Hashed(), len(state.parts) + 1
        follows = hashed.tags == [part.tag for part in state.parts]
        digest = hashed.digest.copy()
        if follows:
            waiting.seek(0)
            while piece := waiting.read(CHUNK):
                digest.update(piece)
        waiting.seek(0)
        with _taken_if_missing():
            tag = self._bucket.put_part(data_of(upload), state.assembly, number, waiting)
        state.parts.append(Part(number, PART, tag))
        if follows:
            tags = [part.tag for part in state.parts]
            self._hashed[upload] = _Hashed(digest, tags)
            if len(self._hashed) > _REMEMBERED:
                self._hashed.pop(next(iter(self._hashed)), None)
        waiting.seek(0)
        waiting.truncate()

    def _keep_tail(self, upload: str, writer: str, state: UploadState, waiting: BinaryIO) -> int:
        """Make what is left over safe, then drop the tails it replaces; returns the end."""
        end = state.begin_of_tail + waiting.tell()
        if end == state.end:
            return end
        tail = f"{state.folder}tail-{state.begin_of_tail}-{waiting.tell()}"
        self._check_owner(upload, writer)
        if waiting.tell():
            waiting.seek(0)
            self._bucket.put(tail, waiting)
        if state.tail:
            self._bucket.delete(state.tail)
        return end

    def _finish(self, upload: str) -> Blob:
        if not isinstance(state := look(self._bucket, upload), Blob):
            self._take_over(upload)
            self._writers.pop(upload, None)
            state = look(self._bucket, upload)
        if isinstance(state, Blob):
            return self._finished(upload, state)
        tail = self._bucket.read(state.tail) if state.tail else b""
        if not (state.complete or state.parts):
            blob = Blob(hashlib.sha256(tail).hexdigest(), len(tail))
            self._place(io.BytesIO(tail), blob)
        else:
            blob = self._put_together(upload, state, tail)
            self._bucket.copy(data_of(upload), blob.key)  # what is there may be damaged
        self._bucket.put(f"{state.folder}finished-{blob.key}-{blob.size}", b"")
        self._bucket.give_up(data_of(upload), state.assembly)
        return self._finished(upload, blob)

    def _put_together(self, upload: str, state: UploadState, tail: bytes) -> Blob:
        """Make one object of all parts; its hash is that of exactly the parts it has."""
        data = data_of(upload)
        hashed = self._hashed.get(upload)
        if not state.complete:
            parts = list(state.parts)
            if tail:
                number = len(parts) + 1
                tag = self._bucket.put_part(data, state.assembly, number, tail)
                parts.append(Part(number, len(tail), tag))
            self._bucket.put_together(data, state.assembly, parts)
            if hashed and hashed.tags == [part.tag for part in state.parts]:
                digest = hashed.digest.copy()
                digest.update(tail)
                return Blob(digest.hexdigest(), state.end)
        digest, size = hashlib.sha256(), 0
        for piece in self._bucket.pieces(data):
            digest.update(piece)
            size += len(piece)
        return Blob(digest.hexdigest(), size)

    def _finished(self, upload: str, blob: Blob) -> Blob:
        """Drop what a finished upload needs no more; its mark stays."""
        folder = folder_of(upload)
        self._hashed.pop(upload, None)
        for entry in list(self._bucket.entries(folder)):
            if not entry.name.startswith(f"{folder}finished-"):
                self._bucket.delete(entry.name)
        return blob


@contextmanager
def _taken_if_missing() -> Iterator[None]:
    """What this connection relied on is gone: another one went further, finished or discarded."""
    try:
        yield
    except BlobMissing as error:
        raise UploadTaken from error
