"""From the URL of the settings to a storage."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from storage.base import Storage, StorageError
from storage.local import LocalStorage
from storage.s3 import S3Storage

_AWS = ".amazonaws.com"


def storage_from_url(url: str) -> Storage:
    """Make the storage that ``url`` describes; nothing is contacted or created yet.

    Args:
        url: ``file:///absolute/path`` (percent-encoded where needed) or
            ``s3://bucket/prefix?endpoint_url=…&region=…`` (prefix and both parameters optional).
            The keys of S3 come from where boto3 always looks: environment, files, machine role.

    Raises:
        StorageError: the URL is none of these; the text says what is wrong with it.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
            raise StorageError("A file URL has three slashes: file:///absolute/path.")
        return LocalStorage(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        return _bucket(parts.netloc, parts.path, parts.query)
    raise StorageError("A storage URL begins with file:/// or s3://.")


def _bucket(bucket: str, path: str, query: str) -> Storage:
    import boto3  # noqa: PLC0415 - takes a quarter of a second, which a hub on disk need not wait
    from botocore.config import Config  # noqa: PLC0415 - the same

    options = {name: values[-1] for name, values in parse_qs(query).items()}
    endpoint, region = options.pop("endpoint_url", None), options.pop("region", None)
    if not bucket:
        raise StorageError("An S3 URL names its bucket: s3://bucket/prefix.")
    if options:
        names = ", ".join(sorted(options))
        raise StorageError(f"An S3 URL takes endpoint_url and region, but not: {names}.")
    if endpoint is not None and urlsplit(endpoint).scheme not in {"http", "https"}:
        raise StorageError("The endpoint_url of an S3 URL begins with http:// or https://.")
    foreign = endpoint is not None and not (urlsplit(endpoint).hostname or "").endswith(_AWS)
    # Other services may store boto3's checksum trailers as if they were content, and seldom have
    # a host name per bucket.
    checksums = "when_required" if foreign else "when_supported"
    settings = Config(
        connect_timeout=5,  # seconds
        read_timeout=60,  # seconds
        retries={"mode": "standard", "total_max_attempts": 4},
        signature_version="s3v4",
        request_checksum_calculation=checksums,
        response_checksum_validation=checksums,
        s3={"addressing_style": "path" if foreign else "auto"},
    )
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or ("us-east-1" if foreign else None),
        config=settings,
    )
    prefix = unquote(path).strip("/")
    return S3Storage(client, bucket, prefix=f"{prefix}/" if prefix else "")
