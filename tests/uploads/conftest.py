"""A hub that really runs, and teachers who are signed in to it."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import Attachment
from resource_hub.models.database import open_database
from tests.given import PASSWORD, Given
from tests.journeys.conftest import LiveHub, arrange, serving, start

__all__ = ["arrange", "serving", "start"]

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = TUS | {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Teacher:
    """Someone with cookies of their own, and a draft."""

    hub: LiveHub
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""
    draft: int = 0
    process: subprocess.Popen[str] | None = None
    """Of the hub, where a test ends it itself."""

    @property
    def headers(self) -> dict[str, str]:
        """What a tus client of another make has to send along."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.session.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": self.token}

    def sign_in(self, account: str) -> None:
        page = self.session.get(f"{self.hub.url}/sign-in", timeout=20).text
        form = {"csrf_token": _token(page), "login": account, "password": PASSWORD}
        page = self.session.post(f"{self.hub.url}/sign-in", data=form, timeout=20).text
        form = {"csrf_token": _token(page), "kind": "micro_lesson"}
        answer = self.session.post(f"{self.hub.url}/submit", data=form, timeout=20)
        self.draft, self.token = int(answer.url.rsplit("/", 1)[1]), _token(answer.text)
        self.session.headers["X-CSRFToken"] = self.token

    def begin(self, size: int, name: str = "film.mp4") -> str:
        """The address of a new upload to the own draft."""
        answer = self.session.post(
            f"{self.hub.url}/submit/{self.draft}/uploads",
            data={"name": name, "size": size},
            headers={"Accept": "application/json"},
            timeout=20,
        )
        assert answer.status_code == 200, answer.text
        return self.hub.url + str(answer.json()["url"])

    def send(self, url: str, offset: int, data: bytes) -> requests.Response:
        headers = BYTES | {"Upload-Offset": str(offset)}
        return self.session.patch(url, data=data, headers=headers, timeout=60)

    def offset(self, url: str) -> int:
        answer = self.session.head(url, headers=TUS, timeout=20)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def files(self) -> list[tuple[str, str]]:
        """Name and key of each file of the own draft, as the tables have them."""
        engine = open_database(f"sqlite:///{self.hub.folder / 'hub.db'}")
        with Session(engine) as session:
            rows = session.execute(
                select(Attachment.filename, Attachment.blob_key)
                .where(Attachment.revision_id == self.draft)
                .order_by(Attachment.position)
            )
            found = [(name, key) for name, key in rows]
        engine.dispose()
        return found

    def stored(self, key: str) -> bytes:
        return (self.hub.folder / "blobs" / key[:2] / key).read_bytes()


@contextmanager
def signed_in(hub: LiveHub, account: str) -> Iterator[Teacher]:
    """A teacher whose connections are closed at the end."""
    teacher = Teacher(hub)
    teacher.session.mount("http://", HTTPAdapter(pool_maxsize=16))
    try:
        teacher.sign_in(account)
        yield teacher
    finally:
        teacher.session.close()


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found is not None
    return found[1]


def two_teachers(given: Given) -> None:
    school = given.school("石桥小学")
    given.teacher("王敏", school=school, account="wangmin")
    given.teacher("赵云", school=school, account="zhaoyun")


@pytest.fixture
def hub(
    arrange: Callable[[Callable[[Given], None]], Path], start: Callable[[Path], LiveHub]
) -> LiveHub:
    return start(arrange(two_teachers))


@pytest.fixture
def wang(hub: LiveHub) -> Iterator[Teacher]:
    with signed_in(hub, "wangmin") as teacher:
        yield teacher


@pytest.fixture
def zhao(hub: LiveHub) -> Iterator[Teacher]:
    with signed_in(hub, "zhaoyun") as teacher:
        yield teacher
