"""Read every blob, compare storage and database both ways, and remember how far it came.

A verification goes through the keys in their order. After each stretch its results and the last
key are written down in one transaction, so that after a kill the next one begins there.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, WrongState
from resource_hub.models import AskedBy, Fault, FaultKind, Verification
from resource_hub.services import queue
from resource_hub.services.blob_uses import LASTING, used
from resource_hub.services.reading_blobs import Outcome, Pace, read_blobs
from resource_hub.services.soundness import database_faults, index_faults
from resource_hub.services.unit_of_work import UnitOfWork
from search_index import SearchEngine
from storage import BlobMissing, Storage, StorageError

LEASE = timedelta(minutes=10)
"""Longer than the longest file takes at the slowest pace."""

STRETCH_SECONDS = 2.0
STRETCH_FILES = 500
"""A stretch ends with whichever comes first."""

REMEMBERED = timedelta(days=90)

LAST = "g"
"""Comes after every key."""

Writing = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong; ``key`` is empty where it is not about one blob."""

    kind: FaultKind
    key: str = ""
    detail: str = ""


@dataclass(slots=True)
class Stretch:
    """What was read of the keys after ``after`` and up to ``upto``. Sizes in bytes."""

    after: str
    upto: str = ""
    files: int = 0
    size: int = 0
    unused_files: int = 0
    unused_size: int = 0
    faults: list[Found] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Care:
    """How a verification goes about: threads, and bytes a second (0: as fast as it can)."""

    threads: int = 2
    rate: int = 0
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a verification is: bytes read by now, also before a kill."""

    verification_id: int
    size: int
    is_over: bool = False


def holder_name() -> str:
    """This process, as the holder of a verification."""
    return f"{socket.gethostname().replace(':', '-')}:{os.getpid()}"


def begin(uow: UnitOfWork, asked_by: AskedBy, *, holder: str, anew: bool = False) -> Verification:
    """Go on with the unfinished verification, or begin one.

    Args:
        anew: forget what an unfinished one has done.

    Raises:
        WrongState: another process is reading just now.
    """
    now = uow.now()
    found = uow.session.scalar(
        select(Verification).where(Verification.finished_at.is_(None)).with_for_update()
    )
    if found is not None:
        if _is_held(found, holder) and found.lease_until and found.lease_until > now:
            raise WrongState(N_("Another process verifies the hub just now: look again later."))
        if anew:
            uow.session.delete(found)
            uow.session.flush()
            found = None
    if found is None:
        found = Verification(asked_by=asked_by, started_at=now, faults=[])
        uow.session.add(found)
    found.holder, found.lease_until = holder, now + LEASE
    uow.session.flush()
    return found


def _is_held(found: Verification, holder: str) -> bool:
    """Whether a process other than ``holder`` holds it; one of this machine must be alive."""
    if found.holder is None or found.holder == holder:
        return False
    host, process = found.holder.rsplit(":", 1)
    return host != holder.rsplit(":", 1)[0] or queue.is_alive(int(process))


def stretches(session: Session, storage: Storage, after: str, care: Care) -> Iterator[Stretch]:
    """Read what comes after key ``after``; touches no row. Ends early when told to stop."""
    keys = (key for key in sorted(storage.keys()) if key > after)
    outcomes = read_blobs(storage, keys, threads=care.threads, pace=Pace(care.rate))
    part: list[Outcome] = []
    began = time.monotonic()
    for outcome in outcomes:
        part.append(outcome)
        if len(part) >= STRETCH_FILES or time.monotonic() - began >= STRETCH_SECONDS:
            yield _stretch(session, storage, after, outcome.key, part)
            after, part, began = outcome.key, [], time.monotonic()
        if care.stopping():
            outcomes.close()  # type: ignore[attr-defined]  # a generator, said to be an iterator
            return
    yield _stretch(session, storage, after, LAST, part)


def _stretch(
    session: Session, storage: Storage, after: str, upto: str, part: list[Outcome]
) -> Stretch:
    """Compare what was read with what the database says of the same keys."""
    stretch = Stretch(after, upto)
    uses: dict[str, tuple[str, int | None]] = {}
    for key, use, size in session.execute(used(after, upto)):
        if key not in uses or use in LASTING:
            uses[key] = use, size
    session.rollback()
    present = set()
    for outcome in part:
        if outcome.is_gone:
            continue
        present.add(outcome.key)
        stretch.files += 1
        stretch.size += outcome.size
        if outcome.key not in uses:
            stretch.unused_files += 1
            stretch.unused_size += outcome.size
        stretch.faults += _faults_of(outcome, uses.get(outcome.key))
    missing = sorted(uses.keys() - present)
    stretch.faults += [
        Found(FaultKind.MISSING, key, uses[key][0])
        for key in missing
        if not _came_meanwhile(session, storage, key)
    ]
    return stretch


def _faults_of(outcome: Outcome, use: tuple[str, int | None] | None) -> Iterator[Found]:
    word = use[0] if use else ""
    if outcome.error:
        yield Found(FaultKind.UNREADABLE, outcome.key, f"{word} {outcome.error}".strip())
    elif outcome.found != outcome.key:
        yield Found(FaultKind.DAMAGED, outcome.key, word)
    elif use and use[1] is not None and use[1] != outcome.size:
        yield Found(
            FaultKind.DATABASE,
            outcome.key,
            f"the database says {use[1]} bytes, there are {outcome.size}",
        )


def _came_meanwhile(session: Session, storage: Storage, key: str) -> bool:
    """Whether a key that seemed to be missing is there now, or is no longer asked for."""
    try:
        storage.size(key)
    except BlobMissing:
        uses = used(key[:-1], key).subquery()
        wanted = session.scalar(select(uses.c.key).where(uses.c.key == key).limit(1))
        session.rollback()
        return wanted is None
    except StorageError:
        return False
    return True


def note(uow: UnitOfWork, verification_id: int, stretch: Stretch, *, holder: str) -> None:
    """Write a stretch down, and hold on.

    Raises:
        WrongState: another process has taken the verification over.
    """
    row = _held(uow, verification_id, holder)
    row.cursor = stretch.upto
    row.files += stretch.files
    row.size += stretch.size
    row.unused_files += stretch.unused_files
    row.unused_size += stretch.unused_size
    row.lease_until = uow.now() + LEASE
    _add(uow, verification_id, stretch.faults)


def finish(uow: UnitOfWork, verification_id: int, found: list[Found], *, holder: str) -> None:
    """The last key was read: write down what else was found, and the time."""
    row = _held(uow, verification_id, holder)
    _add(uow, verification_id, found)
    row.finished_at, row.turn = uow.now(), None
    row.holder = row.lease_until = None


def forget_old_verifications(uow: UnitOfWork) -> None:
    """Keep those of the last three months, and the last one in any case."""
    last = uow.session.scalar(select(func.max(Verification.id)))
    uow.session.execute(
        delete(Verification).where(
            Verification.finished_at < uow.now() - REMEMBERED, Verification.id != last
        )
    )


def release(uow: UnitOfWork, verification_id: int, *, holder: str) -> None:
    """Let another process go on at once."""
    row = _held(uow, verification_id, holder)
    row.holder = row.lease_until = None


def _held(uow: UnitOfWork, verification_id: int, holder: str) -> Verification:
    row = uow.session.scalar(
        select(Verification)
        .where(Verification.id == verification_id, Verification.holder == holder)
        .with_for_update()
    )
    if row is None:
        raise WrongState(N_("Another process verifies the hub just now: look again later."))
    return row


def _add(uow: UnitOfWork, verification_id: int, found: list[Found]) -> None:
    uow.session.add_all(
        Fault(
            verification_id=verification_id, kind=each.kind, key=each.key, detail=each.detail[:500]
        )
        for each in found
    )


def run(
    session: Session,
    writing: Writing,
    storage: Storage,
    search: SearchEngine,
    *,
    asked_by: AskedBy,
    care: Care,
    anew: bool = False,
) -> Iterator[Progress]:
    """Verify everything, or go on with it; yields how far it came.

    Raises:
        WrongState: another process does it just now.
        StorageError: the storage does not list its blobs; what was read is remembered.
    """
    holder = holder_name()
    with writing() as uow:
        row = begin(uow, asked_by, holder=holder, anew=anew)
        verification_id, cursor, done = row.id, row.cursor, row.size
    yield Progress(verification_id, done)
    for stretch in stretches(session, storage, cursor, care):
        with writing() as uow:
            note(uow, verification_id, stretch, holder=holder)
            now = uow.now()
        cursor, done = stretch.upto, done + stretch.size
        yield Progress(verification_id, done)
    if cursor != LAST:
        with writing() as uow:
            release(uow, verification_id, holder=holder)
        return
    rest = [Found(FaultKind.DATABASE, "", detail) for detail in database_faults(session)]
    rest += [Found(FaultKind.INDEX, "", detail) for detail in index_faults(session, search, now)]
    session.rollback()
    with writing() as uow:
        finish(uow, verification_id, rest, holder=holder)
    yield Progress(verification_id, done, is_over=True)
