"""Have files looked at for viruses, and see to it that nobody gets one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Role
from resource_hub.domain.review import OPERATOR, State
from resource_hub.files.clamd import scan
from resource_hub.models import Appointed, Attachment, Blob, Job, Notice, Resource, Revision
from resource_hub.services.notices import leave
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage


def unscanned(session: Session) -> list[str]:
    """Keys of the files that the scanner has not looked at and that no job will look at soon."""
    promised = select(Job.subject).where(Job.kind == "scan")
    keys = session.scalars(
        select(Blob.key)
        .where(
            Blob.scanned_at.is_(None),
            Blob.key.not_in(promised),
            Blob.key.in_(select(Attachment.blob_key)),
        )
        .order_by(Blob.created_at, Blob.key)
    )
    return list(keys)


def promise_scans(uow: UnitOfWork) -> int:
    """Promise a look at every file that has had none; returns how many."""
    keys = unscanned(uow.session)
    for key in keys:
        uow.promise("scan", key)
    return len(keys)


def look_for_virus(session: Session, storage: Storage, url: str, key: str) -> str | None:
    """The name of the virus in blob ``key``, or None; touches no row, so nobody waits meanwhile.

    Raises:
        ScannerSilent: the scanner does not answer: the file waits.
        TooLargeToScan: the scanner must be told to take larger files.
        StorageError: the blob is missing or the storage does not answer.
    """
    known = session.get(Blob, key) is not None
    session.rollback()
    if not known:
        return None
    with storage.open(key) as stream:
        return scan(url, stream)


def note_verdict(uow: UnitOfWork, key: str, virus: str | None) -> None:
    """Write down what the scanner said; of a virus its author and the administrators are told.

    From then on nobody can fetch the file: see ``queries.stored_files``.
    """
    blob = uow.session.get(Blob, key)
    if blob is None:
        return
    known, blob.virus, blob.scanned_at = blob.virus, virus, uow.now()
    if virus is None or known == virus:
        return
    holding = uow.session.execute(
        select(Attachment, Revision, Resource)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Attachment.blob_key == key, Revision.state != State.SUPERSEDED)
        .order_by(Attachment.id)
    )
    told: set[tuple[int, int]] = set()
    for attachment, revision, resource in holding:
        uow.record(
            "file:virus", by=OPERATOR, resource=resource, revision=revision,
            filename=attachment.filename, virus=virus,
        )  # fmt: skip
        for user_id in (resource.owner_id, *_administrators(uow.session)):
            if (user_id, revision.id) not in told:
                told.add((user_id, revision.id))
                mine = user_id == resource.owner_id
                _tell(uow, user_id, attachment, revision, resource, virus, mine=mine)


def _tell(
    uow: UnitOfWork,
    user_id: int,
    attachment: Attachment,
    revision: Revision,
    resource: Resource,
    virus: str,
    *,
    mine: bool,
) -> None:
    leave(
        uow,
        Notice(
            user_id=user_id,
            at=uow.now(),
            kind="virus" if mine else "virus_of_others",
            values={
                "title": revision.title,
                "by": "",
                "comment": f"{attachment.filename}: {virus}",
                "stage": "",
                "public_id": resource.public_id,
            },
            resource_id=resource.id,
            revision_id=revision.id,
        ),
    )


def _administrators(session: Session) -> list[int]:
    held = select(Appointed.user_id).where(Appointed.role == Role.ADMINISTRATOR)
    return sorted(set(session.scalars(held)))
