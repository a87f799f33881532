"""Uploads to a hub whose files lie in a bucket of a real S3: cut, killed, given up, never lost."""

import base64
import hashlib
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage import S3Storage
from tests.given import Given
from tests.journeys.conftest import start_hub
from tests.seaweed import Seaweed
from tests.uploads.conftest import TUS, Teacher, signed_in, two_teachers
from tests.uploads.lines import eventually, kill_all, open_patch

MIB = 1 << 20
FILM = random.Random(8).randbytes(20 * MIB + 5)  # noqa: S311 - bytes, no secret
KEY = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def prefix(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where in the bucket every hub of this test keeps its files."""
    prefix = uuid.uuid4().hex
    where = f"s3://hub/{prefix}?endpoint_url={seaweed.endpoint}"
    monkeypatch.setenv("HUB_STORAGE_URL", where)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "hub")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hub-secret")
    return f"{prefix}/"


@pytest.fixture
def bucket(seaweed: Seaweed, prefix: str) -> S3Storage:
    """The same storage, looked at from outside."""
    return S3Storage(seaweed.client(), "hub", prefix=prefix)


@pytest.fixture
def left_over(seaweed: Seaweed, prefix: str) -> Callable[[], list[str]]:
    """What still lies there of uploads: objects, and parts of objects."""
    client, where = seaweed.client(), f"{prefix}unfinished/"

    def look() -> list[str]:
        objects = client.list_objects_v2(Bucket="hub", Prefix=where).get("Contents", ())
        parts = client.list_multipart_uploads(Bucket="hub", Prefix=where).get("Uploads", ())
        return [each["Key"] for each in (*objects, *parts)]

    return look


@pytest.fixture
def folder(arrange: Callable[[Callable[[Given], None]], Path]) -> Path:
    return arrange(two_teachers)


@pytest.fixture
def wang(folder: Path, prefix: str) -> Iterator[Teacher]:
    """At a hub that a test may kill and start again; its last process ends with the test."""
    del prefix  # the hub must find it in its environment
    process, hub = start_hub(folder)
    with signed_in(hub, "wangmin") as teacher:
        teacher.process = process
        yield teacher
        kill_all(teacher.process)


@pytest.mark.long
def test_after_a_cut_line_and_a_killed_server_a_film_lies_whole_in_the_bucket(
    wang: Teacher, folder: Path, bucket: S3Storage, left_over: Callable[[], list[str]]
) -> None:
    url = wang.begin(len(FILM))
    line = open_patch(wang, url, 0, len(FILM))
    line.sendall(FILM[:2_345_678])
    line.close()
    eventually(lambda: wang.offset(url), 2_345_678)

    line = open_patch(wang, url, 2_345_678, len(FILM) - 2_345_678)
    line.sendall(FILM[2_345_678 : 10 * MIB])
    eventually(lambda: bucket.received(url.rsplit("/", 1)[1]), 8 * MIB)  # the first part is safe
    kill_all(wang.process)
    line.close()
    wang.process, wang.hub = start_hub(folder)
    url = wang.hub.url + urlsplit(url).path
    assert wang.offset(url) == 8 * MIB

    assert wang.send(url, 0, FILM[:9]).status_code == 409
    last = wang.send(url, 8 * MIB, FILM[8 * MIB :])

    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(FILM)))
    assert wang.offset(url) == len(FILM)
    assert wang.files() == [("film.mp4", KEY)]
    with bucket.open(KEY) as stored:
        assert stored.read() == FILM
    assert left_over() == []


def test_in_a_bucket_too_a_damaged_piece_is_thrown_away_and_what_is_given_up_leaves_nothing(
    wang: Teacher, left_over: Callable[[], list[str]]
) -> None:
    url = wang.begin(len(FILM))
    right = base64.b64encode(hashlib.sha256(FILM[: 9 * MIB]).digest()).decode()
    wang.session.headers["Upload-Checksum"] = f"sha256 {right}"

    damaged = wang.send(url, 0, FILM[1 : 9 * MIB + 1])
    kept = wang.offset(url)
    good = wang.send(url, 0, FILM[: 9 * MIB])
    assert left_over() != []
    gone = wang.session.delete(url, headers=TUS, timeout=20)

    assert (damaged.status_code, kept) == (460, 0)
    assert (good.status_code, good.headers["Upload-Offset"]) == (204, str(9 * MIB))
    assert gone.status_code == 204
    assert wang.session.head(url, headers=TUS, timeout=20).status_code == 404
    assert left_over() == []
