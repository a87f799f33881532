"""A process of its own for files of strangers: it may die, the hub goes on."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import xlsxwriter

from resource_hub.files import TYPES, Facts, Trouble, Workshop
from resource_hub.files.answers import LENGTH, Answer, End, read_message, write_message
from resource_hub.files.guard import Unreadable
from resource_hub.files.inspection import inspect
from resource_hub.files.wire import pack, unpack
from tests.files import made

DOCX = {"name": "a.docx"}
CHECKOUT = Path(__file__).resolve().parents[2]
LINE = "<w:p><w:r><w:t>静夜思</w:t></w:r></w:p>"


@pytest.fixture
def poem(tmp_path: Path) -> Path:
    path = tmp_path / "poem"
    path.write_bytes(made.document("静夜思"))
    return path


def wordy(path: Path, paragraphs: int) -> Path:
    """A document of empty paragraphs but one: nine microseconds of work for each, or more."""
    body = "<w:p/>" * paragraphs
    main = f'<w:document xmlns:w="{made.WORD}"><w:body>{LINE}{body}</w:body></w:document>'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": made.TYPES,
        "word/document.xml": main,
    }
    path.write_bytes(made.packed(members, stored=True))
    return path


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many seconds of work, and allowed; nobody waits for its end."""
    return wordy(tmp_path_factory.mktemp("slow") / "slow", 10_000_000)


@pytest.fixture
def longish(tmp_path: Path) -> Path:
    """Work enough to be interrupted."""
    return wordy(tmp_path / "longish", 50_000)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "this did not happen within 20 seconds"


def reads(pid: int, path: Path) -> bool:
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed between two looks
            if link.readlink() == path:
                return True
    return False


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


def test_a_file_is_read_all_the_same_when_its_child_is_killed(poem: Path, longish: Path) -> None:
    with Workshop() as workshop:
        answers = workshop.ask("inspect", longish, arguments=DOCX)
        assert next(answers).facts["text"] == ""
        child = child_of(workshop)
        os.kill(child, signal.SIGKILL)
        # The text, and the type not once more.
        assert [answer.facts["text"] for answer in answers] == ["静夜思"]
        assert child_of(workshop) != child
        os.kill(child_of(workshop), signal.SIGKILL)
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


def test_a_file_that_kills_two_children_is_given_up(poem: Path, slow: Path) -> None:
    with Workshop() as workshop:
        workshop.inspect(poem, "a.docx")
        first = child_of(workshop)
        answers = workshop.ask("inspect", slow, arguments=DOCX)
        assert next(answers).facts["code"] == "docx"
        os.kill(first, signal.SIGKILL)
        with ThreadPoolExecutor(1) as pool:
            rest = pool.submit(lambda: list(answers))
            wait_until(lambda: (child := workshop._child) is not None and child.pid != first)
            wait_until(lambda: reads(child_of(workshop), slow))
            os.kill(child_of(workshop), signal.SIGKILL)
            with pytest.raises(Unreadable) as caught:
                rest.result()
        assert caught.value.trouble is Trouble.KILLED
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


def test_whoever_wants_no_more_answers_may_go(poem: Path, slow: Path) -> None:
    with Workshop() as workshop:
        answers = workshop.ask("inspect", slow, arguments=DOCX)
        assert isinstance(answers, Iterator)
        assert next(answers).facts["code"] == "docx"
        answers.close()  # type: ignore[attr-defined]  # it is a generator
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


def test_an_order_may_have_a_time_of_its_own(slow: Path) -> None:
    with Workshop() as workshop, pytest.raises(Unreadable) as caught:
        list(workshop.ask("inspect", slow, arguments=DOCX, seconds=0.4))
    assert caught.value.trouble is Trouble.TOO_SLOW


def test_an_order_that_there_is_not_is_given_up(poem: Path) -> None:
    with Workshop() as workshop, pytest.raises(Unreadable) as caught:
        list(workshop.ask("bake", poem))
    assert caught.value.trouble is Trouble.KILLED


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
        assert Path(f"/proc/{child}/oom_score_adj").read_text(encoding="ascii") == "1000\n"


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


def test_a_disk_that_fails_while_it_is_read_is_an_error_of_the_hub(poem: Path) -> None:
    unreadable = Path("/proc/self/mem")  # opens, and answers each look with EIO
    with Workshop() as workshop:
        with pytest.raises(OSError, match="in the process that reads files") as caught:
            list(workshop.ask("inspect", unreadable, arguments=DOCX))
        assert caught.value.errno == errno.EIO
        assert workshop.inspect(poem, "a.docx").text == "静夜思"


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
    message = write_message(pack(facts))
    assert int.from_bytes(message[:LENGTH], "big") == len(message) - LENGTH
    answer = read_message(message[LENGTH:])
    assert isinstance(answer, Answer)
    assert unpack(answer) == facts


@pytest.mark.parametrize("end", [End(), End(Trouble.TOO_LARGE), End(errno=errno.EIO)])
def test_the_end_of_all_answers_travels_too(end: End) -> None:
    assert read_message(write_message(end)[LENGTH:]) == end


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"{}", b"cposix\nsystem\n", b'{"end": 1}', b'{"facts": []}', b"\xff\xfe"],
)
def test_what_is_no_message_is_refused(said: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_message(said)


@pytest.mark.parametrize("odd", [{}, {"code": "docx"}, {"code": "docx", "misnamed": 1}])
def test_facts_that_do_not_fit_are_refused(odd: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="This is no message of a workshop"):
        unpack(Answer(odd))


def test_a_thumbnail_that_is_no_picture_is_refused() -> None:
    answer = pack(Facts(TYPES["png"], thumbnail=b"<script>"))
    with pytest.raises(ValueError, match="A thumbnail is a WebP picture"):
        unpack(answer)
