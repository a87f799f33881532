"""Look into a file, in the background, and keep what was found."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import State
from resource_hub.files import READERS, Facts, Part, PlaceKind, Trouble
from resource_hub.files.personal_data import findings as numbers_of_people
from resource_hub.models import Attachment, Blob, BlobText, Job, Resource, Revision
from resource_hub.services.films import note_media
from resource_hub.services.publishing import promise_index
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.work_prints import promise_comparisons
from storage import Storage

PAUSE = timedelta(seconds=5)
"""Between two files that are looked into again, so that new uploads do not wait."""


class Inspector(Protocol):
    """Who looks into files: ``resource_hub.files.Workshop``, a process of its own."""

    def inspect(self, path: Path, name: str) -> Facts: ...


def look_into(
    session: Session, storage: Storage, inspector: Inspector, key: str
) -> tuple[Facts, str | None] | None:
    """Read blob ``key`` and store its thumbnail; touches no row, so nobody waits meanwhile.

    Returns:
        The facts and the thumbnail's key, or None when no file uses the blob any more.

    Raises:
        StorageError: the blob is missing or the storage does not answer; the job is tried again.
        OSError: our disk failed while it was read; likewise.
    """
    filename = session.scalar(
        select(Attachment.filename).where(Attachment.blob_key == key).order_by(Attachment.id)
    )
    session.rollback()
    if filename is None:
        return None
    with storage.local_copy(key) as path:
        facts = inspector.inspect(path, filename)
    thumbnail_key = None
    if facts.thumbnail:
        thumbnail_key = storage.put(io.BytesIO(facts.thumbnail)).key
    return facts, thumbnail_key


def note_facts(uow: UnitOfWork, key: str, facts: Facts, thumbnail_key: str | None) -> None:
    """Write down what was found, and promise the index another look at what is live."""
    blob = uow.session.get(Blob, key)
    if blob is None:
        return
    blob.pages, blob.width, blob.height = facts.pages, facts.width, facts.height
    note_media(uow, blob, facts)
    blob.trouble = facts.trouble.value if facts.trouble else None
    blob.thumbnail_key = thumbnail_key
    blob.macros = facts.file_type.macros
    blob.inspected_at, blob.inspected_by = uow.now(), READERS
    found = [[each.what, each.place, each.label, each.masked] for each in facts.findings]
    if facts.text or blob.recognition is None:
        blob.recognition, blob.recognised_pages = None, 0
        _note_text(uow, blob, facts)
    elif recognised := uow.session.get(BlobText, key):  # it stays while readers find no better one
        found += findings_in(recognised)
    blob.findings = found
    promise_what_follows(uow, key)


def findings_in(kept: BlobText) -> list[list[Any]]:  # Any: as the model says
    """Numbers of people in a text that is kept, as ``Blob.findings`` has them."""
    parts = [Part(PlaceKind(kind), label, start) for start, kind, label in kept.places]
    found = numbers_of_people(kept.text, parts)
    return [[each.what, each.place, each.label, each.masked] for each in found]


def _note_text(uow: UnitOfWork, blob: Blob, facts: Facts) -> None:
    places = [[part.start, part.kind.value, part.label] for part in facts.parts]
    text = uow.session.get(BlobText, blob.key)
    if text is None and (facts.text or facts.listing):
        text = BlobText(blob_key=blob.key)
        uow.session.add(text)
    if text is not None:
        text.text, text.places, text.listing = facts.text, places, _listing(facts)


def promise_what_follows(uow: UnitOfWork, key: str) -> None:
    """The text of a file is another now: have its works compared, and found by it."""
    uow.session.flush()
    promise_comparisons(uow, key)
    live = uow.session.scalars(
        select(Resource)
        .join(Resource.revisions)
        .join(Revision.attachments)
        .where(Attachment.blob_key == key, Revision.state == State.PUBLISHED)
        .distinct()
    )
    for resource in live:
        promise_index(uow, resource)


def _listing(facts: Facts) -> dict[str, Any] | None:  # Any: as the model says
    listing = facts.listing
    if listing is None:
        return None
    return {
        "total": listing.total,
        "members": [[member.name, member.size] for member in listing.members],
    }


def read_by_older_ones(session: Session) -> list[str]:
    """Keys of the blobs that an older generation of readers looked into, and no job will soon.

    What killed its reader is left alone: it would do so again.
    """
    promised = select(Job.subject).where(Job.kind == "inspect")
    keys = session.scalars(
        select(Blob.key)
        .where(
            Blob.inspected_at.is_not(None),
            Blob.inspected_by < READERS,
            Blob.trouble.is_distinct_from(Trouble.KILLED.value),
            Blob.key.in_(select(Attachment.blob_key)),
            Blob.key.not_in(promised),
        )
        .order_by(Blob.created_at.desc(), Blob.key)
    )
    return list(keys)


def promise_second_looks(uow: UnitOfWork) -> int:
    """Have files looked into again that the readers of today may find more in; the newest first.

    Returns:
        How many it was.
    """
    keys = read_by_older_ones(uow.session)
    for number, key in enumerate(keys):
        uow.promise("inspect", key, at=uow.now() + number * PAUSE)
    return len(keys)
