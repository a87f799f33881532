"""Look into a file, in the background, and keep what was found."""

import io
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import State
from resource_hub.files import Facts
from resource_hub.models import Attachment, Blob, BlobText, Resource, Revision
from resource_hub.services.publishing import promise_index
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage


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
    blob.trouble = facts.trouble.value if facts.trouble else None
    blob.thumbnail_key = thumbnail_key
    blob.inspected_at = uow.now()
    places = [[part.start, part.kind.value, part.label] for part in facts.parts]
    text = uow.session.get(BlobText, key)
    if text is not None:
        text.text, text.places = facts.text, places
    elif facts.text:
        uow.session.add(BlobText(blob_key=key, text=facts.text, places=places))
    uow.session.flush()
    live = uow.session.scalars(
        select(Resource)
        .join(Resource.revisions)
        .join(Revision.attachments)
        .where(Attachment.blob_key == key, Revision.state == State.PUBLISHED)
        .distinct()
    )
    for resource in live:
        promise_index(uow, resource)
