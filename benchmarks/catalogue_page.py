"""The page of an issue of 2,000 entries, from a real server over loopback.

    python -m benchmarks.catalogue_page --documents 2000 --keep /tmp/benchmarks

Two clients ask at once: every page of the issue, as somebody of the alliance and as a stranger.
Beside it: a trivial page of the same server, the physical limit, and an issue of 5 entries.
"""

import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.filled_hub import filled_hub
from benchmarks.measuring import arguments, best_times, folder, goal, p95, tell
from benchmarks.search_http import BROWSER, Person, served
from config import Settings
from resource_hub.domain.catalogue import Change
from resource_hub.domain.endorsement import Badge
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import PUBLIC
from resource_hub.models import Alliance, Entry, Issue, Resource
from resource_hub.models.database import WRITING, open_database

READER = 7
"""``teacher7``, of the first alliance."""

MONTH = "2026-10"
PER_PAGE = 50
GOAL = 100
"""Milliseconds, 95 of 100 pages."""

MOST_BYTES = 100_000


def with_issue(path: Path, count: int) -> tuple[Settings, str]:
    """A hub with a published issue of so many entries, and the issue's address."""
    settings = filled_hub(path, count)
    engine = open_database(settings.database_url)
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        alliance_id = session.query(Alliance.id).order_by(Alliance.id).limit(1).scalar() or 0
        address = f"/catalogue/{MONTH}/{alliance_id}"
        if not session.query(Issue.id).filter(Issue.alliance_id == alliance_id).count():
            resources = session.query(Resource.id, Resource.public_id).limit(count).all()
            session.add(_issue(alliance_id, [(row[0], row[1]) for row in resources]))
            session.commit()
    engine.dispose()
    return settings, address


def _issue(alliance_id: int, resources: list[tuple[int, str]]) -> Issue:
    start = datetime(2026, 9, 30, 16, tzinfo=UTC)
    end = start + timedelta(days=31)
    subjects = ("chinese", "math", "english", "science", "music", "art")
    return Issue(
        alliance_id=alliance_id,
        month=MONTH,
        number=1,
        covers_from=start,
        covers_to=end,
        built_at=end,
        published_at=end,
        entries=[
            Entry(
                position=number + 1,
                change=Change.NEW,
                resource_id=resource_id,
                public_id=public_id,
                revision_number=1,
                kind=Kind.LESSON_PLAN,
                title=f"第{number + 1}课《分数的初步认识》教学设计",
                summary="从分月饼开始，认识几分之一，会读会写，并能比较大小。" * 3,
                school_stage="primary",
                subject=subjects[number * len(subjects) // len(resources)],
                grades=(f"g{number % 6 + 1}",),
                school_name=f"第{number // 20 % 12 + 1}小学",
                author_name="王敏",
                audience_token=PUBLIC if number % 3 == 0 else f"alliance:{alliance_id}",
                badge=tuple(Badge)[number % len(Badge)],
            )
            for number, (resource_id, public_id) in enumerate(resources)
        ],
    )


def asked(person: Person, paths: list[str], times: list[float], sizes: list[int]) -> None:
    for path in paths:
        begin = time.perf_counter()
        status, page = person.ask("GET", path, headers=BROWSER)
        times.append((time.perf_counter() - begin) * 1_000)
        sizes.append(len(page))
        assert status == 200, path


def measured(
    settings: Settings, address: str, count: int, *, rounds: int, runs: int
) -> tuple[list[float], list[float], int]:
    """The times of the issue's pages, of the best run; of the trivial page; the largest page."""
    last = max(1, (count + PER_PAGE - 1) // PER_PAGE)
    paths = [f"{address}?page={page}" for page in range(1, last + 1)] * rounds
    sizes: list[int] = []
    with served(settings) as (host, port):
        teacher, stranger = Person(host, port), Person(host, port)
        teacher.sign_in(f"teacher{READER}")
        for person in (teacher, stranger):
            person.rest()
        asked(teacher, paths[:1], [], sizes)
        found = []
        for _ in range(runs):
            times: list[float] = []
            threads = [
                threading.Thread(target=asked, args=(person, paths, times, sizes))
                for person in (teacher, stranger)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for person in (teacher, stranger):
                person.rest()
            assert len(times) == 2 * len(paths), "a client has failed"
            tell(f"p95 {p95(times):.1f} ms")
            found.append(times)
        trivial = best_times(lambda path: teacher.ask("GET", path), ["/healthz"] * 100, runs=1)
    return min(found, key=p95), trivial, max(sizes)


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="2000")
    parser.add_argument("--rounds", type=int, default=4, help="how often each page is asked")
    parser.add_argument("--runs", type=int, default=2, help="the best of so many counts")
    chosen = parser.parse_args()
    count = int(chosen.documents)
    how = {"rounds": chosen.rounds, "runs": chosen.runs}
    with folder(chosen.keep) as path:
        settings, address = with_issue(path / f"issue-{count}", count)
        many, trivial, largest = measured(settings, address, count, **how)
        settings, address = with_issue(path / "issue-5", 5)
        few, _, _ = measured(settings, address, 5, **how)
    print(f"two clients, {len(many)} pages a run, best of {chosen.runs} runs")
    print(f"{'':32}{'median ms':>10}{'p95 ms':>9}")
    for name, times in (
        (f"issue of {count:,}, any page", many),
        ("issue of 5", few),
        ("trivial page", trivial),
    ):
        print(f"{name:32}{statistics.median(times):10.1f}{p95(times):9.1f}")
    goal(f"p95 of a page of an issue of {count:,}", p95(many), GOAL, unit=" ms")
    goal("the largest page as it is sent", largest, MOST_BYTES, unit=" bytes")


if __name__ == "__main__":
    main()
