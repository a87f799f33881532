"""What the benchmarks of uploads share: a teacher with a draft, and PATCH requests by hand."""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.search_http import Person


@dataclass
class Draft:
    """A draft of a teacher who is signed in; ``token`` is that of the page's forms."""

    person: Person
    id: int
    token: str

    def begin(self, name: str, size: int) -> str:
        """The path of a new upload of ``size`` bytes."""
        status, answer = self.person.ask(
            "POST",
            f"/submit/{self.id}/uploads",
            form={"name": name, "size": str(size), "csrf_token": self.token},
            headers={"Accept": "application/json"},
        )
        assert status == 200, answer
        return str(json.loads(answer)["url"])

    def patch(self, path: str, offset: int, length: int) -> bytes:
        """The head of a PATCH request that announces ``length`` bytes."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
        return (
            f"PATCH {path} HTTP/1.1\r\nHost: hub\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {self.token}\r\nTus-Resumable: 1.0.0\r\n"
            f"Content-Type: application/offset+octet-stream\r\n"
            f"Upload-Offset: {offset}\r\nContent-Length: {length}\r\n\r\n"
        ).encode()


def new_draft(person: Person) -> Draft:
    """Open a draft for ``person``, who is signed in."""
    token = _found(r'name="csrf-token" content="([^"]+)"', person.ask("GET", "/submit")[1])
    status, _page = person.ask(
        "POST", "/submit", form={"kind": "micro_lesson", "csrf_token": token}
    )
    assert status == 303
    _status, work = person.ask("GET", "/my")
    return Draft(
        person, max(int(n) for n in re.findall(r'href="/submit/(\d+)', work.decode())), token
    )


def send_file(draft: Draft, line: socket.socket, path: str, file: Path, *, chunk: int) -> None:
    """Send ``file`` on ``line`` in pieces of ``chunk`` bytes, each answered before the next."""
    size = file.stat().st_size
    with file.open("rb") as source:
        for offset in range(0, size, chunk):
            length = min(chunk, size - offset)
            line.sendall(draft.patch(path, offset, length))
            assert line.sendfile(source, offset, length) == length
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += line.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 204"), answer


@dataclass
class Share:
    """The most that a process of the server held, in bytes: its own pages, its part of shared."""

    peak: int = 0


@contextlib.contextmanager
def share_of_memory() -> Iterator[Share]:
    """Watch the processes that this one started, each by itself."""
    share, over = Share(), threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):  # it has just ended
                    share.peak = max(share.peak, child.memory_full_info().pss)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield share
    finally:
        over.set()
        thread.join()


def _found(pattern: str, page: bytes) -> str:
    found = re.search(pattern, page.decode())
    assert found is not None
    return found[1]
