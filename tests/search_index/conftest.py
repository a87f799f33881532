"""OpenSearch in memory for whoever asks for it, and a real cluster for those who must know."""

import time
from collections.abc import Iterator
from itertools import count

import pytest

from search_index.base import SearchIndexError
from search_index.from_url import engine_from_url
from tests.search_index.documents import VOCABULARY, ask, lesson
from tests.search_index.opensearch import NODES, RealCluster, memory_server, real_cluster

WARM_BY = 120
"""Seconds after which the tests begin even if the cluster is still slow."""

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def memory_host() -> Iterator[str]:
    with memory_server() as host:
        yield host


@pytest.fixture
def memory_index(memory_host: str) -> str:
    """The URL of an index in memory that nobody else uses."""
    return f"opensearch://{memory_host}/hub-{next(_NUMBERS)}"


@pytest.fixture(scope="package")
def cluster() -> Iterator[RealCluster]:
    """Three nodes; a test that kills one starts it again."""
    with real_cluster() as running:
        _warm(running)
        yield running


def _warm(cluster: RealCluster) -> None:
    """Search until a search is quick: the first ones load classes for seconds on each node."""
    url = f"opensearch://{','.join(cluster.hosts)}/warm"
    engine = engine_from_url(url, vocabulary=VOCABULARY)
    quick, deadline = 0, time.monotonic() + WARM_BY
    while quick < NODES and time.monotonic() < deadline:
        begun = time.monotonic()
        try:
            engine.apply([lesson(1, "圆的面积", sequence=int(begun * 1_000))], ())
            ask(engine, "圆的面积")
            quick = quick + 1 if time.monotonic() - begun < 1 else 0
        except SearchIndexError:
            quick = 0
    engine.close()


@pytest.fixture
def cluster_index(cluster: RealCluster) -> str:
    """The URL of an index in the real cluster that nobody else uses, in two parts."""
    return f"opensearch://{','.join(cluster.hosts)}/hub-{next(_NUMBERS)}?shards=2"
