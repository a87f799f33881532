"""OpenSearch for tests: one in memory, which starts at once, and a real cluster of three nodes."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from opensearchpy import OpenSearch, OpenSearchException
from osmem_server import OsmemServer  # type: ignore[import-untyped] # it has no types

from tests.plugins.requirements import require_program

PROJECT = Path(__file__).resolve().parents[1] / "services" / "opensearch"
NODES = 3
SECONDS = 120
"""That the cluster may take to come up, or Maven to fetch its 53 MB."""

_HOST = "127.0.0.1"
_HEAP = "256m"


@contextmanager
def memory_server() -> Iterator[str]:
    """Start osmem, an OpenSearch in memory; answers its host and port."""
    server = OsmemServer.start(japanese=False)
    try:
        yield server.url.removeprefix("http://")
    finally:
        server.close()
        server.process.stdout.close()


class RealCluster:
    """Three nodes, each a process of its own, so that one can die as a machine does."""

    def __init__(self, folder: Path, java: str, classpath: str) -> None:
        self._folder = folder
        self._java = java
        self._classpath = classpath
        self._ports = _free_ports(2 * NODES)
        self._nodes: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(f"{_HOST}:{port}" for port in self._ports[:NODES])

    def start(self, number: int) -> None:
        """Start one node, again if it was killed; its data is where it was."""
        transports = [str(port) for port in self._ports[NODES:]]
        log = (self._folder / f"node-{number}.log").open("ab")
        with log:
            self._nodes[number] = subprocess.Popen(  # noqa: S603 - our own program
                [
                    self._java,
                    f"-Xms{_HEAP}",
                    f"-Xmx{_HEAP}",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",  # compiled quickly rather than well
                    "-cp",
                    self._classpath,
                    str(PROJECT / "Node.java"),
                    str(self._folder / f"node-{number}"),
                    str(number),
                    str(self._ports[number]),
                    *transports,
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def manager(self) -> int:
        """Say which node decides for the others."""
        with closing(OpenSearch([f"http://{host}" for host in self._alive()])) as client:
            (found,) = client.cat.cluster_manager(params={"format": "json"})
        return int(found["node"].removeprefix("node-"))

    def kill(self, number: int) -> None:
        """Let one node die without a word to the others."""
        node = self._nodes.pop(number)
        os.killpg(node.pid, signal.SIGKILL)
        node.communicate()

    def wait_for(self, nodes: int, status: str = "green") -> None:
        """Wait until so many nodes form a cluster whose copies are in place.

        All of them must have a vote: two that had elected each other could not spare either.
        """
        deadline = time.monotonic() + SECONDS
        client = OpenSearch([f"http://{host}" for host in self._alive()], max_retries=0)
        try:
            while time.monotonic() < deadline:
                gone = [number for number, node in self._nodes.items() if node.poll() is not None]
                assert not gone, [self._end_of_log(number) for number in gone]
                try:
                    health = client.cluster.health(
                        params={
                            "wait_for_nodes": str(nodes),
                            "wait_for_status": status,
                            "timeout": "4s",
                        },
                        request_timeout=10,
                    )
                    state = client.cluster.state(metric="metadata")
                except OpenSearchException:
                    time.sleep(0.2)  # between two looks at nodes that are not up yet
                    continue
                voters = state["metadata"]["cluster_coordination"]["last_committed_config"]
                if not health["timed_out"] and len(voters) >= nodes:
                    return
        finally:
            client.close()
        pytest.fail(f"The cluster did not come up: {[self._end_of_log(n) for n in self._nodes]}")

    def close(self) -> None:
        for number in tuple(self._nodes):
            self.kill(number)

    def _alive(self) -> list[str]:
        return [self.hosts[number] for number in self._nodes]

    def _end_of_log(self, number: int) -> str:
        return (self._folder / f"node-{number}.log").read_text(errors="replace")[-2_000:]


@contextmanager
def real_cluster() -> Iterator[RealCluster]:
    """Start three nodes; skips the test where there is no Java or Maven to run them."""
    java, maven = require_program("java"), require_program("mvn")
    require_program("javac")  # java compiles Node.java itself, but only where its compiler is
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hub-opensearch-")))
        cluster = RealCluster(folder, java, _classpath(folder, maven))
        stack.callback(cluster.close)
        for number in range(NODES):
            cluster.start(number)
        cluster.wait_for(NODES)
        yield cluster


def _classpath(folder: Path, maven: str) -> str:
    """Let Maven fetch what the nodes need into its own folder, where it finds it the next time."""
    path = folder / "classpath"
    done = subprocess.run(  # noqa: S603 - our own project, the machine's Maven
        [
            maven,
            *("--batch-mode", "--no-transfer-progress", "--quiet", "--file", str(PROJECT)),
            "dependency:build-classpath",
            f"-Dmdep.outputFile={path}",
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=3 * SECONDS,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return path.read_text().strip()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind((_HOST, 0))
        return [one.getsockname()[1] for one in held]
