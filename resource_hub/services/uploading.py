"""Take files in: bytes first, safe on disk, then their place in a draft."""

from dataclasses import dataclass, field
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem, TooLarge, Unavailable
from resource_hub.domain.file_policy import refusal
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPEN
from resource_hub.domain.uploads import UploadLimits, check_room, check_type, clean_filename
from resource_hub.files import Family, FileType, Trouble, detect, is_misnamed
from resource_hub.models import Attachment, Blob, Job, Playing, Resource, Revision
from resource_hub.services.blob_uses import claim
from resource_hub.services.drafting import editable_revision
from resource_hub.services.films import FILM
from resource_hub.services.queries.uploads import on_its_way
from resource_hub.services.quotas import check_quotas, hold_room
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage, StorageError, StorageFull

DISK_FULL = N_("The server's disk is full. Your draft is safe; tell the administrator.")
NOT_STORED = N_("The file could not be stored just now. Your draft is safe; try again soon.")


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are safe in the storage, and what they seem to be."""

    key: str
    size: int
    filename: str
    file_type: FileType
    storage: Storage = field(repr=False, compare=False)


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
        raise TooLarge(DISK_FULL) from error
    except StorageError as error:
        raise Unavailable(NOT_STORED) from error
    return Kept(blob.key, blob.size, name, file_type, storage)


def attach(
    uow: UnitOfWork,
    person: Person,
    revision_id: int,
    kept: Kept,
    *,
    limits: UploadLimits,
    besides: str = "",
) -> Attachment:
    """Add a kept file to a draft; the same bytes under the same name are added once.

    Args:
        besides: the upload that brought it, so that its bytes are not counted twice.

    Raises:
        TooLarge: a limit is passed, in a sentence that names it.
        Invalid: the file is empty, or of a kind that is not taken.
        BytesGone: the bytes went a moment ago, unused for long: keep them once more.
        WrongState, NotAllowed, Missing: the draft cannot be changed by this person now.
    """
    revision = editable_revision(uow, person, revision_id)
    if kept.size == 0:
        raise Invalid([Problem("files", N_("“%(name)s” is empty."), {"name": kept.filename})])
    for present in revision.attachments:
        if (present.blob_key, present.filename) == (kept.key, kept.filename):
            return present
    check_type(limits, kept.filename)
    _check_policy(limits, kept)
    check_room_for(uow, person, revision, kept.size, limits=limits, besides=besides, key=kept.key)
    blob = know_blob(uow, kept)
    if not limits.policy.unscanned and blob.scanned_at is None:
        uow.promise("scan", kept.key)
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


def _check_policy(limits: UploadLimits, kept: Kept) -> None:
    """Refuse what a setting refuses, as far as it shows before anybody has looked inside."""
    refused = refusal(
        limits.policy,
        kept.filename,
        encrypted=kept.file_type.encrypted,
        macros=kept.file_type.macros,
        misnamed=kept.file_type.misnamed,
    )
    if refused is not None:
        raise Invalid([refused])


def check_room_for(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    size: int,
    *,
    limits: UploadLimits,
    besides: str = "",
    key: str | None = None,
) -> None:
    """Refuse a file of ``size`` bytes that does not fit beside the others and what is on its way.

    Args:
        revision: with its attachments and their blobs loaded.
        besides: the upload that this is about.
        key: of the bytes, once it is known.

    Raises:
        TooLarge: a limit is passed, in a sentence that names it.
    """
    now = uow.now()
    hold_room(uow.session, revision.resource.school_id)
    here = on_its_way(uow.session, person, now, revision_id=revision.id, besides=besides)
    everywhere = on_its_way(uow.session, person, now, besides=besides)
    check_room(
        limits,
        size=size,
        files=len(revision.attachments) + here.files,
        revision=sum(present.blob.size for present in revision.attachments) + here.size,
        unpublished=unpublished_bytes(uow.session, person) + everywhere.size,
    )
    check_quotas(
        uow.session,
        owner_id=revision.resource.owner_id,
        school_id=revision.resource.school_id,
        size=size + everywhere.size,
        quotas=limits.quotas,
        key=key,
    )


def kept_already(storage: Storage, blob: Blob, filename: str) -> Kept:
    """Bytes that the hub has, under another name that a person gives them."""
    file_type = FileType(
        blob.format,
        blob.media_type,
        Family(blob.family),
        misnamed=is_misnamed(filename, blob.format),
        encrypted=blob.trouble == Trouble.ENCRYPTED,
        macros=blob.macros,
    )
    return Kept(blob.key, blob.size, filename, file_type, storage)


def know_blob(uow: UnitOfWork, kept: Kept) -> Blob:
    """The row of these bytes; a new one is promised an inspection.

    Two people may bring the same bytes at the same moment: the second one uses the first one's row.

    Raises:
        BytesGone: the housekeeping removed the bytes a moment ago.
    """
    claim(uow, kept.storage, kept.key)
    blob = uow.session.get(Blob, kept.key)
    if blob is not None:
        _promise_what_was_left(uow, blob)
        return blob
    blob = Blob(
        key=kept.key,
        size=kept.size,
        format=kept.file_type.code,
        media_type=kept.file_type.media_type,
        family=kept.file_type.family.value,
        macros=kept.file_type.macros,
        created_at=uow.now(),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(blob)
    except IntegrityError:
        return uow.session.get_one(Blob, kept.key)
    uow.promise("inspect", kept.key)
    return blob


def _promise_what_was_left(uow: UnitOfWork, blob: Blob) -> None:
    """Look into bytes that nobody has looked into, or go on with their film.

    A job leaves them alone when nothing uses them; here they are used again.
    """
    kind = "inspect" if blob.inspected_at is None else FILM
    if kind == FILM and blob.playing != Playing.PREPARING:
        return
    promised = select(Job.id).where(Job.kind == kind, Job.subject == blob.key).limit(1)
    if uow.session.scalar(promised) is None:
        uow.promise(kind, blob.key)


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
