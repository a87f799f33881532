"""Files of strangers are opened in a process of its own, which may die without harm."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from resource_hub.files.answers import LENGTH, MAX_MESSAGE, Answer, read_message
from resource_hub.files.detection import detect
from resource_hub.files.facts import Facts, Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.wire import unpack

_CODE = Path(__file__).resolve().parents[2]
_START = 30  # seconds that the child may take to be ready
_READY = b"ready\n"
_ORDERS_PER_CHILD = 1_000  # then a fresh one, should a library forget to free memory
_FAREWELL = 2  # seconds that the child may take to go by itself


class WorkshopClosed(Exception):
    """The child process could not be started; its reason is on standard error."""


class _Gone(Exception):
    """The child died, or said something that no child says."""


class _Died(Exception):
    """The child died over a file."""


class Workshop:
    """Has files read in one long-lived child process with limits on time and memory, offline.

    Use it as a context manager. One order at a time: calls from several threads wait for each
    other. A child that takes too long or dies is killed with all it started, and the next order
    gets a fresh one. An order over which it died is repeated once, for it may have died of
    something else: a file that has killed two children is ``Trouble.KILLED``.

    Args:
        seconds: For one order.
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
        """End the child; a later order starts another."""
        with self._lock:
            self._end(gently=True)

    def inspect(self, path: Path, name: str) -> Facts:
        """Like ``inspection.inspect``; also ``Trouble.TOO_SLOW`` and ``Trouble.KILLED``.

        What was found before the end is kept, a text without its thumbnail for instance.

        Raises:
            OSError: the file cannot be opened, or our disk failed while it was read.
            WorkshopClosed: the child does not start.
        """
        with path.open("rb") as stream:
            facts = Facts(detect(stream, name))
        try:
            for answer in self.ask("inspect", path, arguments={"name": name}):
                facts = unpack(answer)
        except Unreadable as error:
            return replace(facts, trouble=error.trouble)
        except ValueError:
            return replace(facts, trouble=Trouble.KILLED)
        return facts

    def ask(
        self,
        order: str,
        path: Path,
        *,
        arguments: Mapping[str, Any] | None = None,  # Any: JSON has no types
        seconds: float | None = None,
    ) -> Iterator[Answer]:
        """Have the child carry out one of ``orders.ORDERS``; yields its answers as they come.

        The time that the caller spends between two answers does not count. Read to the end or
        close the iterator: until then no other order is begun.

        Args:
            arguments: What JSON can say.
            seconds: For this order, instead of the workshop's own.

        Raises:
            Unreadable: the file cannot be read; what came before holds. ``TOO_SLOW`` when its time
                is over, ``KILLED`` when it killed two children.
            OSError: the file cannot be opened, or our disk failed while it was read.
            WorkshopClosed: the child does not start.
        """
        path.open("rb").close()
        limit = self._seconds if seconds is None else seconds
        line = {"order": order, "path": str(path.absolute()), "arguments": dict(arguments or {})}
        request = json.dumps(line | {"seconds": max(1, round(limit))}).encode() + b"\n"
        given = 0
        with self._lock:
            for last in (False, True):
                try:
                    for number, answer in enumerate(self._carry_out(request, limit), start=1):
                        if number > given:
                            given = number
                            yield answer
                except _Died as died:
                    if last:
                        raise Unreadable(Trouble.KILLED) from died
                else:
                    return

    def _carry_out(self, request: bytes, seconds: float) -> Iterator[Answer]:
        """Carry out an order once; raises ``_Died``, ``Unreadable``, ``OSError``."""
        child, ended = self._running_child(), False
        reader = _Reader(child, time.monotonic() + seconds)
        try:
            _say(child, request)
            while isinstance(said := read_message(reader.message()), Answer):
                busy_from = time.monotonic()
                yield said
                reader.deadline += time.monotonic() - busy_from
            ended = True
        except TimeoutError as error:
            raise Unreadable(Trouble.TOO_SLOW) from error
        except (_Gone, ValueError) as error:
            raise _Died from error
        finally:
            # Also when the caller wants no more: it would go on to talk about this file.
            if not ended:
                self._end(gently=False)
        if said.errno:
            self._end(gently=True)  # it may be short of descriptors itself
            raise OSError(said.errno, os.strerror(said.errno), "in the process that reads files")
        self._done += 1
        if self._done >= _ORDERS_PER_CHILD:
            self._end(gently=True)
        if said.trouble is not None:
            raise Unreadable(said.trouble)

    def _running_child(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end(gently=False)
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "resource_hub.files.workshop_child", str(self._memory)],
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
        self.deadline = deadline

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
                if not selector.select(max(0.0, self.deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(self._handle, length - len(found))
                if not chunk:
                    raise _Gone
                found += chunk
        return bytes(found)


def _say(child: subprocess.Popen[bytes], request: bytes) -> None:
    assert child.stdin is not None  # noqa: S101 - it was started with a pipe
    try:
        child.stdin.write(request)
        child.stdin.flush()
    except OSError as error:
        raise _Gone from error


def _environment() -> dict[str, str]:
    """What the child needs to start, and none of the hub's secrets."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TZ")
    wanted = {name: os.environ[name] for name in kept if name in os.environ}
    return wanted | {"PYTHONPATH": str(_CODE), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
