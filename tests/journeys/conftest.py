"""A hub that really runs, and a browser that a person could sit before."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session

from resource_hub.edge.current import utc_now
from resource_hub.models.database import WRITING, open_database
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import PASSWORD, Given
from tests.plugins.requirements import require_program

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class LiveHub:
    """A hub in a folder of its own, served by ``hub serve`` with its worker."""

    url: str
    folder: Path


@pytest.fixture
def arrange(tmp_path: Path, sqlite_template: Path) -> Callable[[Callable[[Given], None]], Path]:
    """Prepares the folder of a hub: tables, and the people of the story."""

    def prepare(story: Callable[[Given], None]) -> Path:
        folder = tmp_path / "hub"
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "hub.db")
        engine = open_database(f"sqlite:///{folder / 'hub.db'}")
        with Session(engine) as session:
            session.connection(execution_options={WRITING: True})
            uow = UnitOfWork(session, utc_now, SHANGHAI)
            story(Given(session, uow, LocalStorage(folder / "blobs")))
            session.commit()
        engine.dispose()
        return folder

    return prepare


def start_hub(folder: Path, *more: str) -> tuple["subprocess.Popen[str]", LiveHub]:
    """``hub serve`` on a free port, ready; whoever starts it ends it."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [
            sys.executable,
            "-m",
            "resource_hub.entry",
            "serve",
            "--port",
            "0",
            "--workers",
            "1",
            *more,
        ],
        cwd=ROOT,
        env=os.environ | {"HUB_DATA": str(folder), "HUB_PUBLIC_URL": "http://127.0.0.1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = next(line.split()[-1] for line in process.stdout if "http://" in line)
        _wait_until_ready(url)
    except BaseException:
        process.kill()
        raise
    return process, LiveHub(url.rstrip("/"), folder)


@contextmanager
def serving(folder: Path) -> Iterator[LiveHub]:
    """``hub serve`` on a free port, stopped at the end as systemd would."""
    process, hub = start_hub(folder)
    try:
        yield hub
    finally:
        process.terminate()
        process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def start() -> Iterator[Callable[[Path], LiveHub]]:
    """Starts ``hub serve`` for the folder of a test."""
    with ExitStack() as running:
        yield lambda folder: running.enter_context(serving(folder))


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)  # between two looks at a condition, with a deadline


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = require_program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Desk:
    """Where a person sits: a browser of their own, signed in or not."""

    hub: LiveHub
    chromium: Browser
    contexts: list[BrowserContext]

    def page(self, account: str = "", *, width: int = 1280, script: bool = True) -> Page:
        """A new browser at the front page, in simplified Chinese; signed in as ``account``."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            java_script_enabled=script,
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.goto(self.hub.url)
        if account:
            page.goto(f"{self.hub.url}/sign-in")
            page.locator("input[name=login]").fill(account)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main button[type=submit], main form button").last.click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def leave(self) -> None:
        """Everybody closes their browser."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Callable[[LiveHub], Desk]]:
    """Gives a desk before a running hub."""
    contexts: list[BrowserContext] = []
    yield lambda hub: Desk(hub, chromium, contexts)
    for context in contexts:
        context.close()
