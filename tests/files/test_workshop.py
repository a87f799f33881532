"""A process of its own for files of strangers: it may die, the hub goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import xlsxwriter

from resource_hub.files import TYPES, Facts, Trouble, Workshop
from resource_hub.files.inspection import inspect
from resource_hub.files.wire import LENGTH, pack, unpack
from tests.files import made

CHECKOUT = Path(__file__).resolve().parents[2]
LINE = "<w:p><w:r><w:t>静夜思</w:t></w:r></w:p>"


@pytest.fixture
def poem(tmp_path: Path) -> Path:
    path = tmp_path / "poem"
    path.write_bytes(made.document("静夜思"))
    return path


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document of 60 MB of empty paragraphs: seconds of work, and allowed."""
    path = tmp_path_factory.mktemp("slow") / "slow"
    body = "<w:p/>" * 10_000_000
    main = f'<w:document xmlns:w="{made.WORD}"><w:body>{LINE}{body}</w:body></w:document>'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": made.TYPES,
        "word/document.xml": main,
    }
    path.write_bytes(made.packed(members, stored=True))
    return path


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "this did not happen within 20 seconds"


def reads(pid: int, path: Path) -> bool:
    links = Path(f"/proc/{pid}/fd").iterdir()
    return str(path) in [str(link.readlink()) for link in links if link.is_symlink()]


def kill_in_a_second_or_two_of_work(pid: int) -> None:
    """Have the kernel send SIGKILL by the time that the process itself has worked, not by a clock.

    However busy the machine: it has said what kind of file it is by then, and is not done with a
    slow one.
    """
    process = psutil.Process(pid)
    worked = process.cpu_times()
    limit = int(worked.user + worked.system) + 2
    process.rlimit(psutil.RLIMIT_CPU, (limit, limit))


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def child_of(workshop: Workshop) -> int:
    assert workshop._child is not None
    return workshop._child.pid


def test_it_finds_what_inspection_finds(poem: Path, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_bytes(made.pdf("静夜思", "床前明月光"))
    with Workshop() as workshop:
        assert workshop.inspect(poem, "诗.docx") == inspect(poem, "诗.docx")
        assert workshop.inspect(page, "诗.docx") == inspect(page, "诗.docx")


def test_one_child_serves_many_files_and_is_gone_at_the_end(poem: Path) -> None:
    with Workshop() as workshop:
        begin = time.perf_counter()
        workshop.inspect(poem, "a.docx")
        first, child = time.perf_counter() - begin, child_of(workshop)
        begin = time.perf_counter()
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: workshop.inspect(poem, "a.docx").text, range(40)))
        each = (time.perf_counter() - begin) / 40
        assert found == ["静夜思"] * 40
        assert child_of(workshop) == child
    assert not psutil.pid_exists(child)
    assert first < 5  # seconds; 0.3 on an idle machine
    assert each < 0.1  # seconds; 0.002 on an idle machine


def test_what_takes_too_long_is_ended_and_the_next_file_is_served(poem: Path, slow: Path) -> None:
    with Workshop(seconds=0.4) as workshop:
        facts = workshop.inspect(slow, "a.docx")
        assert facts == Facts(TYPES["docx"], trouble=Trouble.TOO_SLOW)
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


def test_a_child_that_is_killed_costs_one_file_only(poem: Path, slow: Path) -> None:
    with Workshop() as workshop:
        workshop.inspect(poem, "a.docx")
        child = child_of(workshop)
        kill_in_a_second_or_two_of_work(child)
        killed = workshop.inspect(slow, "a.docx")
        assert killed == Facts(TYPES["docx"], trouble=Trouble.KILLED)
        assert workshop.inspect(poem, "a.docx").text == "静夜思"
        os.kill(child_of(workshop), signal.SIGKILL)
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


def test_a_file_that_wants_all_memory_gets_none(tmp_path: Path, poem: Path) -> None:
    path = tmp_path / "sparse"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, "last of 17 billion")
    with Workshop() as workshop:
        assert workshop.inspect(path, "a.xlsx") == Facts(TYPES["xlsx"], trouble=Trouble.KILLED)
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


def test_the_child_has_limits_no_secrets_and_no_files_of_the_hub(
    poem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_SECRET_KEY", "made-up")
    secret = (tmp_path / "open in the hub").open("wb")
    os.set_inheritable(secret.fileno(), True)
    with secret, Workshop(seconds=7, memory_bytes=900 * 1024 * 1024) as workshop:
        workshop.inspect(poem, "a.docx")
        child = child_of(workshop)
        process = psutil.Process(child)
        assert process.rlimit(psutil.RLIMIT_AS) == (900 * 1024 * 1024,) * 2
        assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
        assert os.getsid(child) == os.getpgid(child) == child
        assert "HUB_SECRET_KEY" not in process.environ()
        assert not reads(child, tmp_path / "open in the hub")


HUB = """
import sys, pathlib
from resource_hub.files import Workshop
with Workshop() as workshop:
    workshop.inspect(pathlib.Path(sys.argv[1]), "a.docx")
    print(workshop._child.pid, flush=True)
    workshop.inspect(pathlib.Path(sys.argv[2]), "a.docx")
    sys.stdin.read()
"""


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_kill_9_of_the_hub_ends_the_child(poem: Path, slow: Path, *, busy: bool) -> None:
    second = slow if busy else poem
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HUB, str(poem), str(second)],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as hub:  # fmt: skip
        assert hub.stdout is not None
        child = int(hub.stdout.readline())
        if busy:
            wait_until(lambda: reads(child, slow))
        hub.kill()
    wait_until(lambda: is_gone(child))


def test_a_file_that_is_not_there_is_an_error_of_the_hub(tmp_path: Path) -> None:
    with Workshop() as workshop, pytest.raises(FileNotFoundError):
        workshop.inspect(tmp_path / "nothing", "a.docx")


def test_a_closed_workshop_opens_again(poem: Path) -> None:
    workshop = Workshop()
    assert workshop.inspect(poem, "a.docx").text == "静夜思"
    workshop.close()
    workshop.close()
    assert workshop.inspect(poem, "a.docx").text == "静夜思"
    workshop.close()


def test_facts_travel_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "slides"
    path.write_bytes(made.pdf("静夜思"))
    facts = inspect(path, "课件.docx")
    assert facts.file_type.misnamed
    message = pack(facts, final=True)
    assert int.from_bytes(message[:LENGTH], "big") == len(message) - LENGTH
    assert unpack(message[LENGTH:]) == (facts, True)


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b"cposix\nsystem\n", b'{"code": "docx"}', b"\xff\xfe"]
)
def test_what_is_no_message_is_refused(said: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(said)


def test_a_thumbnail_that_is_no_picture_is_refused() -> None:
    message = pack(Facts(TYPES["png"], thumbnail=b"<script>"), final=True)
    with pytest.raises(ValueError, match="A thumbnail is a WebP picture"):
        unpack(message[LENGTH:])
