"""Remove bytes that nothing uses any more, after a time of grace, and never under an upload.

Two steps, days apart. First what nothing uses is noted, with the moment. Then, one by one, what has
been noted for long enough is counted again and removed, in one transaction that holds the note:
``blob_uses.claim`` for an upload of the same bytes waits for it, and finds them kept or gone.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.uploads import PATIENCE
from resource_hub.models import Blob, UnusedBlob
from resource_hub.services.blob_uses import used
from resource_hub.services.unit_of_work import UnitOfWork
from storage import BlobMissing, Storage

AT_ONCE = 500
"""Keys that are compared with the database at a time."""

LEAST_GRACE = PATIENCE + timedelta(days=1)
"""Longer than an upload that has arrived may wait to be attached: its bytes have no user yet."""

LAST = "g"
"""Comes after every key."""


@dataclass(frozen=True, slots=True)
class Unused:
    """Keys after ``after`` and up to ``upto`` that nothing uses, each with its size in bytes."""

    after: str
    upto: str
    sizes: dict[str, int]


def look_for_unused(session: Session, storage: Storage) -> Iterator[Unused]:
    """Compare the storage with the database, a stretch at a time; touches no row.

    Rows of blobs that nothing uses count too, whether their bytes are still there or not.
    """
    keys = sorted(storage.keys())
    after = ""
    for start in range(0, len(keys) + 1, AT_ONCE):
        stretch = keys[start : start + AT_ONCE]
        upto = stretch[-1] if len(stretch) == AT_ONCE else LAST
        yield _unused_among(session, storage, stretch, after, upto)
        after = upto
        if upto == LAST:
            return


def _unused_among(
    session: Session, storage: Storage, keys: Sequence[str], after: str, upto: str
) -> Unused:
    inside = used(after, upto).subquery()
    in_use = set(session.scalars(select(inside.c.key)))
    rows = select(Blob.key, Blob.size).where(Blob.key > after, Blob.key <= upto)
    known = {key: size for key, size in session.execute(rows) if key not in in_use}
    session.rollback()
    sizes = dict(known)
    for key in keys:
        if key not in in_use and key not in known:
            with suppress(BlobMissing):  # somebody else removed it
                sizes[key] = storage.size(key)
    return Unused(after, upto, sizes)


def note_unused(uow: UnitOfWork, unused: Unused) -> int:
    """Note since when they are unused, forget what is used again; returns how many are new."""
    noted = set(
        uow.session.scalars(
            select(UnusedBlob.key).where(
                UnusedBlob.key > unused.after, UnusedBlob.key <= unused.upto
            )
        )
    )
    again = sorted(noted - unused.sizes.keys())
    if again:
        uow.session.execute(delete(UnusedBlob).where(UnusedBlob.key.in_(again)))
    new = unused.sizes.keys() - noted
    uow.session.add_all(
        UnusedBlob(key=key, size=unused.sizes[key], since=uow.now()) for key in sorted(new)
    )
    return len(new)


def due(session: Session, *, now: datetime, grace: timedelta) -> list[str]:
    """What has been unused for longer than ``grace``, the longest first."""
    before = now - max(grace, LEAST_GRACE)
    return list(
        session.scalars(
            select(UnusedBlob.key).where(UnusedBlob.since <= before).order_by(UnusedBlob.since)
        )
    )


def remove(uow: UnitOfWork, storage: Storage, key: str, *, grace: timedelta) -> int | None:
    """Count again, and remove row and bytes of ``key`` if nothing uses it; returns its size.

    None: it is used again, or somebody else was faster; then nothing is removed.

    Raises:
        StorageError: the storage did not delete it; the row stays, too.
    """
    before = uow.now() - max(grace, LEAST_GRACE)
    note = uow.session.scalar(
        select(UnusedBlob)
        .where(UnusedBlob.key == key, UnusedBlob.since <= before)
        .with_for_update()
    )
    if note is None:
        return None
    size = note.size
    uow.session.delete(note)
    uses = used(key[:-1], key).subquery()
    if uow.session.scalar(select(exists().where(uses.c.key == key))):
        return None
    # The row first: the database would refuse it if something held it after all.
    uow.session.execute(delete(Blob).where(Blob.key == key))
    uow.session.flush()
    storage.delete(key)
    return size


def unused_total(session: Session) -> tuple[int, int]:
    """How many blobs wait for their removal, and their bytes."""
    row = session.execute(
        select(func.count(UnusedBlob.key), func.coalesce(func.sum(UnusedBlob.size), 0))
    ).one()
    return int(row[0]), int(row[1])
