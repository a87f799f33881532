"""Long programs over files of strangers: they end in time, stay offline, and leave nothing."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from resource_hub.files.bounded import (
    MIB,
    Ran,
    our_places,
    remove_left_scratch,
    run_bounded,
    scratch,
)
from resource_hub.files.confinement import locks_files
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-I", "-S", "-c")
needs_landlock = pytest.mark.skipif(not locks_files(), reason="the kernel has no Landlock")


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "this did not happen within 20 seconds"


def run(folder: Path, code: str, **limits: float) -> Ran:
    """Run a few lines of Python within narrow limits."""
    seconds, cpu = limits.get("seconds", 20), limits.get("cpu_seconds")
    most = int(limits.get("folder_bytes", 4 * MIB))
    return run_bounded(
        [*PYTHON, code], seconds=seconds, memory=300 * MIB, folder=folder, readable=our_places(),
        folder_bytes=most, cpu_seconds=cpu,
    )  # fmt: skip


def trouble(folder: Path, code: str, **limits: float) -> Trouble:
    with pytest.raises(Unreadable) as caught:
        run(folder, code, **limits)
    return caught.value.trouble


def test_a_program_works_in_its_folder_and_tells_how_it_went(folder: Path) -> None:
    ran = run(folder, "open('made', 'w').write('静夜思'); print('说'); raise SystemExit(3)")
    assert ran == Ran(3, "说\n")
    assert (folder / "made").read_text(encoding="utf-8") == "静夜思"
    assert (folder / "made").stat().st_mode & 0o077 == 0


def test_the_folder_goes_with_all_that_is_in_it() -> None:
    with scratch() as folder:
        run(folder, "import os; os.makedirs('a/b'); open('a/b/c', 'w').write('x')")
    assert not folder.exists()


def test_what_a_killed_worker_left_goes_and_what_is_in_use_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    (folder / "hub-scratch-of-the-dead").mkdir()
    (folder / "hub-scratch-of-the-dead" / "playable").write_bytes(bytes(9))
    (folder / "of-others").mkdir()
    (folder / "hub-scratch-link").symlink_to(folder / "of-others")
    with scratch() as used:
        assert remove_left_scratch(3_600) == 0
        assert remove_left_scratch(0) == 1
        left = {path.name for path in folder.iterdir()}
        assert left == {used.name, "of-others", "hub-scratch-link"}


def test_progress_is_told_line_by_line(folder: Path) -> None:
    heard: list[str] = []
    code = "import sys\nfor n in range(3): print(n, flush=True)\nprint('错', file=sys.stderr)"
    run_bounded(
        [*PYTHON, code], seconds=20, memory=300 * MIB, folder=folder, readable=our_places(),
        on_line=heard.append,
    )  # fmt: skip
    assert heard == ["0", "1", "2"]


def test_a_program_that_is_not_there_is_an_error_of_the_hub(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run_bounded(["no-such-program"], seconds=5, memory=300 * MIB, folder=folder)


def test_time_runs_out_on_the_clock_and_at_work(folder: Path) -> None:
    asleep = "import time; time.sleep(60)"
    assert trouble(folder, asleep, seconds=0.3) is Trouble.TOO_SLOW
    assert trouble(folder, "while True: pass", cpu_seconds=1) is Trouble.TOO_SLOW


def test_a_program_that_says_no_more_is_ended_in_time(folder: Path) -> None:
    mute = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    assert trouble(folder, mute, seconds=0.5) is Trouble.TOO_SLOW


def test_it_cannot_fill_the_disk(folder: Path) -> None:
    many = """
for n in range(100_000):
    with open(str(n), 'wb') as file:
        file.write(bytes([1]) * 100_000)
"""
    assert trouble(folder, many) is Trouble.TOO_LARGE


def test_it_cannot_write_one_large_file(folder: Path) -> None:
    ran = run(folder, "open('large', 'wb').write(bytes(9_000_000))")
    assert "File too large" in ran.said


def test_it_gets_no_more_memory_than_it_may_have(folder: Path) -> None:
    assert "MemoryError" in run(folder, "bytes([1]) * 400_000_000").said


def test_a_crash_is_told_as_such(folder: Path) -> None:
    assert trouble(folder, "import os; os.abort()") is Trouble.KILLED


def test_nothing_that_it_started_outlives_it(folder: Path) -> None:
    code = "import os, time\nif os.fork(): print(os.getpid() + 0)\nelse: time.sleep(60)"
    began = time.monotonic()
    run(folder, code + "\nos._exit(0)")
    assert time.monotonic() - began < 20
    left = [p for p in psutil.process_iter(["cwd"]) if p.info["cwd"] == str(folder)]
    assert [p for p in left if p.status() != psutil.STATUS_ZOMBIE] == []


FAMILIES = """
import socket
for family, kind in (("AF_INET", "SOCK_STREAM"), ("AF_INET6", "SOCK_DGRAM")):
    try:
        found = socket.socket(getattr(socket, family), getattr(socket, kind))
        found.connect(("127.0.0.1" if family == "AF_INET" else "::1", 9))
        print(family, "works")
    except OSError as error:
        print(family, "refused")
"""


def test_it_has_no_network(folder: Path) -> None:
    assert run(folder, FAMILIES).said == "AF_INET refused\nAF_INET6 refused\n"


def test_it_may_talk_to_its_own_kind_through_the_file_system(folder: Path) -> None:
    code = "import socket; socket.socket(socket.AF_UNIX).bind('here'); print('bound')"
    assert run(folder, code).said == "bound\n"


def test_it_sees_none_of_the_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SECRET_KEY", "made-up")
    ran = run(folder, "import os; print(sorted(name for name in os.environ if 'HUB' in name))")
    assert ran.said == "[]\n"


@needs_landlock
def test_it_reads_what_it_was_given_and_no_other_file(folder: Path) -> None:
    given, other = folder / "given", folder / "other"
    given.write_text("静夜思", encoding="utf-8")
    other.write_text("the key of the house", encoding="utf-8")
    (folder / "work").mkdir()
    code = f"""
from pathlib import Path
for path in ({str(given)!r}, {str(other)!r}, "/etc/passwd", "/proc/{os.getpid()}/environ"):
    try:
        print(Path(path).read_text())
    except PermissionError:
        print("refused")
try:
    Path({str(given)!r}).write_text("x")
except PermissionError:
    print("refused")
"""
    ran = run_bounded(
        [*PYTHON, code], seconds=20, memory=300 * MIB, folder=folder / "work",
        readable=[*our_places(), given],
    )  # fmt: skip
    assert ran.said == "静夜思\nrefused\nrefused\nrefused\nrefused\n"


def test_nobody_leaves_the_group_that_is_killed_with_it(folder: Path) -> None:
    code = """
import os
for leave in (os.setsid, lambda: os.setpgid(0, 0)):
    try:
        leave()
    except PermissionError:
        print("refused")
"""
    assert run(folder, code).said == "refused\nrefused\n"


HUB = """
import sys, pathlib
from resource_hub.files.bounded import run_bounded
run_bounded(["sleep", "1000"], seconds=900, memory=10**9, folder=pathlib.Path(sys.argv[1]))
"""


def test_kill_9_of_the_hub_ends_the_program(folder: Path) -> None:
    def those_inside() -> list[psutil.Process]:
        inside = psutil.process_iter(["cwd", "status"])
        return [
            p
            for p in inside
            if p.info["cwd"] == str(folder) and p.info["status"] != psutil.STATUS_ZOMBIE
        ]

    with subprocess.Popen([sys.executable, "-c", HUB, str(folder)], cwd=CHECKOUT) as hub:  # noqa: S603 - our own program
        wait_until(lambda: "sleep" in [p.name() for p in those_inside()])
        os.kill(hub.pid, signal.SIGKILL)
    wait_until(lambda: not those_inside())
