"""What a bucket adds to uploads: kills between two requests, and parts that nobody wants."""

import hashlib
import io
import uuid
from collections.abc import Callable

import pytest

from storage import Blob, S3Storage, UploadMissing
from storage.bucket import Bucket
from tests.seaweed import Seaweed

MIB = 1024 * 1024
FILM = hashlib.shake_256(b"film").digest(9 * MIB + 5)
BLOB = Blob(hashlib.sha256(FILM).hexdigest(), len(FILM))


@pytest.fixture
def opened_again(seaweed: Seaweed) -> Callable[[], S3Storage]:
    client, prefix = seaweed.client(), f"{uuid.uuid4().hex}/"
    return lambda: S3Storage(client, "hub", prefix=prefix)


def names(storage: S3Storage) -> list[str]:
    return sorted(entry.name for entry in storage._objects.entries(""))


@pytest.mark.long
@pytest.mark.parametrize("verb", ["put_part", "put_together", "copy", "put", "give_up", "delete"])
@pytest.mark.parametrize("before", [True, False])
def test_a_finish_that_was_killed_is_finished_by_another_process(
    opened_again: Callable[[], S3Storage],
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    *,
    before: bool,
) -> None:
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM), offset=0)
    real = getattr(Bucket, verb)

    def killed(self: Bucket, *args: object) -> None:
        if not before:
            real(self, *args)
        raise KeyboardInterrupt

    monkeypatch.setattr(Bucket, verb, killed)
    with pytest.raises(KeyboardInterrupt):
        storage.finish(upload)
    monkeypatch.undo()

    again = opened_again()
    assert again.received(upload) == len(FILM)
    assert again.finish(upload) == BLOB
    with again.open(BLOB.key) as stream:
        assert stream.read() == FILM
    again.discard(upload)
    assert names(again) == [BLOB.key]
    assert again._objects.assemblies() == []


def test_the_other_process_may_also_go_on(
    opened_again: Callable[[], S3Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tail has become a part that is too small to be followed by another."""
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM[: 8 * MIB + 1]), offset=0)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Bucket, "put_together", killed)
    with pytest.raises(KeyboardInterrupt):
        storage.finish(upload)
    monkeypatch.undo()

    again = opened_again()
    assert again.received(upload) == 8 * MIB + 1
    again.append(upload, io.BytesIO(FILM[8 * MIB + 1 :]), offset=8 * MIB + 1)
    assert again.finish(upload) == BLOB


def test_a_part_that_was_replaced_meanwhile_is_not_named_by_the_old_hash(
    opened_again: Callable[[], S3Storage],
) -> None:
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM), offset=0)
    [(name, assembly, _)] = storage._objects.assemblies()
    storage._objects.put_part(name, assembly, 1, bytes(8 * MIB))

    blob = storage.finish(upload)

    # Of two parts that came in the same second, a service may take either one.
    with storage.open(blob.key) as stream:
        content = stream.read()
    assert content in {FILM, bytes(8 * MIB) + FILM[8 * MIB :]}
    assert blob == Blob(hashlib.sha256(content).hexdigest(), len(content))


def test_an_upload_that_the_service_gave_up_is_missing(
    opened_again: Callable[[], S3Storage],
) -> None:
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM), offset=0)
    [(name, assembly, _)] = storage._objects.assemblies()
    storage._objects.give_up(name, assembly)
    with pytest.raises(UploadMissing, match="gave up"):
        storage.received(upload)


def test_an_upload_that_was_killed_while_it_began_is_swept(
    opened_again: Callable[[], S3Storage],
) -> None:
    storage = opened_again()
    storage._objects.begin_parts(f"unfinished/{'a' * 32}/data")
    assert storage.sweep(0) == 0
    assert storage.sweep(0, unfinished_seconds=0) == 1
    assert storage._objects.assemblies() == []
