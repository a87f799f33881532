"""What every storage promises, asked of each of them."""

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage import (
    Blob,
    BlobDamaged,
    BlobMissing,
    LocalStorage,
    Storage,
    StorageError,
    check_blob,
    copy_blob,
)
from tests.storage.conftest import Opener
from tests.storage.lines import CutLine, line

LAVA = hashlib.sha256(b"lava").hexdigest()
UNKNOWN = "0" * 64
MIB = 1024 * 1024


def test_what_goes_in_comes_out(storage: Storage) -> None:
    blob = storage.put(io.BytesIO(b"lava"))
    assert blob == Blob(key=LAVA, size=4)
    with storage.open(blob.key) as stream:
        assert stream.read() == b"lava"
    assert storage.size(blob.key) == 4
    assert list(storage.keys()) == [LAVA]


def test_the_empty_file_is_a_blob_too(storage: Storage) -> None:
    blob = storage.put(io.BytesIO())
    assert blob == Blob(key=hashlib.sha256().hexdigest(), size=0)
    with storage.open(blob.key) as stream:
        assert stream.read() == b""


def test_a_source_is_read_from_where_it_stands(storage: Storage) -> None:
    source = io.BytesIO(b"hot lava")
    source.seek(4)
    assert storage.put(source).key == LAVA
    assert not source.closed


def test_storing_twice_is_a_no_op(storage: Storage) -> None:
    first = storage.put(io.BytesIO(b"lava"))
    assert storage.put(io.BytesIO(b"lava")) == first
    assert list(storage.keys()) == [LAVA]


def test_large_blobs_come_back_in_any_order(storage: Storage) -> None:
    content = hashlib.shake_256(b"any").digest(10 * MIB + 7)
    key = storage.put(io.BytesIO(content)).key
    with storage.open(key) as stream:
        assert stream.seekable()
        assert stream.seek(-7, io.SEEK_END) == 10 * MIB
        assert stream.read() == content[-7:]
        assert stream.seek(5 * MIB) == stream.tell()
        assert stream.read(3 * MIB) == content[5 * MIB : 8 * MIB]
        assert stream.seek(0) == 0
        assert b"".join(iter(lambda: stream.read(MIB), b"")) == content


def test_a_zip_can_be_read_without_fetching_it_first(storage: Storage) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("课.txt", "静夜思")
    packed.seek(0)
    with storage.open(storage.put(packed).key) as stream, zipfile.ZipFile(stream) as archive:
        assert archive.read("课.txt").decode() == "静夜思"


def test_other_programs_get_a_file_with_the_same_bytes(storage: Storage) -> None:
    key = storage.put(io.BytesIO(b"lava")).key
    with storage.local_copy(key) as path:
        assert path.read_bytes() == b"lava"


def test_what_is_not_there_is_missing(storage: Storage) -> None:
    with pytest.raises(BlobMissing), storage.open(UNKNOWN):
        pass
    with pytest.raises(BlobMissing):
        storage.size(UNKNOWN)
    with pytest.raises(BlobMissing), storage.local_copy(UNKNOWN):
        pass
    with pytest.raises(BlobMissing):
        storage.path_in_folder(UNKNOWN)
    storage.delete(UNKNOWN)
    assert list(storage.keys()) == []


def test_deleted_is_gone(storage: Storage) -> None:
    keep, drop = storage.put(io.BytesIO(b"keep")), storage.put(io.BytesIO(b"drop"))
    storage.delete(drop.key)
    assert list(storage.keys()) == [keep.key]
    with pytest.raises(BlobMissing):
        storage.size(drop.key)


@pytest.mark.parametrize(
    "key", ["", "lava", "../" + "a" * 61, "A" * 64, "a" * 63, "a" * 64 + "\n", "٣" * 64]
)
def test_what_cannot_be_a_key_is_refused(storage: Storage, key: str) -> None:
    said = "64 hexadecimal digits"
    with pytest.raises(StorageError, match=said), storage.open(key):
        pass
    with pytest.raises(StorageError, match=said):
        storage.size(key)
    with pytest.raises(StorageError, match=said):
        storage.delete(key)
    with pytest.raises(StorageError, match=said), storage.local_copy(key):
        pass
    with pytest.raises(StorageError, match=said):
        storage.public_url(key, filename="a.txt", seconds=60)


def test_many_may_store_the_same_bytes_at_once(opened_by_many: Opener) -> None:
    content = hashlib.shake_256(b"any").digest(9 * MIB)
    with ThreadPoolExecutor(8) as pool:
        blobs = set(pool.map(lambda _: opened_by_many().put(io.BytesIO(content)), range(12)))
    [blob] = blobs
    assert blob == Blob(hashlib.sha256(content).hexdigest(), 9 * MIB)
    assert list(opened_by_many().keys()) == [blob.key]
    with opened_by_many().open(blob.key) as stream:
        assert stream.read() == content


def test_a_blob_is_copied_right_or_not_at_all(storage: Storage, tmp_path: Path) -> None:
    other = LocalStorage(tmp_path / "other")
    content = hashlib.shake_256(b"any").digest(9 * MIB)
    blob = storage.put(io.BytesIO(content))
    assert copy_blob(blob.key, source=storage, target=other) == blob
    assert check_blob(blob.key, other) == check_blob(blob.key, storage) == 9 * MIB
    with pytest.raises(BlobMissing):
        copy_blob(UNKNOWN, source=storage, target=other)
    storage.delete(blob.key)
    with other.local_copy(blob.key) as path:
        path.chmod(0o640)
        path.write_bytes(content[:-1] + b"x")
    for refused in (
        lambda: copy_blob(blob.key, source=other, target=storage),
        lambda: check_blob(blob.key, other),
    ):
        with pytest.raises(BlobDamaged):
            refused()
    assert list(storage.keys()) == []


def test_a_cut_source_leaves_nothing_and_speaks_for_itself(storage: Storage) -> None:
    with pytest.raises(ConnectionResetError, match="the line was cut"):
        storage.put(line(CutLine(b"x" * MIB)))
    assert list(storage.keys()) == []
    assert storage.sweep(0) == 0


def test_a_healthy_storage_passes_its_check_and_keeps_no_trace(storage: Storage) -> None:
    storage.check()
    storage.check()
    assert list(storage.keys()) == []
