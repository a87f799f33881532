"""Who uses which bytes of the storage: the one list by which nothing is lost and nothing is kept.

Whoever writes a key into a row calls ``claim`` in the same transaction. That and the housekeeping,
which holds the same row while it deletes, make sure that bytes which were put down again at the
very moment of their removal are either kept or brought anew.
"""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    cast,
    delete,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from resource_hub.domain.errors import N_, Unavailable
from resource_hub.models import (
    Artefact,
    Attachment,
    Blob,
    Entry,
    Issue,
    JudgedFile,
    PostPicture,
    Rendition,
    StatementFile,
    UnusedBlob,
    Upload,
)
from resource_hub.services.unit_of_work import UnitOfWork
from storage import BlobMissing, Storage


class Use(StrEnum):
    """What the bytes are to the hub."""

    FILE = "file"
    THUMBNAIL = "thumbnail"
    RENDITION = "rendition"
    ISSUE = "issue"
    """A file or the cover of an issue of the catalogue."""
    STATEMENT = "statement"
    """Figures that were fixed, as a workbook or to sign."""
    POST = "post"
    """A picture of a post."""


LASTING = frozenset({Use.FILE, Use.ISSUE, Use.STATEMENT, Use.POST})
"""What cannot be made again."""


class BytesGone(Unavailable):
    """The bytes went while they were being attached: put them down once more, then try again."""


def _is_held(key: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a revision, a round or a finished upload has it; asked of each blob, by indexes."""
    return or_(
        exists().where(Attachment.blob_key == key),
        exists().where(JudgedFile.blob_key == key),
        exists().where(Upload.blob_key == key),
    )


def used(after: str = "", upto: str = "g") -> Select[str, str, int | None]:
    """Select ``key, use, size`` of all that is used, of keys after ``after`` and up to ``upto``.

    A key may come several times. What was made from a file is used as long as the file is.
    """

    def within(
        column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ) -> ColumnElement[bool]:
        return (column > after) & (column <= upto)

    every = union_all(
        select(Blob.key.label("key"), _word(Use.FILE), Blob.size.label("size")).where(
            within(Blob.key), _is_held(Blob.key)
        ),
        select(Blob.thumbnail_key, _word(Use.THUMBNAIL), cast(null(), BigInteger)).where(
            within(Blob.thumbnail_key), _is_held(Blob.key)
        ),
        select(Rendition.key, _word(Use.RENDITION), Rendition.size).where(
            within(Rendition.key), _is_held(Rendition.blob_key)
        ),
        select(Entry.thumbnail_key, _word(Use.THUMBNAIL), cast(null(), BigInteger)).where(
            within(Entry.thumbnail_key)
        ),
        select(Artefact.blob_hash, _word(Use.ISSUE), Artefact.size).where(
            within(Artefact.blob_hash)
        ),
        select(Issue.cover_key, _word(Use.ISSUE), cast(null(), BigInteger)).where(
            within(Issue.cover_key)
        ),
        select(StatementFile.blob_hash, _word(Use.STATEMENT), StatementFile.size).where(
            within(StatementFile.blob_hash)
        ),
        select(PostPicture.key, _word(Use.POST), cast(null(), BigInteger)).where(
            within(PostPicture.key)
        ),
    ).subquery()
    return select(every.c.key, every.c.use, every.c.size)


def _word(use: Use) -> ColumnElement[str]:
    return literal(use.value, String(24)).label("use")


def claim(uow: UnitOfWork, storage: Storage, key: str) -> None:
    """Say that a row will name ``key``, before it does, in the same transaction.

    From here to the end of the transaction nobody removes the bytes.

    Raises:
        BytesGone: they were removed a moment ago.
    """
    uow.session.execute(delete(UnusedBlob).where(UnusedBlob.key == key))
    try:
        storage.size(key)
    except BlobMissing as error:
        raise BytesGone(
            N_("The file could not be stored just now. Your draft is safe; try again soon.")
        ) from error
