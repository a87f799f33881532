"""Every blob is read, storage and database are compared both ways, and nothing is read twice."""

import io
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import WrongState
from resource_hub.models import (
    AskedBy,
    Blob,
    Fault,
    FaultKind,
    Job,
    Rendition,
    RenditionKind,
    Verification,
)
from resource_hub.services.repairing import repair
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.verifying import Care, begin, holder_name, run, stretches
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchEngine, engine_from_url
from storage import LocalStorage, Storage, check_blob
from tests.conftest import SHANGHAI
from tests.given import NOON, Clock, Given

Writing = Callable[[], AbstractContextManager[UnitOfWork]]
Found = list[tuple[FaultKind, str]]


@pytest.fixture
def search(tmp_path: Path) -> Iterator[SearchEngine]:
    engine = engine_from_url(f"tantivy://{tmp_path / 'index'}", vocabulary=search_vocabulary())
    assert list(engine.rebuild([])) == []
    yield engine
    engine.close()


@pytest.fixture
def writing(engine: Engine, session: Session, clock: Clock) -> Writing:
    """Each change on a connection of its own; what the test has arranged is there before."""

    def opened() -> AbstractContextManager[UnitOfWork]:
        session.commit()
        return unit_of_work(Session(engine), clock, SHANGHAI)

    return opened


@pytest.fixture
def keys(given: Given, session: Session) -> list[str]:
    """Twenty files of a draft, in the order of their keys."""
    author = given.teacher(school=given.home())
    for number in range(5):
        draft = given.draft(by=author)
        for part in range(4):
            text = f"file {number} {part}".encode()
            given.file(draft, by=author, name=f"{part}.txt", content=text)
    session.commit()
    return sorted(session.scalars(select(Blob.key)))


@pytest.fixture
def verified(
    session: Session, writing: Writing, storage: Storage, search: SearchEngine
) -> Callable[..., Found]:
    """Verifies the hub; gives what was found wrong."""

    def verify(*, repairing_from: Storage | None = None, repaired: bool = False) -> Found:
        session.commit()
        steps = list(run(session, writing, storage, search, asked_by=AskedBy.COMMAND, care=Care()))
        assert steps[-1].is_over
        if repaired:
            list(repair(session, writing, storage, search, steps[-1].verification_id,
                        second=repairing_from))  # fmt: skip
        found = session.execute(
            select(Fault.kind, Fault.key).where(
                Fault.verification_id == steps[-1].verification_id, Fault.repaired_at.is_(None)
            )
        )
        answer = [(kind, key) for kind, key in found]
        session.rollback()
        return answer

    return verify


def path_of(tmp_path: Path, key: str) -> Path:
    return tmp_path / "blobs" / key[:2] / key


def damage(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def test_a_sound_hub_has_no_faults_and_everything_was_read(
    keys: list[str], verified: Callable[..., Found], session: Session
) -> None:
    assert verified() == []
    row = session.scalars(select(Verification)).one()
    assert (row.files, row.size, row.unused_files) == (20, 20 * len(b"file 0 0"), 0)
    assert (row.finished_at, row.turn, row.holder, row.cursor) == (NOON, None, None, "g")
    assert len(keys) == 20


def test_damaged_missing_and_unreadable_bytes_are_found_and_loose_ones_counted(
    keys: list[str],
    storage: Storage,
    verified: Callable[..., Found],
    session: Session,
    tmp_path: Path,
) -> None:
    damage(path_of(tmp_path, keys[3]))
    path_of(tmp_path, keys[7]).unlink()
    path_of(tmp_path, keys[9]).unlink()
    path_of(tmp_path, keys[9]).mkdir()  # even root cannot read a folder as a file
    storage.put(io.BytesIO(b"nobody's"))
    assert sorted(verified(), key=lambda fault: fault[1]) == [
        (FaultKind.DAMAGED, keys[3]),
        (FaultKind.MISSING, keys[7]),
        (FaultKind.UNREADABLE, keys[9]),
    ]
    row = session.scalars(select(Verification)).one()
    assert (row.unused_files, row.unused_size) == (1, len(b"nobody's"))


def test_a_thumbnail_and_a_page_that_are_missing_are_made_again(
    keys: list[str], verified: Callable[..., Found], session: Session
) -> None:
    blob = session.get_one(Blob, keys[0])
    blob.thumbnail_key = "a" * 64
    session.add(
        Rendition(blob_key=keys[1], kind=RenditionKind.PAGE, number=1, variant="small",
                  key="b" * 64, media_type="image/webp", size=3, made_at=NOON)
    )  # fmt: skip
    session.execute(delete(Job))
    assert verified() == [(FaultKind.MISSING, "a" * 64), (FaultKind.MISSING, "b" * 64)]
    assert verified(repaired=True) == []
    assert session.get_one(Blob, keys[0], populate_existing=True).thumbnail_key is None
    assert session.scalars(select(Rendition)).all() == []
    assert session.execute(select(Job.kind, Job.subject)).all() == [("inspect", keys[0])]
    assert verified() == []


def test_a_wrong_size_in_the_database_is_found_and_mended(
    keys: list[str], verified: Callable[..., Found], session: Session
) -> None:
    session.get_one(Blob, keys[4]).size = 999
    assert verified() == [(FaultKind.DATABASE, keys[4])]
    assert verified(repaired=True) == []
    assert session.get_one(Blob, keys[4], populate_existing=True).size == len(b"file 0 0")


def test_what_is_lost_comes_back_from_a_second_storage_and_only_what_is_right(
    keys: list[str], verified: Callable[..., Found], tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "blobs", tmp_path / "second")
    second = LocalStorage(tmp_path / "second")
    for key in keys[:3]:
        damage(path_of(tmp_path, key))
    path_of(tmp_path, keys[5]).unlink()
    damage(tmp_path / "second" / keys[1][:2] / keys[1])
    before = path_of(tmp_path, keys[1]).read_bytes()
    assert verified(repaired=True, repairing_from=second) == [(FaultKind.DAMAGED, keys[1])]
    assert path_of(tmp_path, keys[1]).read_bytes() == before
    assert verified(repaired=True) == [(FaultKind.DAMAGED, keys[1])]


class SlowSecond(LocalStorage):
    """A second storage that has nothing, and takes so long to say so that work goes on."""

    def __init__(self, root: Path, meanwhile: Callable[[], None]) -> None:
        super().__init__(root)
        self._meanwhile = meanwhile

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        self._meanwhile()
        with super().open(key) as stream:
            yield stream


def test_bytes_that_are_brought_anew_while_a_copy_is_looked_for_are_not_removed(
    given: Given, session: Session, storage: Storage, tmp_path: Path,
    verified: Callable[..., Found],
) -> None:  # fmt: skip
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    key = storage.put(io.BytesIO(b"good bytes")).key
    damage(path_of(tmp_path, key))

    def bring() -> None:
        given.file(draft, by=author, content=b"good bytes")
        session.commit()

    verified(repairing_from=SlowSecond(tmp_path / "second", bring), repaired=True)

    assert check_blob(key, storage) == len(b"good bytes")


def test_a_resource_that_search_does_not_know_is_a_fault_unless_a_job_waits(
    given: Given, session: Session, verified: Callable[..., Found]
) -> None:
    given.published(by=given.teacher(school=given.home()))
    assert verified() == []
    session.execute(delete(Job).where(Job.kind == "index"))
    assert verified() == [(FaultKind.INDEX, "")]
    assert verified(repaired=True) == []
    assert session.scalars(select(Job.kind).where(Job.kind == "index")).all() == ["index"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL refuses such a row
def test_a_row_that_points_nowhere_is_found(
    engine: Engine, keys: list[str], session: Session, verified: Callable[..., Found]
) -> None:
    session.commit()
    with closing(sqlite3.connect(str(engine.url.database))) as stranger:
        stranger.execute("UPDATE attachment SET revision_id = 9999 WHERE id = 1")
        stranger.commit()
    assert verified() == [(FaultKind.DATABASE, "")]
    assert len(keys) == 20


def test_it_goes_on_where_it_was_stopped_and_reads_nothing_twice(
    keys: list[str],
    session: Session,
    writing: Writing,
    storage: Storage,
    search: SearchEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource_hub.services.verifying.STRETCH_FILES", 3)
    session.commit()
    looks = iter([False] * 7 + [True] * 100)
    care = Care(threads=1, stopping=lambda: next(looks))
    steps = list(run(session, writing, storage, search, asked_by=AskedBy.NIGHT, care=care))
    assert not steps[-1].is_over
    row = session.scalars(select(Verification)).one()
    assert (row.files, row.cursor, row.holder, row.finished_at) == (6, keys[5], None, None)
    session.rollback()
    steps = list(run(session, writing, storage, search, asked_by=AskedBy.COMMAND, care=Care()))
    assert steps[-1].is_over
    session.expire_all()
    row = session.scalars(select(Verification)).one()
    assert (row.files, row.asked_by) == (20, AskedBy.NIGHT)


def test_only_one_process_verifies_and_a_dead_one_is_replaced(
    writing: Writing, session: Session
) -> None:
    here = holder_name()
    host = here.rsplit(":", 1)[0]
    living, dead = f"{host}:{os.getppid()}", f"{host}:{2**22 + 5}"
    with writing() as uow:
        first = begin(uow, AskedBy.NIGHT, holder=living).id
    with pytest.raises(WrongState), writing() as uow:
        begin(uow, AskedBy.COMMAND, holder=here)
    with writing() as uow:
        uow.session.get_one(Verification, first).holder = dead
    with writing() as uow:
        assert begin(uow, AskedBy.COMMAND, holder=here).id == first
    with writing() as uow:
        assert begin(uow, AskedBy.COMMAND, holder=here, anew=True).cursor == ""
    assert [row.asked_by for row in session.scalars(select(Verification))] == [AskedBy.COMMAND]


def test_a_holder_elsewhere_is_believed_until_its_lease_ends(
    writing: Writing, clock: Clock
) -> None:
    with writing() as uow:
        begin(uow, AskedBy.NIGHT, holder="another-machine:77")
    with pytest.raises(WrongState), writing() as uow:
        begin(uow, AskedBy.COMMAND, holder=holder_name())
    clock.pass_(minutes=11)
    with writing() as uow:
        begin(uow, AskedBy.COMMAND, holder=holder_name())


def test_bytes_that_are_put_down_and_attached_while_it_reads_are_no_fault(
    keys: list[str], session: Session, tmp_path: Path
) -> None:
    """The list of the storage is older than the rows: what it lacks is looked for once more."""
    reading = stretches(session, LateListing(tmp_path / "blobs", keys[:10]), "", Care(threads=1))
    assert [fault for stretch in reading for fault in stretch.faults] == []


class LateListing(LocalStorage):
    """A storage whose list was made before the last files came."""

    def __init__(self, root: Path, listed: list[str]) -> None:
        super().__init__(root)
        self._listed = listed

    def keys(self) -> Iterator[str]:
        return iter(self._listed)
