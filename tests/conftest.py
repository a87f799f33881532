"""What every test may ask for: a clock, a database, a storage, a cast."""

import os
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

pytest_plugins = [
    "tests.plugins.garbage",
    "tests.plugins.memory",
    "tests.plugins.requirements",
    "tests.plugins.spread",
    "tests.seaweed",
]

os.environ.setdefault("HUB_OCR", "0")  # also of commands: see tests/web/conftest.py

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


@pytest.fixture(scope="session")
def one_address(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub") / "here"


@pytest.fixture
def here(one_address: Path, tmp_path: Path) -> Path:
    """The folder of this test under an address that all tests share.

    So one engine and one application serve them all: statements, templates and routes are
    compiled once, which took half of the time of a page's test.
    """
    one_address.unlink(missing_ok=True)
    one_address.symlink_to(tmp_path)
    return one_address


@pytest.fixture
def database_url(sqlite_template: Path, here: Path) -> str:
    path = here / "hub.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    """By address: each keeps what it compiled; its connections are closed after every test."""
    return {}


@pytest.fixture
def engine(database_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    if database_url not in engines:
        engines[database_url] = open_database(database_url)
    yield engines[database_url]
    engines[database_url].dispose()


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
