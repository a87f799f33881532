"""The index is looked after while the worker runs: whatever befalls it, it is built anew."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from resource_hub.cli.index_keeper import IndexKeeper
from resource_hub.cli.setup import build_anew
from resource_hub.edge.current import reading, writing
from resource_hub.models import Job, Resource
from resource_hub.services.indexing import is_sound
from search_index import SearchEngine
from tests.cli.conftest import Types
from tests.cli.test_searching import collection
from tests.cli.test_serving import wait_until

__all__ = ["collection"]


@pytest.fixture
def index(app: Flask) -> Path:
    folder: Path = app.extensions["hub"].data / "index"
    return folder


@pytest.fixture
def search(app: Flask) -> SearchEngine:
    engine: SearchEngine = app.extensions["hub"].search
    return engine


@pytest.fixture
def keeper(app: Flask) -> Iterator[None]:
    """One that looks all the time, in a thread of its own."""
    stopping = threading.Event()
    thread = threading.Thread(target=IndexKeeper(app, stopping, look=0.05).run)
    thread.start()
    yield
    stopping.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


def vanish(index: Path) -> None:
    index.rename(index.with_name("lost"))


def grow_old(index: Path) -> None:
    pointer = index / "current.json"
    pointer.write_text(pointer.read_text().replace("tantivy-", "tantivy-of-old-"))


def rot(index: Path) -> None:
    """What a power cut or a bad disk leaves: files that are there, and say nothing."""
    for path in index.glob("*/*"):
        if path.name == "meta.json" or path.suffix in {".store", ".fast"}:
            path.unlink()
            path.write_bytes(b"rubbish")


def rot_inside(index: Path) -> None:
    """As before, but no program that has the files open already will notice."""
    for path in index.glob("*/*.fast"):
        path.unlink()
        path.write_bytes(b"rubbish")


@pytest.mark.parametrize("mishap", [vanish, grow_old, rot, rot_inside])
@pytest.mark.usefixtures("collection", "keeper")
def test_an_index_that_something_befalls_is_built_anew(
    search: SearchEngine, index: Path, mishap: Callable[[Path], None]
) -> None:
    assert is_sound(search)
    assert search.count() == 3
    before = (index / "current.json").stat().st_ino
    mishap(index)
    pointer = index / "current.json"
    wait_until(lambda: pointer.exists() and pointer.stat().st_ino != before and is_sound(search))
    assert sorted(search.indexed()) == [1, 2, 3]


@pytest.mark.usefixtures("collection", "keeper")
def test_an_index_that_is_sound_is_left_alone(index: Path) -> None:
    before = (index / "current.json").read_text()
    threading.Event().wait(0.3)  # six looks and more
    assert (index / "current.json").read_text() == before


@pytest.mark.usefixtures("collection")
def test_what_a_rebuild_did_not_see_is_promised_again(app: Flask) -> None:
    with app.app_context():
        building = build_anew()
        assert next(building) == 3
        with writing() as uow:  # nobody tells the worker of it
            gone = uow.session.get_one(Resource, 2)
            gone.audience_token = gone.available_at = None
        assert list(building) == []
        promised = reading().query(Job).where(Job.kind == "index")
        assert [job.subject for job in promised] == ["2"]


@pytest.mark.usefixtures("collection")
def test_a_difference_is_mended_on_demand(hub: Types, app: Flask) -> None:
    app.extensions["hub"].search.apply([], [1, 3])
    result = hub("index", "check", "--repair")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "Not in the index: 2; outdated: 0; not in the database: 0.\n"
        "Index and database agree: 3 resources.\n"
    )
    assert hub("index", "check").stdout == "Index and database agree: 3 resources.\n"
