"""What stands on the open shelf for a person, and the card by which lists show it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Attachment, Blob, Resource, Revision, School, User


@dataclass(frozen=True, slots=True)
class Card:
    """One resource in a list; codes, not labels."""

    resource_id: int
    public_id: str
    kind: str
    title: str
    summary: str
    language: str
    """In which the resource itself is written."""
    school_stage: str
    subject: str
    grades: tuple[str, ...]
    volume: str
    unit: str
    school_code: str
    school_name: str
    author_name: str
    published_at: datetime
    views: int
    downloads: int
    attachment_count: int
    cover_key: str | None
    """The storage key of a WebP picture, or None."""
    is_reviewed: bool
    """False for collections that were imported."""


def is_live() -> ColumnElement[bool]:
    """The condition that joins a resource to its live revision.

    The state stands in the statement itself, not beside it: only then SQLite sees that its partial
    index of live revisions (one a resource) serves, and does not go through all of them.
    """
    live = literal(State.PUBLISHED, Revision.state.type, literal_execute=True)
    return and_(Revision.resource_id == Resource.id, Revision.state == live)


def on_shelf(person: Person, now: datetime) -> ColumnElement[bool]:
    """The condition that every list of published resources carries."""
    return and_(Resource.audience_token.in_(sorted(person.tokens)), Resource.available_at <= now)


def on_shelf_among(
    session: Session, person: Person, now: datetime, ids: Collection[int]
) -> set[int]:
    """Which of ``ids`` stand on the shelf of this person; ``on_shelf`` for a few that are known.

    The rows are found by their ids: given both conditions, SQLite goes through the whole shelf.
    """
    rows = session.execute(
        select(Resource.id, Resource.audience_token, Resource.available_at).where(
            Resource.id.in_(ids)
        )
    )
    return {
        resource_id
        for resource_id, token, available_at in rows
        if token in person.tokens and available_at is not None and available_at <= now
    }


def cards(session: Session, resource_ids: Sequence[int]) -> dict[int, Card]:
    """The cards of live resources by id, in three queries however many there are.

    The caller has made sure that the person may see them.
    """
    rows = session.execute(
        select(Resource, Revision, School.code, School.name, User.name)
        .join(Revision, is_live())
        .join(School, Resource.school_id == School.id)
        .join(User, Resource.owner_id == User.id)
        .where(Resource.id.in_(resource_ids))
    ).all()
    files = _files(session, [row[1].id for row in rows])
    return {
        resource.id: Card(
            resource_id=resource.id,
            public_id=resource.public_id,
            kind=resource.kind.value,
            title=revision.title,
            summary=revision.summary,
            language=revision.language,
            school_stage=revision.school_stage,
            subject=revision.subject,
            grades=revision.grades,
            volume=revision.volume,
            unit=revision.unit,
            school_code=school_code,
            school_name=school_name,
            author_name=author_name,
            published_at=revision.available_at or revision.created_at,
            views=resource.views,
            downloads=resource.downloads,
            attachment_count=files.get(revision.id, (0, None))[0],
            cover_key=files.get(revision.id, (0, None))[1],
            is_reviewed=revision.basis == "review",
        )
        for resource, revision, school_code, school_name, author_name in rows
    }


def _files(session: Session, revision_ids: Sequence[int]) -> Mapping[int, tuple[int, str | None]]:
    """By revision: how many files, and the thumbnail of the first file that has one."""
    found: dict[int, tuple[int, str | None]] = {}
    rows = session.execute(
        select(Attachment.revision_id, Blob.thumbnail_key)
        .join(Blob, Attachment.blob_key == Blob.key)
        .where(Attachment.revision_id.in_(revision_ids))
        .order_by(Attachment.position, Attachment.id)
    )
    for revision_id, thumbnail_key in rows:
        count, cover = found.get(revision_id, (0, None))
        found[revision_id] = (count + 1, cover or thumbnail_key)
    return found


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list; ``number`` counts from 1 and is brought into range."""

    number: int
    per_page: int
    total: int

    @classmethod
    def fit(cls, wanted: int, per_page: int, total: int) -> "Paging":
        last = max(1, -(-total // per_page))
        return cls(min(max(1, wanted), last), per_page, total)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page


def newest(session: Session, person: Person, now: datetime, *, most: int = 8) -> list[Card]:
    """What others most lately put on the shelf of this person."""
    ids = session.scalars(
        select(Resource.id)
        .where(on_shelf(person, now))
        .order_by(Resource.available_at.desc(), Resource.id.desc())
        .limit(most)
    ).all()
    found = cards(session, ids)
    return [found[resource_id] for resource_id in ids if resource_id in found]
