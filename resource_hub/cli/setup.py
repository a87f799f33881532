"""Make a hub ready, and look at it on one screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import current_app
from sqlalchemy import Engine, column, inspect, select, table

from resource_hub.cli.console import HubCommand, progress, tell
from resource_hub.domain.errors import N_, WrongState
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.extensions import db
from resource_hub.services import indexing
from resource_hub.services.taxonomy import load_shipped

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@click.command(cls=HubCommand, epilog="Example: hub init")
def init() -> None:
    """Make the hub ready: data folder, database, taxonomy, storage, search index, translations.

    Safe to run again, after an update for instance: it does only what is missing.
    """
    fresh = not is_current(db.engine)
    if fresh:
        from resource_hub.edge.migrating import upgrade  # noqa: PLC0415 - Alembic takes a while to load

        upgrade(db.engine)
    with writing() as uow:
        terms = load_shipped(uow.session)
    hub().storage.check()
    if hub().search.needs_rebuild:
        rebuild_index()
    compiled = compile_translations(translations())
    if fresh:
        tell(N_("The database is up to date; terms added to the taxonomy: %(terms)s."), terms=terms)
    if compiled:
        tell(N_("Translations compiled: %(count)s."), count=compiled)
    tell(N_("The hub in %(folder)s is ready."), folder=hub().data)


def translations() -> Path:
    return Path(current_app.config["BABEL_TRANSLATION_DIRECTORIES"])


def is_current(engine: Engine) -> bool:
    """Whether the database has had every migration; asked at each start, so without Alembic."""
    version = table("alembic_version", column("version_num"))
    with engine.connect() as connection:
        if not inspect(connection).has_table(version.name):
            return False
        return set(connection.scalars(select(version.c.version_num))) == newest_migrations()


def newest_migrations() -> set[str]:
    """The migrations after which no other comes, by their ids."""
    return known_migrations() - _named_in_scripts("down_revision")


def known_migrations() -> set[str]:
    """All migrations of this version, by their ids."""
    return _named_in_scripts("revision")


def _named_in_scripts(variable: str) -> set[str]:
    scripts = [script.read_text("utf-8") for script in MIGRATIONS.glob("*.py")]
    line = re.compile(rf'^{variable}\b[^=]*= "(\w+)"', re.MULTILINE)
    return {found for script in scripts for found in line.findall(script)}


def require_ready() -> None:
    """Refuse to run on a database that lacks a migration.

    Raises:
        WrongState: with the command that mends it.
    """
    if not is_current(db.engine):
        raise WrongState(N_("The database is not ready for this version: type hub init first."))


def rebuild_index() -> int:
    """Build the index anew from the database; returns how many resources it holds."""
    total = indexing.count_findable(reading(), now=hub().now())
    done = 0
    with progress(N_("Building the search index"), total) as bar:
        for done in build_anew():
            bar.reach(done)
    return done


def build_anew() -> Iterator[int]:
    """Build the index from the database, losing nothing that changes meanwhile; yields how many.

    The worker is promised what differs at the end: what it did between our first look at the
    database and the engine's first look at the old index, nobody else would bring to the new one.
    """
    db.session.rollback()
    yield from indexing.reindex_all(reading(), hub().search, now=hub().now())
    db.session.rollback()
    difference = indexing.compare(reading(), hub().search, now=hub().now())
    if difference:
        with writing() as uow:
            indexing.promise_again(uow, difference)


def compile_translations(folder: Path) -> int:
    """Make the ``.mo`` file beside each ``.po`` that is newer; returns how many."""
    outdated = list(_outdated(folder))
    for source, target in outdated:
        with source.open("rb") as written:
            catalogue = read_po(written, locale=source.parents[1].name)
        with target.open("wb") as compiled:
            write_mo(compiled, catalogue)
    return len(outdated)


def _outdated(folder: Path) -> Iterator[tuple[Path, Path]]:
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            yield source, target
