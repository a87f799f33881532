"""A backup that is made while people work has everything of one moment, and gives it back."""

import gzip
import io
import json
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, Enum, Table, create_engine, delete, func, select, text
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Missing, WrongState
from resource_hub.domain.policy import usual_policy
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.visibility import Audience
from resource_hub.edge.migrating import upgrade
from resource_hub.models import (
    AskedBy,
    Attachment,
    AuditEvent,
    Base,
    Blob,
    BlobText,
    Fault,
    FaultKind,
    FruitlessSearch,
    Preview,
    Rendition,
    RenditionKind,
    Revision,
    SchoolQuota,
    SignIn,
    SignInFailure,
    Tick,
    UnusedBlob,
    Upload,
    Verification,
)
from resource_hub.models.base import Codes, UtcDateTime
from resource_hub.models.database import open_database
from resource_hub.models.policy import StoredPolicy
from resource_hub.services import catalogue, search_words, uploading
from resource_hub.services.backup_format import (
    MANIFEST,
    FolderSource,
    Source,
    TarSource,
    read_manifest,
    source_at,
)
from resource_hub.services.backups import Made, back_up_to_file, back_up_to_folder
from resource_hub.services.restoring import bring_blobs_back, check_snapshot, require_empty
from resource_hub.services.snapshots import load
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.wishes import leave_wish
from storage import LocalStorage, Storage
from tests.conftest import SHANGHAI
from tests.given import LIMITS, NOON, Clock, Given

_NUMBERS = count(1)
CHECKOUT = Path(__file__).resolve().parents[2]
KILLED_WHILE_IT_WRITES = """
import datetime, os, pathlib, signal, sys
from resource_hub.models.database import open_database
from resource_hub.services import snapshots
from resource_hub.services.backups import back_up_to_file
from storage import LocalStorage
def kill(event, args):
    if event == "open" and str(args[0]).endswith("draft.tar"):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
back_up_to_file(open_database({url!r}), LocalStorage(pathlib.Path(sys.argv[1])),
    pathlib.Path(sys.argv[2]), now=datetime.datetime.now(datetime.UTC), step=print)
"""
Contents = dict[str, list[tuple[Any, ...]]]
BackUp = Callable[..., Made]


def contents(engine: Engine) -> Contents:
    """Every row of every table, as the models see them."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


def blobs_of(storage: Storage) -> dict[str, bytes]:
    found = {}
    for key in storage.keys():  # noqa: SIM118 - a storage is no dictionary
        with storage.open(key) as stream:
            found[key] = stream.read()
    return found


def no_step(_done: int, _total: int = 0) -> None:
    """Nobody watches."""


@pytest.fixture
def back_up(
    engine: Engine, session: Session, storage: Storage, tmp_path: Path, clock: Clock
) -> BackUp:
    def make(**choices: Any) -> Made:  # Any: as back_up_to_folder takes them
        session.commit()
        return back_up_to_folder(
            engine, storage, tmp_path / "backup", now=clock(), step=no_step, **choices
        )

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, of each kind, to restore into."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'other.db'}")
        yield engine
        engine.dispose()
        return
    url = request.getfixturevalue("postgresql_server")
    name = f"other_{next(_NUMBERS)}"
    server = create_engine(url.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_database(url.format(database=name))
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def bring_back(source: Source, engine: Engine, storage: Storage, name: str = "") -> list[str]:
    """What ``hub restore`` does, without the index."""
    manifest = read_manifest(source, name)
    require_empty(engine)
    check_snapshot(source, manifest)
    damaged = bring_blobs_back(source, manifest, storage, step=no_step)
    upgrade(engine, manifest.schema)
    load(engine, source, manifest, no_step)
    upgrade(engine)
    return damaged


@pytest.fixture
def full(given: Given, session: Session, storage: Storage, uow: UnitOfWork, clock: Clock) -> None:
    """At least one row in every table, with what is easily lost: NULL, JSON, time, Chinese, ''."""
    clock.pass_(hours=-1)
    school = given.home()
    author = given.teacher("王敏", school=school)
    judge = given.reviewer(school=school)
    given.through_review(given.submitted(by=author, title="分数\n“初步”\t认识 🎈"), judge)
    published = given.published(by=author, title="第二课")
    draft = given.draft(by=author)
    given.file(draft, by=author, content=b"content")
    given.file(draft, by=author, name="图.png", content=b"\x89PNG")
    blob = session.scalars(select(Blob).limit(1)).one()
    thumbnail = storage.put(io.BytesIO(b"thumbnail"))
    page = storage.put(io.BytesIO(b"page"))
    blob.thumbnail_key = thumbnail.key
    leave_wish(uow, author, text="皮影戏", subject="", grade="", note="")
    search_words.add_word(uow, OPERATOR, "教案 = 教学设计")
    clock.pass_(hours=1)
    catalogue.build(uow, OPERATOR, min(author.alliance_ids), Month.parse("2026-10"))
    fault = Fault(kind=FaultKind.DAMAGED, key="d" * 64)
    verification = Verification(asked_by=AskedBy.NIGHT, started_at=NOON, size=2**40, faults=[fault])
    session.add_all([
        BlobText(blob_key=blob.key, text="话" * 70_000, places=[[0, "page", "1"]]),
        Rendition(blob_key=blob.key, kind=RenditionKind.PAGE, number=1, variant="small",
                  key=page.key, media_type="image/webp", size=page.size, made_at=NOON),
        Preview(blob_key=blob.key, pages=1, made_at=NOON),
        verification,
        UnusedBlob(key="e" * 64, size=3, since=NOON),
        Tick(key="verify:2026-10-12", at=NOON),
        SchoolQuota(school_id=school.id, size=5 * 10**9),
        FruitlessSearch(month="2026-10", query="立体几何", times=2, last_at=NOON),
        SignIn(token_hash="f" * 64, user_id=author.id, created_at=NOON, seen_at=NOON),
        SignInFailure(key="account:x", at=NOON),
        Upload(id="a" * 32, owner_id=author.id, revision_id=draft.id, filename="课.mp4", size=2**31,
               created_at=NOON, expires_at=NOON),
        AuditEvent(at=NOON, tag="test:odd", detail={"空": None, "n": 1.5, "deep": [{"真": True}]}),
    ])  # fmt: skip
    session.flush()
    assert published.id is not None
    for table in Base.metadata.sorted_tables:
        if session.execute(select(table).limit(1)).first() is None:
            session.execute(table.insert().values(_row_of(session, table)))


def _row_of(session: Session, table: Table) -> dict[str, Any]:  # Any: of every type
    """A row that the table takes: what may be NULL is, what points somewhere points to a row."""
    row: dict[str, Any] = {}  # Any: of every type
    for column in table.columns:
        if column.nullable or column is table.autoincrement_column:
            continue
        if column.foreign_keys:
            [key] = column.foreign_keys
            latest = select(key.column).order_by(key.column.desc()).limit(1)
            row[column.name] = session.scalar(latest)
        else:
            row[column.name] = _value_of(column.type)
    return row | BY_RULE.get(table.name, {})


def _value_of(kind: Any) -> object:  # Any: a type of a column
    if isinstance(kind, StoredPolicy):
        return usual_policy(Audience.ALLIANCE)
    if isinstance(kind, JSON):
        return {"空": None}
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return next(iter(kind.enum_class))
    examples: dict[type, object] = {
        str: "字", int: 1, float: 0.5, bool: True, date: NOON.date(), bytes: b"0",
        tuple: ("math",),
    }  # fmt: skip
    if isinstance(kind, UtcDateTime):
        return NOON
    return ("math",) if isinstance(kind, Codes) else examples[kind.python_type]


BY_RULE: dict[str, dict[str, Any]] = {  # Any: of every type
    "own_sentence": {"field": "comment"},
    "mentor_pair": {"mentee_id": 1},
    "objection": {"answered_at": None, "answered_by_id": None},
    "remark": {
        "kind": "field",
        "field": "title",
        "filename": "",
        "quote": "",
        "author_id": 1,
        "answer": "",
    },
    "thread": {"resource_id": 1},
    "rating": {"owner_id": 1},
    "post": {"hidden_reason": ""},
    "issue_round": {
        "opens_at": NOON - timedelta(hours=1),
        "called_off_at": None,
        "called_off_why": "",
    },
    "follow_up": {"closed_at": None},
}
"""What the rules of a table ask for beyond its types."""


@pytest.mark.usefixtures("full")
def test_every_row_of_every_table_and_every_blob_come_back_on_either_database(
    engine: Engine, other: Engine, storage: Storage, back_up: BackUp, tmp_path: Path
) -> None:
    made = back_up()
    before = contents(engine)
    assert [name for name, rows in before.items() if not rows] == []
    target = LocalStorage(tmp_path / "restored")
    assert bring_back(FolderSource(tmp_path / "backup"), other, target) == []
    assert contents(other) == before
    assert blobs_of(target) == blobs_of(storage)
    assert (made.lacking, made.files, made.new_files) == ([], 4, 4)
    assert made.rows == sum(len(rows) for rows in before.values())


@pytest.mark.usefixtures("full")
def test_one_file_holds_the_same_as_a_folder(
    engine: Engine, session: Session, storage: Storage, tmp_path: Path, clock: Clock
) -> None:
    session.commit()
    path = tmp_path / "hub.tar"
    made = back_up_to_file(engine, storage, path, now=clock(), step=no_step)
    assert made.new_files == 4
    assert sorted(each.name for each in tmp_path.iterdir() if "tar" in each.name) == ["hub.tar"]
    other = open_database(f"sqlite:///{tmp_path / 'restored.db'}")
    target = LocalStorage(tmp_path / "restored")
    with source_at(path) as source:
        assert isinstance(source, TarSource)
        assert source.names() == ["20261012T040000Z"]
        assert bring_back(source, other, target) == []
    assert contents(other) == contents(engine)
    assert blobs_of(target) == blobs_of(storage)
    other.dispose()


@pytest.mark.usefixtures("full")
def test_a_restored_hub_counts_on_where_the_other_was(
    other: Engine, back_up: BackUp, tmp_path: Path, clock: Clock
) -> None:
    """On PostgreSQL a counter that began at 1 again would meet the numbers that are taken."""
    back_up()
    target = LocalStorage(tmp_path / "restored")
    bring_back(FolderSource(tmp_path / "backup"), other, target)
    with Session(other) as session, unit_of_work(session, clock, SHANGHAI) as uow:
        highest = session.scalar(select(func.max(Revision.id))) or 0
        given = Given(session, uow, target)
        draft = given.draft(by=given.teacher(school=given.school("新来的小学"), account="new"))
        assert draft.id == highest + 1


@pytest.mark.long
def test_what_people_write_during_a_backup_is_in_it_whole_or_not_at_all(
    engine: Engine,
    session: Session,
    given: Given,
    storage: Storage,
    clock: Clock,
    tmp_path: Path,
) -> None:
    """Three people attach files all the time; six backups are made, and each is of one moment."""
    school = given.home()
    drafts = {}
    for _number in range(3):
        author = given.teacher(school=school)
        drafts[author] = [given.draft(by=author).id for _draft in range(4)]
    session.commit()
    over, trouble = threading.Event(), []
    limits = type(LIMITS)(file=1 << 30, revision=1 << 30, files=10_000, unpublished=1 << 40)

    def write(author: Any, mine: list[int]) -> None:  # Any: a person
        try:
            for number in count():
                if over.is_set():
                    return
                content = f"{author.id} {number} ".encode() * 50
                kept = uploading.keep(storage, io.BytesIO(content), f"{number}.txt")
                with unit_of_work(Session(engine), clock, SHANGHAI) as uow:
                    uploading.attach(uow, author, mine[number % 4], kept, limits=limits)
                    uow.record("test:attached", by=author, number=number)
        except BaseException as error:
            trouble.append(error)
            raise

    writers = [threading.Thread(target=write, args=pair) for pair in drafts.items()]
    for writer in writers:
        writer.start()
    names = []
    try:
        for _number in range(6):
            clock.pass_(seconds=1)
            names.append(
                back_up_to_folder(
                    engine, storage, tmp_path / "backup", now=clock(), step=no_step
                ).name
            )
    finally:
        over.set()
        for writer in writers:
            writer.join()
    assert trouble == []
    end = contents(engine)
    sizes = []
    for name in names:
        other = open_database(f"sqlite:///{tmp_path / name}.db")
        target = LocalStorage(tmp_path / name)
        assert bring_back(FolderSource(tmp_path / "backup"), other, target, name) == []
        sizes.append(_is_one_moment(other, end, blobs_of(target)))
        other.dispose()
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def _is_one_moment(other: Engine, end: Contents, blobs: dict[str, bytes]) -> int:
    """What was written is there with all that belongs to it, and is what is there at the end."""
    with Session(other) as session:
        attached = session.scalars(select(Attachment).order_by(Attachment.id)).all()
        said = session.scalars(select(AuditEvent).where(AuditEvent.tag == "test:attached")).all()
        assert len(said) == len(attached)
        assert {each.blob_key for each in attached} == set(session.scalars(select(Blob.key)))
        assert {each.blob_key for each in attached} == blobs.keys()
        by_author = {person: [e.detail["number"] for e in said if e.actor_id == person]
                     for person in {each.actor_id for each in said}}  # fmt: skip
        assert all(numbers == list(range(len(numbers))) for numbers in by_author.values())
    rows = contents(other)
    for table in ("attachment", "blob", "audit_event", "resource"):
        assert set(map(repr, rows[table])) <= set(map(repr, end[table]))
    return len(attached)


def test_the_second_backup_copies_only_what_is_new(
    given: Given, back_up: BackUp, clock: Clock, tmp_path: Path
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    given.file(draft, by=author, name="a.txt", content=b"first")
    assert back_up().new_files == 1
    clock.pass_(hours=1)
    given.file(draft, by=author, name="b.txt", content=b"second")
    made = back_up()
    assert (made.files, made.new_files, made.new_size) == (2, 1, len(b"second"))
    assert FolderSource(tmp_path / "backup").names() == ["20261012T050000Z", "20261012T040000Z"]
    assert back_up().name == "20261012T050000Z-2"


def test_only_the_newest_are_kept_with_the_blobs_that_they_use(
    given: Given, session: Session, back_up: BackUp, clock: Clock, tmp_path: Path
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    given.file(draft, by=author, name="old.txt", content=b"old")
    back_up()
    [attachment] = session.scalars(select(Attachment)).all()
    uploading.remove(given.uow, author, draft.id, attachment.id)
    for day in range(3):
        clock.pass_(days=1)
        given.file(draft, by=author, name=f"{day}.txt", content=f"day {day}".encode())
        made = back_up(keep=2)
    assert made.removed == 1
    source = FolderSource(tmp_path / "backup")
    assert source.names() == ["20261015T040000Z", "20261014T040000Z"]
    assert sorted(blobs_of(LocalStorage(tmp_path / "backup" / "blobs")).values()) == [
        b"day 0", b"day 1", b"day 2",
    ]  # fmt: skip
    for name in source.names():
        check_snapshot(source, read_manifest(source, name))


def test_a_file_that_is_missing_or_damaged_is_named_and_the_rest_is_there(
    given: Given, session: Session, back_up: BackUp, tmp_path: Path
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    for number in range(4):
        given.file(draft, by=author, name=f"{number}.txt", content=f"file {number}".encode())
    keys = sorted(session.scalars(select(Blob.key)))
    paths = [tmp_path / "blobs" / key[:2] / key for key in keys]
    paths[0].unlink()
    paths[1].chmod(0o600)
    paths[1].write_bytes(b"fil? 1")
    made = back_up()
    assert (made.lacking, made.files) == (keys[:2], 2)
    assert set(blobs_of(LocalStorage(tmp_path / "backup" / "blobs"))) == set(keys[2:])


def test_damage_in_the_backup_is_found_and_mended_by_the_next(
    given: Given, back_up: BackUp, tmp_path: Path, clock: Clock
) -> None:
    author = given.teacher(school=given.home())
    given.file(given.draft(by=author), by=author, content=b"good bytes")
    back_up()
    [path] = (tmp_path / "backup" / "blobs").glob("*/*")
    path.chmod(0o600)
    path.write_bytes(b"bad  bytes")
    source = FolderSource(tmp_path / "backup")
    target = LocalStorage(tmp_path / "restored")
    damaged = bring_blobs_back(source, read_manifest(source), target, step=no_step)
    assert damaged == [path.name]
    assert blobs_of(target) == {}
    clock.pass_(days=1)
    assert back_up().new_files == 0
    clock.pass_(days=1)
    assert back_up(whole=True).new_files == 1
    assert bring_blobs_back(source, read_manifest(source), target, step=no_step) == []
    assert list(blobs_of(target).values()) == [b"good bytes"]


def test_damage_in_the_storage_that_is_restored_into_is_found_and_mended(
    given: Given, back_up: BackUp, tmp_path: Path
) -> None:
    author = given.teacher(school=given.home())
    given.file(given.draft(by=author), by=author, content=b"good bytes")
    back_up()
    source = FolderSource(tmp_path / "backup")
    target = LocalStorage(tmp_path / "restored")
    bring_blobs_back(source, read_manifest(source), target, step=no_step)
    [path] = (tmp_path / "restored").glob("??/*")
    path.chmod(0o600)
    path.write_bytes(b"bad  bytes")

    assert bring_blobs_back(source, read_manifest(source), target, step=no_step) == []
    assert list(blobs_of(target).values()) == [b"good bytes"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_file_that_is_missing_in_the_backup_holds_back_none_of_the_others(
    given: Given, session: Session, back_up: BackUp, tmp_path: Path, kind: str
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    for number in range(3):
        given.file(draft, by=author, name=f"{number}.txt", content=f"file {number}".encode())
    lost, *others = sorted(session.scalars(select(Blob.key)))
    back_up()
    (tmp_path / "backup" / "blobs" / lost[:2] / lost).unlink()
    place = tmp_path / "backup"
    if kind == "file":
        with tarfile.open(tmp_path / "backup.tar", "w") as tar:
            tar.add(place, ".", recursive=True, filter=_without_dot)
        place = tmp_path / "backup.tar"
    target = LocalStorage(tmp_path / "restored")
    with source_at(place) as source:
        assert bring_blobs_back(source, read_manifest(source), target, step=no_step) == [lost]
    assert sorted(blobs_of(target)) == others


def _without_dot(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    member.name = member.name.removeprefix("./")
    return member


def test_a_file_that_was_cut_off_is_said_to_be_damaged(
    engine: Engine, storage: Storage, given: Given, session: Session, tmp_path: Path
) -> None:
    author = given.teacher(school=given.home())
    given.file(given.draft(by=author), by=author, content=b"good bytes")
    session.commit()
    path = tmp_path / "backup.tar"
    back_up_to_file(engine, storage, path, now=NOON, step=no_step)
    with path.open("r+b") as whole:
        whole.truncate(path.stat().st_size // 2 + 100)
    refused = pytest.raises(WrongState, match=r"backup\.tar is not what was written")
    with source_at(path) as source, refused:
        read_manifest(source)


def test_a_table_that_was_changed_is_not_taken(
    given: Given, back_up: BackUp, tmp_path: Path
) -> None:
    given.school()
    name = back_up().name
    path = tmp_path / "backup" / name / "tables" / "school.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"s1", b"s2")))
    source = FolderSource(tmp_path / "backup")
    with pytest.raises(WrongState, match=r"school\.gz is not what was written"):
        check_snapshot(source, read_manifest(source))


def test_an_interrupted_backup_is_none_and_the_next_clears_it_away(
    given: Given, back_up: BackUp, tmp_path: Path, clock: Clock
) -> None:
    given.school()
    folder = tmp_path / "backup"
    first = back_up().name
    shutil.copytree(folder / first, folder / "20991231T000000Z")
    (folder / "20991231T000000Z" / MANIFEST).unlink()
    assert read_manifest(FolderSource(folder)).name == first
    with pytest.raises(Missing, match="no whole backup"):
        read_manifest(FolderSource(folder), "20991231T000000Z")
    clock.pass_(days=1)
    back_up()
    assert not (folder / "20991231T000000Z").exists()


def test_what_a_killed_backup_left_beside_its_file_goes_with_the_next(
    engine: Engine, storage: Storage, given: Given, session: Session, tmp_path: Path
) -> None:
    given.school()
    session.commit()
    place = tmp_path / "safe"
    place.mkdir()
    script = KILLED_WHILE_IT_WRITES.format(url=engine.url.render_as_string(hide_password=False))
    command = [sys.executable, "-c", script, str(tmp_path / "blobs"), str(place / "hub.tar")]
    killed = subprocess.run(command, cwd=CHECKOUT, check=False)  # noqa: S603 - our own program
    assert killed.returncode == -signal.SIGKILL
    assert [path.name for path in place.iterdir()] != []
    back_up_to_file(engine, storage, place / "hub.tar", now=NOON, step=no_step)
    assert [path.name for path in place.iterdir()] == ["hub.tar"]


def test_of_two_backups_into_one_file_the_second_is_refused(
    engine: Engine, storage: Storage, given: Given, session: Session, tmp_path: Path
) -> None:
    author = given.teacher(school=given.home())
    given.file(given.draft(by=author), by=author, content=b"good bytes")
    session.commit()
    path = tmp_path / "hub.tar"
    refused = []

    def meanwhile(_done: int, _total: int) -> None:
        with pytest.raises(WrongState, match="under way") as caught:
            back_up_to_file(engine, storage, path, now=NOON, step=no_step)
        refused.append(str(caught.value))

    back_up_to_file(engine, storage, path, now=NOON, step=meanwhile)
    assert len(refused) == 1
    with source_at(path) as source:
        check_snapshot(source, read_manifest(source))


def test_an_older_snapshot_that_is_damaged_ends_no_backup_and_keeps_all_files(
    given: Given, session: Session, back_up: BackUp, tmp_path: Path, clock: Clock
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    given.file(draft, by=author, content=b"once")
    names = [back_up().name]
    session.execute(delete(Attachment))
    for _day in range(2):
        clock.pass_(days=1)
        names.append(back_up().name)
    (tmp_path / "backup" / names[1] / "blobs.txt").write_text("?", "utf-8")
    clock.pass_(days=1)
    assert back_up(keep=3).removed == 1
    assert list(blobs_of(LocalStorage(tmp_path / "backup" / "blobs")).values()) == [b"once"]
    clock.pass_(days=1)
    assert back_up(keep=3).removed == 1
    assert blobs_of(LocalStorage(tmp_path / "backup" / "blobs")) == {}


def test_a_hub_in_use_is_not_overwritten(engine: Engine, given: Given, session: Session) -> None:
    require_empty(engine)
    given.school()
    session.commit()
    with pytest.raises(WrongState, match="empty hub only"):
        require_empty(engine)


def test_a_backup_of_a_later_version_is_refused(back_up: BackUp, tmp_path: Path) -> None:
    path = tmp_path / "backup" / back_up().name / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 2}), "utf-8")
    with pytest.raises(WrongState, match="newer version"):
        read_manifest(FolderSource(tmp_path / "backup"))
    path.write_text("{}", "utf-8")
    with pytest.raises(WrongState, match=r"manifest\.json is not what was written"):
        read_manifest(FolderSource(tmp_path / "backup"))


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no backup at"), source_at(tmp_path / "nothing"):
        pass
    (tmp_path / "text.tar").write_text("no tar", "utf-8")
    refused = pytest.raises(WrongState, match=r"text\.tar is not what was written")
    with refused, source_at(tmp_path / "text.tar"):
        pass
