"""Blobs in a bucket of any S3 service."""

import hashlib
import io
import re
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from storage.base import (
    CHUNK,
    DAY,
    Blob,
    BlobMissing,
    StorageError,
    checked,
    disk_errors,
    is_key,
)
from storage.bucket import Bucket, s3_errors
from storage.s3_reader import RangeReader
from storage.s3_unfinished import S3Uploads
from storage.s3_upload_state import upload_of
from storage.taking_uploads import TakesUploads, Uploads

_PROBE = b"the storage answers"
_IN_MEMORY = 8 * CHUNK


class S3Storage(TakesUploads):
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
        self._objects = Bucket(client, bucket, prefix)
        self._uploads: Uploads = S3Uploads(self._objects, self._place)

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
            waiting.seek(0)
            self._place(cast("BinaryIO", waiting), blob)
        return blob

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        place = {"Bucket": self._bucket, "Key": self._name(key)}
        reader = RangeReader(self._client, place, key, self.size(key))
        with io.BufferedReader(reader, CHUNK) as stream:
            yield cast("BinaryIO", stream)

    def size(self, key: str) -> int:
        with s3_errors(key):
            answer = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        return int(answer["ContentLength"])

    def delete(self, key: str) -> None:
        try:
            with s3_errors(key):
                self._client.delete_object(Bucket=self._bucket, Key=self._name(key))
        except BlobMissing:
            return  # some services answer 404 here

    def keys(self) -> Iterator[str]:
        with s3_errors("of any key"):
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
        with s3_errors(key):
            link = self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": self._name(key),
                    "ResponseContentDisposition": called,
                    "ResponseContentType": "application/octet-stream",
                    "ResponseCacheControl": "private, no-cache",
                },
                ExpiresIn=seconds,
            )
        return str(link)

    def path_in_folder(self, key: str) -> str | None:
        self.size(key)  # raises when it is missing
        return None

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(prefix="blob-") as copy:
            with disk_errors(), s3_errors(key):
                self._client.download_fileobj(self._bucket, self._name(key), copy)
                copy.flush()
            yield Path(copy.name)

    def check(self) -> None:
        # Always the same object: two checks at once, or one that is killed, leave no litter.
        name = f"{self._prefix}.check"
        with s3_errors("of the check"):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=_PROBE)
            found = self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        if found != _PROBE:
            raise StorageError("The bucket does not give back what was written to it.")

    def sweep(
        self,
        older_than_seconds: float,
        *,
        unfinished_seconds: float = 7 * DAY,
        awaited: Container[str] = (),
    ) -> int:
        limit = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        removed = 0
        for name, assembly, began in self._objects.assemblies():
            if upload_of(name) is None and began <= limit:
                self._objects.give_up(name, assembly)
                removed += 1
        return removed + self._uploads.sweep(unfinished_seconds, awaited)

    def _place(self, source: BinaryIO, blob: Blob) -> None:
        """Store ``source`` as ``blob``, also where it is there: it may be damaged."""
        with s3_errors(blob.key):
            # Large ones go in parts; an object appears whole or not at all.
            self._client.upload_fileobj(source, self._bucket, self._name(blob.key))

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)
