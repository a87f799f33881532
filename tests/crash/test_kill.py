"""kill -9 at random moments: what was acknowledged is there, and the index catches up."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.review import State
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import hub, reading, utc_now
from resource_hub.jobs.worker import Worker
from resource_hub.models import Resource, Review, Revision, Submission
from resource_hub.models.database import WRITING, open_database
from resource_hub.services.indexing import compare, findable
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import Given

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = 10
DICE = random.Random(20261012)  # noqa: S311 - dice, no secret


def killed(command: list[str], *, after_lines: int, seconds: float, data: Path) -> list[str]:
    """Run ``command``, kill it ``seconds`` after its line number ``after_lines``; what it said."""
    process = subprocess.Popen(  # noqa: S603 - a command of ours
        command,
        cwd=ROOT,
        env=os.environ | {"HUB_DATA": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if len(said) >= after_lines:
            break
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.001)  # the moment of the crash is the point of this test
    process.send_signal(signal.SIGKILL)
    said += [line.rstrip("\n") for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    return said


def drained(folder: Path, check: Callable[[], None]) -> None:
    """Start again as after a crash, do what was promised, and look."""
    app = create_app(Settings(data=folder).with_defaults())
    with app.app_context():
        worker = Worker(app)
        worker.free_dead()
        worker.drain(("index",))
        difference = compare(reading(), hub().search, now=utc_now())
        assert not difference, difference
        assert hub().search.indexed().keys() == findable(reading(), now=utc_now()).keys()
        check()
        hub().search.close()


@pytest.fixture(scope="module")
def waiting_hub(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A hub where sixty lesson plans wait for one reviewer."""
    folder = tmp_path_factory.mktemp("waiting")
    shutil.copy(sqlite_template, folder / "hub.db")
    engine = open_database(f"sqlite:///{folder / 'hub.db'}")
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        given = Given(session, UnitOfWork(session, utc_now, SHANGHAI), LocalStorage(folder))
        school = given.school()
        author = given.teacher(school=school)
        given.reviewer("审核员", school=school)
        for number in range(60):
            given.submitted(by=author, audience=Audience.SCHOOL, title=f"第{number}课")
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder


@pytest.mark.long
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_publishing_is_killed_and_nothing_acknowledged_is_lost(
    waiting_hub: Path, tmp_path: Path, moment: int
) -> None:
    del moment
    folder = tmp_path / "hub"
    shutil.copytree(waiting_hub, folder)
    said = killed(
        [sys.executable, "-m", "tests.crash.publisher", str(folder)],
        after_lines=DICE.randint(1, 40),
        seconds=DICE.random() * 0.2,
        data=folder,
    )
    acknowledged = {int(line.split()[1]) for line in said}
    assert acknowledged

    def whole_steps_only() -> None:
        session = reading()
        published = set(
            session.scalars(
                select(Resource.id)
                .join(Resource.revisions)
                .where(Revision.state == State.PUBLISHED, Resource.audience_token.is_not(None))
            )
        )
        assert acknowledged <= published
        approved = set(
            session.scalars(
                select(Revision.resource_id)
                .join(Submission, Submission.revision_id == Revision.id)
                .join(Review, Review.submission_id == Submission.id)
                .where(Submission.outcome.is_not(None))
            )
        )
        assert approved == published

    drained(folder, whole_steps_only)


LINES = 450


@pytest.fixture(scope="module")
def hub_of_one(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A hub with one teacher, and a manifest of short texts beside it."""
    folder = tmp_path_factory.mktemp("one")
    shutil.copy(sqlite_template, folder / "hub.db")
    engine = open_database(f"sqlite:///{folder / 'hub.db'}")
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        given = Given(session, UnitOfWork(session, utc_now, SHANGHAI), LocalStorage(folder))
        given.teacher(school=given.home(), account="wangmin")
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    lines = [
        json.dumps({"title": f"第{n}题", "text": f"第{n}题：{n}加{n}等于几？", "kind": "exercise",
                    "subject": "数学", "grade": "三年级", "stage": "小学"}, ensure_ascii=False)
        for n in range(LINES)
    ]  # fmt: skip
    (folder / "items.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.mark.long
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_an_import_is_killed_and_a_repeat_brings_the_rest(
    hub_of_one: Path, tmp_path: Path, moment: int
) -> None:
    del moment
    folder = tmp_path / "hub"
    shutil.copytree(hub_of_one, folder)
    command = [
        sys.executable, "-m", "resource_hub.entry", "import", str(folder / "items.jsonl"),
        "--as", "wangmin", "--publish",
    ]  # fmt: skip
    said = killed(
        command, after_lines=DICE.randint(1, LINES), seconds=DICE.random() * 0.5, data=folder
    )
    acknowledged = set(re.findall(r"R-\w{6}", "\n".join(said)))
    assert acknowledged

    def all_of_them_are_published() -> None:
        session = reading()
        published = set(
            session.scalars(select(Resource.public_id).where(Resource.audience_token.is_not(None)))
        )
        assert acknowledged <= published

    drained(folder, all_of_them_are_published)
    again = subprocess.run(  # noqa: S603 - a command of ours
        command, cwd=ROOT, env=os.environ | {"HUB_DATA": str(folder)}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert acknowledged.isdisjoint(re.findall(r"R-\w{6}", again.stdout))

    def each_line_is_there_once() -> None:
        titles = reading().scalars(select(Revision.title).where(Revision.state == State.PUBLISHED))
        assert sorted(titles) == sorted(f"第{n}题" for n in range(LINES))

    drained(folder, each_line_is_there_once)
