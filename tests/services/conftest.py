"""The services' tests run twice: on SQLite and on a real PostgreSQL server."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from resource_hub.edge.migrating import upgrade
from resource_hub.models.database import open_database
from resource_hub.services.taxonomy import load_shipped
from tests.services import postgresql

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The server's URL with a place for the database's name; ``template_hub`` is migrated."""
    with postgresql.server() as url:
        _do(url, "CREATE DATABASE template_hub")
        engine = open_database(url.format(database="template_hub"))
        upgrade(engine)
        with Session(engine) as session:
            load_shipped(session)
            session.commit()
        engine.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Iterator[str]:
    """An empty hub's database of each kind, for one test alone."""
    if request.param == "sqlite":
        path = tmp_path / "hub.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgresql_server")
    name = f"hub_{next(_NUMBERS)}"
    _do(url, f"CREATE DATABASE {name} TEMPLATE template_hub")
    yield url.format(database=name)
    _do(url, f"DROP DATABASE {name} WITH (FORCE)")


def _do(url: str, statement: str) -> None:
    engine = create_engine(url.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
