"""kill -9 in the middle of a verification, a backup and a restore: nothing is taken for whole."""

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.edge.current import utc_now
from resource_hub.models import Base, Verification
from resource_hub.models.database import WRITING, open_database
from resource_hub.services import uploading
from resource_hub.services.backup_format import FolderSource, read_manifest
from resource_hub.services.restoring import check_snapshot
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import LIMITS, Given

ROOT = Path(__file__).resolve().parents[2]
DICE = random.Random(20261122)  # noqa: S311 - dice, no secret
FILES = 120
LARGE = 2_000_000
"""Bytes of each tenth file, so that a kill often falls into one."""


@pytest.fixture(scope="module")
def hub_of_files(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A hub with a hundred and twenty files in the drafts of one teacher."""
    folder = tmp_path_factory.mktemp("files") / "hub"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "hub.db")
    storage = LocalStorage(folder / "blobs")
    engine = open_database(f"sqlite:///{folder / 'hub.db'}")
    limits = type(LIMITS)(file=1 << 30, revision=1 << 40, files=10_000, unpublished=1 << 40)
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        given = Given(session, UnitOfWork(session, utc_now, SHANGHAI), storage)
        author = given.teacher(school=given.home())
        draft = given.draft(by=author)
        for number in range(FILES):
            content = os.urandom(LARGE if number % 10 == 0 else 2_000)
            kept = uploading.keep(storage, io.BytesIO(content), f"{number}.bin")
            uploading.attach(given.uow, author, draft.id, kept, limits=limits)
        session.commit()
    engine.dispose()
    run(folder, "init")
    return folder


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "resource_hub.entry", *map(str, words)]


def run(data: Path, *words: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 - a command of ours
        command(*words), cwd=ROOT, env=os.environ | {"HUB_DATA": str(data), "HUB_LANGUAGE": "en"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def killed(data: Path, watched: Path, *words: str | Path) -> None:
    """Kill the command a moment after it has begun to write below ``watched``."""
    process = subprocess.Popen(  # noqa: S603 - a command of ours
        command(*words), cwd=ROOT, env=os.environ | {"HUB_DATA": str(data)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    before = _entries(watched)
    while process.poll() is None and _entries(watched) == before:
        time.sleep(0.01)  # to count the files without a pause takes a core from the command
    deadline = time.monotonic() + DICE.random() * 0.4
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.001)  # the same
    process.send_signal(signal.SIGKILL)
    process.wait()


def _entries(folder: Path) -> int:
    """How many files and folders are below it; a folder may go while they are counted."""
    return sum(len(folders) + len(files) for _at, folders, files in os.walk(folder))


def rows(data: Path) -> dict[str, list[tuple[object, ...]]]:
    engine = open_database(f"sqlite:///{data / 'hub.db'}")
    with engine.connect() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
            if table.name != "audit_event"  # each backup notes itself there
        }
    engine.dispose()
    return found


@pytest.mark.long
def test_a_backup_that_is_killed_again_and_again_is_whole_in_the_end(
    hub_of_files: Path, tmp_path: Path
) -> None:
    place, restored = tmp_path / "backup", tmp_path / "restored"
    for _ in range(5):
        killed(hub_of_files, tmp_path, "backup", place)
        source = FolderSource(place)
        for name in source.names():  # whichever has a manifest is whole
            manifest = read_manifest(source, name)
            check_snapshot(source, manifest)
            assert (manifest.blobs.rows, manifest.lacking) == (FILES, [])
        for path in place.glob("blobs/??/*"):
            assert path.stat().st_size in {LARGE, 2_000}
    made = json.loads(run(hub_of_files, "backup", place, "--json"))
    assert (made["files"], made["lacking"]) == (FILES, [])
    whole = {each.parent.name for each in place.glob("*/tables")}
    assert whole == set(FolderSource(place).names())
    for _ in range(5):
        killed(restored, tmp_path, "restore", place)
    if not json.loads(run(restored, "restore", place, "--list", "--json")):
        pytest.fail("the backup is gone")
    engine = open_database(f"sqlite:///{restored / 'hub.db'}")
    engine.dispose()
    if not (restored / "hub.db").exists() or not _is_filled(restored):
        run(restored, "restore", place)
    run(restored, "init")
    assert rows(restored) == rows(hub_of_files)
    assert json.loads(run(restored, "verify", "--json"))["faults"] == 0


def _is_filled(data: Path) -> bool:
    """Whether a restore came so far that its tables are there: then all of them are."""
    try:
        return bool(rows(data)["user"])
    except Exception:  # noqa: BLE001 - tables that are not there are no rows, whatever it is called
        return False


@pytest.mark.long
def test_a_verification_that_is_killed_goes_on(hub_of_files: Path, tmp_path: Path) -> None:
    data = tmp_path / "hub"
    shutil.copytree(hub_of_files, data)
    for _ in range(3):
        killed(data, data, "verify")
    found = json.loads(run(data, "verify", "--json"))
    assert (found["files"], found["faults"]) == (FILES, 0)
    engine = open_database(f"sqlite:///{data / 'hub.db'}")
    with Session(engine) as session:
        unfinished = select(Verification.id).where(Verification.finished_at.is_(None))
        assert session.scalars(unfinished).all() == []
    engine.dispose()
