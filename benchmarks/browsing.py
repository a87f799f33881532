"""The front page and the shelves of a full hub, from a real server over loopback.

    python -m benchmarks.browsing --documents 20000 --keep /tmp/benchmarks

Two clients ask at once, one of them signed in. Beside the pages: a trivial page of the same server,
which is the physical limit, and the counts of one shelf alone, by the index and by the database.
"""

import statistics
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.filled_hub import filled_hub
from benchmarks.material import NEWEST
from benchmarks.measuring import arguments, best_times, folder, goal, p95, tell
from benchmarks.search_http import Person, pages_of_both, served, with_index
from config import Settings
from resource_hub.domain import people
from resource_hub.models.database import open_database
from resource_hub.services.queries.axes import Axis
from resource_hub.services.queries.shelf_counts import count_shelf
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchEngine, engine_from_url

PAGES = (
    "/",
    "/browse/subject",
    "/browse/school",
    "/browse/subject/math",
    "/browse/subject/math?grade=g3",
    "/browse/subject/math?kind=lesson_plan&page=5",
    "/browse/grade/g3",
    "/browse/grade/g7?sort=title",
    "/browse/school/S3",
    "/browse/school/S3?sort=most_used",
)
READER = people.Person(id=7, school_id=7, alliance_ids=frozenset({1}))
"""A teacher of one of the schools."""

GOAL = 100
"""Milliseconds, 95 of 100 pages."""


def counts_alone(settings: Settings, nowhere: Path) -> tuple[list[float], list[float]]:
    """The counts of a shelf in this process, in ms: by the index, by the database.

    The database counts where the index, in the folder ``nowhere``, is not complete.
    """
    engines = [
        engine_from_url(url, vocabulary=search_vocabulary())
        for url in (settings.search_url, f"tantivy://{nowhere}")
    ]
    database = open_database(settings.database_url)
    now = NEWEST + timedelta(days=1)

    def by(counting: SearchEngine) -> list[float]:
        with Session(database) as session:
            return best_times(
                lambda code: count_shelf(
                    session, counting, READER, now, {Axis.SUBJECT: code}, tuple(Axis)
                ),
                ("math", "chinese", "english"),
                runs=2,
            )

    index, tables = map(by, engines)
    for engine in engines:
        engine.close()
    database.dispose()
    return index, tables


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="20000")
    parser.add_argument("--rounds", type=int, default=10, help="how often each page is asked")
    parser.add_argument("--runs", type=int, default=2, help="the best of so many counts")
    chosen = parser.parse_args()
    count = int(chosen.documents)
    with folder(chosen.keep) as path:
        settings = filled_hub(path / f"hub-{count}", count)
        with_index(settings)
        tell("the counts alone")
        index, tables = counts_alone(settings, path / "no-index")
        with served(settings) as (host, port):
            clients = Person(host, port), Person(host, port)
            clients[1].sign_in("teacher7")
            pages_of_both(clients, PAGES, rounds=1)
            runs = []
            for number in range(chosen.runs):
                runs.append(pages_of_both(clients, PAGES, rounds=chosen.rounds))
                tell(f"run {number + 1}: p95 {p95(runs[-1]):.1f} ms")
            trivial = best_times(
                lambda path: clients[0].ask("GET", path), ["/healthz"] * 100, runs=1
            )
    best = min(runs, key=p95)
    print(f"{count:,} resources, two clients, {len(best)} pages a run, best of {chosen.runs} runs")
    print(f"{'':32}{'median ms':>10}{'p95 ms':>9}")
    for name, times in (
        ("front page and shelves", best),
        ("trivial page", trivial),
        ("counts by the index", index),
        ("counts by the database", tables),
    ):
        print(f"{name:32}{statistics.median(times):10.1f}{p95(times):9.1f}")
    goal("p95 of front page and shelves", p95(best), GOAL, unit=" ms")


if __name__ == "__main__":
    main()
