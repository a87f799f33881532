"""Blobs on their way to another storage."""

import io
from pathlib import Path

import pytest

from resource_hub.services.moving_blobs import Moved, Outcome, count_blobs, move_blobs, only_in
from storage import LocalStorage, S3Storage, StorageError
from tests.seaweed import Seaweed


@pytest.fixture
def old(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "new")


def keep(storage: LocalStorage, content: bytes) -> str:
    return storage.put(io.BytesIO(content)).key


def damage(storage: LocalStorage, key: str, content: bytes) -> None:
    with storage.local_copy(key) as path:
        path.chmod(0o640)
        path.write_bytes(content)


def all_moved(old: LocalStorage, new: LocalStorage, *, check_all: bool = False) -> set[Moved]:
    return set(move_blobs(old, new, threads=2, check_all=check_all))


def test_everything_arrives_once(old: LocalStorage, new: LocalStorage) -> None:
    lava, ash = keep(old, b"lava"), keep(old, b"ash")
    own = keep(new, b"own")
    assert count_blobs(old) == 2
    assert all_moved(old, new) == {Moved(lava, Outcome.COPIED, 4), Moved(ash, Outcome.COPIED, 3)}
    assert all_moved(old, new) == {Moved(lava, Outcome.THERE, 4), Moved(ash, Outcome.THERE, 3)}
    assert set(new.keys()) == {lava, ash, own}
    assert set(old.keys()) == {lava, ash}
    assert only_in(new, old) == 1


def test_what_comes_while_it_moves_arrives_too(old: LocalStorage, new: LocalStorage) -> None:
    keep(old, b"lava")
    moving, late = move_blobs(old, new, threads=1), ""
    for number, _ in enumerate(moving):
        if number == 0:
            late = keep(old, b"late")
    assert late in set(new.keys())
    assert set(new.keys()) == set(old.keys())


def test_a_run_that_was_interrupted_goes_on(old: LocalStorage, new: LocalStorage) -> None:
    keys = {keep(old, str(number).encode()) for number in range(40)}
    moving = move_blobs(old, new, threads=1)
    first = next(moving)
    moving.close()
    arrived = set(new.keys())
    assert first.key in arrived
    assert arrived < keys
    again = all_moved(old, new)
    assert {moved.key for moved in again if moved.outcome is Outcome.THERE} == arrived
    assert set(new.keys()) == keys


def test_damaged_bytes_do_not_travel(old: LocalStorage, new: LocalStorage) -> None:
    lava, ash = keep(old, b"lava"), keep(old, b"ash")
    damage(old, lava, b"LAVA")
    reason = "The bytes are not those that were stored."
    assert all_moved(old, new) == {
        Moved(lava, Outcome.DAMAGED, reason=reason),
        Moved(ash, Outcome.COPIED, 3),
    }
    assert list(new.keys()) == [ash]


def test_a_half_copy_is_copied_again_and_a_damaged_one_when_asked(
    old: LocalStorage, new: LocalStorage
) -> None:
    lava, ash = keep(old, b"lava"), keep(old, b"ash")
    all_moved(old, new)
    damage(new, lava, b"la")
    damage(new, ash, b"ASH")
    assert all_moved(old, new) == {Moved(lava, Outcome.COPIED, 4), Moved(ash, Outcome.THERE, 3)}
    assert all_moved(old, new, check_all=True) == {
        Moved(lava, Outcome.THERE, 4),
        Moved(ash, Outcome.COPIED, 3),
    }
    with new.open(ash) as stream:
        assert stream.read() == b"ash"


def test_damaged_here_and_there_is_left_as_it_is(old: LocalStorage, new: LocalStorage) -> None:
    lava = keep(old, b"lava")
    all_moved(old, new)
    damage(old, lava, b"LAVA")
    damage(new, lava, b"LaVa")
    [moved] = all_moved(old, new, check_all=True)
    assert moved.outcome is Outcome.DAMAGED
    with new.open(lava) as stream:
        assert stream.read() == b"LaVa"


class Tidy(LocalStorage):
    """A storage whose hub removes each blob at the moment when it is about to be copied."""

    def size(self, key: str) -> int:
        self.delete(key)
        return super().size(key)


def test_a_blob_that_is_deleted_meanwhile_is_no_loss(
    old: LocalStorage, new: LocalStorage, tmp_path: Path
) -> None:
    lava = keep(old, b"lava")
    assert all_moved(Tidy(tmp_path / "old"), new) == {Moved(lava, Outcome.GONE)}


def test_a_target_that_cannot_be_written_to_is_said_at_once(
    old: LocalStorage, tmp_path: Path
) -> None:
    keep(old, b"lava")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written to"):
        all_moved(old, LocalStorage(tmp_path / "file"))


def test_to_a_real_s3_and_back(old: LocalStorage, new: LocalStorage, seaweed: Seaweed) -> None:

    bucket = S3Storage(seaweed.client(), "hub", prefix="moved/")
    keys = {keep(old, f"{number} 静夜思".encode() * 1000) for number in range(30)}
    there = list(move_blobs(old, bucket, threads=4))
    back = list(move_blobs(bucket, new, threads=4))
    assert {moved.outcome for moved in there + back} == {Outcome.COPIED}
    assert set(bucket.keys()) == set(new.keys()) == keys
    assert all_moved(old, new, check_all=True) == {
        Moved(moved.key, Outcome.THERE, moved.size) for moved in there
    }
