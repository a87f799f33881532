"""Write-once blobs named by their content, on a local disk or on S3."""

from storage.base import Blob, BlobMissing, Storage, StorageError, StorageFull
from storage.from_url import storage_from_url
from storage.local import LocalStorage
from storage.s3 import S3Storage

__all__ = [
    "Blob",
    "BlobMissing",
    "LocalStorage",
    "S3Storage",
    "Storage",
    "StorageError",
    "StorageFull",
    "storage_from_url",
]
