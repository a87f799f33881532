"""Run a long program over a stranger's file: bounded in time, memory and disk, offline."""

import fcntl
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from resource_hub.files import confinement
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable

MIB = 1024 * 1024
OUR_CODE: Mapping[str, str] = {
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    "PYTHONUTF8": "1",
    "MALLOC_ARENA_MAX": "2",
}
"""The environment for ``[sys.executable, "-m", "resource_hub.files.…"]``."""


def our_places() -> list[Path]:
    """What such a program reads of Python and of the hub; a checkout holds data too, so not all."""
    own = Path(__file__).resolve().parents[1]
    found = {Path(sys.prefix), Path(sys.base_prefix), own}
    found |= {Path(entry).absolute() for entry in sys.path if entry and Path(entry) != own.parent}
    return sorted(found)


_SCRATCH = "hub-scratch-"
_AS_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_LOOK = 0.2  # seconds between two looks at the clock and the scratch folder
_SAID = 8 * 1024  # bytes of what it said last
_SIGNALS = {
    128 + signal.SIGXCPU: Trouble.TOO_SLOW,
    128 + signal.SIGXFSZ: Trouble.TOO_LARGE,
    128 + signal.SIGKILL: Trouble.KILLED,
    128 + signal.SIGSEGV: Trouble.KILLED,
    128 + signal.SIGABRT: Trouble.KILLED,
    128 + signal.SIGBUS: Trouble.KILLED,
    128 + signal.SIGILL: Trouble.KILLED,
    128 + signal.SIGFPE: Trouble.KILLED,
}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended.

    Attributes:
        code: Its exit code; 0 does not mean that it did its work: look whether its output exists.
        said: The last that it wrote on standard output and standard error, for the log.
    """

    code: int
    said: str


@contextmanager
def scratch(where: Path | None = None) -> Iterator[Path]:
    """An empty folder for one run, gone afterwards with all that is in it.

    Args:
        where: In which folder; the system's folder for temporary files unless given.
    """
    folder = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=where))
    handle = os.open(folder, _AS_FOLDER)
    try:
        # Whoever is killed lets go of it; where nothing can be locked, nobody removes what is left.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        os.close(handle)
        shutil.rmtree(folder, ignore_errors=True)


def remove_left_scratch(older_than_seconds: float) -> int:
    """Remove the scratch folders of those who were killed; returns how many."""
    removed, latest = 0, time.time() - older_than_seconds
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        # One that somebody uses, that is another's, or that is gone meanwhile.
        with suppress(OSError):
            found = folder.lstat()
            if found.st_uid != os.geteuid() or found.st_mtime > latest:
                continue
            handle = os.open(folder, _AS_FOLDER)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                removed += 1
            finally:
                os.close(handle)
    return removed


def run_bounded(
    command: Sequence[str],
    *,
    seconds: float,
    memory: int,
    folder: Path,
    readable: Sequence[Path] = (),
    folder_bytes: int = 2048 * MIB,
    cpu_seconds: float | None = None,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Ran:
    """Run ``command`` in ``folder`` and wait for it.

    It gets a session of its own, a low priority, no standard input, no network, ``folder`` as home
    and for temporary files, and none of the hub's environment but ``PATH``. Where the kernel can
    (``confinement.locks_files``), it opens no file but the system's programs, those in ``folder``
    and ``readable``. Whatever it started is killed when it ends, when its time is over, and when
    the hub dies.

    Args:
        seconds: Of the clock.
        memory: Address space of each process, in bytes.
        folder: Where it may write; see ``scratch``.
        readable: Files and folders that it may read.
        folder_bytes: What may lie in the folder, looked at five times a second, and the size of
            each single file, which the kernel sees to.
        cpu_seconds: Of work of each process; unless given as many as all processors can do in
            ``seconds``.
        environment: More of it.
        on_line: Told each line of standard output, for progress.

    Raises:
        Unreadable: ``TOO_SLOW``, ``TOO_LARGE`` (memory is not told apart from a crash) or
            ``KILLED``, by a signal.
        FileNotFoundError: there is no such program.
    """
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(command[0])
    work = cpu_seconds if cpu_seconds is not None else seconds * (os.cpu_count() or 1)
    limits = [str(max(1, round(work))), str(memory), str(folder_bytes), str(len(readable))]
    limits += [str(place.absolute()) for place in readable]
    process = subprocess.Popen(  # noqa: S603 - our own program, which runs a command of ours
        [sys.executable, "-I", "-S", confinement.__file__, *limits, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=_environment(folder) | dict(environment or {}),
        start_new_session=True,
    )
    run = _Run(process, folder, folder_bytes, time.monotonic() + seconds, on_line)
    try:
        run.wait()
    finally:
        # The whole group, while its leader still holds the number.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        run.hear_out()
    code = process.returncode
    if code in _SIGNALS:
        raise Unreadable(_SIGNALS[code])
    return Ran(code, run.said.decode("utf-8", "replace"))


class _Run:
    """A program that runs: what it says, and how long it may go on."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        folder: Path,
        folder_bytes: int,
        deadline: float,
        on_line: Callable[[str], None] | None,
    ) -> None:
        self.said = b""
        self._process = process
        self._folder, self._most, self._deadline = folder, folder_bytes, deadline
        self._on_line = on_line
        self._begun = b""
        self._selector = selectors.DefaultSelector()
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None  # noqa: S101 - it was started with pipes
            self._selector.register(pipe, selectors.EVENT_READ)

    def wait(self) -> None:
        """Until the program has ended; raises ``Unreadable``."""
        looked = time.monotonic()
        while not self._has_ended():
            self._listen(_LOOK)
            now = time.monotonic()
            if now > self._deadline:
                raise Unreadable(Trouble.TOO_SLOW)
            if now - looked > _LOOK:
                if _bytes_in(self._folder) > self._most:
                    raise Unreadable(Trouble.TOO_LARGE)
                looked = now

    def hear_out(self) -> None:
        """Read what is left in the pipes of a group that is dead, and close them."""
        while self._selector.get_map():
            self._listen(_LOOK)
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None  # noqa: S101 - it was started with pipes
            with suppress(OSError):
                pipe.close()

    def _has_ended(self) -> bool:
        """Look without collecting it: its number stays its own until its group is killed."""
        look = os.WEXITED | os.WNOWAIT | os.WNOHANG
        return os.waitid(os.P_PID, self._process.pid, look) is not None

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            chunk = os.read(key.fd, 64 * 1024)
            if not chunk:
                self._selector.unregister(key.fileobj)
            self.said = (self.said + chunk)[-_SAID:]
            if key.fileobj is self._process.stdout and self._on_line is not None:
                *lines, rest = (self._begun + chunk).split(b"\n")
                self._begun = rest[-_SAID:]
                for line in lines:
                    self._on_line(line.decode("utf-8", "replace"))
        if not self._selector.get_map():
            # It closed its mouth and works on: look at the clock all the same.
            time.sleep(0.01)


def _bytes_in(folder: Path) -> int:
    """What a folder takes up on the disk; what vanishes meanwhile counts nothing."""
    whole, folders = 0, [str(folder)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    whole += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
    return whole


def _environment(folder: Path) -> dict[str, str]:
    """What any program needs, and none of the hub's secrets."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TZ")
    wanted = {name: os.environ[name] for name in kept if name in os.environ}
    return wanted | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "XDG_CACHE_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "LANG": "C.UTF-8",
    }
