"""Compare the pages of two files in the background, once, for everybody who may see both."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.files.likeness import compared_pages
from resource_hub.models import (
    Blob,
    JudgedFile,
    PageComparison,
    Rendition,
    RenditionKind,
    Submission,
)
from resource_hub.services.previews import has_pages
from resource_hub.services.queries.previews import LARGE, pages_of
from resource_hub.services.queries.standings import open_rounds, readable_revisions
from resource_hub.services.queries.stored_files import NO_SUCH_FILE
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

COMPARE = "looks"
"""The kind of the job; its subject is the row."""

Keys = tuple[str, str]
"""Blobs of the earlier and of the later file."""


def comparable(before: Blob, after: Blob) -> bool:
    """Whether both have pages to be compared."""
    return has_pages(before) and has_pages(after)


def comparisons(session: Session, pairs: Collection[Keys]) -> Mapping[Keys, PageComparison]:
    """What is known, or promised, of these pairs; one query."""
    rows = session.scalars(
        select(PageComparison).where(
            tuple_(PageComparison.before_key, PageComparison.after_key).in_(sorted(pairs))
        )
    )
    return {(row.before_key, row.after_key): row for row in rows}


def promise_comparisons(uow: UnitOfWork, pairs: Collection[Keys]) -> None:
    """Have these pairs compared, those that nobody has asked for yet."""
    known = comparisons(uow.session, pairs)
    for before_key, after_key in sorted(set(pairs) - known.keys()):
        row = PageComparison(before_key=before_key, after_key=after_key, pages=[])
        uow.session.add(row)
        uow.session.flush()
        uow.promise(COMPARE, row.id)


def waiting(session: Session, subject: str) -> Keys | None:
    """The blobs that a job is about, or None when they have been compared or are gone."""
    row = session.get(PageComparison, int(subject))
    return None if row is None or row.made_at is not None else (row.before_key, row.after_key)


def compare(session: Session, storage: Storage, keys: Keys) -> list[list[Any]]:  # Any: see models
    """Compare the pages that have been made; touches no row.

    Raises:
        StorageError: a picture is missing or the storage does not answer; it is tried again.
    """
    pages = pages_of(session, keys)
    session.rollback()

    def pictures(key: str) -> list[bytes]:
        found = []
        for page in pages.get(key, ()):
            with storage.open(page.large.key) as stream:
                found.append(stream.read())
        return found

    pairs = compared_pages(pictures(keys[0]), pictures(keys[1]))
    numbers = [[page.number for page in pages.get(key, ())] for key in keys]
    return [
        [
            None if pair.before is None else numbers[0][pair.before - 1],
            None if pair.after is None else numbers[1][pair.after - 1],
            [list(region) for region in pair.regions],
        ]
        for pair in pairs
    ]


def note_comparison(uow: UnitOfWork, subject: str, pages: list[list[Any]]) -> None:  # Any: models
    """Write down what was found."""
    row = uow.session.get(PageComparison, int(subject))
    if row is not None:
        row.pages, row.made_at = pages, uow.now()


def judged_page(
    session: Session,
    person: Person,
    public_id: str,
    version: int,
    judged_id: int,
    *,
    number: int,
    now: datetime,
) -> Rendition:
    """A page of a file as it was judged in a round that this person may see.

    Raises:
        Missing: there is none, as far as this person may know.
    """
    revisions = readable_revisions(session, person, public_id, now)
    revision = next((each for each in revisions if each.number == version), None)
    if revision is None:
        raise Missing(NO_SUCH_FILE)
    rounds = [each.submission_id for each in open_rounds(session, person, revision)]
    found = session.scalar(
        select(Rendition)
        .join(JudgedFile, JudgedFile.blob_key == Rendition.blob_key)
        .join(Submission, Submission.id == JudgedFile.submission_id)
        .where(
            JudgedFile.id == judged_id,
            Submission.id.in_(rounds),
            Rendition.kind == RenditionKind.PAGE,
            Rendition.number == number,
            Rendition.variant == LARGE,
        )
    )
    if found is None:
        raise Missing(NO_SUCH_FILE)
    return found
