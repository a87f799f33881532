"""``hub serve`` and ``hub worker`` as real processes: they answer, stay together, and end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from resource_hub.cli.server import Companion
from resource_hub.cli.serving import is_loopback
from resource_hub.edge.current import reading
from resource_hub.edge.extensions import db
from resource_hub.models import Job, User
from resource_hub.models.database import WRITING
from tests.cli.conftest import Types
from tests.plugins.requirements import require_program
from tests.web.test_sending_by_nginx import Nginx, running

ROOT = Path(__file__).resolve().parents[2]
Starts = Callable[..., "Running"]


def wait_until(happened: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"this did not happen within {seconds} seconds"
        time.sleep(0.02)  # between two looks; the deadline decides


class Running:
    """A hub in processes of its own; everything that it ever started is remembered."""

    def __init__(self, data: Path, *words: str, **settings: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "resource_hub.entry", *words],
            cwd=data,
            env={name: value for name, value in os.environ.items() if name[:4] != "HUB_"}
            | {"HUB_DATA": str(data), "HUB_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
            | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.seen: dict[int, psutil.Process] = {}

    def address(self) -> tuple[str, int]:
        """Host and port, once they are printed."""
        assert self.process.stdout is not None
        found = re.search(r"http://(.+):(\d+)$", self.process.stdout.readline())
        assert found is not None, self.process.communicate()[1]
        return found[1], int(found[2])

    def get(self, path: str) -> tuple[int, dict[str, str]]:
        connection = HTTPConnection(*self.address_once, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        content = json.loads(answer.read())
        connection.close()
        return answer.status, content

    @property
    def address_once(self) -> tuple[str, int]:
        if not hasattr(self, "_address"):
            self._address = self.address()
        return self._address

    def family(self) -> list[psutil.Process]:
        """All processes of it that live now."""
        own = psutil.Process(self.process.pid)
        for process in (own, *own.children(recursive=True)):
            self.seen[process.pid] = process
        return [process for process in self.seen.values() if lives(process)]

    def worker(self) -> psutil.Process | None:
        return next((found for found in self.family() if "worker" in found.cmdline()), None)

    def end(self) -> None:
        for process in self.seen.values():
            if lives(process):
                process.kill()
        self.process.kill()
        self.process.communicate()


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def start(app: Flask) -> Iterator[Starts]:
    """Starts ``hub …`` on the data of ``app``; what is left at the end is killed."""
    running: list[Running] = []

    def begin(*words: str, **settings: str) -> Running:
        running.append(Running(app.extensions["hub"].data, *words, **settings))
        return running[-1]

    yield begin
    for hub in running:
        hub.end()


def test_it_answers_and_ends_on_sigterm_with_all_it_started(start: Starts) -> None:
    hub = start("serve", "--port", "0", "--workers", "2")
    assert hub.get("/healthz") == (200, {"status": "alive"})
    assert hub.get("/readyz") == (
        200,
        {"database": "ready", "storage": "ready", "index": "ready"},
    )
    wait_until(lambda: hub.worker() is not None)
    assert len(hub.family()) == 4  # gunicorn, two web processes, the worker
    began = time.monotonic()
    hub.process.send_signal(signal.SIGTERM)
    said, complained = hub.process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert (hub.process.returncode, said, complained) == (0, "", "")
    assert not [process for process in hub.seen.values() if lives(process)]


QUESTION = "勾股定理怎么证明？"


def question_of(characters: int) -> str:
    return "/search?q=" + quote((QUESTION * characters)[:characters])


def titles_on(page: bytes) -> list[str]:
    headings = re.findall(
        r'<article class="resource-card">.*?<h2.*?>(.*?)</h2>', page.decode(), re.DOTALL
    )
    return [re.sub("<[^>]*>", "", heading).strip() for heading in headings]


@pytest.fixture
def shelf(done: Callable[..., str], wangmin: str, tmp_path: Path) -> None:
    """Two lessons for everyone; one of them answers the question."""
    done("alliances", "add", "城乡联盟")
    done("alliances", "join", "城乡联盟", "第一小学")
    path = tmp_path / "items.jsonl"
    items = [
        {"title": "勾股定理", "text": "用四个全等的直角三角形证明。为什么？怎么证明？"},
        {"title": "观潮", "text": "钱塘江大潮是怎么来的"},
    ]
    path.write_text("\n".join(json.dumps(item) for item in items), "utf-8")
    done(
        *("import", path, "--as", wangmin, "--publish", "--grade", "三年级"),
        *("--audience", "public", "--licence", "cc-by-4.0"),
    )


@pytest.mark.usefixtures("shelf")
def test_a_pasted_question_of_any_length_is_answered(start: Starts) -> None:
    """The address carries it, nine bytes a character; htmx repeats a usual one in a header."""
    hub = start("serve", "--port", "0", "--workers", "1", "--no-worker")
    for characters in (1_000, 100_000):
        address = question_of(characters)
        repeated = {"HX-Current-URL": address} if characters == 1_000 else {}
        connection = HTTPConnection(*hub.address_once, timeout=10)
        connection.request("GET", address, headers=repeated)
        answer = connection.getresponse()
        assert (answer.status, titles_on(answer.read())) == (200, ["勾股定理"])
        connection.close()


@pytest.mark.usefixtures("shelf")
def test_nginx_lets_a_pasted_question_of_any_length_through(start: Starts, tmp_path: Path) -> None:
    """With what deploy/nginx.conf says; only beyond what the hub takes, nginx answers itself."""
    program = require_program("nginx")
    hub = start("serve", "--port", "0", "--workers", "1", "--no-worker")
    _, hub_port = hub.address_once
    with running(program, tmp_path, hub_port) as port:
        nginx = Nginx(port)
        for characters in (len(QUESTION), 3_600, 100_000):
            status, _, page = nginx.get(question_of(characters))
            assert (status, titles_on(page)) == (200, ["勾股定理"])

        status, headers, page = nginx.get(question_of(120_000))
        assert (status, headers["Content-Type"]) == (414, "text/html; charset=utf-8")
        assert "请返回上一页，只留下最重要的词再查找" in page.decode()


@pytest.mark.long
def test_a_worker_that_dies_is_started_again(start: Starts) -> None:
    hub = start("serve", "--port", "0", "--workers", "1")
    assert hub.address_once
    wait_until(lambda: hub.worker() is not None)
    first = hub.worker()
    assert first is not None
    first.kill()
    wait_until(lambda: (found := hub.worker()) is not None and found.pid != first.pid)


@pytest.mark.long
def test_a_worker_does_not_outlive_its_web_server(start: Starts) -> None:
    hub = start("serve", "--port", "0", "--workers", "1")
    assert hub.address_once
    wait_until(lambda: hub.worker() is not None)
    hub.process.kill()
    wait_until(lambda: not [process for process in hub.seen.values() if lives(process)])


def test_the_worker_does_what_is_due_and_ends_on_sigterm(start: Starts, app: Flask) -> None:
    with app.app_context(), Session(db.engine) as session:
        session.connection(execution_options={WRITING: True})
        now = app.extensions["hub"].now()
        session.add(Job(kind="index", subject="42", run_at=now, created_at=now))
        session.commit()
    hub = start("worker")

    def done() -> bool:
        with app.app_context():
            return reading().query(Job).count() == 0

    wait_until(done)
    hub.process.send_signal(signal.SIGTERM)
    assert hub.process.wait(timeout=20) == 0


def test_an_index_that_is_gone_is_built_anew_by_the_worker(start: Starts, app: Flask) -> None:
    search = app.extensions["hub"].search
    shutil.rmtree(app.extensions["hub"].data / "index")
    assert search.needs_rebuild
    start("worker")
    wait_until(lambda: not search.needs_rebuild)


def add_demo_account(app: Flask) -> None:
    with app.app_context(), Session(db.engine) as session:
        session.connection(execution_options={WRITING: True})
        session.add(
            User(
                name="王敏",
                account="demo",
                password_hash="!",
                subjects=(),
                grades=(),
                is_demo=True,
                created_at=app.extensions["hub"].now(),
            )
        )
        session.commit()


def test_a_hub_with_demo_accounts_listens_on_this_machine_alone(hub: Types, app: Flask) -> None:
    add_demo_account(app)
    result = hub("serve", "--host", "0.0.0.0")  # noqa: S104 - what must be refused
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: This hub still has demo accounts, whose password everybody knows: it listens on"
        " 127.0.0.1 alone. Set HUB_ALLOW_DEMO=1 if you mean it.\n"
    )


def test_unless_it_is_told_to(start: Starts, app: Flask) -> None:
    add_demo_account(app)
    words = ("serve", "--host", "0.0.0.0", "--port", "0", "--workers", "1", "--no-worker")  # noqa: S104 - the point
    hub = start(*words, HUB_ALLOW_DEMO="1")
    assert hub.address_once[0] == "0.0.0.0"  # noqa: S104 - the point


def test_a_database_that_lacks_a_migration_is_not_served(hub: Types, app: Flask) -> None:
    (app.extensions["hub"].data / "hub.db").write_bytes(b"")
    result = hub("serve")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: The database is not ready for this version: type hub init first.\n"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "hub.example.org", ""])  # noqa: S104 - what must be told apart
def test_everything_else_is_not(host: str) -> None:
    assert not is_loopback(host)


def test_a_problem_with_a_setting_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    hub = Running(tmp_path, "init", HUB_MAX_FILES="many")
    said, complained = hub.process.communicate(timeout=30)
    assert (hub.process.returncode, said) == (2, "")
    assert complained.startswith("Error: HUB_MAX_FILES: ")
    assert complained.count("\n") == 1


def test_a_worker_that_keeps_dying_is_started_ever_more_slowly() -> None:
    warned: list[str] = []
    companion = Companion(warned.append)
    assert [companion.next_pause(0.1) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert companion.next_pause(60) == 1
    assert warned == []
