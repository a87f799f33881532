"""OpenSearch in memory for whoever asks for it, and a real cluster for those who must know."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.search_index.opensearch import RealCluster, memory_server, real_cluster

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
        yield running


@pytest.fixture
def cluster_index(cluster: RealCluster) -> str:
    """The URL of an index in the real cluster that nobody else uses, in two parts."""
    return f"opensearch://{','.join(cluster.hosts)}/hub-{next(_NUMBERS)}?shards=2"
