"""Read blobs from end to end and compare what they are with what their names promise."""

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from storage import BlobMissing, Storage, StorageError

BUFFER = 512 * 1024
"""Bytes read and hashed at a time: they fit into the processor's cache."""

AHEAD = 16
"""Blobs per thread that are asked for before they are needed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one blob was: its size in bytes and its real name, or why it could not be read."""

    key: str
    size: int
    found: str
    """The SHA-256 of the bytes; empty when they could not be read or are gone."""
    error: str = ""

    @property
    def is_gone(self) -> bool:
        return not self.found and not self.error


class Pace:
    """Holds readers to ``rate`` bytes a second, all threads together; 0 lets them run."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._due = time.monotonic()

    def __call__(self, count: int) -> None:
        """Say that ``count`` bytes were read; returns when the next ones may be."""
        if not self._rate:
            return
        with self._lock:
            # What was not used a second ago is not made up for: no bursts.
            self._due = max(self._due, time.monotonic() - 1) + count / self._rate
            wait = self._due - time.monotonic()
        if wait > 0:
            time.sleep(wait)  # the pace itself: nothing else is waited for


def read_blob(storage: Storage, key: str, pace: Callable[[int], None]) -> Outcome:
    """Read one blob; memory stays at one buffer."""
    digest, size = hashlib.sha256(), 0
    buffer = bytearray(BUFFER)
    view = memoryview(buffer)
    try:
        with storage.open(key) as stream:
            while count := stream.readinto(view):  # type: ignore[attr-defined]  # every binary stream has it, BinaryIO does not say so
                digest.update(view[:count])
                size += count
                pace(count)
    except BlobMissing:
        return Outcome(key, 0, "")
    except (StorageError, OSError) as error:
        return Outcome(key, size, "", str(error))
    return Outcome(key, size, digest.hexdigest())


def read_blobs(
    storage: Storage, keys: Iterable[str], *, threads: int, pace: Callable[[int], None]
) -> Iterator[Outcome]:
    """Read many blobs, ``threads`` at a time; the outcomes come in the order of ``keys``.

    Hashing lets go of Python's lock, so that two threads use two processors. Closing the iterator
    ends the reading after the blobs in hand.
    """
    waiting = iter(keys)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="reading")
    asked: deque[Future[Outcome]] = deque()
    try:
        for key in islice(waiting, AHEAD * threads):
            asked.append(pool.submit(read_blob, storage, key, pace))
        while asked:
            yield asked.popleft().result()
            for key in islice(waiting, 1):
                asked.append(pool.submit(read_blob, storage, key, pace))
    finally:
        pool.shutdown(cancel_futures=True)
