"""What a document costs an OpenSearch cluster: disk by kind of file, heap, time to fill and to ask.

    python -m benchmarks.growing --documents 10000,40000

The figures behind docs/how-to/grow.md. Three real nodes on this machine (Java and Maven needed),
one shard without replicas, so that sizes are those of the documents alone.
"""

import statistics
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from opensearchpy import OpenSearch

from benchmarks.material import NEWEST, QUERIES, SEEN_BY, documents
from benchmarks.measuring import arguments, best_times, p95, tell, told
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchRequest
from search_index.opensearch_address import address_from_url
from search_index.opensearch_engine import OpenSearchEngine
from tests.search_index.opensearch import NODES, RealCluster, real_cluster

TODAY = (NEWEST + timedelta(days=1)).date()
PATIENT = 30.0
CALM = 100.0

FILES = {
    "fdt": "stored snapshots", "fdx": "stored snapshots", "fdm": "stored snapshots",
    "pos": "positions", "doc": "postings", "tim": "terms", "tip": "terms", "tmd": "terms",
    "dvd": "columns", "dvm": "columns", "nvd": "lengths", "nvm": "lengths",
    "kdd": "points", "kdi": "points", "kdm": "points",
}  # fmt: skip
"""Lucene's files by what is in them; ``_recovery_source`` and the like are under "other"."""


def measure(cluster: RealCluster, count: int) -> None:
    address = address_from_url(f"opensearch://{','.join(cluster.hosts)}/hub-{count}?replicas=0")
    with (
        closing(
            OpenSearchEngine(replace(address, seconds=PATIENT), vocabulary=search_vocabulary())
        ) as engine,
        closing(OpenSearch(f"http://{cluster.hosts[0]}", timeout=600)) as client,
    ):
        begin = time.perf_counter()
        for _done in engine.rebuild(told("our OpenSearch engine", documents(count))):
            pass
        filled = time.perf_counter() - begin
        # A node keeps what it would send to a replica until it knows that none needs it, for a
        # minute or so; only a merge after that shows what the documents take in the long run.
        time.sleep(CALM)
        client.indices.flush(index=address.index)
        client.indices.forcemerge(index=address.index, params={"max_num_segments": 1})
        tell(f"asking {count:,} documents")
        times = best_times(
            lambda query: engine.search(SearchRequest(query, SEEN_BY, today=TODAY)),
            QUERIES,
            runs=3,
        )
        print(f"\n{count:,} documents: filled at {count / filled:,.0f} a second")
        print(f"top 20 + 8 facets + highlights: median {statistics.median(times):.0f} ms, ", end="")
        print(f"p95 {p95(times):.0f} ms")
        print(f"one publication: median {statistics.median(publications(engine)):.0f} ms")
        show_disk(client, address.index, count)


def publications(engine: OpenSearchEngine) -> list[float]:
    """How long it takes, in ms, to apply one document after the other."""
    times = []
    for document in documents(30):
        begin = time.perf_counter()
        engine.apply([document], ())
        times.append((time.perf_counter() - begin) * 1_000)
    return times


def show_disk(client: OpenSearch, index: str, count: int) -> None:
    stats = client.indices.stats(
        index=index,
        metric="store,segments",
        params={"include_segment_file_sizes": "true"},
    )["_all"]["primaries"]
    sizes: dict[str, int] = {}
    for extension, size in stats["segments"]["file_sizes"].items():
        kind = FILES.get(extension, "other")
        sizes[kind] = sizes.get(kind, 0) + size["size_in_bytes"]
    for kind, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"  {kind:18} {size / count:8,.0f} bytes a document")
    print(f"  {'all on disk':18} {stats['store']['size_in_bytes'] / count:8,.0f} bytes a document")


def show_heap(cluster: RealCluster) -> None:
    with closing(OpenSearch(f"http://{cluster.hosts[0]}", timeout=60)) as client:
        nodes = client.nodes.stats(metric="jvm")["nodes"].values()
        used = [node["jvm"]["mem"]["heap_used_in_bytes"] / 1e6 for node in nodes]
        print("heap in use, MB, one figure a node:", ", ".join(f"{size:.0f}" for size in used))


def main() -> None:
    chosen = arguments(__doc__.splitlines()[0], documents="10000,40000").parse_args()
    with real_cluster() as cluster:
        for count in map(int, chosen.documents.split(",")):
            cluster.wait_for(NODES)
            measure(cluster, count)
            show_heap(cluster)


if __name__ == "__main__":
    main()
