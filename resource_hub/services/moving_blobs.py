"""Move all blobs to another storage while the hub goes on working with the first."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from storage import BlobDamaged, BlobMissing, Storage, StorageError, check_blob, copy_blob

AHEAD = 4
"""Blobs per thread that are asked for before they are needed."""


class Outcome(StrEnum):
    """What became of one blob."""

    COPIED = "copied"
    THERE = "there"
    GONE = "gone"
    """The hub deleted it meanwhile: nothing to copy, nothing lost."""
    DAMAGED = "damaged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Moved:
    """One blob: its size in bytes where it was read, and why it did not arrive."""

    key: str
    outcome: Outcome
    size: int = 0
    reason: str = ""

    @property
    def differs(self) -> bool:
        return self.outcome in {Outcome.DAMAGED, Outcome.REFUSED}


def move_blobs(
    source: Storage, target: Storage, *, threads: int, check_all: bool = False
) -> Generator[Moved, None, None]:
    """Copy what ``target`` lacks, until it has all; yields what became of each blob, once.

    ``source`` is only read. Each copy is read back and compared with its name. What was copied
    before, by a run that was interrupted, is there and is not copied again; with ``check_all`` it
    is read back too. Ends when a look finds nothing new: the hub may store files meanwhile.

    Raises:
        StorageError: a storage does not list its keys, or ``target`` cannot be written to.
    """
    target.check()
    seen: set[bytes] = set()
    before = -1
    while before != len(seen):
        before = len(seen)
        yield from _move(
            _unseen(source, seen), source, target, threads=threads, check_all=check_all
        )


def _unseen(source: Storage, seen: set[bytes]) -> Iterator[str]:
    """Keys that no look before has found; ``seen`` takes half the memory as bytes."""
    for key in source.keys():  # noqa: SIM118 - a storage is no dict
        if (short := bytes.fromhex(key)) not in seen:
            seen.add(short)
            yield key


def count_blobs(storage: Storage) -> int:
    """How many there are at this moment."""
    return sum(1 for _ in storage.keys())  # noqa: SIM118 - a storage is no dict


def only_in(target: Storage, source: Storage) -> int:
    """How many blobs ``target`` has that ``source`` has not."""
    known = {bytes.fromhex(key) for key in source.keys()}  # noqa: SIM118 - a storage is no dict
    return sum(1 for key in target.keys() if bytes.fromhex(key) not in known)  # noqa: SIM118 - the same


def _move(
    keys: Iterable[str], source: Storage, target: Storage, *, threads: int, check_all: bool
) -> Iterator[Moved]:
    waiting = iter(keys)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="moving")
    asked: deque[Future[Moved]] = deque()
    try:
        for key in islice(waiting, AHEAD * threads):
            asked.append(pool.submit(_move_one, key, source, target, check_all=check_all))
        while asked:
            yield asked.popleft().result()
            for key in islice(waiting, 1):
                asked.append(pool.submit(_move_one, key, source, target, check_all=check_all))
    finally:
        pool.shutdown(cancel_futures=True)


def _move_one(key: str, source: Storage, target: Storage, *, check_all: bool) -> Moved:
    try:
        size = source.size(key)
        if _size(key, target) == size and (not check_all or _is_whole(key, target)):
            return Moved(key, Outcome.THERE, size)
        copy_blob(key, source=source, target=target)
        check_blob(key, target)
    except BlobDamaged as error:
        return Moved(key, Outcome.DAMAGED, reason=str(error))
    except StorageError as error:
        if isinstance(error, BlobMissing) and _size(key, source) is None:
            return Moved(key, Outcome.GONE)
        return Moved(key, Outcome.REFUSED, reason=str(error))
    return Moved(key, Outcome.COPIED, size)


def _size(key: str, storage: Storage) -> int | None:
    try:
        return storage.size(key)
    except BlobMissing:
        return None


def _is_whole(key: str, storage: Storage) -> bool:
    try:
        check_blob(key, storage)
    except BlobDamaged:
        return False
    return True
