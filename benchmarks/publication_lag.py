"""From the commit of a publication until a search finds it, while two threads search.

    python -m benchmarks.publication_lag --documents 20000 --keep /tmp/benchmarks

Reviewers approve one submission after another through the real services; the real worker, a
process of its own, brings the index up to date. Beside it, how long one document takes from being
handed over until it is found: our engine without the queue, our Whoosh engine, bare tantivy.
"""

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from benchmarks.bare import bare_index
from benchmarks.filled_hub import filled_hub
from benchmarks.material import QUERIES, SEEN_BY, documents
from benchmarks.measuring import arguments, folder, goal, p95, tell, told
from benchmarks.search_http import with_index
from config import Settings
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import utc_now
from resource_hub.models.database import WRITING, open_database
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchEngine, SearchRequest, engine_from_url
from storage import LocalStorage
from tests.given import Given

ROOT = Path(__file__).resolve().parents[1]
ZONE = ZoneInfo("Asia/Shanghai")
LOOK_EVERY = 0.01
"""Seconds between two searches for what has just been published."""

PATIENCE = 120.0
"""Seconds after which a publication counts as lost."""

PEER_DOCUMENTS = 1_000
"""In the index of our Whoosh engine: filling it takes long."""


def word(number: int) -> str:
    """A word that stands in one title alone."""
    return f"publication{number}x"


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """The worker, as ``hub worker`` starts it."""
    environment = {name: value for name, value in os.environ.items() if "HUB_" not in name}
    process = subprocess.Popen(
        [sys.executable, "-m", "resource_hub.entry", "worker"],
        cwd=settings.data,
        env=environment | {"HUB_DATA": str(settings.data), "PYTHONPATH": str(ROOT)},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def searching(engine: SearchEngine, threads: int = 2) -> Iterator[None]:
    """Search without a pause, in so many threads."""
    over = threading.Event()

    def search() -> None:
        for query in cycle(QUERIES):
            if over.is_set():
                return
            engine.search(SearchRequest(query, SEEN_BY))

    busy = [threading.Thread(target=search) for _ in range(threads)]
    for thread in busy:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in busy:
            thread.join()


def submissions(database: Engine, blobs: Path, count: int) -> tuple[Person, list[int]]:
    """Submit ``count`` resources; gives their reviewer and the revisions."""
    with Session(database) as session:
        session.connection(execution_options={WRITING: True})
        given = Given(session, UnitOfWork(session, utc_now, ZONE), LocalStorage(blobs))
        school = given.school("量时学校")
        author = given.teacher(school=school, account="timed-author")
        reviewer = given.reviewer(school=school)
        revisions = [
            given.submitted(by=author, title=f"{word(number)} 教案", audience=Audience.SCHOOL).id
            for number in range(count)
        ]
        session.commit()
    return reviewer, revisions


def publish(database: Engine, reviewer: Person, revision_id: int) -> None:
    """Approve it, at the one stage that a resource for the own school passes."""
    with Session(database) as session, unit_of_work(session, utc_now, ZONE) as uow:
        take_step(uow, reviewer, revision_id, Action.APPROVE)


def finds(engine: SearchEngine, request: SearchRequest) -> bool:
    return engine.search(request).total == 1


def seconds_until(found: Callable[[], bool]) -> float:
    """Look until it is found; how long that took."""
    begin = time.perf_counter()
    while not found():
        spent = time.perf_counter() - begin
        assert spent < PATIENCE, "a publication was never found"
        time.sleep(LOOK_EVERY)
    return time.perf_counter() - begin


def lags(settings: Settings, count: int) -> list[float]:
    """Publish ``count`` resources one after the other; seconds until each was found.

    One more is published before them and not measured: the worker takes a while to start.
    """
    database = open_database(settings.database_url)
    engine = engine_from_url(settings.search_url, vocabulary=search_vocabulary())
    reviewer, revisions = submissions(database, settings.data / "blobs", count + 1)
    seen_by = frozenset({f"school:{reviewer.school_id}"})
    found = []
    with working(settings), searching(engine):
        for number, revision_id in told("published", enumerate(revisions)):
            publish(database, reviewer, revision_id)
            request = SearchRequest(word(number), seen_by, facets=(), relax=False)
            found.append(seconds_until(partial(finds, engine, request)))
    engine.close()
    database.dispose()
    return found[1:]


def direct(engine: SearchEngine, count: int, *, first_id: int) -> list[float]:
    """Seconds from handing one document over until it is found, while two threads search."""
    model = next(documents(1))
    found = []
    with searching(engine):
        for number in range(count):
            document = replace(
                model, resource_id=first_id + number, title=f"direct{number}x", sequence=2
            )
            begin = time.perf_counter()
            engine.apply([document], ())
            request = SearchRequest(f"direct{number}x", SEEN_BY | model.visible_to, relax=False)
            assert engine.search(request).total == 1
            found.append(time.perf_counter() - begin)
    return found


def bare(path: Path, count: int, many: int) -> list[float]:
    index = bare_index(path, told("bare tantivy", documents(many)))
    model = next(documents(1))
    found = []
    for number in range(count):
        begin = time.perf_counter()
        index.add(replace(model, resource_id=many + number + 1, title=f"direct{number}x"))
        assert index.ask(f"direct{number}x", model.visible_to)[0] >= 1
        found.append(time.perf_counter() - begin)
    return found


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="20000")
    parser.add_argument("--publications", type=int, default=200)
    chosen = parser.parse_args()
    count = int(chosen.documents)
    few = max(2, chosen.publications // 10)
    with folder(chosen.keep) as path:
        filled = filled_hub(path / f"hub-{count}", count)
        with_index(filled)
        data = path / "published"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(filled.data, data)
        settings = Settings(data=data).with_defaults()
        times = lags(settings, chosen.publications)
        tell("without the queue")
        engine = engine_from_url(settings.search_url, vocabulary=search_vocabulary())
        alone = direct(engine, few, first_id=10 * count)
        engine.close()
        peer = engine_from_url(f"whoosh://{data / 'whoosh'}", vocabulary=search_vocabulary())
        small = min(count, PEER_DOCUMENTS)
        for _done in peer.rebuild(told("our whoosh engine", documents(small))):
            pass
        slow = direct(peer, few, first_id=10 * count)
        peer.close()
        raw = bare(data / "bare", few, count)
        shutil.rmtree(data, ignore_errors=True)
    print(f"{chosen.publications} publications among {count:,} resources, two threads searching")
    print(f"{'':36}{'p50 s':>8}{'p95 s':>8}{'worst s':>9}")
    for name, row in (
        ("publication, committed → found", times),
        ("our tantivy engine, handed → found", alone),
        (f"our whoosh engine, {small:,} documents", slow),
        ("bare tantivy, nobody searching", raw),
    ):
        print(f"{name:36}{statistics.median(row):8.3f}{p95(row):8.3f}{max(row):9.3f}")
    goal("p95 from commit to found", p95(times), 1, unit=" s")


if __name__ == "__main__":
    main()
