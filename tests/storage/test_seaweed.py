"""What only a real S3 shows: links, permissions, and lines that break on the way to it."""

import hashlib
import io
import tracemalloc
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from storage import Blob, S3Storage, StorageError
from tests.seaweed import Seaweed
from tests.storage.cutting_proxy import CuttingProxy, cutting_proxy

MIB = 1024 * 1024
FILM = hashlib.shake_256(b"film").digest(20 * MIB + 5)
FILM_KEY = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def prefix() -> str:
    return f"{uuid.uuid4().hex}/"


@pytest.fixture
def storage(seaweed: Seaweed, prefix: str) -> S3Storage:
    return S3Storage(seaweed.client(), "hub", prefix=prefix)


@pytest.fixture
def proxy(seaweed: Seaweed) -> Iterator[CuttingProxy]:
    with cutting_proxy(seaweed.endpoint) as running:
        yield running


@pytest.fixture
def far(seaweed: Seaweed, proxy: CuttingProxy, prefix: str) -> S3Storage:
    """The same storage at the other end of a line that a test can cut."""
    client = replace(seaweed, endpoint=proxy.endpoint).client()
    return S3Storage(client, "hub", prefix=prefix)


def fetch(link: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with urlopen(Request(link, headers=headers)) as answer:  # noqa: S310 - our own link
        return answer.status, dict(answer.headers), answer.read()


def refusal(link: str) -> int:
    with pytest.raises(HTTPError) as caught:
        fetch(link)
    caught.value.close()
    return caught.value.code


def test_a_link_fetches_the_file_under_its_chinese_name(storage: S3Storage) -> None:
    key = storage.put(io.BytesIO(b"0123456789")).key
    link = storage.public_url(key, filename="静夜思 “一”.docx", seconds=60)
    assert link is not None
    status, headers, content = fetch(link)
    assert (status, content) == (200, b"0123456789")
    assert headers["Content-Disposition"] == (
        'attachment; filename="___ ___.docx"; '
        "filename*=UTF-8''%E9%9D%99%E5%A4%9C%E6%80%9D%20%E2%80%9C%E4%B8%80%E2%80%9D.docx"
    )
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Cache-Control"] == "private, no-cache"
    status, headers, content = fetch(link, Range="bytes=2-4")
    assert (status, headers["Content-Range"], content) == (206, "bytes 2-4/10", b"234")


def test_a_link_is_worth_nothing_when_it_is_old_or_changed(
    storage: S3Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (storage.put(io.BytesIO(content)).key for content in (b"one", b"other"))
    link = storage.public_url(one, filename="a.txt", seconds=60)
    assert link is not None
    assert refusal(link.replace(one, other)) == 403
    yesterday = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: yesterday)
    old = storage.public_url(one, filename="a.txt", seconds=60)
    assert old is not None
    assert refusal(old) == 403


def test_who_may_only_read_is_told_so(seaweed: Seaweed, storage: S3Storage, prefix: str) -> None:
    key = storage.put(io.BytesIO(b"lava")).key
    upload = storage.begin()
    reader = S3Storage(seaweed.client("reader"), "hub", prefix=prefix)
    with reader.open(key) as stream:
        assert stream.read() == b"lava"
    said = r"^The bucket refused: .*AccessDenied"
    with pytest.raises(StorageError, match=said):
        reader.put(io.BytesIO(b"more"))
    with pytest.raises(StorageError, match=said):
        reader.check()
    with pytest.raises(StorageError, match=said):
        reader.delete(key)
    with pytest.raises(StorageError, match=said):
        reader.begin()
    with pytest.raises(StorageError, match=said):
        reader.append(upload, io.BytesIO(b"more"), offset=0)
    assert list(storage.keys()) == [key]
    stranger = S3Storage(seaweed.client("nobody"), "hub", prefix=prefix)
    with pytest.raises(StorageError, match=r"^The bucket refused: "), stranger.open(key):
        pass


def test_a_few_bytes_of_a_film_do_not_fetch_the_film(
    storage: S3Storage, far: S3Storage, proxy: CuttingProxy
) -> None:
    storage.put(io.BytesIO(FILM))
    with far.open(FILM_KEY) as stream:
        stream.seek(15 * MIB)
        assert stream.read(100) == FILM[15 * MIB : 15 * MIB + 100]
        stream.seek(-10, io.SEEK_END)
        assert stream.read() == FILM[-10:]
    assert proxy.fetched < 1.5 * MIB


def test_reading_goes_on_after_the_line_was_lost(
    storage: S3Storage, far: S3Storage, proxy: CuttingProxy
) -> None:
    storage.put(io.BytesIO(FILM))
    proxy.cut_next(times=4, fetched=3 * MIB)
    with far.open(FILM_KEY) as stream:
        found = b"".join(iter(lambda: stream.read(300_000), b""))
    assert found == FILM


def test_memory_stays_flat_however_large_the_object(storage: S3Storage) -> None:
    storage.put(io.BytesIO(FILM))
    tracemalloc.start()
    try:
        with storage.open(FILM_KEY) as stream:
            size = sum(len(piece) for piece in iter(lambda: stream.read(256 * 1024), b""))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == len(FILM)
    assert peak < 6 * MIB


def test_a_line_that_stays_lost_is_said(
    storage: S3Storage, far: S3Storage, proxy: CuttingProxy
) -> None:
    storage.put(io.BytesIO(FILM))
    with far.open(FILM_KEY) as stream:
        assert stream.read(10) == FILM[:10]
        proxy.cut_next(times=30, fetched=0)
        with pytest.raises(StorageError, match=r"^The (line to the bucket was lost|bucket cannot)"):
            stream.read()


def test_a_blob_whose_line_was_lost_is_sent_again_or_not_there(
    storage: S3Storage, far: S3Storage, proxy: CuttingProxy
) -> None:
    proxy.cut_next(times=1, sent=2 * MIB)
    assert far.put(io.BytesIO(FILM)) == Blob(FILM_KEY, len(FILM))
    storage.delete(FILM_KEY)
    proxy.cut_next(times=100, sent=2 * MIB)
    with pytest.raises(StorageError, match=r"^The bucket cannot be reached"):
        far.put(io.BytesIO(FILM))
    assert list(storage.keys()) == []


def test_an_upload_goes_on_after_the_line_to_the_bucket_was_lost(
    storage: S3Storage, far: S3Storage, proxy: CuttingProxy
) -> None:
    upload = storage.begin()
    assert far.append(upload, io.BytesIO(FILM[: 9 * MIB]), offset=0) == 9 * MIB
    proxy.cut_next(times=100, sent=2 * MIB)
    with pytest.raises(StorageError, match=r"^The bucket cannot be reached"):
        far.append(upload, io.BytesIO(FILM[9 * MIB :]), offset=9 * MIB)
    offset = storage.received(upload)
    assert offset == 9 * MIB
    storage.append(upload, io.BytesIO(FILM[offset:]), offset=offset)
    assert storage.finish(upload) == Blob(FILM_KEY, len(FILM))
    with storage.open(FILM_KEY) as stream:
        assert stream.read() == FILM
