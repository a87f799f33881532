"""What stands between a line and the storage: bounds, checks, and sentences for people."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from resource_hub.domain.errors import N_, TooLarge, Unavailable
from resource_hub.domain.uploads import (
    EDGE,
    Announcement,
    UploadDamaged,
    UploadMoved,
    UploadTaken,
)
from resource_hub.files import FileType, detect
from resource_hub.models import Upload
from resource_hub.services.queries.uploads import announced
from resource_hub.services.uploading import DISK_FULL, NOT_STORED
from storage import Blob, BlobMissing, Storage, StorageError, StorageFull
from storage import UploadMissing as StorageMissing
from storage import UploadMoved as StorageMoved
from storage import UploadRefused as StorageRefused
from storage import UploadTaken as StorageTaken


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload as its sender needs to know it; sizes in bytes."""

    id: str
    revision_id: int
    file: Announcement
    received: int
    expires_at: datetime
    is_finished: bool = False

    @property
    def size(self) -> int | None:
        return self.file.size


def begun_of(upload: Upload) -> Begun:
    return Begun(
        id=upload.id,
        revision_id=upload.revision_id,
        file=announced(upload),
        received=upload.received,
        expires_at=upload.expires_at,
        is_finished=upload.blob_key is not None,
    )


class _AtMost:
    """A source that gives ``most`` bytes and refuses when there are more."""

    def __init__(self, source: BinaryIO, most: int) -> None:
        self._source = source
        self._left = most

    def read(self, size: int = -1) -> bytes:
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        piece = self._source.read(wanted)
        if len(piece) > self._left:
            raise TooLarge(N_("More was sent than had been announced. Choose the file again."))
        self._left -= len(piece)
        return piece


def at_most(source: BinaryIO, most: int) -> BinaryIO:
    """The same source, which raises ``TooLarge`` in place of the byte after ``most``."""
    return cast(BinaryIO, _AtMost(source, most))  # it can do all that is asked of it: read


def looked_at(storage: Storage, blob: Blob, file: Announcement) -> tuple[bool, FileType]:
    """Whether the blob is what was announced, as far as that was said, and its type."""
    with storage.open(blob.key) as stream:
        same = file.whole in {"", blob.key}
        if file.first:
            same = same and _sha256(stream) == file.first
        if file.last:
            stream.seek(max(0, blob.size - EDGE))
            same = same and _sha256(stream) == file.last
        stream.seek(0)
        return same, detect(stream, file.filename)


def _sha256(stream: BinaryIO) -> str:
    return hashlib.sha256(stream.read(EDGE)).hexdigest()


@contextmanager
def our_words() -> Iterator[None]:
    """What the storage refuses, in sentences for people; what is missing stays what it is."""
    try:
        yield
    except (StorageMissing, BlobMissing):
        raise
    except StorageMoved as error:
        raise UploadMoved(
            N_("The upload goes on at byte %(offset)s."), offset=error.offset
        ) from error
    except StorageTaken as error:
        raise UploadTaken(N_("This file is being sent from another window.")) from error
    except StorageRefused as error:
        raise UploadDamaged(N_("What arrived was damaged on its way. Send it again.")) from error
    except StorageFull as error:
        raise TooLarge(DISK_FULL) from error
    except StorageError as error:
        raise Unavailable(NOT_STORED) from error
