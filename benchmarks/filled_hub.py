"""A data folder with a full database: the documents of ``material`` as a hub would keep them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.orm import Session

from benchmarks.material import (
    ALLIANCE,
    NEWEST,
    PEOPLE,
    SCHOOLS,
    documents,
    person_name,
    school_name,
)
from benchmarks.measuring import tell, told
from config import Settings
from resource_hub.domain.people import Role
from resource_hub.domain.public_id import ALPHABET, LENGTH
from resource_hub.domain.review import State
from resource_hub.domain.similarity import METHOD
from resource_hub.domain.taxonomy import AllianceKind, Kind
from resource_hub.domain.visibility import Audience
from resource_hub.edge.migrating import upgrade
from resource_hub.files.facts import READERS
from resource_hub.files.page_print import METHOD as PAGE_METHOD
from resource_hub.models import (
    Alliance,
    Appointed,
    Attachment,
    Base,
    Blob,
    BlobText,
    Membership,
    PrintedFile,
    Resource,
    Revision,
    RevisionGrade,
    School,
    Standing,
    User,
    WorkPrint,
)
from resource_hub.models.database import WRITING, open_database
from resource_hub.services import passwords
from resource_hub.services.taxonomy import load_shipped
from search_index import IndexDocument

BATCH = 2_000
PASSWORD = "a-long-benchmark"  # noqa: S105 - protects nothing
"""Of every teacher: ``teacher1`` and so on."""

Row = dict[str, Any]  # Any: a row has columns of every type


def filled_hub(
    data: Path, count: int, make: Callable[[int], Iterator[IndexDocument]] = documents
) -> Settings:
    """The settings of the hub in ``data``, with ``count`` published resources and their texts.

    They are the documents that ``make`` gives when it is asked for ``count``. What was filled in an
    earlier run is taken as it is. The index is left to the caller.
    """
    data.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=data).with_defaults()
    engine = open_database(settings.database_url)
    try:
        upgrade(engine)
        with Session(engine) as session:
            present = session.scalar(select(func.count()).select_from(Resource))
        if present != count:
            with engine.connect().execution_options(**{WRITING: True}) as connection:
                _fill(connection, make(count))
                connection.commit()
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
    return settings


def _fill(connection: Connection, made: Iterator[IndexDocument]) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())
    with Session(connection, join_transaction_mode="rollback_only") as session:
        load_shipped(session)
        session.flush()
    add_rows(connection, School, _schools())
    add_rows(
        connection,
        Alliance,
        [{"id": 1, "name": ALLIANCE, "kind": AllianceKind.GROUP, "created_at": NEWEST}],
    )
    add_rows(connection, Membership, _memberships())
    add_rows(connection, User, _people())
    add_rows(connection, Appointed, _appointments())
    waiting, count = told("filling the database", made), 0
    while batch := list(islice(waiting, BATCH)):
        for model, rows in (
            (Blob, _blobs),
            (BlobText, _texts),
            (Resource, _resources),
            (Revision, _revisions),
            (RevisionGrade, _grades),
            (Attachment, _attachments),
            (WorkPrint, _work_prints),
            (PrintedFile, _printed_files),
        ):
            add_rows(connection, model, [row for document in batch for row in rows(document)])
        count += len(batch)
    tell(f"the database holds {count:,} resources")


def add_rows(connection: Connection, model: type[Base], rows: Iterable[Row]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    connection.execute(insert(table), list(rows))


def _schools() -> Iterator[Row]:
    for number in range(SCHOOLS):
        yield {
            "id": number + 1,
            "code": f"S{number + 1}",
            "name": school_name(number),
            "created_at": NEWEST,
        }


def _memberships() -> Iterator[Row]:
    for number in range(SCHOOLS):
        yield {
            "alliance_id": 1,
            "school_id": number + 1,
            "standing": Standing.MEMBER if number else Standing.CORE,
            "since": NEWEST,
        }


def _people() -> Iterator[Row]:
    known = passwords.hashed(PASSWORD)
    for number in range(PEOPLE):
        yield {
            "id": number + 1,
            "account": f"teacher{number + 1}",
            "name": person_name(number),
            "school_id": number % SCHOOLS + 1,
            "password_hash": known,
            "subjects": (),
            "grades": (),
            "created_at": NEWEST,
        }


def _appointments() -> Iterator[Row]:
    for number in range(PEOPLE):
        yield {
            "user_id": number + 1,
            "role": Role.TEACHER,
            "school_id": number % SCHOOLS + 1,
            "subjects": (),
            "stages": (),
        }


def _keys(document: IndexDocument) -> Sequence[str]:
    return [
        hashlib.sha256(f"{document.resource_id}.{name}".encode()).hexdigest()
        for name in document.formats
    ]


def _blobs(document: IndexDocument) -> Iterator[Row]:
    for key, name in zip(_keys(document), document.formats, strict=True):
        yield {
            "key": key,
            "size": 3 * len(document.body),
            "format": name,
            "media_type": "application/octet-stream",
            "family": "document",
            "created_at": document.published_at,
            "inspected_at": document.published_at,
            "inspected_by": READERS,
        }


def _texts(document: IndexDocument) -> Iterator[Row]:
    """The words are in the first file."""
    second_half = document.body.find("\n") + 1
    yield {
        "blob_key": _keys(document)[0],
        "text": document.body,
        "places": [[0, "page", "1"], [second_half, "page", "2"]] if second_half else [],
    }


def _work_prints(document: IndexDocument) -> Iterator[Row]:
    """As if the worker had seen to everything: else it would begin with that."""
    yield {
        "revision_id": document.resource_id,
        "method": METHOD,
        "tokens": 0,
        "shingles": 0,
        "reach": 0.0,
        "made_at": document.published_at,
    }


def _printed_files(document: IndexDocument) -> Iterator[Row]:
    for key in _keys(document):
        yield {"blob_key": key, "method": PAGE_METHOD, "made_at": document.published_at}


def _resources(document: IndexDocument) -> Iterator[Row]:
    yield {
        "id": document.resource_id,
        "public_id": _public_id(document.resource_id),
        "kind": Kind(document.kind),
        "owner_id": _owner(document),
        "school_id": int(document.school_code[1:]),
        "audience_token": next(iter(document.visible_to)),
        "available_at": document.published_at,
        "first_available_at": document.published_at,
        "views": document.views,
        "downloads": document.downloads,
        "created_at": document.published_at,
    }


def _owner(document: IndexDocument) -> int:
    """Somebody of the school."""
    turn = document.resource_id % (PEOPLE // SCHOOLS)
    return int(document.school_code[1:]) + turn * SCHOOLS


def _public_id(number: int) -> str:
    places = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        places.append(ALPHABET[digit])
    return "R-" + "".join(reversed(places))


def _revisions(document: IndexDocument) -> Iterator[Row]:
    token = next(iter(document.visible_to)).partition(":")[0]
    at = document.published_at
    yield {
        "id": document.resource_id,
        "resource_id": document.resource_id,
        "number": 1,
        "state": State.PUBLISHED,
        "title": document.title,
        "summary": document.summary,
        "school_stage": document.school_stage,
        "subject": document.subject,
        "volume": document.volume,
        "edition": document.edition,
        "unit": document.unit,
        "keywords": list(document.keywords),
        "language": document.language,
        "licence": "cc-by-4.0",
        "audience": Audience(token),
        "alliance_id": 1,
        "basis": "import",
        "rights_declared_at": at,
        "submitted_at": at,
        "published_at": at,
        "available_at": at,
        "created_at": at,
        "updated_at": at,
    }


def _grades(document: IndexDocument) -> Iterator[Row]:
    for grade in document.grades:
        yield {"revision_id": document.resource_id, "grade": grade}


def _attachments(document: IndexDocument) -> Iterator[Row]:
    for place, (key, name) in enumerate(zip(_keys(document), document.formats, strict=True)):
        yield {
            "revision_id": document.resource_id,
            "blob_key": key,
            "filename": f"{document.title[:60]}.{name}",
            "position": place,
            "created_at": document.published_at,
        }
