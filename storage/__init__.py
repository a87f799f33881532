"""Write-once blobs named by their content, on a local disk or on S3."""

from storage.base import (
    Blob,
    BlobMissing,
    Storage,
    StorageError,
    StorageFull,
    UploadMissing,
    UploadMoved,
    UploadRefused,
    UploadTaken,
)
from storage.copying import BlobDamaged, check_blob, copy_blob
from storage.from_url import storage_from_url
from storage.local import LocalStorage
from storage.s3 import S3Storage

__all__ = [
    "Blob",
    "BlobDamaged",
    "BlobMissing",
    "LocalStorage",
    "S3Storage",
    "Storage",
    "StorageError",
    "StorageFull",
    "UploadMissing",
    "UploadMoved",
    "UploadRefused",
    "UploadTaken",
    "check_blob",
    "copy_blob",
    "storage_from_url",
]
