"""Files that the hub has given up reading: for the administrator, who may have it try again."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.people import Person
from resource_hub.files import Trouble
from resource_hub.models import Attachment, Blob, Resource, Revision
from resource_hub.services.organisations import require_administrator

GIVEN_UP = (Trouble.KILLED.value, Trouble.TOO_SLOW.value)
MOST = 200


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that killed two readers or took longer than it may."""

    key: str
    filename: str
    public_id: str
    trouble: Trouble


def unread_files(session: Session, person: Person) -> list[UnreadFile]:
    """The newest of them, each once, however many resources hold it.

    Raises:
        NotAllowed: ``person`` is no administrator.
    """
    require_administrator(person)
    any_of_it = aliased(Attachment)
    first = select(func.min(any_of_it.id)).where(any_of_it.blob_key == Blob.key).scalar_subquery()
    rows = session.execute(
        select(Blob.key, Attachment.filename, Resource.public_id, Blob.trouble)
        .select_from(Blob)
        .join(Attachment, Attachment.id == first)
        .join(Revision, Revision.id == Attachment.revision_id)
        .join(Resource, Resource.id == Revision.resource_id)
        .where(Blob.trouble.in_(GIVEN_UP))
        .order_by(Blob.inspected_at.desc(), Blob.key)
        .limit(MOST)
    )
    return [
        UnreadFile(key, filename, public_id, Trouble(trouble))
        for key, filename, public_id, trouble in rows
        if trouble is not None
    ]
