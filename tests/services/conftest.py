"""The services' tests run twice: on SQLite and on a real PostgreSQL server."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.orm import Session

from resource_hub.edge.migrating import upgrade
from resource_hub.models.database import open_database
from resource_hub.services.taxonomy import load_shipped
from tests.services import postgresql


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The server's URL with a place for the database's name; ``template_hub`` is migrated."""
    with postgresql.server() as url:
        with _maintenance(url) as connection:
            connection.execute(text("CREATE DATABASE template_hub"))
        engine = open_database(url.format(database="template_hub"))
        upgrade(engine)
        with Session(engine) as session:
            load_shipped(session)
            session.commit()
        engine.dispose()
        yield url


@pytest.fixture(scope="session")
def postgresql_maintenance(postgresql_server: str) -> Iterator[Connection]:
    """One for all tests: to connect takes as long as to copy the database."""
    with _maintenance(postgresql_server) as connection:
        yield connection


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, sqlite_template: Path, here: Path
) -> Iterator[str]:
    """An empty hub's database of each kind, for one test alone, always at the same address."""
    if request.param == "sqlite":
        path = here / "hub.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("postgresql_server")
    maintenance: Connection = request.getfixturevalue("postgresql_maintenance")
    maintenance.execute(text("CREATE DATABASE hub TEMPLATE template_hub STRATEGY file_copy"))
    yield url.format(database="hub")
    maintenance.execute(text("DROP DATABASE hub WITH (FORCE)"))


@contextmanager
def _maintenance(url: str) -> Iterator[Connection]:
    engine = create_engine(url.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def queries(session: Session) -> Callable[[Callable[[], object]], int]:
    """Counts the statements that an act sends to the database."""

    def count(act: Callable[[], object]) -> int:
        session.flush()
        session.expire_all()
        sent: list[str] = []

        def note(*details: object) -> None:
            sent.append(str(details[2]))

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return len(sent)

    return count
