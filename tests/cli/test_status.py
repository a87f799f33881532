"""``hub status``: one screen, no secrets."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from resource_hub.app import create_app
from resource_hub.cli import hub_command
from resource_hub.cli.status import NAMES, padded, without_secrets
from resource_hub.domain.review import State
from resource_hub.edge.extensions import db
from resource_hub.models import Fault, FaultKind, Job, JobState
from resource_hub.models.database import WRITING
from tests.cli.conftest import Types
from tests.given import Clock

Done = Callable[..., str]


def test_it_counts_what_the_hub_holds(done: Done, wangmin: str) -> None:
    del wangmin
    facts = json.loads(done("status", "--json"))
    assert facts["holdings"] == {
        "schools": 1,
        "alliances": 0,
        "people": 1,
        "demo_people": 0,
        "resources": 0,
        "findable": 0,
        "indexed": 0,
        "files": 0,
        "file_bytes": 0,
    }
    assert facts["parts"] == {"database": "ready", "storage": "ready", "search": "ready"}
    assert facts["queue"] == {"waiting": 0, "set_aside": 0, "oldest": ""}
    assert set(facts["versions"]) == {"Python", "Flask", "SQLAlchemy", "gunicorn", "tantivy"}
    assert facts["disk"]["total_bytes"] >= facts["disk"]["free_bytes"] > 0


def test_it_says_when_files_were_last_read_and_copied_and_fails_when_some_are_lost(
    done: Done, hub: Types, app: Flask, tmp_path: Path
) -> None:
    nothing = {"verified": "", "faults": 0, "backed_up": "", "unused_bytes": 0}
    assert json.loads(done("status", "--json"))["safety"] == nothing
    done("verify")
    done("backup", tmp_path / "backup")
    noon = "2026-10-12T04:00:00+00:00"
    facts = json.loads(done("status", "--json"))
    assert facts["safety"] == nothing | {"verified": noon, "backed_up": noon}
    with app.app_context(), Session(db.engine) as session:
        session.connection(execution_options={WRITING: True})
        session.add(Fault(verification_id=1, kind=FaultKind.MISSING, key="a" * 64))
        session.commit()
    answer = hub("status", "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["safety"]["faults"]) == (1, 1)


def test_it_fits_on_one_screen(done: Done) -> None:
    said = done("status")
    assert len(said.splitlines()) < 45
    assert "  Schools             0\n" in said


def test_what_it_shows_is_written_for_people(
    hub: Types, app: Flask, clock: Clock, tmp_path: Path
) -> None:
    hub("backup", tmp_path / "backup")
    chinese = create_app(replace(app.extensions["settings"], language="zh_Hans"))
    chinese.extensions["hub"] = replace(chinese.extensions["hub"], now=clock)
    said = CliRunner().invoke(hub_command, ["status"], obj=lambda: chinese).stdout
    assert "  邮件                –\n" in said
    assert "  搜索索引            就绪\n" in said
    assert "  最近备份            10月12日 12:00\n" in said
    chinese.extensions["hub"].search.close()


def test_every_state_has_a_name() -> None:
    assert set(State) <= NAMES.keys()


def test_a_job_set_aside_is_shown_and_is_a_failure(hub: Types, app: Flask) -> None:
    with app.app_context(), Session(db.engine) as session:
        session.connection(execution_options={WRITING: True})
        now = app.extensions["hub"].now()
        session.add(
            Job(
                kind="index",
                subject="42",
                state=JobState.SET_ASIDE,
                run_at=now,
                created_at=now,
                error="the disk is full",
            )
        )
        session.commit()
    result = hub("status")
    assert result.exit_code == 1
    assert result.stderr == "  12 Oct 12:00  index 42: the disk is full\n"


def test_an_index_that_is_gone_is_said(hub: Types, app: Flask) -> None:
    shutil.rmtree(app.extensions["hub"].data / "index")
    result = hub("status", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["parts"]["search"] == (
        "The index is not complete: type hub index rebuild."
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:////srv/hub.db", "sqlite:////srv/hub.db"),
        ("postgresql+psycopg://hub:s3cr3t@db/hub", "postgresql+psycopg://hub:***@db/hub"),
        ("smtp://a@b.org:pa@ss@mail:587?from=x", "smtp://a@b.org:***@mail:587?from=x"),
        ("s3://bucket?secret_key=abc&region=x", "s3://bucket?secret_key=***&region=x"),
        ("", ""),
    ],
)
def test_no_url_gives_away_a_secret(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_columns_stand_in_line_in_chinese_too() -> None:
    assert padded("学校", 6) == "学校  "
    assert padded("abcdef", 6) == "abcdef "
