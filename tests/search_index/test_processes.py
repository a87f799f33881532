"""Several processes on one index: one writes, any may die, the others go on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from search_index.base import IndexBusy
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
