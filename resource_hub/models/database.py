"""How the hub opens its database, whichever of the two it is."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

WRITING = "hub_writing"
"""Execution option of a connection that is going to write."""


def open_database(url: str) -> Engine:
    """Make an engine with the hub's habits; nothing is connected yet."""
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    return engine


def engine_options(url: str) -> dict[str, Any]:  # Any: keyword arguments of create_engine
    """SQLite waits up to 30 seconds for another writer; PostgreSQL connections are checked."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}}
    return {"pool_pre_ping": True}


def prepare(engine: Engine) -> None:
    """Teach SQLite to keep its word; PostgreSQL needs nothing.

    WAL lets readers go on while one writes, FULL makes each commit survive a power cut, foreign
    keys are off unless asked for. The driver's own transactions are switched off, because they
    begin late: two writers would then read the same value and one update would be lost.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def habits(connection: Any, _record: object) -> None:  # Any: the driver's own connection
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
