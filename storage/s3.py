"""Blobs in a bucket of any S3 service."""

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from storage.base import (
    CHUNK,
    Blob,
    BlobMissing,
    StorageError,
    StorageFull,
    checked,
    disk_errors,
    is_key,
)

_PROBE = b"the storage answers"
_MISSING = {"NoSuchKey", "404", "NotFound"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"}
_IN_MEMORY = 8 * CHUNK


class S3Storage:
    """One object per blob: ``prefix`` + key. See ``Storage`` for what each method promises.

    Args:
        client: A boto3 S3 client.
        bucket: It must exist.
        prefix: Put before each key; ``""`` or something that ends in a slash.
    """

    def __init__(
        self,
        client: Any,  # boto3 makes its clients at run time, without types
        bucket: str,
        *,
        prefix: str = "",
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def put(self, source: BinaryIO) -> Blob:
        # The name is known only after the last byte: the bytes wait in memory or a temporary file.
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as waiting:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                with disk_errors():
                    waiting.write(chunk)
            blob = Blob(digest.hexdigest(), size)
            if self._size_or_none(blob.key) != size:
                waiting.seek(0)
                with _our_errors(blob.key):
                    # Large ones go in parts; an object appears whole or not at all.
                    self._client.upload_fileobj(waiting, self._bucket, self._name(blob.key))
        return blob

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        reader = _RangeReader(self._client, self._bucket, self._name(key), key, self.size(key))
        with io.BufferedReader(reader, CHUNK) as stream:
            yield cast("BinaryIO", stream)

    def size(self, key: str) -> int:
        with _our_errors(key):
            answer = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        return int(answer["ContentLength"])

    def delete(self, key: str) -> None:
        try:
            with _our_errors(key):
                self._client.delete_object(Bucket=self._bucket, Key=self._name(key))
        except BlobMissing:
            return  # some services answer 404 here

    def keys(self) -> Iterator[str]:
        with _our_errors("of any key"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    name = entry["Key"].removeprefix(self._prefix)
                    if is_key(name):
                        yield name

    def public_url(self, key: str, *, filename: str, seconds: int) -> str | None:
        plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
        called = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
        with _our_errors(key):
            link = self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": self._name(key),
                    "ResponseContentDisposition": called,
                    "ResponseContentType": "application/octet-stream",
                },
                ExpiresIn=seconds,
            )
        return str(link)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(prefix="blob-") as copy:
            with disk_errors(), _our_errors(key):
                self._client.download_fileobj(self._bucket, self._name(key), copy)
                copy.flush()
            yield Path(copy.name)

    def check(self) -> None:
        # Always the same object: two checks at once, or one that is killed, leave no litter.
        name = f"{self._prefix}.check"
        with _our_errors("of the check"):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=_PROBE)
            found = self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        if found != _PROBE:
            raise StorageError("The bucket does not give back what was written to it.")

    def sweep(self, older_than_seconds: float) -> int:
        limit = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        removed = 0
        with _our_errors("of an unfinished upload"):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for upload in [upload for page in pages for upload in page.get("Uploads", ())]:
                if upload["Initiated"] <= limit:
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                    removed += 1
        return removed

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)

    def _size_or_none(self, key: str) -> int | None:
        try:
            return self.size(key)
        except BlobMissing:
            return None


class _RangeReader(io.RawIOBase):
    """An object as a seekable stream: each read is one request for a range of bytes."""

    def __init__(
        self,
        client: Any,  # boto3 makes its clients at run time, without types
        bucket: str,
        name: str,
        key: str,
        size: int,
    ) -> None:
        super().__init__()
        self._client, self._bucket, self._name = client, bucket, name
        self._key, self._size, self._position = key, size, 0

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
        last = self._position + wanted - 1
        with _our_errors(self._key):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._name, Range=f"bytes={self._position}-{last}"
            )
            found = answer["Body"].read()
        if len(found) != wanted:
            raise StorageError("The bucket sent fewer bytes than it promised: try again.")
        view[:wanted] = found
        self._position += wanted
        return wanted


@contextmanager
def _our_errors(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _MISSING:
            raise BlobMissing(f"The storage has no blob {key}.") from error
        if code in _FULL:
            raise StorageFull("The bucket is full: ask who runs it for more room.") from error
        raise StorageError(f"The bucket refused: {error}") from error
    except BotoCoreError as error:
        raise StorageError(f"The bucket cannot be reached: {error}") from error
