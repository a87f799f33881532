"""What the objects of a bucket say of an upload that is not finished.

S3 takes parts of 5 MiB or more and gives none back before all are put together. So full parts go
into an assembly, what is left over becomes an object ``tail-<where it begins>-<its size>``, and
the next connection begins by fetching it. All that is known of an upload is in the names of its
objects; none of them is ever replaced by less, so that a request that comes late takes no byte
away. ``owner`` says whose connection may write; it is asked before each part.
"""

from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import quote, unquote

from storage.base import CHUNK, Blob, BlobMissing, UploadMissing, checked_upload
from storage.bucket import Bucket, Part

PART = 8 * CHUNK
"""Bytes of every part but the last; 10,000 of them, which S3 allows, are 80 GB."""

FOLDER = "unfinished/"


@dataclass(slots=True)
class UploadState:
    """What a look at the bucket says of one upload."""

    folder: str
    assembly: str
    parts: list[Part]
    tail: str | None
    end: int
    complete: bool = False
    """All parts are put together already; only the name of the blob is missing."""

    @property
    def begin_of_tail(self) -> int:
        return len(self.parts) * PART


def begin_upload(bucket: Bucket, upload: str) -> None:
    """Make what ``look`` finds: an assembly, and its name."""
    assembly = bucket.begin_parts(data_of(upload))
    bucket.put(f"{folder_of(upload)}begun-{quote(assembly, safe='')}", b"")


def look(bucket: Bucket, upload: str) -> UploadState | Blob:
    """What is known of the upload; a blob once it is finished."""
    folder = folder_of(upload)
    entries = list(bucket.entries(folder))
    names = [entry.name for entry in entries]
    for name in names:
        if name.startswith(f"{folder}finished-"):
            _, key, size = name.removeprefix(folder).split("-")
            return Blob(key, int(size))
    begun = next((name for name in names if name.startswith(f"{folder}begun-")), None)
    if begun is None:
        raise UploadMissing("There is no such upload.")
    assembly = assembly_of(begun)
    try:
        found = bucket.parts(data_of(upload), assembly)
    except BlobMissing:
        return _look_at_whole(bucket, upload, assembly)
    # A last part that is smaller comes from a finish that was killed: the tail is still there.
    whole = (part.size == PART and part.number == number for number, part in enumerate(found, 1))
    parts = [part for part, _ in zip(found, takewhile(bool, whole), strict=False)]
    state = UploadState(folder, assembly, parts, tail=None, end=len(parts) * PART)
    for name in names:
        if name.startswith(f"{folder}tail-{state.begin_of_tail}-"):
            end = state.begin_of_tail + int(name.rsplit("-", 1)[1])
            if end > state.end:
                state.tail, state.end = name, end
    return state


def _look_at_whole(bucket: Bucket, upload: str, assembly: str) -> UploadState | Blob:
    """The upload after its parts were put together, or given up by the service."""
    folder = folder_of(upload)
    entries = {entry.name: entry for entry in bucket.entries(folder)}
    if any(name.startswith(f"{folder}finished-") for name in entries):
        return look(bucket, upload)
    if (whole := entries.get(data_of(upload))) is None:
        raise UploadMissing("There is no such upload: the service gave up its parts.")
    return UploadState(folder, assembly, [], None, whole.size, complete=True)


def folder_of(upload: str) -> str:
    return f"{FOLDER}{checked_upload(upload)}/"


def data_of(upload: str) -> str:
    """The object that is put together."""
    return f"{folder_of(upload)}data"


def assembly_of(begun: str) -> str:
    """Which assembly the object of this name speaks of."""
    return unquote(begun.rsplit("/begun-", 1)[1])


def upload_of(name: str) -> str | None:
    """To which upload an object belongs, if to any."""
    return name.split("/")[1] if name.startswith(FOLDER) else None
