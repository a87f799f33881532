"""Which bytes a person may fetch; the permission is part of the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.errors import N_, Missing, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Attachment, Blob, CoAuthor, Resource, Revision
from resource_hub.services.queries.readable import files_open_to

NO_SUCH_FILE = N_("There is no such file, or it is not shared with you.")
INFECTED = N_("A virus was found in this file, so nobody can fetch it; its author has been told.")


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A blob, and as what it is handed out."""

    key: str
    size: int
    filename: str
    format: str
    media_type: str
    stored_at: datetime
    public_id: str
    """What it is called, before its ending, where only ASCII is understood."""


@dataclass(frozen=True, slots=True)
class StoredFile(StoredBytes):
    """One file of a revision."""

    resource_id: int
    counts: bool
    """Whether fetching it is a download: of something published, by another than its authors."""


def find_file(
    session: Session, person: Person, public_id: str, attachment_id: int, now: datetime
) -> StoredFile:
    """One file, in one query.

    Raises:
        Missing: there is none, as far as this person may know.
        NotAllowed: there is a virus in it.
    """
    row = session.execute(
        select(Attachment, Blob, Revision.state, Resource, _wrote(person))
        .join(Attachment.blob)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(
            Attachment.id == attachment_id,
            Resource.public_id == public_id,
            files_open_to(person, now),
        )
    ).one_or_none()
    if row is None:
        raise Missing(NO_SUCH_FILE)
    if row[1].virus is not None:
        raise NotAllowed(INFECTED)
    return _stored(*row)


def files_of_revision(
    session: Session, person: Person, revision_id: int, now: datetime
) -> Sequence[StoredFile]:
    """All files of a revision in their order; none when the person may not open them.

    Those with a virus are left out.
    """
    rows = session.execute(
        select(Attachment, Blob, Revision.state, Resource, _wrote(person))
        .join(Attachment.blob)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Revision.id == revision_id, Blob.virus.is_(None), files_open_to(person, now))
        .order_by(Attachment.position, Attachment.id)
    )
    return [
        _stored(attachment, blob, state, resource, is_author)
        for attachment, blob, state, resource, is_author in rows
    ]


def may_see_thumbnail(session: Session, person: Person, key: str, now: datetime) -> bool:
    """Whether ``key`` is the small picture of a file that this person may open."""
    of_an_open_file = (
        select(Blob.key)
        .join(Attachment, Attachment.blob_key == Blob.key)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Blob.thumbnail_key == key, files_open_to(person, now))
    )
    return bool(session.scalar(select(exists(of_an_open_file.subquery()))))


def _wrote(person: Person) -> ColumnElement[bool]:
    """Whether they own it or were named beside the owner, in whichever version."""
    of_any = aliased(Revision)
    named = (
        select(CoAuthor.id)
        .join(of_any, of_any.id == CoAuthor.revision_id)
        .where(of_any.resource_id == Resource.id, CoAuthor.user_id == person.id)
    )
    return or_(Resource.owner_id == person.id, named.exists())


def _stored(
    attachment: Attachment,
    blob: Blob,
    state: State,
    resource: Resource,
    is_author: bool,  # noqa: FBT001 - a column of the row
) -> StoredFile:
    return StoredFile(
        key=blob.key,
        size=blob.size,
        filename=attachment.filename,
        format=blob.format,
        media_type=blob.media_type,
        stored_at=blob.created_at,
        resource_id=resource.id,
        public_id=resource.public_id,
        counts=state in {State.PUBLISHED, State.SUPERSEDED} and not is_author,
    )
