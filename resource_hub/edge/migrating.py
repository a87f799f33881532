"""Bring a database to the present shape."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from resource_hub.models.database import WRITING

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run the missing migrations; nothing happens when there are none."""
    with _free_to_copy_tables(engine) as connection:
        command.upgrade(_config(connection), target)
        connection.commit()


def downgrade(engine: Engine, target: str) -> None:
    with _free_to_copy_tables(engine) as connection:
        command.downgrade(_config(connection), target)
        connection.commit()


@contextmanager
def _free_to_copy_tables(engine: Engine) -> Iterator[Connection]:
    """A connection on which SQLite does not watch foreign keys.

    SQLite changes a table by a copy, and when the old one is dropped it deletes what refers to it
    (ON DELETE CASCADE). Its manual says to switch the watch off meanwhile, before the transaction
    begins: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            connection.rollback()  # inside a transaction SQLite ignores the next line
            driver.execute("PRAGMA foreign_keys=ON")
            driver.close()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config
