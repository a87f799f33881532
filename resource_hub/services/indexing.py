"""Keep the search index in step with the database, which alone is right."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.review import State
from resource_hub.models import (
    Alliance,
    Attachment,
    Blob,
    BlobText,
    Membership,
    Resource,
    Revision,
    School,
    User,
)
from resource_hub.services.closeness import names_of_co_authors
from resource_hub.services.document_body import body_of
from resource_hub.services.queries.grades import grades_of
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.usage import used
from search_index import IndexDocument, SearchEngine, SearchIndexError

BATCH = 500
"""Resources that are read at once."""

FILES = 50
"""Files whose texts, of up to 200,000 characters each, are in memory at once."""

_Row = Row[*tuple[Any, ...]]  # Any: SQLAlchemy types ten columns, ours are more


def index_resources(
    session: Session, engine: SearchEngine, ids: Iterable[int], *, now: datetime
) -> None:
    """Bring the index up to date with the database for ``ids``; safe to run twice.

    A job only says "look at resource 42 again", so order and repeats do not matter: each row is
    read afresh and either indexed or removed.
    """
    wanted = set(ids)
    live = {document.resource_id: document for document in documents_of(session, wanted, now=now)}
    engine.apply(upserts=live.values(), deletes=wanted - live.keys())


def documents_of(
    session: Session, ids: Collection[int], *, now: datetime
) -> Iterator[IndexDocument]:
    """What should be findable now, among ``ids``: live and released."""
    alliances = _alliances_by_school(session)
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield from _documents(session, ordered[start : start + BATCH], alliances, now=now)


def all_documents(session: Session, *, now: datetime) -> Iterator[IndexDocument]:
    """Everything that should be findable now, in the order of the ids, a batch at a time."""
    alliances = _alliances_by_school(session)
    ids: Sequence[int] = (0,)
    while ids:
        # Of the resources alone: joined, SQLite would sort all live revisions for each batch.
        ids = session.scalars(
            select(Resource.id)
            .where(Resource.id > ids[-1], Resource.available_at <= now)
            .order_by(Resource.id)
            .limit(BATCH)
        ).all()
        yield from _documents(session, ids, alliances, now=now)


def _alliances_by_school(session: Session) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(Membership.school_id, Alliance.name).join(Membership.alliance).order_by(Alliance.id)
    )
    for school_id, name in rows:
        found[school_id] = (*found.get(school_id, ()), name)
    return found


_LIVE = (
    select(
        Resource.id,
        Resource.version,
        Resource.kind,
        Resource.school_id,
        Resource.audience_token,
        Resource.views,
        used(Resource).label("downloads"),
        User.name.label("author"),
        names_of_co_authors().label("co_authors"),
        School.name.label("school"),
        School.code.label("school_code"),
        Revision.id.label("revision_id"),
        Revision.title,
        Revision.summary,
        Revision.keywords,
        Revision.unit,
        Revision.sections,
        Revision.text,
        Revision.subject,
        Revision.school_stage,
        Revision.edition,
        Revision.volume,
        Revision.language,
        Revision.available_at,
        Revision.created_at,
    )
    .select_from(Revision)
    .join(Revision.resource)
    .join(Resource.owner)
    .join(Resource.school)
    # Wrapped, so that SQLite goes from each resource to its few revisions: it took the index of
    # states for the better one, and read all that is published for every batch.
    .where(func.coalesce(Revision.state, State.DRAFT) == State.PUBLISHED)
)
"""Plain columns: making objects of 200,000 rows takes longer than indexing them."""


def _documents(
    session: Session,
    resource_ids: Sequence[int],
    alliances: Mapping[int, tuple[str, ...]],
    *,
    now: datetime,
) -> Iterator[IndexDocument]:
    """Make the documents of one batch; the texts of files are read one revision at a time."""
    rows = session.execute(
        _LIVE.where(Revision.resource_id.in_(resource_ids), Resource.available_at <= now)
    ).all()
    ids = [row.revision_id for row in rows]
    grades = grades_of(session, ids)
    files = groupby(
        session.execute(
            select(
                Attachment.revision_id,
                Attachment.filename,
                Blob.format,
                BlobText.text,
                BlobText.places,
            )
            .join(Attachment.blob)
            .join(Blob.text, isouter=True)
            .where(Attachment.revision_id.in_(ids))
            .order_by(Attachment.revision_id, Attachment.position)
            .execution_options(yield_per=FILES)
        ),
        key=attrgetter("revision_id"),
    )
    owner, group = next(files, (None, iter(())))
    for row in sorted(rows, key=attrgetter("revision_id")):
        own: list[_Row] = []
        if owner == row.revision_id:
            own = list(group)
            owner, group = next(files, (None, iter(())))
        yield _document(row, grades.get(row.revision_id, ()), own, alliances.get(row.school_id, ()))


def _document(
    row: _Row,
    grades: tuple[str, ...],
    files: Sequence[_Row],
    alliances: tuple[str, ...],
) -> IndexDocument:
    published = row.available_at or row.created_at
    body, places = body_of((row.text, *row.sections.values()), files)
    return IndexDocument(
        resource_id=row.id,
        sequence=row.version,
        title=row.title,
        summary=row.summary,
        keywords=tuple(row.keywords),
        unit=row.unit,
        body=body,
        author="、".join(filter(None, (row.author, row.co_authors))),
        school=row.school,
        alliances=alliances,
        school_code=row.school_code,
        subject=row.subject,
        grades=grades,
        school_stage=row.school_stage,
        kind=row.kind.value,
        edition=row.edition,
        volume=row.volume,
        language=row.language,
        formats=tuple(sorted({file.format for file in files})),
        published_at=published,
        year=published.year,
        views=row.views,
        downloads=row.downloads,
        visible_to=frozenset({row.audience_token or "nobody"}),
        places=places,
    )


def findable(session: Session, *, now: datetime) -> dict[int, int]:
    """What the index should hold: resource id → sequence."""
    return dict(
        session.execute(
            select(Resource.id, Resource.version)
            .where(Resource.audience_token.is_not(None), Resource.available_at <= now)
            .order_by(Resource.id)
        ).all()
    )


def count_findable(session: Session, *, now: datetime) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Resource)
            .where(Resource.audience_token.is_not(None), Resource.available_at <= now)
        )
        or 0
    )


def reindex_all(session: Session, engine: SearchEngine, *, now: datetime) -> Iterator[int]:
    """Build the index anew, aside, and swap; yields how many are done. Readers keep searching.

    The engine carries over what the worker does meanwhile. Changes that the worker did after
    ``session`` began to read, but before the engine did, are neither: see ``promise_again``.
    """
    yield from engine.rebuild(all_documents(session, now=now))


def is_sound(engine: SearchEngine) -> bool:
    """Whether the index is complete, of this version, and answers."""
    try:
        engine.check()
    except SearchIndexError:
        return False
    return not engine.needs_rebuild


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the index does not agree with the database; false when it does.

    ``indexed`` and ``findable`` count what is in the one and should be.
    """

    indexed: int
    findable: int

    not_indexed: tuple[int, ...]
    outdated: tuple[int, ...]
    not_in_database: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.not_indexed or self.outdated or self.not_in_database)


def compare(session: Session, engine: SearchEngine, *, now: datetime) -> Difference:
    """Compare id by id; jobs still waiting show up as differences."""
    wanted, present = findable(session, now=now), engine.indexed()
    return Difference(
        len(present),
        len(wanted),
        tuple(sorted(wanted.keys() - present.keys())),
        tuple(sorted(i for i in wanted.keys() & present.keys() if present[i] < wanted[i])),
        tuple(sorted(present.keys() - wanted.keys())),
    )


def promise_again(uow: UnitOfWork, difference: Difference) -> int:
    """Have the worker look at everything that differs; returns how many resources that is.

    What only seemed to differ, because it changed while the two were compared, is looked at twice.
    """
    ids = (*difference.not_indexed, *difference.outdated, *difference.not_in_database)
    for resource_id in ids:
        uow.promise("index", resource_id)
    return len(ids)
