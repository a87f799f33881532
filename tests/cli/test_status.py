"""``hub status``: one screen, no secrets."""

import json
import shutil
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from resource_hub.cli.status import padded, without_secrets
from resource_hub.edge.extensions import db
from resource_hub.models import Job, JobState
from resource_hub.models.database import WRITING
from tests.cli.conftest import Types

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


def test_it_fits_on_one_screen(done: Done) -> None:
    said = done("status")
    assert len(said.splitlines()) < 45
    assert "  Schools             0\n" in said


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
