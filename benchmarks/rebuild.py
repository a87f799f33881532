"""A rebuild of the index from a full database, beside bare rjieba and tantivy, from one run.

    python -m benchmarks.rebuild --documents 200000 --keep /tmp/benchmarks

Ours reads the database and keeps searches going; the bare libraries are given the same documents
in memory. Our Whoosh engine, the peer, rebuilds from the same database for a limited time.
"""

import multiprocessing
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.bare import BareTantivy
from benchmarks.filled_hub import filled_hub
from benchmarks.material import NEWEST
from benchmarks.measuring import Memory, arguments, folder, goal, tell, told
from resource_hub.models.database import open_database
from resource_hub.services.indexing import all_documents, count_findable, reindex_all
from resource_hub.services.vocabulary import search_vocabulary
from search_index import IndexDocument, engine_from_url

NOW = NEWEST + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    name: str
    documents: int
    seconds: float
    peak: int = 0
    """The most memory, in bytes; 0: not watched."""

    @property
    def rate(self) -> float:
        return self.documents / self.seconds


def read_alone(database_url: str) -> Figures:
    """How long the reading takes when nothing is done with what was read."""
    database = open_database(database_url)
    begin = time.perf_counter()
    with Session(database) as session:
        count = sum(1 for _ in told("reading alone", all_documents(session, now=NOW)))
    database.dispose()
    return Figures("reading alone", count, time.perf_counter() - begin)


def ours(database_url: str, search_url: str, limit: float) -> Figures:
    """Rebuild as ``hub index rebuild`` does; what does not fit into ``limit`` seconds is left out.

    Without a limit it is exactly the same road; with one, the documents of the time that is up.
    """
    scheme = search_url.partition(":")[0]
    engine = engine_from_url(search_url, vocabulary=search_vocabulary())
    database = open_database(database_url)
    begin = time.perf_counter()
    with Session(database) as session:
        total = count_findable(session, now=NOW)
        if limit == float("inf"):
            done = _shown(scheme, reindex_all(session, engine, now=NOW), total)
        else:
            documents = told(f"our {scheme} engine", all_documents(session, now=NOW), limit=limit)
            for _done in engine.rebuild(documents):
                pass
            done = engine.count()
    seconds = time.perf_counter() - begin
    assert engine.count() == done
    engine.close()
    database.dispose()
    return Figures(f"our {scheme} engine", done, seconds)


def _shown(scheme: str, steps: Iterator[int], total: int) -> int:
    """Exhaust ``steps`` and say how far they are."""
    begin = said = time.perf_counter()
    done = 0
    for done in steps:
        now = time.perf_counter()
        if now - said > 5:
            tell(f"our {scheme} engine: {done:,} of {total:,} in {now - begin:.0f} s")
            said = now
    return done


def bare(items: list[IndexDocument], index: Path) -> Figures:
    begin = time.perf_counter()
    for _done in told("bare rjieba and tantivy", BareTantivy(index).fill(items)):
        pass
    return Figures("bare rjieba + tantivy", len(items), time.perf_counter() - begin)


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="200000")
    parser.add_argument("--limit", type=float, default=60, help="seconds for our Whoosh engine")
    parser.add_argument("--runs", type=int, default=1, help="the best of so many counts")
    chosen = parser.parse_args()
    count = int(chosen.documents)
    spawn = multiprocessing.get_context("spawn")
    with folder(chosen.keep) as path:
        settings = filled_hub(path / f"hub-{count}", count)
        url = settings.database_url
        place = path / "rebuilt"
        mine: list[Figures] = []
        raw: list[Figures] = []
        for _ in range(chosen.runs):
            shutil.rmtree(place, ignore_errors=True)
            with ProcessPoolExecutor(1, mp_context=spawn) as fresh, Memory() as memory:
                found = fresh.submit(ours, url, settings.search_url, float("inf")).result()
            mine.append(replace(found, peak=memory.peak))
            with ProcessPoolExecutor(1, mp_context=spawn) as fresh:
                raw.append(fresh.submit(bare_from, url, place / "bare").result())
        alone = read_alone(url)
        peer = ours(url, f"whoosh://{place / 'whoosh'}", chosen.limit)
        shutil.rmtree(place, ignore_errors=True)
    best, barest = max(mine, key=lambda row: row.rate), max(raw, key=lambda row: row.rate)
    print(f"best of {chosen.runs}")
    print(f"{'':24}{'documents':>10}{'seconds':>9}{'docs/s':>9}{'peak MB':>9}")
    for row in (best, barest, alone, peer):
        peak = f"{row.peak / 1e6:9.0f}" if row.peak else ""
        print(f"{row.name:24}{row.documents:10,}{row.seconds:9.1f}{row.rate:9.0f}{peak}")
    print(f"our tantivy / our whoosh: {best.rate / peer.rate:.0f}x docs/s")
    goal("times bare rjieba + tantivy", best.rate / barest.rate, 0.6, least=True)
    goal("memory of all processes", max(row.peak for row in mine) / 1e9, 1.2, unit=" GB")


def bare_from(database_url: str, index: Path) -> Figures:
    """Read the documents into memory, then measure what the bare libraries do with them."""
    database = open_database(database_url)
    with Session(database) as session:
        items = list(told("reading into memory", all_documents(session, now=NOW)))
    database.dispose()
    return bare(items, index)


if __name__ == "__main__":
    main()
