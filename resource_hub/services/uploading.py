"""Take files in: bytes first, safe on disk, then their place in a draft."""

from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem, TooLarge, Unavailable
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPEN
from resource_hub.domain.uploads import UploadLimits, check_room, clean_filename
from resource_hub.files import FileType, detect
from resource_hub.models import Attachment, Blob, Resource, Revision
from resource_hub.services.drafting import editable_revision
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage, StorageError, StorageFull


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are safe in the storage, and what they seem to be."""

    key: str
    size: int
    filename: str
    file_type: FileType


def keep(storage: Storage, source: BinaryIO, filename: str) -> Kept:
    """Put ``source`` (seekable, read from its start) into the storage; on return it is on disk.

    No database is touched: on SQLite a slow disk would otherwise hold up every other writer.

    Raises:
        TooLarge: the disk is full.
        Unavailable: the storage does not answer.
    """
    name = clean_filename(filename)
    file_type = detect(source, name)
    source.seek(0)
    try:
        blob = storage.put(source)
    except StorageFull as error:
        raise TooLarge(
            N_("The server's disk is full. Your draft is safe; tell the administrator.")
        ) from error
    except StorageError as error:
        raise Unavailable(
            N_("The file could not be stored just now. Your draft is safe; try again soon.")
        ) from error
    return Kept(blob.key, blob.size, name, file_type)


def attach(
    uow: UnitOfWork, person: Person, revision_id: int, kept: Kept, *, limits: UploadLimits
) -> Attachment:
    """Add a kept file to a draft; the same bytes under the same name are added once.

    Raises:
        TooLarge: a limit is passed, in a sentence that names it.
        Invalid: the file is empty.
        WrongState, NotAllowed, Missing: the draft cannot be changed by this person now.
    """
    revision = editable_revision(uow, person, revision_id)
    if kept.size == 0:
        raise Invalid([Problem("files", N_("“%(name)s” is empty."), {"name": kept.filename})])
    for present in revision.attachments:
        if (present.blob_key, present.filename) == (kept.key, kept.filename):
            return present
    check_room(
        limits,
        size=kept.size,
        files=len(revision.attachments),
        revision=sum(present.blob.size for present in revision.attachments),
        unpublished=unpublished_bytes(uow.session, person),
    )
    know_blob(uow, kept)
    attachment = Attachment(
        revision_id=revision.id,
        blob_key=kept.key,
        filename=kept.filename,
        position=max((other.position for other in revision.attachments), default=0) + 1,
        created_at=uow.now(),
    )
    revision.attachments.append(attachment)
    revision.updated_at = uow.now()
    uow.session.flush()
    return attachment


def know_blob(uow: UnitOfWork, kept: Kept) -> Blob:
    """The row of these bytes; a new one is promised an inspection.

    Two people may bring the same bytes at the same moment: the second one uses the first one's row.
    """
    blob = uow.session.get(Blob, kept.key)
    if blob is not None:
        return blob
    blob = Blob(
        key=kept.key,
        size=kept.size,
        format=kept.file_type.code,
        media_type=kept.file_type.media_type,
        family=kept.file_type.family.value,
        misnamed=kept.file_type.misnamed,
        created_at=uow.now(),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(blob)
    except IntegrityError:
        return uow.session.get_one(Blob, kept.key)
    uow.promise("inspect", kept.key)
    return blob


def remove(uow: UnitOfWork, person: Person, revision_id: int, attachment_id: int) -> None:
    """Take a file out of a draft; its bytes stay while any revision uses them."""
    revision = editable_revision(uow, person, revision_id)
    for attachment in revision.attachments:
        if attachment.id == attachment_id:
            revision.attachments.remove(attachment)
            revision.updated_at = uow.now()
            return
    raise Missing(N_("This file has already been removed."))


def unpublished_bytes(session: Session, person: Person) -> int:
    """Bytes of all files in this person's drafts and open submissions."""
    total = session.scalar(
        select(func.coalesce(func.sum(Blob.size), 0))
        .join(Attachment, Attachment.blob_key == Blob.key)
        .join(Revision, Attachment.revision_id == Revision.id)
        .join(Resource, Revision.resource_id == Resource.id)
        .where(Resource.owner_id == person.id, Revision.state.in_(OPEN))
    )
    return int(total or 0)
