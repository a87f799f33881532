"""Bring a backup back into an empty hub, whatever database it has."""

import errno
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Missing, WrongState
from resource_hub.services.backup_format import (
    Manifest,
    Source,
    blob_path,
    check_piece,
    listed_blobs,
    table_path,
)
from resource_hub.services.queries.status import is_empty
from resource_hub.services.snapshots import is_bare
from storage import BlobDamaged, BlobMissing, Storage, check_blob

Step = Callable[[int, int], None]
"""Told after each blob how many of how many are done."""


def require_empty(engine: Engine) -> None:
    """Refuse to restore over what somebody has made.

    Raises:
        WrongState: the hub has schools or accounts.
    """
    if is_bare(engine):
        return
    with Session(engine) as session:
        if not is_empty(session):
            raise WrongState(
                N_("This hub is in use. A backup is brought back into an empty hub only.")
            )


def check_snapshot(source: Source, manifest: Manifest) -> None:
    """Read all that a snapshot has of the tables; raises ``WrongState`` if it is damaged."""
    for table, piece in manifest.tables.items():
        check_piece(source, table_path(manifest.name, table), piece)
    check_piece(source, f"{manifest.name}/blobs.txt", manifest.blobs)


def bring_blobs_back(
    source: Source, manifest: Manifest, storage: Storage, *, step: Step
) -> list[str]:
    """Put each blob of a snapshot into the storage, unless it is there.

    Returns the keys of those that the backup has no more, or not as they were: the others come
    back in any case.

    What is there, from before or from a run that was killed, is read and compared, too.
    """
    wanted = dict(listed_blobs(source, manifest))
    damaged = []
    for number, key in enumerate(wanted, 1):
        if not _is_whole(key, storage):
            found = _put(source, key, storage)
            if found != key:
                damaged.append(key)
                if found is not None and found not in wanted:
                    storage.delete(found)
        step(number, len(wanted))
    return damaged


def _put(source: Source, key: str, storage: Storage) -> str | None:
    """Store what the backup calls ``key``; returns what it really is, None: it cannot be read."""
    try:
        with source.open(blob_path(key)) as stream:
            return storage.put(stream).key
    except Missing:
        return None
    except OSError as error:  # of the backup's disk: those of the storage come as StorageError
        if error.errno == errno.EIO:
            return None
        raise


def _is_whole(key: str, storage: Storage) -> bool:
    """Whether the blob is there, and is what its name says."""
    try:
        check_blob(key, storage)
    except (BlobMissing, BlobDamaged):
        return False
    return True
