"""What every test may ask for: a clock, a database, a storage, a cast."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from resource_hub.edge.migrating import upgrade
from resource_hub.models.database import WRITING, open_database
from resource_hub.services.taxonomy import load_shipped
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage, Storage
from tests.given import Clock, Given

pytest_plugins = ["tests.plugins.requirements"]

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the taxonomy, copied for each test."""
    path = tmp_path_factory.mktemp("database") / "hub.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        load_shipped(session)
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "hub.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        yield session
        session.rollback()


@pytest.fixture
def uow(session: Session, clock: Clock) -> UnitOfWork:
    return UnitOfWork(session, clock, SHANGHAI)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "blobs")


@pytest.fixture
def given(session: Session, uow: UnitOfWork, storage: Storage) -> Given:
    return Given(session, uow, storage)

    """The sentence of a refusal, as its reader gets it."""
    return lambda caught: str(caught.value)
