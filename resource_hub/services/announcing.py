"""What is decided about a file before its bytes travel."""

from datetime import datetime

from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.uploads import PATIENCE, Announcement, UploadLimits, check_type
from resource_hub.models import Upload
from resource_hub.services.arrivals import Begun, begun_of
from resource_hub.services.drafting import editable_revision
from resource_hub.services.queries.uploads import announced, known_to, own_upload, unfinished_of
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.uploading import Kept, check_room_for, kept_already
from storage import Storage, StorageError


def admit(
    uow: UnitOfWork,
    person: Person,
    revision_id: int,
    file: Announcement,
    *,
    limits: UploadLimits,
) -> None:
    """Refuse a file that the draft cannot take.

    Raises:
        TooLarge, Invalid: it would not be taken, in a sentence.
        WrongState, NotAllowed, Missing: the draft cannot be changed by this person now.
    """
    revision = editable_revision(uow, person, revision_id)
    check_type(limits, file.filename)
    check_room_for(uow, person, revision, file.size or 0, limits=limits)


def await_bytes(
    uow: UnitOfWork, person: Person, revision_id: int, file: Announcement, upload_id: str
) -> Begun:
    """Note that ``file`` is on its way, under the name that the storage gave it."""
    upload = Upload(
        id=upload_id,
        owner_id=person.id,
        revision_id=revision_id,
        filename=file.filename,
        size=file.size,
        first=file.first,
        last=file.last,
        whole=file.whole,
        received=0,
        created_at=uow.now(),
        expires_at=uow.now() + PATIENCE,
    )
    uow.session.add(upload)
    return begun_of(upload)


def admit_more(
    uow: UnitOfWork, person: Person, upload_id: str, end: int, *, limits: UploadLimits
) -> None:
    """Refuse bytes up to ``end`` of an upload whose size nobody has said, where there is no room.

    Raises:
        TooLarge: in a sentence that names the limit.
        Missing: there is no such upload, as far as this person may know.
    """
    upload = own_upload(uow.session, person, upload_id, uow.now())
    revision = load_revision(uow.session, upload.revision_id)
    check_room_for(uow, person, revision, end, limits=limits, besides=upload_id)


def going_on(
    uow: UnitOfWork, person: Person, revision_id: int, file: Announcement, upload_id: str
) -> Begun | None:
    """The person's unfinished upload of this very file, which may wait another week.

    Args:
        upload_id: the one that the person pointed at, or empty.

    Raises:
        Invalid: that one was begun with another file.
    """
    for upload in unfinished_of(uow.session, person, revision_id, uow.now()):
        if upload_id in {"", upload.id} and announced(upload).is_same_file(file):
            upload.expires_at = uow.now() + PATIENCE
            return begun_of(upload)
        if upload_id == upload.id:
            sentence = N_(
                "This is not the file that was begun as “%(name)s”. Choose that one, or upload"
                " this one as a new file."
            )
            raise Invalid([Problem("files", sentence, {"name": upload.filename})])
    return None


def here_already(
    session: Session, storage: Storage, person: Person, file: Announcement, now: datetime
) -> Kept | None:
    """The bytes of this file, if the storage has them and the person may know that."""
    if not file.whole or file.size is None:
        return None
    blob = known_to(session, person, file.whole, file.size, now)
    if blob is None:
        return None
    kept = kept_already(storage, blob, file.filename)
    session.rollback()  # no connection is held while the storage is asked
    try:
        return kept if storage.size(kept.key) == kept.size else None
    except StorageError:
        return None  # what is lost or out of reach is brought again
