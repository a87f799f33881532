"""Top 20, eight facets and highlights: our engines beside bare tantivy, from one run.

    python -m benchmarks.search_latency --documents 20000,200000 --keep /tmp/benchmarks

Ours answers with the whole language, the audience, multi-select facets, highlights and passages;
bare tantivy gets rjieba's words and answers with titles and the same eight facets. Our Whoosh
engine, the peer, is filled with at most the first number of documents and for a limited time.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.bare import bare_index
from benchmarks.material import NEWEST, QUERIES, SEEN_BY, documents
from benchmarks.measuring import arguments, best_times, folder, goal, p95, tell, told
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchEngine, SearchRequest, engine_from_url

TODAY = (NEWEST + timedelta(days=1)).date()


@dataclass(frozen=True, slots=True)
class Figures:
    """How long one engine took for each query, in ms, over so many documents."""

    name: str
    documents: int
    times: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def filled(scheme: str, path: Path, count: int, limit: float = float("inf")) -> SearchEngine:
    """Our engine with ``count`` documents, or with as many as it takes in ``limit`` seconds."""
    engine = engine_from_url(f"{scheme}://{path}", vocabulary=search_vocabulary())
    if engine.needs_rebuild or not engine.count():
        begin = time.perf_counter()
        for _done in engine.rebuild(told(f"our {scheme} engine", documents(count), limit=limit)):
            pass
        tell(f"our {scheme} engine: filled in {time.perf_counter() - begin:.0f} s")
    engine.prepare()
    gc.freeze()  # as hub serve does
    return engine


def ours(scheme: str, path: Path, count: int, *, runs: int, limit: float) -> Figures:
    engine = filled(scheme, path / f"{scheme}-{count}", count, limit)
    present = engine.count()
    tell(f"our {scheme} engine: asking {present:,} documents")
    request = _asking(engine)
    times = best_times(request, QUERIES, runs=runs)
    engine.close()
    return Figures(f"our {scheme} engine", present, times)


def _asking(engine: SearchEngine) -> Callable[[str], object]:
    return lambda query: engine.search(SearchRequest(query, SEEN_BY, today=TODAY))


def bare(path: Path, count: int, *, runs: int) -> Figures:
    index = bare_index(path / f"bare-{count}", told("bare tantivy", documents(count)))
    tell(f"bare tantivy: asking {index.count():,} documents")
    times = best_times(lambda query: index.ask(query, SEEN_BY), QUERIES, runs=runs)
    return Figures("bare tantivy", index.count(), times)


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="20000,200000")
    parser.add_argument("--limit", type=float, default=600, help="seconds to fill our Whoosh")
    parser.add_argument("--runs", type=int, default=5, help="the best of so many counts")
    parser.add_argument("--slow", action="store_true", help="show the time of each query")
    chosen = parser.parse_args()
    sizes = [int(part) for part in chosen.documents.split(",")]
    table: list[tuple[Figures, Figures]] = []
    with folder(chosen.keep) as path:
        for count in sizes:
            mine = ours("tantivy", path, count, runs=chosen.runs, limit=float("inf"))
            table.append((mine, bare(path, count, runs=chosen.runs)))
        peer = ours("whoosh", path, sizes[0], runs=min(chosen.runs, 2), limit=chosen.limit)
    print(f"{len(QUERIES)} queries, top 20, 8 facets; best of {chosen.runs} warm runs each")
    print(f"{'':22}{'documents':>10}{'median ms':>11}{'p95 ms':>9}")
    for row in (*(figures for pair in table for figures in pair), peer):
        print(f"{row.name:22}{row.documents:10,}{row.median:11.2f}{p95(row.times):9.2f}")
    if chosen.slow:
        for place, query in enumerate(QUERIES):
            spent = "".join(f"{row.times[place]:9.2f}" for pair in table for row in pair)
            print(f"{spent}{peer.times[place]:10.1f}  {query or '(everything)'}")
    first = table[0][0]
    goal(
        f"faster at {first.documents:,} than our Whoosh engine at {peer.documents:,}",
        peer.median / first.median,
        20,
        least=True,
    )
    for mine, raw in table:
        goal(f"times bare tantivy at {mine.documents:,}", mine.median / raw.median, 3)
    for mine, _raw in table[1:]:
        goal(
            f"times as long at {mine.documents:,} as at {first.documents:,}",
            mine.median / first.median,
            2.5,
        )


if __name__ == "__main__":
    main()
