"""``hub backup`` and ``hub restore`` from one end to the other."""

import errno
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from config import Settings
from resource_hub.app import create_app
from resource_hub.cli import hub_command
from resource_hub.edge.extensions import db
from resource_hub.models import AuditEvent, Base, Resource
from storage import Storage
from tests.cli.conftest import Types
from tests.given import Clock

Done = Callable[..., str]


@pytest.fixture
def filled(done: Done, tmp_path: Path, wangmin: str) -> Path:
    """A hub with three published texts, each with a file; gives the folder they came from."""
    folder = tmp_path / "items"
    folder.mkdir()
    lines = []
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"第{number}题：等于几？", "utf-8")
        lines.append(
            {"title": f"第{number}题", "files": f"{number}.txt", "kind": "exercise",
             "subject": "数学", "grade": "三年级", "stage": "小学"}
        )  # fmt: skip
    manifest = folder / "items.jsonl"
    manifest.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    done("import", folder, "--manifest", manifest, "--as", wangmin, "--publish")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """A hub on another machine, where nobody has typed ``hub init`` yet."""
    settings = Settings(data=tmp_path / "elsewhere", secret_key="test", language="en")
    app = create_app(settings.with_defaults())
    app.extensions["hub"] = replace(app.extensions["hub"], now=clock)
    yield app
    app.extensions["hub"].search.close()
    with app.app_context():
        db.engine.dispose()


def there(app: Flask, *words: str | Path) -> Result:
    """Types ``hub …`` on the other machine."""
    return CliRunner().invoke(hub_command, [str(word) for word in words], obj=lambda: app)


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


def blobs(storage: Storage) -> dict[str, bytes]:
    found = {}
    for key in storage.keys():  # noqa: SIM118 - a storage is no dictionary
        with storage.open(key) as stream:
            found[key] = stream.read()
    return found


@pytest.mark.parametrize("place", ["backup", "backup.tar"])
@pytest.mark.usefixtures("filled")
def test_a_hub_moves_to_another_machine_with_everything(
    done: Done, app: Flask, elsewhere: Flask, tmp_path: Path, place: str
) -> None:
    before = rows(app)
    said = json.loads(done("backup", tmp_path / place, "--json"))
    assert (said["name"], said["lacking"]) == ("20261012T040000Z", [])
    answer = there(elsewhere, "restore", tmp_path / place, "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["indexed"] == 3
    assert rows(elsewhere) == before
    assert blobs(elsewhere.extensions["hub"].storage) == blobs(app.extensions["hub"].storage)
    found = json.loads(there(elsewhere, "search", "等于几", "--json").stdout)
    assert found["total"] == 3
    again = there(elsewhere, "restore", tmp_path / place)
    assert (again.exit_code, again.stderr) == (
        1,
        "Error: This hub is in use. A backup is brought back into an empty hub only.\n",
    )
    assert there(elsewhere, "verify").stdout.endswith("Everything is as it should be.\n")


def test_it_says_what_it_copied_and_remembers_it(
    done: Done, app: Flask, tmp_path: Path, clock: Clock, filled: Path
) -> None:
    assert filled.is_dir()
    size = sum(len(content) for content in blobs(app.extensions["hub"].storage).values())
    first = done("backup", tmp_path / "b")
    assert first.startswith("Backup 20261012T040000Z: ")
    assert first.endswith(f" rows, 3 files ({size} B); new: 3 ({size} B).\n")
    clock.pass_(days=1)
    assert done("backup", tmp_path / "b", "--keep", "1").splitlines()[0].endswith("new: 0 (0 B).")
    listed = json.loads(done("restore", tmp_path / "b", "--list", "--json"))
    assert [(one["name"], one["files"]) for one in listed] == [("20261013T040000Z", 3)]
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.tag == "hub:backup")).all()
        assert [(event.detail["files"], event.detail["lacking"]) for event in events] == [
            (3, 0),
            (3, 0),
        ]


def test_a_damaged_file_makes_the_backup_say_so(
    hub: Types, app: Flask, tmp_path: Path, filled: Path
) -> None:
    assert filled.is_dir()
    [path, *_others] = (app.extensions["hub"].data / "blobs").glob("??/*")
    path.unlink()
    answer = hub("backup", tmp_path / "b")
    assert answer.exit_code == 1
    assert answer.stderr == (
        "Missing or damaged in the hub, so not in this backup: 1 files. See hub verify.\n"
    )


def test_a_full_disk_is_said_and_the_backups_of_before_stay(
    hub: Types,
    done: Done,
    app: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    filled: Path,
) -> None:
    assert filled.is_dir()
    done("backup", tmp_path / "b")
    clock.pass_(days=1)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for place in ("b", "b.tar"):
        answer = hub("backup", tmp_path / place)
        assert (answer.exit_code, answer.stderr) == (
            1,
            "Error: The disk is full: free some space, then try again.\n",
        )
    monkeypatch.undo()
    assert not list(tmp_path.glob("*b.tar*"))
    listed = json.loads(done("restore", tmp_path / "b", "--list", "--json"))
    assert [one["name"] for one in listed] == ["20261012T040000Z"]
    with app.app_context():
        assert len(blobs(app.extensions["hub"].storage)) == 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("restore", "nowhere"), "There is no backup at nowhere."),
        (("restore", "."), "There is no whole backup here: an interrupted one does not count."),
        (("backup", "b.tar", "--keep", "3"), "--keep and --whole are for a folder of snapshots."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    hub: Types, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...],
    sentence: str,
) -> None:  # fmt: skip
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    answer = hub(*words)
    assert (answer.exit_code, answer.stderr) == (1, f"Error: {sentence}\n")


@pytest.mark.usefixtures("filled")
def test_a_folder_of_a_backup_mends_a_damaged_hub(
    hub: Types, done: Done, app: Flask, tmp_path: Path
) -> None:
    done("backup", tmp_path / "b")
    storage = app.extensions["hub"].storage
    before = blobs(storage)
    one, two, _three = sorted((app.extensions["hub"].data / "blobs").glob("??/*"))
    one.chmod(0o600)
    one.write_bytes(b"?" * one.stat().st_size)
    two.unlink()
    answer = hub("verify")
    assert answer.exit_code == 1
    with app.app_context():
        titles = dict(db.session.execute(select(Resource.public_id, Resource.id)).all())
    assert len(titles) == 3
    lines = answer.stderr.splitlines()
    assert [line.split("  ")[:2] for line in lines[:2]] == [
        ["damaged", one.name],
        ["missing", two.name],
    ]
    assert all(line.split("  ")[2].split()[0] in titles for line in lines[:2])
    assert lines[2] == ("Wrong: 2. A backup mends it: hub verify --repair --from file:///…/blobs.")
    url = f"file://{tmp_path / 'b' / 'blobs'}"
    said = done("verify", "--repair", "--from", url)
    assert said.splitlines()[-1] == "Everything is as it should be."
    assert [line for line in said.splitlines() if "Mended" in line] == [
        f"Mended: {one.name}",
        f"Mended: {two.name}",
    ]
    assert blobs(storage) == before


def test_loose_bytes_are_counted_and_no_fault(done: Done, app: Flask, wangmin: str) -> None:
    assert wangmin
    app.extensions["hub"].storage.put(io.BytesIO(b"loose"))
    found = json.loads(done("verify", "--json"))
    assert (found["faults"], found["unused_files"], found["unused_size"]) == (0, 1, 5)
    assert (found["started_at"], found["finished_at"]) == ("2026-10-12T04:00:00+00:00",) * 2
    assert found["found"] == []
