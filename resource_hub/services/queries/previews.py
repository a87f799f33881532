"""What the viewer shows of one file; the permission is part of every query."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, contains_eager

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import (
    Attachment,
    Blob,
    BlobText,
    Preview,
    Rendition,
    RenditionKind,
    Resource,
    Revision,
)
from resource_hub.services.queries.readable import files_open_to
from resource_hub.services.queries.stored_files import NO_SUCH_FILE

SMALL, LARGE = "small", "large"


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of one page; ``key`` names its bytes, width and height are pixels."""

    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page in both sizes."""

    number: int
    small: Picture
    large: Picture
    approximate: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file of the same revision, itself included."""

    attachment_id: int
    filename: str
    family: str


@dataclass(frozen=True, slots=True)
class FileView:
    """Everything about one file that its viewer shows, its text and what was made of it."""

    attachment: Attachment
    blob: Blob
    revision: Revision
    resource: Resource
    neighbours: Sequence[Neighbour]
    preview: Preview | None
    pages: Mapping[int, Page]
    """Those that have been made, by number."""
    text: BlobText | None


def file_view(
    session: Session, person: Person, public_id: str, attachment_id: int, now: datetime
) -> FileView:
    """One file for the viewer, in the same number of queries whatever it is.

    Raises:
        Missing: there is none, as far as this person may know.
    """
    attachment = session.scalar(
        select(Attachment)
        .join(Attachment.blob)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(_is_the_file(person, public_id, attachment_id, now))
        .options(
            contains_eager(Attachment.blob),
            contains_eager(Attachment.revision).contains_eager(Revision.resource),
        )
    )
    if attachment is None:
        raise Missing(NO_SUCH_FILE)
    key = attachment.blob_key
    neighbours = session.execute(
        select(Attachment.id, Attachment.filename, Blob.family)
        .join(Attachment.blob)
        .where(Attachment.revision_id == attachment.revision_id)
        .order_by(Attachment.position, Attachment.id)
    )
    return FileView(
        attachment=attachment,
        blob=attachment.blob,
        revision=attachment.revision,
        resource=attachment.revision.resource,
        neighbours=[Neighbour(*row) for row in neighbours],
        preview=session.get(Preview, key),
        pages={page.number: page for page in pages_of(session, [key]).get(key, ())},
        text=session.get(BlobText, key),
    )


def number_of_file(
    session: Session, person: Person, public_id: str, filename: str, now: datetime
) -> int:
    """The attachment of this name in the live version: search knows files by their names.

    Raises:
        Missing: there is none, as far as this person may know.
    """
    found = session.scalar(
        select(Attachment.id)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(
            Attachment.filename == filename,
            Resource.public_id == public_id,
            Revision.state == State.PUBLISHED,
            files_open_to(person, now),
        )
        .order_by(Attachment.position, Attachment.id)
        .limit(1)
    )
    if found is None:
        raise Missing(NO_SUCH_FILE)
    return found


def pages_of(
    session: Session, blob_keys: Collection[str], *, most: int | None = None
) -> Mapping[str, Sequence[Page]]:
    """The pages that have been made of these blobs, in order, by blob; one query.

    The caller has made sure that the person may open the files.

    Args:
        most: Of each blob only pages up to this number.
    """
    wanted = select(Rendition).where(
        Rendition.blob_key.in_(blob_keys), Rendition.kind == RenditionKind.PAGE
    )
    if most is not None:
        wanted = wanted.where(Rendition.number <= most)
    sizes: dict[tuple[str, int], dict[str, Rendition]] = {}
    for row in session.scalars(wanted.order_by(Rendition.number)):
        sizes.setdefault((row.blob_key, row.number), {})[row.variant] = row
    found: dict[str, list[Page]] = {}
    for (blob_key, number), rows in sizes.items():
        if SMALL in rows and LARGE in rows:
            small, large = rows[SMALL], rows[LARGE]
            found.setdefault(blob_key, []).append(
                Page(number, _picture(small), _picture(large), large.approximate)
            )
    return found


def page_totals(session: Session, blob_keys: Collection[str]) -> Mapping[str, int]:
    """How many pages there are to show of each of these blobs, where it is known; one query."""
    rows = session.execute(
        select(Preview.blob_key, Preview.pages).where(
            Preview.blob_key.in_(blob_keys), Preview.pages.is_not(None)
        )
    )
    return {blob_key: pages for blob_key, pages in rows if pages is not None}


def find_page(
    session: Session,
    person: Person,
    public_id: str,
    attachment_id: int,
    *,
    number: int,
    variant: str,
    now: datetime,
) -> Rendition:
    """One picture of one page of a file that this person may open.

    Raises:
        Missing: there is none, as far as this person may know.
    """
    return _find(
        session,
        _is_the_file(person, public_id, attachment_id, now),
        and_(
            Rendition.kind == RenditionKind.PAGE,
            Rendition.number == number,
            Rendition.variant == variant,
        ),
    )


def _find(
    session: Session, of_the_file: ColumnElement[bool], wanted: ColumnElement[bool]
) -> Rendition:
    found = session.scalar(
        select(Rendition)
        .join(Attachment, Attachment.blob_key == Rendition.blob_key)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(of_the_file, wanted)
    )
    if found is None:
        raise Missing(NO_SUCH_FILE)
    return found


def _is_the_file(
    person: Person, public_id: str, attachment_id: int, now: datetime
) -> ColumnElement[bool]:
    """The condition on Attachment, joined with its Revision and Resource."""
    return and_(
        Attachment.id == attachment_id,
        Resource.public_id == public_id,
        files_open_to(person, now),
    )


def _picture(row: Rendition) -> Picture:
    return Picture(row.key, row.width or 0, row.height or 0)
