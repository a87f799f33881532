"""All tables as they were at one moment, read while people go on working; and put back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import JSON, Connection, Engine, MetaData, Table, func, select, text
from sqlalchemy.orm import Session

from resource_hub.domain.errors import WrongState
from resource_hub.models.database import WRITING
from resource_hub.services.backup_format import (
    DAMAGED,
    Manifest,
    Piece,
    Source,
    read_rows,
    table_path,
    write_rows,
)
from resource_hub.services.blob_uses import used

AT_ONCE = 100
"""Rows in memory at a time: a row may hold a text of 200,000 characters."""

VERSION = "alembic_version"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was written: the pieces by table, the shape of the tables, the blobs that they use."""

    tables: dict[str, Piece]
    schema: str
    blobs: dict[str, int | None]
    """Sizes in bytes by key; None where the database does not know it."""


def dump(engine: Engine, folder: Path) -> Snapshot:
    """Write every table into ``folder``, all of one moment, in one transaction that only reads.

    Nobody waits for it: SQLite reads the state before later commits from its WAL, PostgreSQL from
    the versions of its rows.
    """
    folder.mkdir(parents=True)
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        tables = reflected(connection)
        schema = connection.scalar(text(f"SELECT version_num FROM {VERSION}"))  # noqa: S608 - a constant
        pieces = {
            table.name: write_rows(
                folder / f"{table.name}.gz",
                [column.name for column in table.columns],
                _rows(connection, table),
            )
            for table in tables
        }
        every = used().subquery()
        rows = connection.execute(select(every.c.key, func.max(every.c.size)).group_by(every.c.key))
        blobs = {key: size for key, size in rows}  # noqa: C416 - a row is no pair to the types
    return Snapshot(pieces, str(schema), blobs)


def reflected(connection: Connection) -> list[Table]:
    """The tables that the database has, those that others name first; not the version's own."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != VERSION]


def _rows(connection: Connection, table: Table) -> Iterator[tuple[object, ...]]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield tuple(row)


def load(engine: Engine, source: Source, manifest: Manifest, step: Callable[[int], None]) -> None:
    """Fill the empty tables from a snapshot, in one transaction: all of it or nothing.

    The tables must have the shape that ``manifest.schema`` names.

    Raises:
        WrongState: a table is not there, or has another number of rows than was written.
    """
    with (
        engine.connect().execution_options(**{WRITING: True}) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        tables = reflected(connection)
        if {table.name for table in tables} != manifest.tables.keys():
            raise WrongState(DAMAGED, name="tables")
        for table in tables:
            _fill(connection, source, manifest, table)
            step(manifest.tables[table.name].rows)
        if engine.dialect.name == "postgresql":
            _count_on(connection, tables)


def _fill(connection: Connection, source: Source, manifest: Manifest, table: Table) -> None:
    for column in table.columns:
        if isinstance(column.type, JSON) and column.nullable:
            column.type = JSON(none_as_null=True)
    path = table_path(manifest.name, table.name)
    count = 0
    with source.open(path) as stream:
        every = read_rows(stream, table)
        while rows := list(islice(every, AT_ONCE)):
            connection.execute(table.insert(), rows)
            count += len(rows)
    if count != manifest.tables[table.name].rows:
        raise WrongState(DAMAGED, name=path)


def _count_on(connection: Connection, tables: list[Table]) -> None:
    """PostgreSQL's counters go on after the highest number that is taken."""
    for table in tables:
        for column in table.primary_key.columns:
            name = f'"{table.name}"'
            counter = connection.scalar(select(func.pg_get_serial_sequence(name, column.name)))
            highest = connection.scalar(select(func.max(column))) if counter else None
            if highest is not None:
                connection.execute(select(func.setval(counter, highest)))


def is_bare(engine: Engine) -> bool:
    """Whether the database has no table of the hub at all."""
    with Session(engine) as session:
        return not reflected(session.connection())
