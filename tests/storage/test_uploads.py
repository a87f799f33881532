"""What every storage promises of uploads that arrive in several connections."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import (
    Blob,
    Storage,
    StorageError,
    UploadMissing,
    UploadMoved,
    UploadRefused,
    UploadTaken,
)
from tests.storage.conftest import Opener
from tests.storage.lines import CutLine, HungLine, line

MIB = 1024 * 1024
FILM = hashlib.shake_256(b"film").digest(20 * MIB + 5)
FILM_KEY = hashlib.sha256(FILM).hexdigest()
UNKNOWN = "0" * 32


def content_of(storage: Storage, key: str) -> bytes:
    with storage.open(key) as stream:
        return stream.read()


def test_what_arrives_in_pieces_comes_out_whole(storage: Storage) -> None:
    upload = storage.begin()
    assert storage.received(upload) == 0
    assert storage.append(upload, io.BytesIO(b"la"), offset=0) == 2
    assert storage.received(upload) == 2
    assert storage.append(upload, io.BytesIO(b"v"), offset=2) == 3
    assert storage.append(upload, io.BytesIO(b"a"), offset=3) == 4
    assert list(storage.keys()) == []
    blob = storage.finish(upload)
    assert blob == Blob(hashlib.sha256(b"lava").hexdigest(), 4)
    assert content_of(storage, blob.key) == b"lava"
    assert list(storage.keys()) == [blob.key]
    assert storage.size(blob.key) == 4


def test_each_upload_has_a_name_of_its_own(storage: Storage) -> None:
    one, two = storage.begin(), storage.begin()
    assert len(one) == len(two) == 32
    storage.append(one, io.BytesIO(b"one"), offset=0)
    assert storage.received(two) == 0


def test_a_film_survives_any_division_and_any_number_of_processes(opened_again: Opener) -> None:
    upload, end = opened_again().begin(), 0
    for size in (3 * MIB, 9 * MIB, 1, 5 * MIB, len(FILM)):
        process = opened_again()
        assert process.received(upload) == end
        piece = FILM[end : end + size]
        end += len(piece)
        assert process.append(upload, io.BytesIO(piece), offset=end - len(piece)) == end
    storage = opened_again()
    assert storage.finish(upload) == Blob(FILM_KEY, len(FILM))
    assert content_of(storage, FILM_KEY) == FILM


def test_a_film_in_one_process_is_the_same(storage: Storage) -> None:
    upload = storage.begin()
    for start in range(0, len(FILM), 7 * MIB):
        storage.append(upload, io.BytesIO(FILM[start : start + 7 * MIB]), offset=start)
    assert storage.finish(upload) == Blob(FILM_KEY, len(FILM))
    assert content_of(storage, FILM_KEY) == FILM


def test_the_empty_upload_is_the_empty_blob(storage: Storage) -> None:
    upload = storage.begin()
    assert storage.append(upload, io.BytesIO(), offset=0) == 0
    blob = storage.finish(upload)
    assert blob == Blob(hashlib.sha256().hexdigest(), 0)
    assert content_of(storage, blob.key) == b""


@pytest.mark.parametrize("offset", [0, 3, 5])
def test_bytes_for_another_place_are_not_even_read(storage: Storage, offset: int) -> None:
    upload = storage.begin()
    storage.append(upload, io.BytesIO(b"lava"), offset=0)
    source = io.BytesIO(b"more")
    with pytest.raises(UploadMoved, match=r"^The upload ends at 4 bytes") as caught:
        storage.append(upload, source, offset=offset)
    assert caught.value.offset == 4
    assert source.tell() == 0


@pytest.mark.parametrize("size", [0, 5, 9 * MIB + 7])
def test_a_cut_line_keeps_what_arrived(opened_again: Opener, size: int) -> None:
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM[:11]), offset=0)
    with pytest.raises(ConnectionResetError, match="the line was cut"):
        storage.append(upload, line(CutLine(FILM[11 : 11 + size])), offset=11)
    assert storage.received(upload) == opened_again().received(upload) == 11 + size
    storage.append(upload, io.BytesIO(FILM[11 + size :]), offset=11 + size)
    assert storage.finish(upload) == Blob(FILM_KEY, len(FILM))
    assert content_of(storage, FILM_KEY) == FILM


def test_a_new_connection_takes_over_from_one_that_hangs(storage: Storage) -> None:
    upload, hung = storage.begin(), HungLine(FILM[: 9 * MIB], late=b"of the old connection")
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(storage.append, upload, line(hung), offset=0)
        assert hung.hangs.wait(30)
        offset = storage.received(upload)
        end = storage.append(upload, io.BytesIO(FILM[offset:]), offset=offset)
        assert end == len(FILM)
        assert not older.done()
        hung.goes_on.set()
        with pytest.raises(UploadTaken, match="A newer connection"):
            older.result(30)
    assert storage.received(upload) == len(FILM)
    assert storage.finish(upload) == Blob(FILM_KEY, len(FILM))
    assert content_of(storage, FILM_KEY) == FILM


def test_it_takes_over_in_another_process_too(opened_again: Opener) -> None:
    upload, hung = opened_again().begin(), HungLine(FILM[: 9 * MIB], late=FILM[9 * MIB :])
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(opened_again().append, upload, line(hung), offset=0)
        assert hung.hangs.wait(30)
        newer = opened_again()
        offset = newer.received(upload)
        newer.append(upload, io.BytesIO(b"newer"), offset=offset)
        hung.goes_on.set()
        with pytest.raises(UploadTaken):
            older.result(30)
    assert newer.received(upload) == offset + 5
    content = FILM[:offset] + b"newer"
    assert content_of(newer, newer.finish(upload).key) == content


@pytest.mark.long
def test_eight_writers_at_once_leave_one_whole_file(opened_by_many: Opener) -> None:
    upload, film = opened_by_many().begin(), FILM[: 9 * MIB]

    def send(_: int) -> None:
        """Go on as a client does: ask where the upload ends, send the rest, try again."""
        storage = opened_by_many()
        while (offset := storage.received(upload)) < len(film):
            rest = io.BytesIO(film[offset : offset + 3 * MIB])
            try:
                storage.append(upload, rest, offset=offset)
            except (UploadMoved, UploadTaken):
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
        blobs = set(pool.map(lambda _: opened_by_many().finish(upload), range(8)))
    assert blobs == {Blob(hashlib.sha256(film).hexdigest(), len(film))}
    assert content_of(opened_by_many(), blobs.pop().key) == film


@pytest.mark.parametrize("size", [4, 9 * MIB])
def test_what_is_not_accepted_is_forgotten(opened_again: Opener, size: int) -> None:
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(b"lava"), offset=0)
    with pytest.raises(UploadRefused, match="send it again"):
        storage.append(upload, io.BytesIO(FILM[:size]), offset=4, accept=lambda: False)
    assert storage.received(upload) == opened_again().received(upload) == 4
    read = io.BytesIO(b" and ash")
    assert storage.append(upload, read, offset=4, accept=lambda: read.tell() == 8) == 12
    assert opened_again().received(upload) == 12
    assert content_of(storage, storage.finish(upload).key) == b"lava and ash"


def test_what_is_cut_before_it_can_be_accepted_is_forgotten(storage: Storage) -> None:
    upload = storage.begin()
    with pytest.raises(ConnectionResetError):
        storage.append(upload, line(CutLine(FILM[: 9 * MIB])), offset=0, accept=lambda: True)
    assert storage.received(upload) == 0


def test_what_waits_to_be_accepted_does_not_count_for_others(opened_again: Opener) -> None:
    upload, hung = opened_again().begin(), HungLine(FILM[: 9 * MIB])
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(
            opened_again().append, upload, line(hung), offset=0, accept=lambda: True
        )
        assert hung.hangs.wait(30)
        newer = opened_again()
        assert newer.received(upload) == 0
        assert newer.append(upload, io.BytesIO(b"lava"), offset=0) == 4
        hung.goes_on.set()
        with pytest.raises(UploadTaken):
            older.result(30)
    assert content_of(newer, newer.finish(upload).key) == b"lava"


def test_finishing_may_be_repeated_until_it_is_discarded(opened_again: Opener) -> None:
    storage = opened_again()
    upload = storage.begin()
    storage.append(upload, io.BytesIO(b"lava"), offset=0)
    blob = storage.finish(upload)
    assert storage.finish(upload) == opened_again().finish(upload) == blob
    assert storage.received(upload) == 4
    for offset in (0, 4):
        with pytest.raises(UploadMoved) as caught:
            storage.append(upload, io.BytesIO(b"more"), offset=offset)
        assert caught.value.offset == 4
    storage.discard(upload)
    with pytest.raises(UploadMissing):
        storage.finish(upload)
    assert content_of(storage, blob.key) == b"lava"


def test_what_is_in_the_storage_already_is_kept_once(storage: Storage) -> None:
    for content in (b"lava", FILM):
        blob = storage.put(io.BytesIO(content))
        upload = storage.begin()
        storage.append(upload, io.BytesIO(content), offset=0)
        assert storage.finish(upload) == blob
        storage.discard(upload)
        assert content_of(storage, blob.key) == content
    assert len(list(storage.keys())) == 2


def test_a_discarded_upload_leaves_nothing(storage: Storage) -> None:
    upload = storage.begin()
    storage.append(upload, io.BytesIO(FILM[: 9 * MIB]), offset=0)
    storage.discard(upload)
    storage.discard(upload)
    with pytest.raises(UploadMissing):
        storage.received(upload)
    assert storage.sweep(0, unfinished_seconds=0) == 0


def test_who_is_writing_learns_that_the_upload_was_discarded(opened_again: Opener) -> None:
    upload, hung = opened_again().begin(), HungLine(b"lava", late=FILM[: 9 * MIB])
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(opened_again().append, upload, line(hung), offset=0)
        assert hung.hangs.wait(30)
        storage = opened_again()
        storage.discard(upload)
        hung.goes_on.set()
        with pytest.raises((UploadTaken, UploadMissing)):
            older.result(30)
    with pytest.raises(UploadMissing):
        storage.received(upload)
    assert storage.sweep(0, unfinished_seconds=0) == 0


@pytest.mark.parametrize("upload", [UNKNOWN, "", "../" + "a" * 29, "A" * 32, "0" * 32 + "\n"])
def test_an_unknown_upload_is_missing(storage: Storage, upload: str) -> None:
    with pytest.raises(UploadMissing):
        storage.append(upload, io.BytesIO(b"lava"), offset=0)
    with pytest.raises(UploadMissing):
        storage.received(upload)
    with pytest.raises(UploadMissing):
        storage.finish(upload)
    storage.discard(upload)
    assert issubclass(UploadMissing, StorageError)


def test_a_sweep_takes_uploads_that_nobody_goes_on_with(storage: Storage) -> None:
    small, large, finished = storage.begin(), storage.begin(), storage.begin()
    storage.append(small, io.BytesIO(b"lava"), offset=0)
    storage.append(large, io.BytesIO(FILM[: 9 * MIB]), offset=0)
    storage.append(finished, io.BytesIO(b"kept"), offset=0)
    blob = storage.finish(finished)
    assert storage.sweep(0) == 0
    assert storage.sweep(0, unfinished_seconds=0, awaited={small, large, finished}) == 0
    assert storage.received(small) == 4
    assert storage.sweep(0, unfinished_seconds=0) == 3
    for upload in (small, large, finished):
        with pytest.raises(UploadMissing):
            storage.received(upload)
    assert content_of(storage, blob.key) == b"kept"
    assert storage.sweep(0, unfinished_seconds=0) == 0
