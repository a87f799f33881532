"""Ask every judged query of the hub's engine and of the bare library; compare with the goals.

python -m benchmarks.relevance --engine tantivy --class typo --show-misses
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.relevance.collection import SAMPLES, Record, collection
from benchmarks.relevance.derived import Derived
from benchmarks.relevance.judging import Judged, Kind, written_queries
from benchmarks.relevance.peers import BEST, Ask, plain_tantivy, segmented_tantivy
from resource_hub.services.vocabulary import search_vocabulary
from search_index.base import SearchEngine, SearchRequest
from search_index.from_url import engine_from_url

GOAL_OVERALL, GOAL_EACH = 0.95, 0.85
"""Least success@10."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class Result:
    """Where the first relevant answer to a query stood, from 1; 0 if it was not among the best."""

    judged: Judged
    answers: tuple[int, ...]

    @property
    def rank(self) -> int:
        places = (place for place, number in enumerate(self.answers, 1) if self._fits(number))
        return next(places, 0)

    def _fits(self, number: int) -> bool:
        return number in self.judged.relevant


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of queries with a relevant answer on top and among the best ten, and their MRR."""

    count: int
    top: float
    ten: float
    mrr: float

    @classmethod
    def of(cls, results: Sequence[Result]) -> "Figures":
        ranks = [result.rank for result in results]
        count = max(len(ranks), 1)
        return cls(
            len(ranks),
            sum(rank == 1 for rank in ranks) / count,
            sum(rank > 0 for rank in ranks) / count,
            sum(1 / rank for rank in ranks if rank) / count,
        )

    def __str__(self) -> str:
        return f"{self.top:7.3f}{self.ten:7.3f}{self.mrr:7.3f}"


def our_engine(scheme: str, folder: Path, records: Sequence[Record]) -> SearchEngine:
    """Index everything once."""
    engine = engine_from_url(f"{scheme}://{folder}/index", vocabulary=search_vocabulary())
    for start in range(0, len(records), BATCH):
        engine.apply([record.document for record in records[start : start + BATCH]], ())
    return engine


def asking(engine: SearchEngine) -> Ask:
    """Search as a visitor, without facets."""

    def ask(query: str) -> Sequence[int]:
        request = SearchRequest(query, frozenset({"public"}), per_page=BEST, facets=())
        return [hit.resource_id for hit in engine.search(request).hits]

    return ask


def results_of(ask: Ask, queries: Sequence[Judged]) -> list[Result]:
    return [Result(judged, tuple(ask(judged.text))) for judged in queries]


def report(tables: dict[str, list[Result]]) -> None:
    """Print a line for each class and one for all of them, every engine side by side."""
    print(f"{'':25}" + "".join(f"{name:>21}" for name in tables))
    print(f"{'class':18}{'queries':>7}" + "    s@1   s@10    MRR" * len(tables))
    kinds = dict.fromkeys(result.judged.kind for result in next(iter(tables.values())))
    for kind in kinds:
        rows = [[r for r in table if r.judged.kind == kind] for table in tables.values()]
        figures = [Figures.of(row) for row in rows]
        print(f"{kind:18}{figures[0].count:7}" + "".join(map(str, figures)))
    figures = [Figures.of(table) for table in tables.values()]
    print(f"{'all':18}{figures[0].count:7}" + "".join(map(str, figures)))


def goals_met(results: Sequence[Result]) -> bool:
    """Say which goals are met, and whether all are."""
    overall = Figures.of(results).ten
    missed = {
        kind: figures.ten
        for kind in Kind
        if (figures := Figures.of([r for r in results if r.judged.kind == kind])).count
        and figures.ten < GOAL_EACH
    }
    print(f"success@10 overall >= {GOAL_OVERALL}: {'met' if overall >= GOAL_OVERALL else 'MISSED'}")
    names = ", ".join(f"{kind} {share:.3f}" for kind, share in missed.items())
    print(f"success@10 of each class >= {GOAL_EACH}: {f'MISSED by {names}' if missed else 'met'}")
    return overall >= GOAL_OVERALL and not missed


def show_misses(results: Sequence[Result], records: Sequence[Record]) -> None:
    titles = {record.number: " ".join(record.shown.split()) for record in records}
    for result in results:
        if result.rank:
            continue
        judged = result.judged
        wanted = [f"{number} {titles[number]}" for number in sorted(judged.relevant)[:2]]
        print(f"\n{judged.kind}: {judged.text!r}\n  meant: {judged.meant}")
        print(f"  {len(judged.relevant)} relevant: {'; '.join(wanted)}")
        for number in result.answers[:3]:
            print(f"    found {number} {titles[number]}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how often teachers find what they mean.")
    parser.add_argument("--engine", default="tantivy", choices=("tantivy", "whoosh"))
    parser.add_argument("--class", dest="kind", type=Kind, choices=list(Kind), metavar="CLASS")
    parser.add_argument("--show-misses", action="store_true")
    parser.add_argument("--peers-only", action="store_true", help="leave our engine out")
    chosen = parser.parse_args()
    if not SAMPLES.is_dir():
        print("The folder ../shared/samples is not here.", file=sys.stderr)
        return 1
    records = collection()
    queries = [*written_queries(records), *Derived(records).all()]
    queries = [judged for judged in queries if chosen.kind in {None, judged.kind}]
    queries.sort(key=lambda judged: list(Kind).index(judged.kind))
    print(f"{len(queries)} judged queries over {len(records)} resources, top {BEST}")
    tables: dict[str, list[Result]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if not chosen.peers_only:
            begin = time.perf_counter()
            engine = our_engine(chosen.engine, Path(folder), records)
            middle = time.perf_counter()
            tables[f"our {chosen.engine}"] = results_of(asking(engine), queries)
            engine.close()
            spent = time.perf_counter() - middle
            print(
                f"indexed in {middle - begin:.0f} s, {spent * 1_000 / len(queries):.1f} ms a query"
            )
        tables["tantivy + rjieba"] = results_of(segmented_tantivy(records), queries)
        tables["bare tantivy"] = results_of(plain_tantivy(records), queries)
    report(tables)
    results = next(iter(tables.values()))
    if chosen.show_misses:
        show_misses(results, records)
    return 0 if goals_met(results) else 1


if __name__ == "__main__":
    sys.exit(main())
