"""A bucket of any S3 service in a few verbs, with its refusals in our own errors."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from storage.base import CHUNK, BlobMissing, StorageError, StorageFull

_MISSING = {"NoSuchKey", "404", "NotFound", "NoSuchUpload"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"}
_COPY_PARTS_FROM = 512 * CHUNK
"""Above this an object is copied in parts: one request for all could outlast a time limit."""


@contextmanager
def s3_errors(key: str) -> Iterator[None]:
    """Turn what the service says about ``key`` into our own errors."""
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


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in a list; ``size`` in bytes."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an object that is being put together; ``tag`` changes with its content."""

    number: int
    size: int
    tag: str


class Bucket:
    """Objects below ``prefix``, which no name here repeats."""

    def __init__(
        self,
        client: Any,  # boto3 makes its clients at run time, without types
        bucket: str,
        prefix: str,
    ) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    def put(self, name: str, body: bytes | BinaryIO) -> None:
        with s3_errors(name):
            self._client.put_object(**self._at(name), Body=body)

    def read(self, name: str) -> bytes:
        with s3_errors(name):
            return bytes(self._client.get_object(**self._at(name))["Body"].read())

    def fetch(self, name: str, target: BinaryIO) -> None:
        """Write the object to ``target``, in pieces."""
        with s3_errors(name):
            shutil.copyfileobj(self._client.get_object(**self._at(name))["Body"], target, CHUNK)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The object's bytes, from first to last."""
        with s3_errors(name):
            yield from self._client.get_object(**self._at(name))["Body"].iter_chunks(CHUNK)

    def copy(self, name: str, target: str) -> None:
        """Copy within the bucket; the bytes do not travel."""
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 - boto3 loads slowly

        in_parts = TransferConfig(
            multipart_threshold=_COPY_PARTS_FROM, multipart_chunksize=_COPY_PARTS_FROM // 2
        )
        with s3_errors(name):
            self._client.copy(self._at(name), self._bucket, self._prefix + target, Config=in_parts)

    def delete(self, name: str) -> None:
        try:
            with s3_errors(name):
                self._client.delete_object(**self._at(name))
        except BlobMissing:
            return  # some services answer 404 here

    def entries(self, start: str) -> Iterator[Entry]:
        """Every object whose name begins with ``start``."""
        with s3_errors(start):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + start
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    name = entry["Key"].removeprefix(self._prefix)
                    yield Entry(name, int(entry["Size"]), entry["LastModified"])

    def begin_parts(self, name: str) -> str:
        """Begin an object in parts; the answer is needed to add to it."""
        with s3_errors(name):
            return str(self._client.create_multipart_upload(**self._at(name))["UploadId"])

    def put_part(self, name: str, assembly: str, number: int, body: bytes | BinaryIO) -> str:
        """Add or replace a part; returns its tag."""
        with s3_errors(name):
            answer = self._client.upload_part(
                **self._at(name), UploadId=assembly, PartNumber=number, Body=body
            )
        return str(answer["ETag"]).strip('"')

    def parts(self, name: str, assembly: str) -> list[Part]:
        """The parts so far, in their order; ``BlobMissing`` when it is put together or given up."""
        with s3_errors(name):
            pages = self._client.get_paginator("list_parts").paginate(
                **self._at(name), UploadId=assembly
            )
            return [
                Part(int(part["PartNumber"]), int(part["Size"]), str(part["ETag"]).strip('"'))
                for page in pages
                for part in page.get("Parts", ())
            ]

    def put_together(self, name: str, assembly: str, parts: list[Part]) -> None:
        """Make the object of exactly these parts: refused when one was replaced meanwhile."""
        named = [{"PartNumber": part.number, "ETag": part.tag} for part in parts]
        with s3_errors(name):
            self._client.complete_multipart_upload(
                **self._at(name), UploadId=assembly, MultipartUpload={"Parts": named}
            )

    def give_up(self, name: str, assembly: str) -> None:
        """Forget the parts; repeating it is no error."""
        try:
            with s3_errors(name):
                self._client.abort_multipart_upload(**self._at(name), UploadId=assembly)
        except BlobMissing:
            return

    def assemblies(self) -> list[tuple[str, str, datetime]]:
        """Every object that is being put together: its name, its assembly, when it began."""
        with s3_errors("of an unfinished upload"):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            return [
                (each["Key"].removeprefix(self._prefix), each["UploadId"], each["Initiated"])
                for page in pages
                for each in page.get("Uploads", ())
            ]

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}
