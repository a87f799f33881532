"""Mend what a verification found: bytes from a second storage, the rest made again."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.models import Blob, Fault, FaultKind, Rendition
from resource_hub.services.blob_uses import LASTING, used
from resource_hub.services.indexing import compare, promise_again
from resource_hub.services.unit_of_work import UnitOfWork
from search_index import SearchEngine, SearchIndexError
from storage import BlobMissing, Storage, StorageError

CHUNK = 1024 * 1024
IN_MEMORY = 8 * CHUNK

Writing = Callable[[], AbstractContextManager[UnitOfWork]]

OF_BLOBS = (FaultKind.DAMAGED, FaultKind.MISSING, FaultKind.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of one fault; ``how`` is ``fetched``, ``remade``, ``removed`` or ``no``."""

    fault_id: int
    key: str
    how: str


def repair(
    session: Session,
    writing: Writing,
    storage: Storage,
    search: SearchEngine,
    verification_id: int,
    *,
    second: Storage | None,
) -> Iterator[Repair]:
    """Mend each fault of a verification that is not mended yet; yields what became of it.

    Raises:
        StorageError: the hub's own storage does not answer.
    """
    faults = session.execute(
        select(Fault.id, Fault.kind, Fault.key).where(
            Fault.verification_id == verification_id, Fault.repaired_at.is_(None)
        )
    ).all()
    session.rollback()
    for fault_id, kind, key in faults:
        if kind in OF_BLOBS:
            how = _mend_blob(writing, storage, key, second)
        elif kind is FaultKind.INDEX:
            how = _mend_index(writing, search)
        else:
            how = _mend_size(writing, storage, key) if key else "no"
        if how != "no":
            with writing() as uow:
                uow.session.get_one(Fault, fault_id).repaired_at = uow.now()
        yield Repair(fault_id, key, how)


def _mend_blob(writing: Writing, storage: Storage, key: str, second: Storage | None) -> str:
    if second is not None and fetch(second, storage, key):
        return "fetched"
    with writing() as uow:
        # Only now, and with the change: while it was looked for, somebody may have brought it anew.
        uses = used(key[:-1], key).subquery()
        found = set(uow.session.scalars(select(uses.c.use).where(uses.c.key == key)))
        if found & LASTING:
            return "no"  # damaged bytes are better than none: nothing is thrown away
        for blob in uow.session.scalars(select(Blob).where(Blob.thumbnail_key == key)):
            blob.thumbnail_key = None
            uow.promise("inspect", blob.key)
        uow.session.execute(delete(Rendition).where(Rendition.key == key))
        uow.session.flush()
        storage.delete(key)
    return "remade" if found else "removed"


def fetch(second: Storage, storage: Storage, key: str) -> bool:
    """Copy a blob from ``second`` if what is there is right; only then is the old one replaced."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as waiting:
        digest = hashlib.sha256()
        try:
            with second.open(key) as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    waiting.write(chunk)
        except (BlobMissing, StorageError, OSError):
            return False
        if digest.hexdigest() != key:
            return False
        waiting.seek(0)
        storage.put(waiting)  # type: ignore[arg-type]  # a binary file, whatever its class is called
    return True


def _mend_index(writing: Writing, search: SearchEngine) -> str:
    """Have the worker look again at what differs; it builds an index that is not whole anew."""
    try:
        with writing() as uow:
            promise_again(uow, compare(uow.session, search, now=uow.now()))
    except SearchIndexError:
        return "no"
    return "remade"


def _mend_size(writing: Writing, storage: Storage, key: str) -> str:
    """The bytes are right, and the row says another size: believe the bytes."""
    size = storage.size(key)
    with writing() as uow:
        blob = uow.session.get(Blob, key)
        if blob is not None:
            blob.size = size
        for rendition in uow.session.scalars(select(Rendition).where(Rendition.key == key)):
            rendition.size = size
    return "remade"
