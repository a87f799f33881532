"""``hub init``: makes everything once, and nothing twice."""

import os
from pathlib import Path

from alembic.script import ScriptDirectory
from click.testing import CliRunner
from flask import Flask

from config import Settings
from resource_hub.app import create_app
from resource_hub.cli import hub_command
from resource_hub.cli.setup import compile_translations, is_current, newest_migrations
from resource_hub.edge.extensions import db
from resource_hub.edge.migrating import SCRIPTS

PO = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Home"\nmsgstr "首页"\n'
)


def type_init(app: Flask) -> str:
    result = CliRunner().invoke(hub_command, ["init"], obj=lambda: app)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_it_makes_everything_and_a_second_time_nothing(tmp_path: Path) -> None:
    data = tmp_path / "new" / "hub"
    app = create_app(Settings(data=data, language="en").with_defaults())
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path / "none")
    assert type_init(app) == (
        "The database is up to date; terms added to the taxonomy: 69.\n"
        f"The hub in {data} is ready.\n"
    )
    with app.app_context():
        assert is_current(db.engine)
    assert not app.extensions["hub"].search.needs_rebuild
    assert app.extensions["hub"].search.count() == 0
    assert type_init(app) == f"The hub in {data} is ready.\n"
    app.extensions["hub"].search.close()
    with app.app_context():
        db.engine.dispose()


def test_the_newest_migration_is_the_one_that_alembic_means() -> None:
    assert newest_migrations() == set(ScriptDirectory(str(SCRIPTS)).get_heads())


def test_translations_are_compiled_when_they_are_missing_or_older(tmp_path: Path) -> None:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, "utf-8")
    assert compile_translations(tmp_path) == 1
    compiled = source.with_suffix(".mo")
    assert "首页".encode() in compiled.read_bytes()
    assert compile_translations(tmp_path) == 0
    os.utime(compiled, (1, 1))
    assert compile_translations(tmp_path) == 1
