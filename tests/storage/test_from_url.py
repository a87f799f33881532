"""From a URL to a storage, and what is said when it is none."""

import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from moto import mock_aws

from storage import LocalStorage, S3Storage, StorageError, storage_from_url

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def keys_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")


def test_a_file_url_is_a_folder_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "资源 1"
    storage = storage_from_url(f"file://{quote(str(folder))}")
    assert isinstance(storage, LocalStorage)
    assert not folder.exists()
    storage.put(io.BytesIO(b"lava"))
    assert folder.is_dir()


def test_an_s3_url_is_a_bucket_with_a_prefix() -> None:
    with mock_aws():
        storage = storage_from_url("s3://hub/some/blobs/?region=eu-west-1")
        assert isinstance(storage, S3Storage)
        storage._client.create_bucket(
            Bucket="hub", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        key = storage.put(io.BytesIO(b"lava")).key
        assert list(storage.keys()) == [key]
        names = storage._client.list_objects_v2(Bucket="hub")["Contents"]
        assert [entry["Key"] for entry in names] == [f"some/blobs/{key}"]
        assert storage._client.meta.config.request_checksum_calculation == "when_supported"


def test_another_service_gets_plain_bodies_and_paths() -> None:
    storage = storage_from_url("s3://hub?endpoint_url=http%3A%2F%2F127.0.0.1%3A8333")
    assert isinstance(storage, S3Storage)
    settings = storage._client.meta.config
    assert settings.request_checksum_calculation == "when_required"
    assert settings.response_checksum_validation == "when_required"
    assert settings.s3["addressing_style"] == "path"
    link = storage.public_url("a" * 64, filename="a.txt", seconds=60)
    assert link is not None
    assert link.startswith(f"http://127.0.0.1:8333/hub/{'a' * 64}?")


def test_a_service_that_is_down_is_said() -> None:
    storage = storage_from_url("s3://hub?endpoint_url=http://127.0.0.1:9")
    assert isinstance(storage, S3Storage)
    with pytest.raises(StorageError, match="The bucket cannot be reached: "):
        storage.check()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "A storage URL begins with file:/// or s3://."),
        ("ftp://host/blobs", "A storage URL begins with file:/// or s3://."),
        ("file://blobs", "A file URL has three slashes: file:///absolute/path."),
        ("file:blobs", "A file URL has three slashes: file:///absolute/path."),
        ("s3:///prefix", "An S3 URL names its bucket: s3://bucket/prefix."),
        (
            "s3://hub?regoin=x&colour=y",
            "An S3 URL takes endpoint_url and region, but not: colour, regoin.",
        ),
        (
            "s3://hub?endpoint_url=localhost:8333",
            "The endpoint_url of an S3 URL begins with http:// or https://.",
        ),
    ],
)
def test_a_wrong_url_says_what_is_wrong(url: str, said: str) -> None:
    with pytest.raises(StorageError) as caught:
        storage_from_url(url)
    assert str(caught.value) == said


def test_a_hub_on_disk_does_not_wait_for_boto3(tmp_path: Path) -> None:
    program = (
        "import sys, storage; storage.storage_from_url(sys.argv[1]); print('boto3' in sys.modules)"
    )
    answer = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, f"file://{tmp_path}"],
        cwd=CHECKOUT, env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout == "False\n"
