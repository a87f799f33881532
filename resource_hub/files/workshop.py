"""Files of strangers are opened in a process of its own, which may die without harm."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from resource_hub.files.detection import detect
from resource_hub.files.facts import Facts, Trouble
from resource_hub.files.wire import LENGTH, MAX_MESSAGE, unpack

_CODE = Path(__file__).resolve().parents[2]
_START = 30  # seconds that the child may take to be ready
_READY = b"ready\n"
_FILES_PER_CHILD = 1_000  # then a fresh one, should a library forget to free memory
_FAREWELL = 2  # seconds that the child may take to go by itself


class WorkshopClosed(Exception):
    """The child process could not be started; its reason is on standard error."""


class _Gone(Exception):
    """The child died, or said something that no child says."""


class _Died(Exception):
    """The child died over a file; ``facts`` is what it had said, if it has ``spoken`` at all."""

    def __init__(self, facts: Facts, *, spoken: bool) -> None:
        super().__init__()
        self.facts = facts
        self.spoken = spoken


class Workshop:
    """Inspects files in one long-lived child process with a limit on time and memory.

    Use it as a context manager. One file at a time: calls from several threads wait for each
    other. A child that takes too long or dies is killed with all it started, and the next file
    gets a fresh one.

    Args:
        seconds: For one file.
        memory_bytes: Address space of the child.
    """

    def __init__(self, *, seconds: float = 120, memory_bytes: int = 1_500 * 1024 * 1024) -> None:
        self._seconds = seconds
        self._memory = memory_bytes
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; a later ``inspect`` starts another."""
        with self._lock:
            self._end(gently=True)

    def inspect(self, path: Path, name: str) -> Facts:
        """Like ``inspection.inspect``; also ``Trouble.TOO_SLOW`` and ``Trouble.KILLED``.

        What was found before the end is kept, a text without its thumbnail for instance.

        Raises:
            OSError: the file cannot be opened.
            WorkshopClosed: the child does not start.
        """
        with path.open("rb") as stream:
            facts = Facts(detect(stream, name))
        with self._lock:
            try:
                return self._ask(facts, path, name)
            except _Died as died:
                if died.spoken:
                    return replace(died.facts, trouble=Trouble.KILLED)
            # Not a word about this file: perhaps it died between two files. Ask once more.
            try:
                return self._ask(facts, path, name)
            except _Died as died:
                return replace(died.facts, trouble=Trouble.KILLED)

    def _ask(self, facts: Facts, path: Path, name: str) -> Facts:
        """Have the child look at a file; raises ``_Died``."""
        child, spoken = self._running_child(), False
        reader = _Reader(child, time.monotonic() + self._seconds)
        try:
            _say(child, path, name)
            final = False
            while not final:
                facts, final = unpack(reader.message())
                spoken = True
        except TimeoutError:
            self._end(gently=False)
            return replace(facts, trouble=Trouble.TOO_SLOW)
        except (_Gone, ValueError) as error:
            self._end(gently=False)
            raise _Died(facts, spoken=spoken) from error
        self._done += 1
        if self._done >= _FILES_PER_CHILD:
            self._end(gently=True)
        return facts

    def _running_child(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end(gently=False)
        limits = (str(self._memory), str(max(1, round(self._seconds))))
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "resource_hub.files.workshop_child", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        self._done = 0
        try:
            said = _Reader(self._child, time.monotonic() + _START).exactly(len(_READY))
        except (TimeoutError, _Gone) as error:
            self._end(gently=False)
            raise WorkshopClosed("The process that reads files does not start.") from error
        if said != _READY:
            self._end(gently=False)
            raise WorkshopClosed("The process that reads files does not say that it is ready.")
        return self._child

    def _end(self, *, gently: bool) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        assert child.stdin is not None  # noqa: S101 - both are pipes, see above
        assert child.stdout is not None  # noqa: S101 - both are pipes, see above
        with suppress(OSError):
            child.stdin.close()
        if gently:
            with suppress(subprocess.TimeoutExpired):
                child.wait(_FAREWELL)
        # The whole group, and also after its leader: it may have left others behind.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()


class _Reader:
    """Reads what a child says until a deadline (of the monotonic clock)."""

    def __init__(self, child: subprocess.Popen[bytes], deadline: float) -> None:
        assert child.stdout is not None  # noqa: S101 - it was started with a pipe
        self._handle = child.stdout.fileno()
        self._deadline = deadline

    def message(self) -> bytes:
        """One message, or ``TimeoutError``, or ``_Gone``."""
        length = int.from_bytes(self.exactly(LENGTH), "big")
        if length > MAX_MESSAGE:
            raise _Gone
        return self.exactly(length)

    def exactly(self, length: int) -> bytes:
        found = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._handle, selectors.EVENT_READ)
            while len(found) < length:
                if not selector.select(max(0.0, self._deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(self._handle, length - len(found))
                if not chunk:
                    raise _Gone
                found += chunk
        return bytes(found)


def _say(child: subprocess.Popen[bytes], path: Path, name: str) -> None:
    assert child.stdin is not None  # noqa: S101 - it was started with a pipe
    order = json.dumps({"path": str(path.absolute()), "name": name})
    try:
        child.stdin.write(order.encode() + b"\n")
        child.stdin.flush()
    except OSError as error:
        raise _Gone from error


def _environment() -> dict[str, str]:
    """What the child needs to start, and none of the hub's secrets."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TZ")
    wanted = {name: os.environ[name] for name in kept if name in os.environ}
    return wanted | {"PYTHONPATH": str(_CODE), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
