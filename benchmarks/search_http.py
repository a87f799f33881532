"""Search pages of a real server over loopback: two people who type, click and turn pages.

    python -m benchmarks.search_http --documents 200000 --keep /tmp/benchmarks

Each of two threads, one of them signed in, asks whole pages and the fragments that a script asks
for. Beside it: a trivial page of the same server, and the engine alone in this process.
"""

import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy.orm import Session

from benchmarks.filled_hub import PASSWORD, filled_hub
from benchmarks.material import NEWEST, QUERIES, SEEN_BY
from benchmarks.measuring import arguments, best_times, folder, goal, p95, tell
from config import Settings
from resource_hub.models.database import open_database
from resource_hub.services.indexing import reindex_all
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchRequest, engine_from_url

ROOT = Path(__file__).resolve().parents[1]
CHOICES: tuple[dict[str, str], ...] = (
    {},
    {},
    {"subject": "math"},
    {"grade": "g3", "kind": "lesson_plan"},
    {"sort": "newest"},
    {"page": "2"},
)
"""What is chosen beside a query."""

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
FRAGMENT = {"HX-Request": "true", "HX-Target": "results"}


@dataclass
class Person:
    """One client, on one connection, with the cookies of its sign-in."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection(self.host, self.port, timeout=60)

    def rest(self) -> None:
        """Let go of the connection; the next question opens another."""
        self._line.close()

    def sign_in(self, account: str) -> None:
        _status, page = self.ask("GET", "/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.decode())
        assert token is not None
        form = {"login": account, "password": PASSWORD, "csrf_token": token[1]}
        status, _page = self.ask("POST", "/sign-in", form=form)
        assert status in {302, 303}, "nobody could sign in"

    def ask(
        self,
        method: str,
        path: str,
        *,
        form: dict[str, str] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Send a request, with a form or a body, and read all of the answer."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            body = urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body=body, headers=sent | (headers or {}))
        answer = self._line.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()


@contextmanager
def served(settings: Settings) -> Iterator[tuple[str, int]]:
    """``hub serve`` as a person starts it, less the worker: nothing is published meanwhile."""
    environment = {name: value for name, value in os.environ.items() if "HUB_" not in name}
    server = subprocess.Popen(
        [sys.executable, "-m", "resource_hub.entry", "serve", "--port", "0", "--no-worker"],
        cwd=settings.data,
        env=environment | {"HUB_DATA": str(settings.data), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = urlsplit(server.stdout.readline().strip())
        assert address.hostname is not None
        assert address.port is not None
        yield address.hostname, address.port
    finally:
        server.terminate()
        server.wait(30)


def with_index(settings: Settings) -> None:
    """Build the index unless an earlier run has."""
    engine = engine_from_url(settings.search_url, vocabulary=search_vocabulary())
    if engine.needs_rebuild:
        database = open_database(settings.database_url)
        with Session(database) as session:
            for done in reindex_all(session, engine, now=NEWEST + timedelta(days=1)):
                if done % 20_000 == 0:
                    tell(f"building the index: {done:,}")
        database.dispose()
    engine.close()


def typed(person: Person, times: list[float], *, rounds: int, seed: int) -> None:
    """Ask every query in ``rounds`` rounds, with changing choices; half of them for a fragment."""
    dice = random.Random(seed)
    for _ in range(rounds):
        for query in dice.sample(QUERIES, len(QUERIES)):
            path = "/search?" + urlencode({"q": query} | dice.choice(CHOICES))
            headers = BROWSER | (FRAGMENT if dice.random() < 0.5 else {})
            begin = time.perf_counter()
            status, _bytes = person.ask("GET", path, headers=headers)
            times.append((time.perf_counter() - begin) * 1_000)
            assert status == 200, path


def of_both(people: tuple[Person, Person], *, rounds: int) -> list[float]:
    """Let both type at once; the answer times of all, in ms."""
    times = both_at_once(
        people,
        lambda person, times: typed(person, times, rounds=rounds, seed=people.index(person)),
    )
    assert len(times) == rounds * len(people) * len(QUERIES), "a client has failed"
    return times


def both_at_once(
    people: tuple[Person, Person], ask: Callable[[Person, list[float]], None]
) -> list[float]:
    """Let both ask at the same time; all answer times that ``ask`` noted, in ms."""
    times: list[float] = []
    threads = [threading.Thread(target=ask, args=(person, times)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def pages_of_both(
    people: tuple[Person, Person], pages: tuple[str, ...], *, rounds: int
) -> list[float]:
    """Let both ask all ``pages`` in turn, ``rounds`` times; the answer times, in ms."""

    def ask(person: Person, times: list[float]) -> None:
        for path in pages * rounds:
            begin = time.perf_counter()
            status, _page = person.ask("GET", path, headers=BROWSER)
            times.append((time.perf_counter() - begin) * 1_000)
            assert status == 200, path

    times = both_at_once(people, ask)
    assert len(times) == rounds * len(people) * len(pages), "a client has failed"
    return times


def engine_alone(settings: Settings) -> list[float]:
    engine = engine_from_url(settings.search_url, vocabulary=search_vocabulary())
    today = (NEWEST + timedelta(days=1)).date()
    times = best_times(
        lambda query: engine.search(SearchRequest(query, SEEN_BY, today=today)), QUERIES, runs=2
    )
    engine.close()
    return times


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="200000")
    parser.add_argument("--rounds", type=int, default=5, help="how often each query is asked")
    parser.add_argument("--runs", type=int, default=2, help="the best of so many counts")
    chosen = parser.parse_args()
    count = int(chosen.documents)
    with folder(chosen.keep) as path:
        settings = filled_hub(path / f"hub-{count}", count)
        with_index(settings)
        tell("the engine alone")
        alone = engine_alone(settings)
        with served(settings) as (host, port):
            people = Person(host, port), Person(host, port)
            people[1].sign_in("teacher7")
            tell("warming up")
            of_both(people, rounds=1)
            runs = []
            for number in range(chosen.runs):
                runs.append(of_both(people, rounds=chosen.rounds))
                tell(f"run {number + 1}: p95 {p95(runs[-1]):.1f} ms")
            trivial = best_times(
                lambda path: people[0].ask("GET", path), ["/healthz"] * 100, runs=1
            )
    best = min(runs, key=p95)
    print(f"{count:,} resources, two clients, {len(best)} pages a run, best of {chosen.runs} runs")
    print(f"{'':24}{'median ms':>10}{'p95 ms':>9}")
    for name, times in (("search page", best), ("trivial page", trivial), ("engine alone", alone)):
        print(f"{name:24}{statistics.median(times):10.1f}{p95(times):9.1f}")
    goal("p95 of a search page", p95(best), 60, unit=" ms")


if __name__ == "__main__":
    main()
