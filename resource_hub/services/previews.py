"""Pages of files as pictures: made in the background, the first ones at once, others when asked."""

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.files import Family, Trouble
from resource_hub.models import Attachment, Blob, Job, JobState, Preview, Rendition, RenditionKind
from resource_hub.services.blob_uses import claim
from resource_hub.services.queries.previews import LARGE, SMALL
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

if TYPE_CHECKING:  # the web process has no use for pdfium
    from resource_hub.files.drawing import Drawn
    from resource_hub.files.pages import PagePicture

FIRST_PAGES = 3
"""Made of every file that has pages, unasked."""

STRIDE = 8
"""Made together when somebody reads on: most of the time goes into opening the file."""

MOST_PAGES = 40
"""Beyond this a reader is better off with the file itself."""

FIRST_OF_SPANS = (1, *range(FIRST_PAGES + 1, MOST_PAGES + 1, STRIDE))
"""The first page of all that are made together."""

PAGED = frozenset(
    {Family.DOCUMENT, Family.SLIDES, Family.SHEET, Family.PDF, Family.IMAGE}
    | {Family.TEXT, Family.WEB}
)
"""What pages are made of."""

WEBP = "image/webp"

_HOPELESS = frozenset({Trouble.EMPTY, Trouble.ENCRYPTED, Trouble.TOO_LARGE, Trouble.KILLED})

UNASKED, ASKED = "preview", "pages"
"""Kinds of jobs: what follows an upload, and what a reader waits for, which goes first."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture of a page whose bytes are in the storage."""

    number: int
    variant: str
    key: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stored:
    """Pages of a blob that are in the storage and not yet in the tables."""

    key: str
    asked: int
    """The last page that was asked for."""
    total: int | None
    approximate: bool
    trouble: Trouble | None
    pictures: Sequence[StoredPicture]


class Printer(Protocol):
    """Who draws pages, in a process of its own: ``resource_hub.files.drawing``."""

    def print(self, path: Path, code: str, *, first: int, last: int) -> "Drawn": ...


@dataclass(frozen=True, slots=True)
class Wait:
    """That pages have been promised, and since when; ``given_up`` when the worker failed.

    Attributes:
        is_asked: By somebody who waits, so that they are made before what nobody waits for.
    """

    since: datetime
    given_up: bool
    is_asked: bool


def span(number: int) -> tuple[int, int]:
    """First and last of the pages that are made together with page ``number``."""
    if number <= FIRST_PAGES:
        return 1, FIRST_PAGES
    first = number - (number - FIRST_PAGES - 1) % STRIDE
    return first, min(first + STRIDE - 1, MOST_PAGES)


def has_pages(blob: Blob) -> bool:
    """Whether it is worth trying to make pages of it."""
    trouble = Trouble(blob.trouble) if blob.trouble else None
    return Family(blob.family) in PAGED and trouble not in _HOPELESS


def promise_first_pages(uow: UnitOfWork, key: str) -> None:
    """After an inspection: what many will want to see; nothing for files without pages."""
    blob = uow.session.get(Blob, key)
    if blob is None or not has_pages(blob):
        return
    if uow.session.get(Preview, key) is None:
        uow.promise_once(UNASKED, subject_of(key, 1))
    else:
        _lend_cover(uow, blob)


def promise_pages(uow: UnitOfWork, key: str, number: int) -> None:
    """For a reader who waits: page ``number`` and those that are made with it, once."""
    if 1 <= number <= MOST_PAGES:
        uow.promise_once(ASKED, subject_of(key, number))


def promise_shown_pages(uow: UnitOfWork, pages: Collection[tuple[str, int]]) -> None:
    """For whoever will look at these pages of these blobs, some time: nobody waits for them yet."""
    made = {key: _made_numbers(uow.session, key) for key in {key for key, _ in pages}}
    for key, number in pages:
        if 1 <= number <= MOST_PAGES and number not in made[key]:
            uow.promise_once(UNASKED, subject_of(key, number))


def wait_for(session: Session, key: str, number: int) -> Wait | None:
    """Whether page ``number`` is promised."""
    jobs = session.scalars(
        select(Job)
        .where(Job.kind.in_((ASKED, UNASKED)), Job.subject == subject_of(key, number))
        .order_by(Job.id)
    ).all()
    if not jobs:
        return None
    given_up = all(job.state is JobState.SET_ASIDE for job in jobs)
    return Wait(jobs[0].created_at, given_up, any(job.kind == ASKED for job in jobs))


def still_drawn(session: Session, keys: Collection[str], since: datetime) -> bool:
    """Whether the first page of one of these blobs was promised after ``since`` and is not made."""
    found = session.scalar(
        select(Job.id)
        .where(
            Job.kind.in_((ASKED, UNASKED)),
            Job.subject.in_([subject_of(key, 1) for key in keys]),
            Job.state != JobState.SET_ASIDE,
            Job.created_at > since,
        )
        .limit(1)
    )
    return found is not None


def subject_of(key: str, number: int) -> str:
    """What a job of pages is about: the blob, and the first of its pages."""
    return f"{key}:{span(number)[0]}"


def make_pages(session: Session, storage: Storage, printer: Printer, subject: str) -> Stored | None:
    """Make the pages that ``subject`` asks for; touches no row, so nobody waits meanwhile.

    Returns:
        What came of it, or None when there is nothing to do (any more).

    Raises:
        StorageError: the blob is missing or the storage does not answer; the job is tried again.
    """
    key, _, number = subject.partition(":")
    first, last = span(int(number))
    blob = session.get(Blob, key)
    is_used = session.scalar(select(Attachment.id).where(Attachment.blob_key == key).limit(1))
    if blob is None or is_used is None or not has_pages(blob):
        return None
    preview = session.get(Preview, key)
    if preview is not None and preview.pages is not None:
        last = min(last, preview.pages)
    missing = sorted(set(range(first, last + 1)) - _made_numbers(session, key))
    code = blob.format
    session.rollback()
    if not missing:
        return None
    with storage.local_copy(key) as path:
        made = printer.print(path, code, first=missing[0], last=missing[-1])
    return Stored(
        key,
        asked=missing[-1],
        total=made.total,
        approximate=made.approximate,
        trouble=made.trouble,
        pictures=[picture for page in made.pages for picture in _put(storage, page)],
    )


def _put(storage: Storage, page: "PagePicture") -> Iterator[StoredPicture]:
    large_size = (page.width, page.height)
    for variant, size, picture in (
        (SMALL, page.small_size, page.small),
        (LARGE, large_size, page.large),
    ):
        kept = storage.put(io.BytesIO(picture))
        yield StoredPicture(page.number, variant, kept.key, kept.size, *size)


def note_pages(uow: UnitOfWork, storage: Storage, stored: Stored) -> None:
    """Write down what was made; what is there already stays."""
    blob = uow.session.get(Blob, stored.key)
    if blob is None:
        return
    rows = uow.session.execute(
        select(Rendition.number, Rendition.variant).where(
            Rendition.blob_key == stored.key, Rendition.kind == RenditionKind.PAGE
        )
    )
    there = {(number, variant) for number, variant in rows}
    for picture in stored.pictures:
        if (picture.number, picture.variant) in there:
            continue
        claim(uow, storage, picture.key)
        uow.session.add(
            Rendition(
                blob_key=stored.key,
                kind=RenditionKind.PAGE,
                number=picture.number,
                variant=picture.variant,
                key=picture.key,
                media_type=WEBP,
                size=picture.size,
                width=picture.width,
                height=picture.height,
                approximate=stored.approximate,
                made_at=uow.now(),
            )
        )
    uow.session.flush()
    _count_pages(uow, stored)
    _lend_cover(uow, blob)


def _lend_cover(uow: UnitOfWork, blob: Blob) -> None:
    """The first page stands for a file that brought no small picture of its own."""
    if blob.thumbnail_key is None:
        blob.thumbnail_key = uow.session.scalar(
            select(Rendition.key).where(
                Rendition.blob_key == blob.key,
                Rendition.kind == RenditionKind.PAGE,
                Rendition.number == 1,
                Rendition.variant == SMALL,
            )
        )


def _count_pages(uow: UnitOfWork, stored: Stored) -> None:
    """How many pages there are to show, as far as it is known now."""
    preview = uow.session.get(Preview, stored.key)
    if preview is None:
        preview = Preview(blob_key=stored.key)
        uow.session.add(preview)
    preview.made_at = uow.now()
    preview.trouble = stored.trouble.value if stored.trouble else None
    made = max(_made_numbers(uow.session, stored.key), default=0)
    if made < stored.asked:
        preview.pages = made
    elif stored.total is not None:
        preview.pages = stored.total


def _made_numbers(session: Session, key: str) -> set[int]:
    return set(
        session.scalars(
            select(Rendition.number).where(
                Rendition.blob_key == key,
                Rendition.kind == RenditionKind.PAGE,
                Rendition.variant == LARGE,
            )
        )
    )
