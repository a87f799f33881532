"""Every storage that must keep the same promises: a disk, moto's S3 and a real one."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from storage import LocalStorage, S3Storage, Storage

Opener = Callable[[], Storage]


@pytest.fixture(params=["disk", "moto", "seaweed"])
def opened_again(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opener]:
    """Open the same storage once more, as another process would."""
    if request.param != "moto":
        yield _opener(request, tmp_path)
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="hub")
        yield lambda: S3Storage(client, "hub", prefix="blobs/")


@pytest.fixture(params=["disk", "seaweed"])
def opened_by_many(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """The same, for tests with many threads at once, which moto does not bear."""
    return _opener(request, tmp_path)


@pytest.fixture
def storage(opened_again: Opener) -> Storage:
    return opened_again()


def _opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    if request.param == "disk":
        return lambda: LocalStorage(tmp_path / "data" / "blobs")
    client = request.getfixturevalue("seaweed").client()
    prefix = f"{uuid.uuid4().hex}/"  # one service for all tests, a place of its own for each
    return lambda: S3Storage(client, "hub", prefix=prefix)
