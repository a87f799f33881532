"""The inbox of a reviewer who may judge 5,000 open submissions, from a real server over loopback.

    python -m benchmarks.inbox --documents 5000 --keep /tmp/benchmarks

Two clients ask at once: the whole list, its filters, its orders, its last page. Beside it: a
trivial page of the same server, which is the physical limit, and the same inbox with 5 submissions.
"""

import statistics

from benchmarks.measuring import arguments, best_times, folder, goal, p95, tell
from benchmarks.search_http import Person, pages_of_both, served
from benchmarks.waiting_hub import READER, waiting_hub
from config import Settings

PAGES = (
    "/review",
    "/review?whose=mine",
    "/review?whose=free",
    "/review?late=1",
    "/review?order=due",
    "/review?order=age&page=40",
    "/review?subject=math&kind=lesson_plan",
    "/review?page=9999",
)
GOAL = 100
"""Milliseconds, 95 of 100 pages."""


def measured(settings: Settings, *, rounds: int, runs: int) -> tuple[list[float], list[float]]:
    """The times of the inbox's pages, of the best run; then those of the trivial page; in ms."""
    with served(settings) as (host, port):
        people = Person(host, port), Person(host, port)
        for person in people:
            person.sign_in(f"teacher{READER}")
            person.rest()
        pages_of_both(people, PAGES, rounds=1)
        found = []
        for _ in range(runs):
            times = pages_of_both(people, PAGES, rounds=rounds)
            for person in people:
                person.rest()
            tell(f"p95 {p95(times):.1f} ms")
            found.append(times)
        trivial = best_times(lambda path: people[0].ask("GET", path), ["/healthz"] * 100, runs=1)
    return min(found, key=p95), trivial


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="5000")
    parser.add_argument("--rounds", type=int, default=10, help="how often each page is asked")
    parser.add_argument("--runs", type=int, default=2, help="the best of so many counts")
    chosen = parser.parse_args()
    count = int(chosen.documents)
    with folder(chosen.keep) as path:
        many, trivial = measured(
            waiting_hub(path / f"inbox-{count}", count), rounds=chosen.rounds, runs=chosen.runs
        )
        few, _ = measured(waiting_hub(path / "inbox-5", 5), rounds=chosen.rounds, runs=chosen.runs)
    print(f"two clients, {len(many)} pages a run, best of {chosen.runs} runs")
    print(f"{'':32}{'median ms':>10}{'p95 ms':>9}")
    for name, times in (
        (f"inbox of {count:,}", many),
        ("inbox of 5", few),
        ("trivial page", trivial),
    ):
        print(f"{name:32}{statistics.median(times):10.1f}{p95(times):9.1f}")
    goal(f"p95 of the inbox of {count:,}", p95(many), GOAL, unit=" ms")


if __name__ == "__main__":
    main()
