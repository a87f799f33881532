"""A hub whose commands a test types; it speaks English, so that sentences can be compared."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from resource_hub.app import create_app
from resource_hub.cli import hub_command
from resource_hub.edge.extensions import db
from tests.given import Clock

Types = Callable[..., Result]


@pytest.fixture
def app(sqlite_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """An empty hub, as ``hub init`` leaves it."""
    data = tmp_path / "hub"
    data.mkdir()
    shutil.copy(sqlite_template, data / "hub.db")
    settings = Settings(data=data, secret_key="test", language="en", ocr=False)
    app = create_app(settings.with_defaults())
    app.extensions["hub"] = replace(app.extensions["hub"], now=clock)
    assert list(app.extensions["hub"].search.rebuild([])) == []
    yield app
    app.extensions["hub"].search.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def hub(app: Flask) -> Types:
    """Types ``hub …``; nobody sits at the terminal."""

    def typed(*words: str | Path, stdin: str = "") -> Result:
        return CliRunner().invoke(
            hub_command, [str(word) for word in words], obj=lambda: app, input=stdin
        )

    return typed


@pytest.fixture
def done(hub: Types) -> Callable[..., str]:
    """Types ``hub …``, which must go well; gives what it said."""

    def typed(*words: str | Path, stdin: str = "") -> str:
        result = hub(*words, stdin=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result.stdout

    return typed


@pytest.fixture
def wangmin(done: Callable[..., str]) -> str:
    """A teacher of mathematics in the third grade; the school is in no alliance."""
    done(
        *("people", "add", "--name", "王敏", "--account", "wangmin", "--school", "第一小学"),
        *("--new-school", "--subject", "数学", "--grade", "三年级"),
    )
    return "wangmin"
