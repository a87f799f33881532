"""Several processes on one index: one writes, any may die, the others go on."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index.base import IndexBusy, IndexDocument
from search_index.folder_engine import FolderEngine
from search_index.from_url import engine_from_url
from search_index.generations import Generations
from search_index.tantivy_engine import TantivyKind
from tests.search_index.documents import VOCABULARY, ask, found, lesson

CHECKOUT = Path(__file__).resolve().parents[2]

WRITER = """
import sys
from itertools import count
from search_index.from_url import engine_from_url
from tests.search_index.documents import VOCABULARY, lesson

engine = engine_from_url(sys.argv[1], vocabulary=VOCABULARY)
for number in count(1):
    engine.apply([lesson(number, "被打断的一课")], ())
    print(number, flush=True)
"""


@pytest.mark.long
@pytest.mark.parametrize("kind", ["tantivy", "whoosh"])
def test_what_was_acknowledged_survives_kill_9_and_no_lock_stays(kind: str, tmp_path: Path) -> None:
    url = f"{kind}://{tmp_path}/index"
    acknowledged = 0
    for _ in range(3):
        with subprocess.Popen(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", WRITER, url], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(4):
                acknowledged = max(acknowledged, int(writer.stdout.readline()))
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split("\n")
            acknowledged = max([acknowledged, *(int(line) for line in rest[:-1])])
        engine = engine_from_url(url, vocabulary=VOCABULARY)
        assert set(range(1, acknowledged + 1)) <= engine.indexed().keys()
        engine.apply([lesson(0, "接着写")], ())
        assert found(ask(engine, "接着写")) == [0]
        engine.close()


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = FolderEngine(folder, TantivyKind(), vocabulary=VOCABULARY, patience=0.05)
    engine.apply([lesson(1, "圆")], ())
    other = Generations(folder, schema=TantivyKind.schema)
    with (
        other.writing(patience=0),
        pytest.raises(IndexBusy, match="Somebody else is writing to the index"),
    ):
        engine.apply([lesson(2, "圆")], ())
    engine.apply([lesson(2, "圆")], ())
    assert found(ask(engine, "圆")) == [1, 2]


@pytest.mark.parametrize("kind", ["tantivy", "whoosh"])
def test_a_commit_of_another_process_is_seen_at_once(kind: str, tmp_path: Path) -> None:
    url = f"{kind}://{tmp_path}/index"
    reader = engine_from_url(url, vocabulary=VOCABULARY)
    assert reader.count() == 0
    with subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", WRITER, url], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            number = int(writer.stdout.readline())
            assert number in found(ask(reader, "被打断", per_page=1_000))
        writer.send_signal(signal.SIGKILL)
    reader.close()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["tantivy", "whoosh"])
def test_nothing_that_another_process_writes_during_rebuilds_is_lost(
    kind: str, tmp_path: Path
) -> None:
    url = f"{kind}://{tmp_path}/index"
    engine = engine_from_url(url, vocabulary=VOCABULARY)
    old = [lesson(number, "早先的一课") for number in range(10_000, 10_060)]
    engine.apply(old, ())

    def database() -> Iterator[IndexDocument]:
        """What it holds as the rebuild begins; the last one of old was withdrawn."""
        known = [lesson(number, "被打断的一课") for number in engine.indexed() if number < 10_000]
        yield from (*known, *old[:-1])

    with subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", WRITER, url], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        for _ in range(2):
            for _done in engine.rebuild(database()):
                acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGTERM)
        rest = writer.stdout.read().split("\n")
        acknowledged = max([acknowledged, *(int(line) for line in rest[:-1])])
    kept = engine.indexed().keys()
    assert set(range(1, acknowledged + 1)) <= kept
    assert {number for number in kept if number >= 10_000} == {
        document.resource_id for document in old[:-1]
    }
    assert set(range(1, acknowledged + 1)) <= {*found(ask(engine, "被打断", per_page=1_000))}
    engine.close()
