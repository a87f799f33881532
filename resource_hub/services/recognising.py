"""Text of files that are pictures: looked for page by page, in the background, where asked for.

Each page is written down when it has been looked at, so that a worker that was killed goes on with
the next. What is found is text of the file like any other; ``Blob.recognition`` says that it was
recognised, and may hold errors.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.files import Family, PersonalData, PlaceKind, Trouble
from resource_hub.files.facts import MAX_TEXT
from resource_hub.files.guard import Unreadable
from resource_hub.files.scans import MOST_PAGES, ReadPage, may_hold_text, place_of
from resource_hub.models import Attachment, Blob, BlobText, Job, Recognition
from resource_hub.services.inspecting import findings_in, promise_what_follows
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

RECOGNISE = "recognise"
"""The kind of job; its subject is the key of a blob."""

PAUSE = timedelta(seconds=30)
"""Between two files that were here before, so that new ones come first."""

MOST_FAILURES = 3
"""After so many pages in a row that took too long or killed their reader, the file is let be."""

FEWEST_LETTERS = 4
"""Fewer in a whole file are no text, but lines of a drawing that look like letters."""

_FATAL = frozenset({Trouble.TOO_SLOW, Trouble.KILLED})


class Recogniser(Protocol):
    """Who recognises text, in a process of its own: ``resource_hub.files.scans``."""

    def read_page(self, path: Path, code: str, number: int) -> ReadPage: ...


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What was found on page ``number``, from 1; not yet in the tables."""

    number: int
    text: str
    is_last: bool


def promise_recognition(uow: UnitOfWork, key: str) -> None:
    """After an inspection: have text looked for, if the file may hold some and none was found."""
    blob = uow.session.get(Blob, key)
    if blob is not None and blob.recognition is None and _may_hold_text(blob):
        _promise(uow, [blob])


def without_recognition(session: Session) -> list[str]:
    """Files that were here before text was looked for in pictures; the newest first."""
    return [blob.key for blob in _not_looked_at(session)]


def promise_missing_recognition(uow: UnitOfWork) -> int:
    """After the extra was installed: have text looked for in older files. Returns in how many."""
    blobs = _not_looked_at(uow.session)
    _promise(uow, blobs)
    return len(blobs)


def recognise_pages(
    session: Session, storage: Storage, recogniser: Recogniser, key: str
) -> Generator[RecognisedPage]:
    """Look for text in the pages of blob ``key`` that nobody has looked at; touches no row.

    Nothing where there is nothing to do (any more). A page that cannot be read has no text.

    Raises:
        StorageError: the blob is missing or the storage does not answer; the job is tried again.
        OSError: our disk failed, or the engine does not start; likewise.
    """
    blob = session.get(Blob, key)
    is_used = session.scalar(select(Attachment.id).where(Attachment.blob_key == key).limit(1))
    if blob is None or is_used is None or blob.recognition != Recognition.WAITING:
        session.rollback()
        return
    code, number, total = blob.format, blob.recognised_pages, min(blob.pages or 1, MOST_PAGES)
    session.rollback()
    failures, is_last = 0, False
    with storage.local_copy(key) as path:
        while not is_last:
            number, text = number + 1, ""
            try:
                read = recogniser.read_page(path, code, number)
            except Unreadable as error:
                failures = failures + 1 if error.trouble in _FATAL else 0
            except ValueError:  # the child said what no child says
                failures += 1
            else:
                failures, text, total = 0, read.text, read.total
            is_last = number >= total or failures == MOST_FAILURES
            yield RecognisedPage(number, text, is_last)


def note_page(uow: UnitOfWork, key: str, page: RecognisedPage) -> None:
    """Add what was found to the text of the file; with the last page, everybody may know."""
    blob = uow.session.get(Blob, key)
    if blob is None or blob.recognition != Recognition.WAITING:
        return
    if page.number != blob.recognised_pages + 1:
        return  # another worker has been here
    blob.recognised_pages = page.number
    kept = uow.session.get(BlobText, key)
    if kept is None:
        kept = BlobText(blob_key=key, text="", places=[])
        uow.session.add(kept)
    _append(kept, page, place_of(Family(blob.family)))
    if page.is_last or len(kept.text) >= MAX_TEXT:
        _finish(uow, blob, kept)
    of_its_bytes = [each for each in blob.findings if each[0] == PersonalData.PLACE_TAKEN]
    blob.findings = of_its_bytes + findings_in(kept)


def _append(kept: BlobText, page: RecognisedPage, place: PlaceKind | None) -> None:
    gap = "\n\n" if kept.text else ""
    start = len(kept.text) + len(gap)
    if not page.text or start >= MAX_TEXT:
        return
    kept.text = f"{kept.text}{gap}{page.text}"[:MAX_TEXT]
    if place is not None:
        kept.places = [*kept.places, [start, place.value, str(page.number)]]


def _finish(uow: UnitOfWork, blob: Blob, kept: BlobText) -> None:
    if sum(map(str.isalnum, kept.text)) < FEWEST_LETTERS:
        blob.recognition = Recognition.NOTHING
        kept.text, kept.places = "", []
        return
    blob.recognition = Recognition.FOUND
    promise_what_follows(uow, blob.key)


def let_be(uow: UnitOfWork, key: str) -> None:
    """Nobody looks for text (any more): the extra or the setting is gone. What was found stays."""
    blob = uow.session.get(Blob, key)
    if blob is None or blob.recognition != Recognition.WAITING:
        return
    kept = uow.session.get(BlobText, key)
    if kept is not None and kept.text:
        _finish(uow, blob, kept)
    else:
        blob.recognition, blob.recognised_pages = None, 0


def _promise(uow: UnitOfWork, blobs: list[Blob]) -> None:
    for blob in blobs:
        blob.recognition, blob.recognised_pages = Recognition.WAITING, 0
    now = uow.now()
    uow.promise_many(
        [(RECOGNISE, blob.key, now + number * PAUSE) for number, blob in enumerate(blobs)]
    )


def _may_hold_text(blob: Blob) -> bool:
    return may_hold_text(
        Family(blob.family),
        blob.format,
        Trouble(blob.trouble) if blob.trouble else None,
        blob.width,
        blob.height,
    )


def _not_looked_at(session: Session) -> list[Blob]:
    promised = select(Job.subject).where(Job.kind == "inspect")
    blobs = session.scalars(
        select(Blob)
        .where(
            Blob.inspected_at.is_not(None),
            Blob.recognition.is_(None),
            (Blob.trouble == Trouble.NO_TEXT.value) | (Blob.family == Family.IMAGE.value),
            Blob.key.in_(select(Attachment.blob_key)),
            Blob.key.not_in(promised),
        )
        .order_by(Blob.created_at.desc(), Blob.key)
    )
    return [blob for blob in blobs if _may_hold_text(blob)]
