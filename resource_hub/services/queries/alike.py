"""What is like a work, as far as the person who asks may know; and what its author says to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import FoundAlike, Kinship, Relation, Resource, Revision, School, User
from resource_hub.services.queries.readable import readable_by


@dataclass(frozen=True, slots=True)
class KnownAlike:
    """A work that is like another and that the person may read."""

    resource_id: int
    revision_id: int
    public_id: str
    number: int
    title: str
    author: str
    school: str
    is_live: bool
    may_get_version: bool
    """Whether the new one, a draft, may become the next version of it."""
    percent: int
    same_files: tuple[str, ...]
    same_pages: int
    """How many pages look the same, of files that are not."""
    relation: Relation | None
    """What the author of the new one says; None: nothing yet."""
    why: str


@dataclass(frozen=True, slots=True)
class AlikeWorks:
    """What a person may know of it: ``hidden`` works are alike too and not shared with them."""

    known: Sequence[KnownAlike] = ()
    hidden: int = 0

    def __bool__(self) -> bool:
        return bool(self.known or self.hidden)

    @property
    def unanswered(self) -> Sequence[KnownAlike]:
        return [each for each in self.known if each.relation is None]


SHOWN = (State.IN_REVIEW, State.PUBLISHED, State.SUPERSEDED)
"""What was taken down since it was found is alike no more."""


def alike_ids(session: Session, revision_id: int) -> frozenset[int]:
    """The resources that the last comparison found, whoever may read them."""
    return frozenset(
        session.scalars(
            select(Revision.resource_id)
            .join(FoundAlike, FoundAlike.other_id == Revision.id)
            .where(FoundAlike.revision_id == revision_id, Revision.state.in_(SHOWN))
        )
    )


def alike_works(session: Session, person: Person, revision: Revision, now: datetime) -> AlikeWorks:
    """What the last comparison found, less what was taken down since; two queries."""
    rows = session.execute(
        select(FoundAlike, Revision, Resource, User.name, School.name)
        .join(Revision, Revision.id == FoundAlike.other_id)
        .join(Revision.resource)
        .join(Resource.owner)
        .join(Resource.school)
        .add_columns(readable_by(person, now).label("is_readable"))
        .where(
            FoundAlike.revision_id == revision.id,
            Revision.state.in_(SHOWN),
        )
        .order_by(FoundAlike.percent.desc(), FoundAlike.id)
    ).all()
    said = _said(session, revision.id)
    known: list[KnownAlike] = []
    readable = {row.Resource.id for row in rows if row.is_readable}
    for found, other, resource, author, school, is_readable in rows:
        if not is_readable or any(each.resource_id == resource.id for each in known):
            continue
        relation, why = said.get(resource.id, (None, ""))
        known.append(
            KnownAlike(
                resource_id=resource.id,
                revision_id=other.id,
                public_id=resource.public_id,
                number=other.number,
                title=other.title,
                author=author,
                school=school,
                is_live=other.state is State.PUBLISHED,
                may_get_version=(
                    other.state is State.PUBLISHED
                    and resource.owner_id == revision.resource.owner_id
                    and revision.state is State.DRAFT
                    and revision.number == 1
                ),
                percent=found.percent,
                same_files=tuple(found.same_files),
                same_pages=len(found.same_pages),
                relation=relation,
                why=why,
            )
        )
    return AlikeWorks(tuple(known), len({row.Resource.id for row in rows} - readable))


def _said(session: Session, revision_id: int) -> Mapping[int, tuple[Relation, str]]:
    rows = session.execute(
        select(Kinship.other_id, Kinship.relation, Kinship.why).where(
            Kinship.revision_id == revision_id
        )
    )
    return {other_id: (relation, why) for other_id, relation, why in rows}


@dataclass(frozen=True, slots=True)
class Credit:
    """A resource that another one comes from, or that comes from it."""

    public_id: str
    title: str
    author: str
    school: str
    relation: Relation


def credited(session: Session, person: Person, revision_id: int, now: datetime) -> Sequence[Credit]:
    """What a revision says that it comes from, as far as the person may see it published."""
    rows = session.execute(
        select(Resource.public_id, Revision.title, User.name, School.name, Kinship.relation)
        .select_from(Kinship)
        .join(Resource, Resource.id == Kinship.other_id)
        .join(Resource.revisions)
        .join(Resource.owner)
        .join(Resource.school)
        .where(
            Kinship.revision_id == revision_id,
            Kinship.relation != Relation.DIFFERENT,
            Revision.state == State.PUBLISHED,
            readable_by(person, now),
        )
        .order_by(Kinship.id)
    )
    return [Credit(*row) for row in rows]


def descendants(
    session: Session, person: Person, resource_id: int, now: datetime
) -> Sequence[Credit]:
    """What is published and says that it comes from this resource, the newest first."""
    rows = session.execute(
        select(Resource.public_id, Revision.title, User.name, School.name, Kinship.relation)
        .select_from(Kinship)
        .join(Revision, Revision.id == Kinship.revision_id)
        .join(Resource, Resource.id == Revision.resource_id)
        .join(Resource.owner)
        .join(Resource.school)
        .where(
            Kinship.other_id == resource_id,
            Kinship.relation != Relation.DIFFERENT,
            Revision.state == State.PUBLISHED,
            readable_by(person, now),
        )
        .order_by(Revision.published_at.desc(), Revision.id.desc())
        .limit(20)
    )
    return [Credit(*row) for row in rows]
