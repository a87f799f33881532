"""What is known of the hub's safety: the last verification, what it found, the last backup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import (
    Attachment,
    AuditEvent,
    Blob,
    Fault,
    FaultKind,
    Rendition,
    Resource,
    Revision,
    Verification,
)
from resource_hub.services.organisations import require_administrator
from resource_hub.services.unused_blobs import unused_total

LATE = timedelta(days=8)
"""After so long without a backup or a verification the pages say so."""

MOST_SHOWN = 100
"""Faults that are shown one by one."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One fault with the resources whose files it concerns, by public id and title."""

    id: int
    kind: FaultKind
    key: str
    detail: str
    is_repaired: bool
    resources: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """One verification with its figures; sizes in bytes."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    by_night: bool
    files: int
    size: int
    unused_files: int
    unused_size: int
    faults: int
    """Those that are not repaired yet."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The last backup that came to its end."""

    at: datetime
    name: str
    files: int
    size: int
    lacking: int
    """Files whose bytes it could not have, because they are missing or damaged."""


@dataclass(frozen=True, slots=True)
class Safety:
    """Everything on the administrator's page."""

    last: Checked | None
    """The last one that came to its end."""
    under_way: Checked | None
    earlier: Sequence[Checked]
    faults: Sequence[FaultLine]
    """Of ``last``, those that are not repaired first, at most a hundred."""
    backup: BackedUp | None
    waiting: tuple[int, int]
    """Unused blobs that wait for their removal, and their bytes."""
    tidied_at: datetime | None
    removed: tuple[int, int]
    """What the last tidying removed, and its bytes."""


def safety(session: Session, by: Person) -> Safety:
    """The whole page; about eight short queries.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    recent = _verifications(session)
    done = [each for each in recent if each.finished_at is not None]
    last = done[0] if done else None
    tidied = _last_event(session, "blobs:tidy")
    detail = tidied.detail if tidied else {}
    return Safety(
        last=last,
        under_way=next((each for each in recent if each.finished_at is None), None),
        earlier=done[1:8],
        faults=fault_lines(session, last.id) if last else (),
        backup=last_backup(session),
        waiting=unused_total(session),
        tidied_at=tidied.at if tidied else None,
        removed=(int(detail.get("removed", 0)), int(detail.get("removed_size", 0))),
    )


def is_late(at: datetime | None, now: datetime) -> bool:
    """Whether what happens every night was last done long ago, or never."""
    return at is None or at < now - LATE


def last_verification(session: Session) -> Checked | None:
    """The last one that came to its end."""
    return next((row for row in _verifications(session) if row.finished_at is not None), None)


def verification(session: Session, verification_id: int) -> Checked:
    """One of them by its number, which must be there."""
    return next(row for row in _verifications(session, verification_id))


def _verifications(session: Session, only: int | None = None) -> list[Checked]:
    """The ten newest, or one."""
    open_faults = select(func.count(Fault.id)).where(
        Fault.verification_id == Verification.id, Fault.repaired_at.is_(None)
    )
    rows = select(Verification, open_faults.correlate(Verification).scalar_subquery()).order_by(
        Verification.id.desc()
    )
    rows = rows.where(Verification.id == only) if only is not None else rows.limit(10)
    return [
        Checked(
            id=row.id,
            started_at=row.started_at,
            finished_at=row.finished_at,
            by_night=row.asked_by.value == "night",
            files=row.files,
            size=row.size,
            unused_files=row.unused_files,
            unused_size=row.unused_size,
            faults=number,
        )
        for row, number in session.execute(rows)
    ]


def fault_lines(session: Session, verification_id: int) -> list[FaultLine]:
    """What a verification found, what is not mended yet first; three queries."""
    faults = session.scalars(
        select(Fault)
        .where(Fault.verification_id == verification_id)
        .order_by(Fault.repaired_at.is_not(None), Fault.id)
        .limit(MOST_SHOWN)
    ).all()
    concerned = _resources_of(session, {fault.key for fault in faults if fault.key})
    return [
        FaultLine(
            id=fault.id,
            kind=fault.kind,
            key=fault.key,
            detail=fault.detail,
            is_repaired=fault.repaired_at is not None,
            resources=concerned.get(fault.key, ()),
        )
        for fault in faults
    ]


def _resources_of(session: Session, keys: set[str]) -> dict[str, list[tuple[str, str]]]:
    """By key: the resources whose files these bytes are, or are made from."""
    files = (
        select(Blob.key, Blob.thumbnail_key, Rendition.key, Resource.public_id, Revision.title)
        .select_from(Attachment)
        .join(Attachment.blob)
        .outerjoin(Rendition, (Rendition.blob_key == Blob.key) & Rendition.key.in_(keys))
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(or_(Blob.key.in_(keys), Blob.thumbnail_key.in_(keys), Rendition.key.in_(keys)))
        .order_by(Resource.id, Revision.number.desc())
        .limit(5 * MOST_SHOWN)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for *named, public_id, title in session.execute(files):
        for key in keys.intersection(named):
            lines = found.setdefault(key, [])
            if public_id not in {line[0] for line in lines}:
                lines.append((public_id, title))
    return found


def last_backup(session: Session) -> BackedUp | None:
    """What the last backup wrote down of itself."""
    event = _last_event(session, "hub:backup")
    if event is None:
        return None
    detail = event.detail
    return BackedUp(
        at=event.at,
        name=str(detail["name"]),
        files=int(detail["files"]),
        size=int(detail["size"]),
        lacking=int(detail["lacking"]),
    )


def _last_event(session: Session, tag: str) -> AuditEvent | None:
    return session.scalar(
        select(AuditEvent).where(AuditEvent.tag == tag).order_by(AuditEvent.id.desc()).limit(1)
    )
