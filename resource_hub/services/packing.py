"""What the school that gets an offline pack may see, read for ``resource_hub.pack``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, BinaryIO

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.models import (
    Attachment,
    Blob,
    BlobText,
    Membership,
    Playing,
    Rendition,
    RenditionKind,
    Resource,
    Revision,
    RevisionGrade,
)
from resource_hub.pack.data import (
    Before,
    PackFile,
    PackIssue,
    PackResource,
    Reader,
    Selection,
    Stored,
    Unobtainable,
)
from resource_hub.pack.index import BODY
from resource_hub.pack.selection import Chosen, choose, room_left
from resource_hub.services.indexing import documents_of
from resource_hub.services.organisations import find_school
from resource_hub.services.packed_issues import since_issue
from resource_hub.services.queries.previews import LARGE, page_totals
from resource_hub.services.queries.shelf import Card, cards, is_live, on_shelf
from resource_hub.services.usage import weight
from search_index import IndexDocument
from storage import Storage, StorageError

BATCH = 500
"""Resources that are read at once."""

SEARCHED = 50
"""Resources whose texts are in memory at once."""

_ENDINGS = {"video/mp4": "mp4", "video/webm": "webm", "audio/mp4": "m4a", "audio/webm": "webm"}


def as_a_school(session: Session, name_or_code: str) -> tuple[Person, str]:
    """Somebody of this school and of nothing else, who sees what all its teachers see; its code.

    Raises:
        Missing: there is no such school.
    """
    school = find_school(session, name_or_code)
    if school is None:
        raise Missing(N_("There is no school “%(name)s”."), name=name_or_code)
    alliances = session.scalars(
        select(Membership.alliance_id).where(Membership.school_id == school.id)
    )
    person = Person(school_id=school.id, school_name=school.name, alliance_ids=frozenset(alliances))
    return person, school.code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, in codes; empty asks for everything."""

    subjects: Sequence[str] = ()
    grades: Sequence[str] = ()
    since: datetime | None = None
    """Only what came onto the shelf from this moment on."""


def wanted_by(session: Session, selection: Selection, zone: tzinfo) -> Wanted:
    """What a selection asks for; its month begins where the issue of it began to count."""
    since = Month.parse(selection.since) if selection.since else None
    moment = since_issue(session, since, zone) if since else None
    return Wanted(selection.subjects, selection.grades, moment)


def resources_for(
    session: Session, storage: Storage, person: Person, now: datetime, wanted: Wanted
) -> list[PackResource]:
    """What stands on the shelf of ``person``; the audience is part of the query."""
    statement = select(Resource.id).join(Revision, is_live()).where(on_shelf(person, now))
    if wanted.subjects:
        statement = statement.where(Revision.subject.in_(wanted.subjects))
    if wanted.grades:
        of_a_grade = exists().where(
            RevisionGrade.revision_id == Revision.id, RevisionGrade.grade.in_(wanted.grades)
        )
        statement = statement.where(of_a_grade)
    if wanted.since is not None:
        statement = statement.where(Resource.available_at >= wanted.since)
    ids = session.scalars(statement.order_by(Resource.id)).all()
    return [
        one
        for start in range(0, len(ids), BATCH)
        for one in _batch(session, storage, ids[start : start + BATCH])
    ]


def _batch(session: Session, storage: Storage, ids: Sequence[int]) -> list[PackResource]:
    known = cards(session, ids)
    rows = session.execute(
        select(
            Revision.resource_id,
            Revision.id,
            Revision.number,
            Revision.edition,
            Revision.keywords,
            Revision.licence,
            Revision.source,
            Revision.sections,
            Revision.text,
        )
        .join(Resource, is_live())
        .where(Resource.id.in_(ids))
        .order_by(Revision.resource_id)
    ).all()
    files = _files(session, [row.id for row in rows])
    return [
        _resource(row, known[row.resource_id], files.get(row.id, []), storage)
        for row in rows
        if row.resource_id in known
    ]


def _resource(
    row: Row[Any],  # Any: nine columns, as they are selected above
    card: Card,
    files: Sequence[PackFile],
    storage: Storage,
) -> PackResource:
    return PackResource(
        resource_id=card.resource_id,
        public_id=card.public_id,
        revision=row.number,
        kind=card.kind,
        title=card.title,
        summary=card.summary,
        language=card.language,
        school_stage=card.school_stage,
        subject=card.subject,
        grades=card.grades,
        volume=card.volume,
        edition=row.edition,
        unit=card.unit,
        keywords=tuple(row.keywords),
        licence=row.licence,
        source=row.source,
        sections=tuple((name, text) for name, text in row.sections.items() if text),
        text=row.text,
        school_code=card.school_code,
        school_name=card.school_name,
        author_name=card.author_name,
        available_at=card.published_at,
        uses=card.views + weight(card.downloads, card.class_uses),
        class_uses=card.class_uses,
        badge=card.badge,
        cover=_measured(storage, card.cover_key),
        files=tuple(files),
    )


def _measured(storage: Storage, key: str | None) -> Stored | None:
    """A small picture; it has no row that says how large it is."""
    try:
        return None if key is None else Stored(key, storage.size(key))
    except StorageError:
        return None  # the storage is being repaired; a card does without its picture


def _files(session: Session, revision_ids: Sequence[int]) -> Mapping[int, list[PackFile]]:
    """The files of revisions that the caller may hand out; none with a virus in it."""
    rows = session.execute(
        select(Attachment.revision_id, Attachment.filename, Blob)
        .join(Attachment.blob)
        .where(Attachment.revision_id.in_(revision_ids), Blob.virus.is_(None))
        .order_by(Attachment.revision_id, Attachment.position, Attachment.id)
    ).all()
    keys = {blob.key for _revision_id, _name, blob in rows}
    totals = page_totals(session, keys)
    made: dict[str, list[Rendition]] = {}
    for one in session.scalars(
        select(Rendition).where(Rendition.blob_key.in_(keys)).order_by(Rendition.number)
    ):
        made.setdefault(one.blob_key, []).append(one)
    found: dict[int, list[PackFile]] = {}
    for revision_id, name, blob in rows:
        file = _file(name, blob, made.get(blob.key, ()), totals.get(blob.key))
        found.setdefault(revision_id, []).append(file)
    return found


def _file(name: str, blob: Blob, made: Sequence[Rendition], total: int | None) -> PackFile:
    def of(kind: RenditionKind) -> list[Rendition]:
        return [one for one in made if one.kind is kind]

    film = next((one for one in of(RenditionKind.FILM) if one.media_type in _ENDINGS), None)
    poster = next(iter(of(RenditionKind.POSTER)), None)
    return PackFile(
        name=name,
        original=Stored(blob.key, blob.size),
        format=blob.format,
        family=blob.family,
        pages=tuple(
            Stored(one.key, one.size) for one in of(RenditionKind.PAGE) if one.variant == LARGE
        ),
        total_pages=total,
        plays=blob.playing == Playing.AS_IT_IS,
        film=Stored(film.key, film.size) if film else None,
        film_ending=_ENDINGS[film.media_type] if film else "",
        poster=Stored(poster.key, poster.size) if poster else None,
        seconds=blob.duration,
    )


def choose_for(
    session: Session,
    resources: Sequence[PackResource],
    selection: Selection,
    before: Before | None,
    issues: Sequence[PackIssue],
) -> Chosen:
    """What finds room beside what is on the stick and the issues that go with it."""
    return choose(
        resources,
        room=room_left(selection, before, issues),
        most_used_first=selection.most_used_first,
        there=before.contents if before else {},
        characters=characters_of(session, resources) if selection.max_size else None,
    )


def characters_of(session: Session, resources: Sequence[PackResource]) -> Mapping[int, int]:
    """By resource: how many characters of it are searched at most; its index grows with them."""
    found = {
        one.resource_id: len(one.text) + sum(len(text) for _name, text in one.sections)
        for one in resources
    }
    ids = sorted(found)
    for start in range(0, len(ids), BATCH):
        rows = session.execute(
            select(Revision.resource_id, func.sum(func.length(BlobText.text)))
            .join(Revision.attachments)
            .join(BlobText, BlobText.blob_key == Attachment.blob_key)
            .join(Resource, is_live())
            .where(Resource.id.in_(ids[start : start + BATCH]))
            .group_by(Revision.resource_id)
        )
        for resource_id, length in rows:
            found[resource_id] += min(length, BODY)
    return found


def documents_in_order(
    session: Session, ids: Sequence[int], now: datetime
) -> Iterator[IndexDocument | None]:
    """What is searched of each resource, in the order of ``ids``, however long their texts are.

    None for one that left the shelf while the pack was made.
    """
    for start in range(0, len(ids), SEARCHED):
        some = ids[start : start + SEARCHED]
        found = {one.resource_id: one for one in documents_of(session, some, now=now)}
        yield from map(found.get, some)


def reader_of(storage: Storage) -> Reader:
    """Opens stored bytes for the pack's writer."""

    @contextmanager
    def read(key: str) -> Iterator[BinaryIO]:
        try:
            with storage.open(key) as source:
                yield source
        except StorageError as error:
            raise Unobtainable(str(error)) from error

    return read
