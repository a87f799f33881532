"""An object of a bucket as a seekable stream that fetches only what is read."""

import io
from typing import Any

from storage.base import CHUNK, StorageError
from storage.bucket import s3_errors

_MOST_AT_ONCE = 64 * CHUNK
_TRIES = 3


class RangeReader(io.RawIOBase):
    """Asks for a range of 1 MiB where one begins to read, for longer ones when one goes on.

    So the list at the end of a ZIP costs one short request, and a film from first to last few long
    ones; the bytes come as they are read and are never all in memory. Where the line is lost in the
    middle it is asked again from there.
    """

    def __init__(
        self,
        client: Any,  # boto3 makes its clients at run time, without types
        place: dict[str, str],
        key: str,
        size: int,
    ) -> None:
        super().__init__()
        self._client, self._place, self._key, self._size = client, place, key, size
        self._position = 0
        self._body: Any = None  # the range that is on its way
        self._at, self._until, self._window = 0, 0, CHUNK

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("A position is never negative.")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:  # what the base class hands over has no common type
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._position)
        if wanted <= 0:
            return 0
        found = self._read(wanted)
        view[: len(found)] = found
        self._position += len(found)
        return len(found)

    def readall(self) -> bytes:
        pieces = []
        while (left := self._size - self._position) > 0:
            pieces.append(self._read(min(left, CHUNK)))
            self._position += len(pieces[-1])
        return b"".join(pieces)

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, wanted: int) -> bytes:
        """Some bytes at the position, at least one and at most ``wanted``."""
        for attempt in range(_TRIES):
            if self._body is None or self._at != self._position or self._at >= self._until:
                self._ask()
            try:
                with s3_errors(self._key):
                    found = bytes(self._body.read(min(wanted, self._until - self._at)))
            except (StorageError, OSError) as error:
                self._drop()
                if attempt + 1 == _TRIES:
                    raise StorageError("The line to the bucket was lost: try again.") from error
                continue
            if found:
                self._at += len(found)
                return found
            self._drop()
        raise StorageError("The bucket sent fewer bytes than it promised: try again.")

    def _ask(self) -> None:
        goes_on = self._at == self._position > 0
        self._drop()
        self._window = min(2 * self._window, _MOST_AT_ONCE) if goes_on else CHUNK
        until = min(self._position + self._window, self._size)
        with s3_errors(self._key):
            answer = self._client.get_object(
                **self._place, Range=f"bytes={self._position}-{until - 1}"
            )
        self._body, self._at, self._until = answer["Body"], self._position, until

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
