"""What every storage does alike with uploads that arrive in pieces: it hands them on."""

from collections.abc import Callable, Container
from typing import BinaryIO, Protocol

from storage.base import Blob


class Uploads(Protocol):
    """Where a storage keeps what has not arrived in full; see ``Storage`` for each promise."""

    def begin(self) -> str: ...

    def append(
        self, upload: str, source: BinaryIO, *, offset: int, accept: Callable[[], bool] | None
    ) -> int: ...

    def received(self, upload: str) -> int: ...

    def finish(self, upload: str) -> Blob: ...

    def discard(self, upload: str) -> None: ...

    def sweep(self, older_than_seconds: float, awaited: Container[str]) -> int: ...


class TakesUploads:
    """The part of a ``Storage`` that is about unfinished uploads."""

    _uploads: Uploads

    def begin(self) -> str:
        return self._uploads.begin()

    def append(
        self,
        upload: str,
        source: BinaryIO,
        *,
        offset: int,
        accept: Callable[[], bool] | None = None,
    ) -> int:
        return self._uploads.append(upload, source, offset=offset, accept=accept)

    def received(self, upload: str) -> int:
        return self._uploads.received(upload)

    def finish(self, upload: str) -> Blob:
        return self._uploads.finish(upload)

    def discard(self, upload: str) -> None:
        self._uploads.discard(upload)
