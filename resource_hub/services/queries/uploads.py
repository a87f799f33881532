"""Whose upload it is, what else is on its way, and which bytes a person has here already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.uploads import Announcement
from resource_hub.models import (
    Attachment,
    Blob,
    Fault,
    FaultKind,
    Revision,
    Upload,
    Verification,
)
from resource_hub.services.queries.readable import files_open_to

NO_SUCH_UPLOAD = N_("There is no such upload any more. Choose the file again.")


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """What has been announced and is not attached yet."""

    files: int
    size: int
    """In bytes, as announced; what has arrived where nothing was."""


def own_upload(
    session: Session, person: Person, upload_id: str, now: datetime, *, to_change: bool = False
) -> Upload:
    """The upload, if it is this person's; held until the transaction ends if it is ``to_change``.

    Raises:
        Missing: there is none, or it has expired, as far as this person may know.
    """
    query = (
        select(Upload)
        .where(Upload.id == upload_id, Upload.owner_id == (person.id or 0), Upload.expires_at > now)
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise Missing(NO_SUCH_UPLOAD)
    return found


def unfinished_of(
    session: Session, person: Person, revision_id: int, now: datetime
) -> Sequence[Upload]:
    """What this person has begun to upload to a draft and not ended, oldest first."""
    return session.scalars(
        select(Upload)
        .where(
            Upload.owner_id == (person.id or 0),
            Upload.revision_id == revision_id,
            Upload.blob_key.is_(None),
            Upload.expires_at > now,
        )
        .order_by(Upload.created_at, Upload.id)
    ).all()


def announced(upload: Upload) -> Announcement:
    """What its sender said of the file."""
    return Announcement(upload.filename, upload.size, upload.first, upload.last, upload.whole)


def on_its_way(
    session: Session,
    person: Person,
    now: datetime,
    *,
    revision_id: int | None = None,
    besides: str = "",
) -> OnItsWay:
    """What the person's unfinished uploads will take, to one draft or all; not ``besides``."""
    conditions: list[ColumnElement[bool]] = [
        Upload.owner_id == (person.id or 0),
        Upload.blob_key.is_(None),
        Upload.expires_at > now,
        Upload.id != besides,
    ]
    if revision_id is not None:
        conditions.append(Upload.revision_id == revision_id)
    files, size = session.execute(
        select(
            func.count(Upload.id),
            func.coalesce(func.sum(func.coalesce(Upload.size, Upload.received)), 0),
        ).where(*conditions)
    ).one()
    return OnItsWay(int(files), int(size))


def known_to(session: Session, person: Person, key: str, size: int, now: datetime) -> Blob | None:
    """The blob, if the person may open a file of these bytes or has brought them before.

    Nobody learns from it what lies in the hub beyond that. None, too, of bytes that were found
    damaged: who brings them again heals them.
    """
    open_files = (
        select(Attachment.blob_key)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Attachment.blob_key == key, files_open_to(person, now))
    )
    brought = select(Upload.blob_key).where(
        Upload.blob_key == key, Upload.owner_id == (person.id or 0)
    )
    return session.scalar(
        select(Blob).where(
            Blob.key == key,
            Blob.size == size,
            ~_was_found_damaged(key),
            or_(Blob.key.in_(open_files), Blob.key.in_(brought)),
        )
    )


def _was_found_damaged(key: str) -> ColumnElement[bool]:
    """By the last whole verification, or one since, and not mended by ``hub verify``."""
    whole = select(func.max(Verification.id)).where(Verification.finished_at.is_not(None))
    return (
        select(Fault.id)
        .where(
            Fault.key == key,
            Fault.kind.in_((FaultKind.DAMAGED, FaultKind.UNREADABLE)),
            Fault.repaired_at.is_(None),
            Fault.verification_id >= func.coalesce(whole.scalar_subquery(), 0),
        )
        .exists()
    )


def awaited_uploads(session: Session, now: datetime) -> frozenset[str]:
    """Ids of everybody's unfinished uploads; to ask how far one is makes it wait longer."""
    return frozenset(
        session.scalars(select(Upload.id).where(Upload.blob_key.is_(None), Upload.expires_at > now))
    )


def expired_uploads(session: Session, now: datetime) -> Sequence[str]:
    """Ids of what nobody went on with, and of what was finished long ago."""
    return session.scalars(
        select(Upload.id).where(Upload.expires_at <= now).order_by(Upload.expires_at).limit(1000)
    ).all()
