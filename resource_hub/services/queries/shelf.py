"""What stands on the open shelf for a person, and the card by which lists show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal, select
from sqlalchemy.orm import Session

from resource_hub.domain.endorsement import Badge, badges
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Attachment, Blob, Resource, Revision, School, User
from resource_hub.services.closeness import names_of_co_authors
from resource_hub.services.queries.grades import grades_of

_Row = Row[*tuple[Any, ...]]  # Any: SQLAlchemy types ten columns, ours are more


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
    class_uses: int
    attachment_count: int
    seconds: float | None
    """Of its longest film or sound."""
    cover_key: str | None
    """The storage key of a WebP picture, or None."""
    badge: str
    """The strongest of ``domain.endorsement.badges``."""

    @property
    def is_reviewed(self) -> bool:
        """Whether anybody judged it: not so for collections that were imported."""
        return self.badge != Badge.NOT_REVIEWED


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


def visible_cards(
    session: Session, person: Person, now: datetime, ids: Sequence[int]
) -> dict[int, Card]:
    """The cards of those of ``ids`` that stand on this person's shelf at this moment.

    ``on_shelf`` for a few that are known is looked at here: given both conditions, SQLite goes
    through the whole shelf.
    """
    return _cards(
        session,
        [
            row
            for row in _rows(session, ids)
            if row.audience_token in person.tokens
            and row.available_at is not None
            and row.available_at <= now
        ],
    )


def card_on_shelf(session: Session, person: Person, now: datetime, public_id: str) -> Card | None:
    """The card of one resource, if it stands on this person's shelf at this moment."""
    found = session.scalar(select(Resource.id).where(Resource.public_id == public_id))
    return None if found is None else visible_cards(session, person, now, [found]).get(found)


def cards(session: Session, resource_ids: Sequence[int]) -> dict[int, Card]:
    """The cards of live resources by id, in three queries however many there are.

    The caller has made sure that the person may see them.
    """
    return _cards(session, _rows(session, resource_ids))


@cache
def _cards_of_ids() -> Select[*tuple[Any, ...]]:
    """The query of the cards of ``ids``: kept, for putting it together takes as long as it does.

    The outer join, whose empty rows ``_rows`` drops, makes SQLite begin with the ids: for more than
    eight of them it holds "live" for the rarer condition and reads every live revision of the hub.
    """
    return (
        select(
            Resource.id.label("resource_id"),
            Resource.public_id,
            Resource.kind,
            Resource.views,
            Resource.downloads,
            Resource.class_uses,
            Resource.audience_token,
            Resource.available_at,
            Revision.id.label("revision_id"),
            Revision.title,
            Revision.summary,
            Revision.language,
            Revision.school_stage,
            Revision.subject,
            Revision.volume,
            Revision.unit,
            Revision.basis,
            Revision.endorsed_at,
            func.coalesce(Revision.available_at, Revision.created_at).label("published_at"),
            School.code.label("school_code"),
            School.name.label("school_name"),
            User.name.label("author_name"),
            names_of_co_authors().label("co_authors"),
        )
        .outerjoin(Revision, is_live())
        .join(School, Resource.school_id == School.id)
        .join(User, Resource.owner_id == User.id)
        .where(Resource.id.in_(bindparam("ids", expanding=True)))
    )


def _rows(session: Session, resource_ids: Sequence[int]) -> Sequence[_Row]:
    found = session.execute(_cards_of_ids(), {"ids": resource_ids}).all()
    return [row for row in found if row.revision_id is not None]


def _cards(session: Session, rows: Sequence[_Row]) -> dict[int, Card]:
    revision_ids = [row.revision_id for row in rows]
    grades, files = grades_of(session, revision_ids), _files(session, revision_ids)
    return {
        row.resource_id: Card(
            resource_id=row.resource_id,
            public_id=row.public_id,
            kind=row.kind.value,
            title=row.title,
            summary=row.summary,
            language=row.language,
            school_stage=row.school_stage,
            subject=row.subject,
            grades=grades.get(row.revision_id, ()),
            volume=row.volume,
            unit=row.unit,
            school_code=row.school_code,
            school_name=row.school_name,
            author_name="、".join(filter(None, (row.author_name, row.co_authors))),
            published_at=row.published_at,
            views=row.views,
            downloads=row.downloads,
            class_uses=row.class_uses,
            attachment_count=files.get(row.revision_id, _NONE)[0],
            cover_key=files.get(row.revision_id, _NONE)[1],
            seconds=files.get(row.revision_id, _NONE)[2],
            badge=next(iter(badges(row.basis, row.endorsed_at)), ""),
        )
        for row in rows
    }


_Files = tuple[int, str | None, float | None]
_NONE: _Files = (0, None, None)


def _files(session: Session, revision_ids: Sequence[int]) -> Mapping[int, _Files]:
    """By revision: how many files, the first thumbnail, the seconds of the longest film."""
    found: dict[int, _Files] = {}
    rows = session.execute(
        select(Attachment.revision_id, Blob.thumbnail_key, Blob.duration)
        .join(Blob, Attachment.blob_key == Blob.key)
        .where(Attachment.revision_id.in_(revision_ids))
        .order_by(Attachment.position, Attachment.id)
    )
    for revision_id, thumbnail_key, seconds in rows:
        count, cover, longest = found.get(revision_id, _NONE)
        longest = max(filter(None, (longest, seconds)), default=None)
        found[revision_id] = (count + 1, cover or thumbnail_key, longest)
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
