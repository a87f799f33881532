"""What a bucket adds: links, prefixes, ranges, and a service that says no."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from storage import S3Storage, StorageError, StorageFull

Client = Any  # boto3 makes its clients at run time, without types


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="hub")
        yield client


def test_a_link_offers_the_file_under_its_chinese_name(client: Client) -> None:
    storage = S3Storage(client, "hub", prefix="blobs/")
    key = storage.put(io.BytesIO(b"lava")).key
    link = storage.public_url(key, filename='静夜思 "1".docx', seconds=90)
    assert link is not None
    asked = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path.endswith(f"blobs/{key}")
    assert asked["response-content-disposition"] == [
        (
            'attachment; filename="___ _1_.docx"; '
            "filename*=UTF-8''%E9%9D%99%E5%A4%9C%E6%80%9D%20%221%22.docx"
        )
    ]
    assert asked["response-content-type"] == ["application/octet-stream"]


def test_storing_again_heals_an_object_that_was_damaged(client: Client) -> None:
    storage = S3Storage(client, "hub")
    key = storage.put(io.BytesIO(b"lava")).key
    client.put_object(Bucket="hub", Key=key, Body=b"la?a")
    storage.put(io.BytesIO(b"lava"))
    with storage.open(key) as stream:
        assert stream.read() == b"lava"


def test_two_prefixes_do_not_see_each_other(client: Client) -> None:
    one, two = S3Storage(client, "hub", prefix="one/"), S3Storage(client, "hub", prefix="two/")
    key = one.put(io.BytesIO(b"lava")).key
    assert list(one.keys()) == [key]
    assert list(two.keys()) == []
    assert client.list_objects_v2(Bucket="hub")["Contents"][0]["Key"] == f"one/{key}"


def test_more_keys_than_a_page_holds_are_all_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    storage = S3Storage(client, "hub")
    wanted = {f"{number:064x}" for number in range(5)}
    for key in wanted:
        client.put_object(Bucket="hub", Key=key, Body=b"")
    assert set(storage.keys()) == wanted


def test_an_unfinished_upload_is_swept(client: Client) -> None:
    client.create_multipart_upload(Bucket="hub", Key="blobs/" + "a" * 64)
    client.create_multipart_upload(Bucket="hub", Key="others/" + "a" * 64)
    storage = S3Storage(client, "hub", prefix="blobs/")
    assert storage.sweep(older_than_seconds=3600) == 1
    assert storage.sweep(older_than_seconds=3600) == 0


@pytest.mark.parametrize("code", ["QuotaExceeded", "InsufficientStorage", "XMinioStorageFull"])
def test_a_bucket_that_is_full_is_said(client: Client, code: str) -> None:
    storage = S3Storage(client, "hub")
    with Stubber(client) as service:
        service.add_client_error("put_object", code, http_status_code=507)
        with pytest.raises(StorageFull, match="The bucket is full: ask who runs it"):
            storage.put(io.BytesIO(b"lava"))
    assert list(storage.keys()) == []


def test_a_bucket_that_is_not_there_is_said(client: Client) -> None:
    storage = S3Storage(client, "nowhere")
    with pytest.raises(StorageError, match=r"The bucket refused: .*NoSuchBucket"):
        storage.check()
    with pytest.raises(StorageError, match=r"The bucket refused: .*NoSuchBucket"):
        storage.put(io.BytesIO(b"lava"))
    with pytest.raises(StorageError, match=r"The bucket refused: .*NoSuchBucket"):
        list(storage.keys())
