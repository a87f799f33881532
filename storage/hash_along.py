"""SHA-256 of what arrives in order, computed by another thread while the next bytes travel."""

import hashlib
import threading
from collections import OrderedDict, deque
from concurrent.futures import Executor, ThreadPoolExecutor

_WAITING = 16
"""Pieces that may wait to be hashed; then whoever feeds waits. They are in memory."""

_REMEMBERED = 1000
"""Unfinished uploads whose hash one process remembers; beyond that it is computed again."""


class HashAlong:
    """A running SHA-256 with the number of bytes in it."""

    def __init__(self, workers: Executor, before: "HashAlong | None" = None) -> None:
        self._workers = workers
        self._digest = before.settled() if before else hashlib.sha256()
        self.position: int = before.position if before else 0
        self._waiting: deque[bytes] = deque()
        self._busy = False
        self._changed = threading.Condition()

    def feed(self, piece: bytes) -> None:
        """Take the next bytes; waits only when the hash is far behind."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < _WAITING)
            self._waiting.append(piece)
            self.position += len(piece)
            if not self._busy:
                self._busy = True
                self._workers.submit(self._work)

    def settled(self) -> "hashlib._Hash":
        """A copy of the hash of all that was fed."""
        with self._changed:
            self._changed.wait_for(lambda: not self._busy)
            return self._digest.copy()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._busy = False
                    self._changed.notify_all()
                    return
                piece = self._waiting.popleft()
                self._changed.notify_all()
            self._digest.update(piece)  # lets other threads run meanwhile


class RunningHashes:
    """What this process knows of the hashes of unfinished uploads; forgetting one costs time."""

    def __init__(self) -> None:
        # Its threads begin with the first upload, after a server has forked its processes.
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="hash")
        self._known: OrderedDict[str, HashAlong] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, upload: str) -> HashAlong:
        """A copy, to go on from; what is fed to it is nobody else's before ``keep``."""
        with self._lock:
            known = self._known.get(upload)
        return HashAlong(self._workers, known)

    def keep(self, upload: str, running: HashAlong) -> None:
        """Remember it, unless somebody got further. Only bytes that count may be in it."""
        with self._lock:
            known = self._known.get(upload)
            if known and known.position > running.position:
                return
            self._known[upload] = running
            self._known.move_to_end(upload)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def forget(self, upload: str) -> None:
        with self._lock:
            self._known.pop(upload, None)
