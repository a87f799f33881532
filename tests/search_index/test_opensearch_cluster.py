"""A real cluster of three nodes: it answers as tantivy does, and goes on when a node dies."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from opensearchpy import OpenSearch

from search_index.base import IndexDocument, IndexUnavailable, SearchEngine
from search_index.from_url import engine_from_url
from search_index.opensearch_address import address_from_url
from search_index.opensearch_engine import OpenSearchEngine
from tests.samples import needs_samples
from tests.search_index import agreement
from tests.search_index.documents import VOCABULARY, ask, found, lesson
from tests.search_index.opensearch import NODES, RealCluster
from tests.search_index.test_agreement import CHOICES

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PATIENT = 20
"""Seconds for one search, as its URL says: two cores carry three nodes here, and other tests."""


@pytest.fixture
def engine(cluster_index: str) -> Iterator[OpenSearchEngine]:
    with closing(patient(cluster_index)) as engine:
        yield engine


def patient(url: str) -> OpenSearchEngine:
    return OpenSearchEngine(address_from_url(f"{url}&seconds={PATIENT}"), vocabulary=VOCABULARY)


def lessons(number: int) -> list[IndexDocument]:
    return [
        lesson(n, f"第{n}课 圆的面积", "把圆分成若干等份，拼成一个近似的长方形。")
        for n in range(number)
    ]


@contextmanager
def searching(engine: SearchEngine, right: Callable[[int], bool]) -> Iterator[Callable[[], None]]:
    """Search all the time; gives a function that waits until 20 more searches were answered.

    Every search must be answered, with a total that is ``right``.
    """
    answered = threading.Semaphore(0)
    wrong: list[object] = []
    over = threading.Event()

    def search() -> None:
        while not over.is_set():
            try:
                page = ask(engine, "圆的面积", filters={"subject": {"math"}})
                if not right(page.total):
                    wrong.append(page.total)
            except BaseException as error:  # noqa: BLE001 - told to the main thread below
                wrong.append(error)
            answered.release()

    def wait() -> None:
        for _ in range(20):
            assert answered.acquire(timeout=3 * PATIENT)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield wait
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert wrong == []


@needs_samples
def test_it_answers_300_queries_over_the_real_items_as_tantivy_does(
    cluster_index: str, tmp_path: Path
) -> None:
    with (
        closing(
            OpenSearchEngine(
                address_from_url(f"{cluster_index}&seconds={PATIENT}"),
                vocabulary=agreement.VOCABULARY,
            )
        ) as clustered,
        closing(
            engine_from_url(f"tantivy://{tmp_path}/index", vocabulary=agreement.VOCABULARY)
        ) as embedded,
    ):
        for each in (clustered, embedded):
            for _ in each.rebuild(agreement.documents()):
                pass
        differences = [
            difference
            for number, query in enumerate(agreement.queries())
            for difference in agreement.compare(
                embedded, clustered, query, CHOICES[number % len(CHOICES)]
            )
        ]
        assert differences == []


def test_no_search_fails_when_the_node_that_decides_is_killed(
    cluster: RealCluster, engine: OpenSearchEngine
) -> None:
    list(engine.rebuild(lessons(600)))
    cluster.wait_for(NODES)
    victim = cluster.manager()
    with searching(engine, lambda total: total == 600) as wait:
        wait()
        cluster.kill(victim)
        wait()
        wait()
        cluster.wait_for(NODES - 1, "yellow")
        wait()
        cluster.start(victim)
        cluster.wait_for(NODES)
        wait()


def test_what_was_applied_while_a_node_died_is_there_and_newest(
    cluster: RealCluster, engine: OpenSearchEngine
) -> None:
    engine.apply(lessons(20), ())
    cluster.wait_for(NODES)
    applied: dict[int, int] = {}
    errors: list[BaseException] = []
    over = threading.Event()

    def write() -> None:
        try:
            for sequence in count(2):
                engine.apply([lesson(sequence % 20, "改了", sequence=sequence)], ())
                applied[sequence % 20] = sequence
                if over.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - told to the main thread below
            errors.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    victim = (cluster.manager() + 1) % NODES
    cluster.kill(victim)
    cluster.wait_for(NODES - 1, "yellow")
    cluster.start(victim)
    cluster.wait_for(NODES)
    over.set()
    writer.join()
    assert errors == []
    assert {n: s for n, s in engine.indexed().items() if n in applied} == applied


def test_searches_go_on_while_the_index_is_rebuilt(engine: OpenSearchEngine) -> None:
    list(engine.rebuild(lessons(600)))
    with searching(engine, lambda total: total in {600, 900}) as wait:
        wait()
        assert list(engine.rebuild(lessons(900)))[-1] == 900
        wait()
        assert ask(engine, "圆的面积").total == 900


def test_a_cluster_without_room_says_so_and_loses_nothing(
    cluster: RealCluster, engine: OpenSearchEngine, cluster_index: str
) -> None:
    engine.apply(lessons(2), ())
    name = address_from_url(cluster_index).index
    with closing(OpenSearch(f"http://{cluster.hosts[0]}")) as client:
        # What a cluster does by itself when a disk is nearly full.
        block = "index.blocks.read_only_allow_delete"
        client.indices.put_settings(index=name, body={block: True})
        with pytest.raises(IndexUnavailable, match="refuses a change"):
            engine.apply([lesson(7, "新来的")], ())
        assert found(ask(engine, "圆的面积", filters={"school": {"S1"}})) == [0, 1]
        client.indices.put_settings(index=name, body={block: None})
    engine.apply([lesson(7, "新来的")], ())
    assert found(ask(engine, "新来的")) == [7]
