"""What is particular to a cluster: several hosts and writers, aliases, other people's indexes."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opensearchpy import OpenSearch

from search_index.base import IndexBusy, IndexDocument, IndexUnavailable, SearchEngine
from search_index.from_url import engine_from_url
from search_index.opensearch_address import address_from_url
from search_index.opensearch_engine import OpenSearchEngine
from tests.search_index.documents import VOCABULARY, ask, found, lesson

OPENER = Callable[[], SearchEngine]
LESSONS = [lesson(number, f"第{number}课") for number in range(1, 5)]


@pytest.fixture
def open_engine(memory_index: str) -> Iterator[OPENER]:
    """Open the same index again and again, as other processes would."""
    opened: list[SearchEngine] = []

    def again() -> SearchEngine:
        opened.append(engine_from_url(memory_index, vocabulary=VOCABULARY))
        return opened[-1]

    yield again
    for engine in opened:
        engine.close()


@pytest.fixture
def name(memory_index: str) -> str:
    return memory_index.rpartition("/")[2]


@pytest.fixture
def client(memory_host: str) -> Iterator[OpenSearch]:
    client = OpenSearch(f"http://{memory_host}")
    yield client
    client.close()


def copies(client: OpenSearch, name: str) -> list[str]:
    return sorted(each for each in client.indices.get(index=f"{name}-*") if "state" not in each)


@pytest.mark.parametrize("others_first", [True, False])
def test_a_host_that_is_down_is_passed_over(memory_index: str, *, others_first: bool) -> None:
    host = memory_index.partition("//")[2].partition("/")[0]
    hosts = f"127.0.0.1:1,127.0.0.1:2,{host}" if others_first else f"{host},127.0.0.1:1"
    engine = engine_from_url(memory_index.replace(host, hosts), vocabulary=VOCABULARY)
    for number in range(6):
        engine.apply([lesson(number, "圆")], ())
        assert ask(engine, "圆").total == number + 1
    engine.close()


def test_a_host_that_hangs_is_given_up_for_another_and_left_alone(memory_index: str) -> None:
    host = memory_index.partition("//")[2].partition("/")[0]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosts = f"127.0.0.1:{silent.getsockname()[1]},{host}"
        address = address_from_url(memory_index.replace(host, hosts))
        engine = OpenSearchEngine(replace(address, seconds=1.5), vocabulary=VOCABULARY)
        begin = time.monotonic()
        assert [ask(engine, "圆").total for _ in range(20)] == [0] * 20
        assert time.monotonic() - begin < 3
        engine.close()


def test_a_cluster_that_is_down_says_so_in_time_and_wants_to_be_rebuilt() -> None:
    address = address_from_url("opensearch://127.0.0.1:1,127.0.0.1:2/hub")
    engine = OpenSearchEngine(replace(address, seconds=0.5), vocabulary=VOCABULARY)
    begin = time.monotonic()
    for use in (engine.check, engine.count, lambda: ask(engine, "圆")):
        with pytest.raises(IndexUnavailable, match="The search cluster does not answer"):
            use()
    assert engine.needs_rebuild
    assert time.monotonic() - begin < 6 * 0.5 + 1  # a check is three times as patient
    engine.close()


@contextmanager
def swapped_under(host: str, what: str) -> Iterator[str]:
    """The host of a cluster whose copy in use is gone when it is first asked ``what``.

    So it is when a rebuild removes the old copy between two steps of the cluster: the alias stands
    for the new one from then on.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_it = f"/{what}" in self.path
            if is_it:
                asked.append(self.path)
            if is_it and len(asked) == 1:
                gone = {"type": "index_not_found_exception", "reason": "no such index"}
                status, said = 404, json.dumps({"error": gone, "status": 404}).encode()
            else:
                line = http.client.HTTPConnection(host)
                line.request(self.command, self.path, body, dict(self.headers))
                answer = line.getresponse()
                status, said = answer.status, answer.read()
                line.close()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the base class decides

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - likewise
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
    assert len(asked) == 2


@pytest.mark.parametrize("what", ["_search", "_mget"])
def test_a_search_during_which_the_old_copy_is_removed_asks_the_new_one(
    open_engine: OPENER, memory_index: str, memory_host: str, what: str
) -> None:
    open_engine().apply(LESSONS, ())
    with swapped_under(memory_host, what) as host:
        engine = engine_from_url(memory_index.replace(memory_host, host), vocabulary=VOCABULARY)
        assert found(ask(engine, "第2课")) == [2]
        engine.close()


def test_an_index_of_another_version_says_so(
    open_engine: OPENER, client: OpenSearch, name: str
) -> None:
    open_engine().apply(LESSONS, ())
    client.indices.put_mapping(index=name, body={"_meta": {"schema": "another"}})
    engine = open_engine()
    assert engine.needs_rebuild
    for use in (engine.check, engine.count, engine.indexed, lambda: ask(engine, "课")):
        with pytest.raises(IndexUnavailable, match="of another version and must be rebuilt"):
            use()
    with pytest.raises(IndexUnavailable, match="must be rebuilt"):
        engine.apply(LESSONS, ())
    assert list(engine.rebuild(LESSONS)) == [4]
    assert found(ask(engine, "第2课")) == [2]
    assert not engine.needs_rebuild


def test_an_index_that_somebody_removed_begins_anew(
    open_engine: OPENER, client: OpenSearch, name: str
) -> None:
    engine = open_engine()
    assert list(engine.rebuild(LESSONS)) == [4]
    client.indices.delete(index=",".join(copies(client, name)))
    other = open_engine()
    assert other.needs_rebuild
    assert other.count() == 0
    assert list(other.rebuild(LESSONS)) == [4]
    assert found(ask(other, "第2课")) == [2]


def test_an_index_known_to_be_complete_is_looked_at_again_in_a_moment(
    open_engine: OPENER, client: OpenSearch, name: str
) -> None:
    engine = open_engine()
    assert list(engine.rebuild(LESSONS)) == [4]
    assert not engine.needs_rebuild
    client.indices.delete(index=",".join(copies(client, name)))
    deadline = time.monotonic() + 10
    while not engine.needs_rebuild:
        assert time.monotonic() < deadline


def test_a_rebuild_leaves_one_copy_and_other_peoples_indexes_alone(
    open_engine: OPENER, client: OpenSearch, name: str
) -> None:
    others = [f"{name}-photos", f"{name}-two-20261101t080000-1f", f"{name}-two"]
    for other in others:
        client.indices.create(index=other)
    engine = open_engine()
    for _ in range(3):
        list(engine.rebuild(LESSONS))
    left = copies(client, name)
    assert len(left) == 1 + len(others)
    assert set(others) < set(left)


def test_one_who_died_while_rebuilding_is_succeeded(
    open_engine: OPENER, client: OpenSearch, name: str
) -> None:
    dead, successor = open_engine(), open_engine()
    progress = dead.rebuild([lesson(number, "一课") for number in range(501)])
    next(progress)
    with pytest.raises(IndexBusy, match="is being rebuilt already"):
        next(successor.rebuild(LESSONS))
    client.index(index=f"{name}-state", id="rebuild", body={"owner": "dead", "until": 0})
    assert list(successor.rebuild(LESSONS)) == [4]
    with pytest.raises(IndexBusy):
        list(progress)
    assert successor.count() == 4
    assert len(copies(client, name)) == 1


def test_a_deletion_during_a_rebuild_is_not_undone(open_engine: OPENER) -> None:
    """The rebuild has read what is withdrawn before the rebuild can write it."""
    engine, other = open_engine(), open_engine()
    engine.apply(LESSONS, ())

    def read_before_it_was_withdrawn() -> Iterator[IndexDocument]:
        yield LESSONS[0]
        other.apply((), [2, 3])
        other.apply([lesson(3, "又发布了", sequence=7)], ())
        yield from LESSONS[1:3]

    assert list(engine.rebuild(read_before_it_was_withdrawn())) == [3]
    assert dict(engine.indexed()) == {1: 1, 3: 7}
    assert found(ask(other, "又发布了")) == [3]
    assert list(engine.rebuild(LESSONS)) == [4]  # a note of then deletes nothing now
    assert engine.count() == 4


def test_a_rebuild_never_puts_back_what_is_older(open_engine: OPENER) -> None:
    engine, other = open_engine(), open_engine()

    def read_before_it_was_changed() -> Iterator[IndexDocument]:
        other.apply([lesson(2, "改名", sequence=9), lesson(8, "新来的")], ())
        yield from LESSONS

    assert list(engine.rebuild(read_before_it_was_changed())) == [4]
    assert dict(engine.indexed()) == {1: 1, 2: 9, 3: 1, 4: 1, 8: 1}
    assert sorted(found(ask(other, "改名 OR 新来的"))) == [2, 8]


def test_no_change_is_lost_however_often_the_index_moves(open_engine: OPENER) -> None:
    """Two writers publish and withdraw, in the database first, while one rebuilds from it."""
    database: dict[int, int] = {}
    errors: list[BaseException] = []

    def write(first: int) -> None:
        engine = open_engine()
        try:
            for sequence in range(2, 42):
                number = first + sequence % 5
                if sequence % 7:
                    database[number] = sequence
                    engine.apply([lesson(number, "变", sequence=sequence)], ())
                else:
                    database.pop(number, None)
                    engine.apply((), [number])
                assert engine.indexed().get(number) == database.get(number)
        except BaseException as error:  # noqa: BLE001 - told to the main thread below
            errors.append(error)

    def held() -> Iterator[IndexDocument]:
        for number, sequence in tuple(database.items()):
            yield lesson(number, "变", sequence=sequence)

    writers = [threading.Thread(target=write, args=(first,)) for first in (10, 20)]
    rebuilder = open_engine()
    for writer in writers:
        writer.start()
    moves = 0
    while any(writer.is_alive() for writer in writers):
        list(rebuilder.rebuild(held()))
        moves += 1
    for writer in writers:
        writer.join()
    assert errors == []
    assert moves > 1
    assert dict(rebuilder.indexed()) == database
    assert sorted(found(ask(rebuilder, "变"))) == sorted(database)


def test_a_batch_too_large_for_one_request_is_visible_as_a_whole(open_engine: OPENER) -> None:
    engine = open_engine()
    body = "长课文" * 60_000
    engine.apply([lesson(number, "大", body) for number in range(5)], ())
    assert ask(engine, "大").total == 5
    assert engine.count() == 5
