"""Which snapshots of a backup stay, and which blobs with them."""

import shutil
from pathlib import Path

from resource_hub.domain.errors import Missing, WrongState
from resource_hub.services.backup_format import (
    MANIFEST,
    FolderSource,
    listed_blobs,
    read_manifest,
)
from storage import LocalStorage


def thin_out(folder: Path, target: LocalStorage, keep: int) -> int:
    """Remove all but the newest ``keep`` snapshots, then the blobs that none of the rest has.

    Where the list of one that stays is damaged, nobody knows which blobs it has: all stay.
    """
    source = FolderSource(folder)
    old = source.names()[keep:]
    for name in old:
        (folder / name / MANIFEST).unlink()  # first: half a snapshot is none
        shutil.rmtree(folder / name)
    if old and (needed := _needed(source)) is not None:
        for key in set(target.keys()) - needed:
            target.delete(key)
    return len(old)


def _needed(source: FolderSource) -> set[str] | None:
    """The blobs of all snapshots that are there; None where one of them cannot say."""
    needed: set[str] = set()
    try:
        for name in source.names():
            needed.update(key for key, _size in listed_blobs(source, read_manifest(source, name)))
    except (Missing, WrongState):
        return None
    return needed
