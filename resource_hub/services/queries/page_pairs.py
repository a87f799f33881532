"""The pages of two works that look the same, with their pictures, for who may open both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Attachment, FoundAlike, Resource, Revision
from resource_hub.services.queries.previews import Page, pages_of
from resource_hub.services.queries.readable import files_open_to


@dataclass(frozen=True, slots=True)
class PageSide:
    """A page in one work; ``picture`` is None until it has been drawn."""

    public_id: str
    attachment_id: int
    filename: str
    number: int
    picture: Page | None


@dataclass(frozen=True, slots=True)
class LookPair:
    new: PageSide
    old: PageSide


def pages_side_by_side(
    session: Session, person: Person, new_id: int, old_id: int, now: datetime
) -> Sequence[LookPair]:
    """Pages of revision ``new_id`` that look like pages of ``old_id``, in its order; three queries.

    Pages of files that have gone since, or that the person may not open, are left out.
    """
    told = session.scalar(
        select(FoundAlike.same_pages).where(
            FoundAlike.revision_id == new_id, FoundAlike.other_id == old_id
        )
    )
    if not told:
        return []
    files = _open_files(session, person, (new_id, old_id), now)
    keys = {key for new_key, _, old_key, _ in told for key in (new_key, old_key)}
    pictures = {
        (key, page.number): page
        for key, pages in pages_of(session, keys & {key for _, key in files}).items()
        for page in pages
    }
    pairs = []
    for new_key, new_number, old_key, old_number in told:
        new, old = files.get((new_id, new_key)), files.get((old_id, old_key))
        if new is None or old is None:
            continue
        pairs.append(
            LookPair(
                PageSide(*new, new_number, pictures.get((new_key, new_number))),
                PageSide(*old, old_number, pictures.get((old_key, old_number))),
            )
        )
    return pairs


def _open_files(
    session: Session, person: Person, revision_ids: tuple[int, int], now: datetime
) -> Mapping[tuple[int, str], tuple[str, int, str]]:
    """Public id, attachment and name of each file, by revision and blob; the first of each."""
    rows = session.execute(
        select(
            Attachment.revision_id,
            Attachment.blob_key,
            Resource.public_id,
            Attachment.id,
            Attachment.filename,
        )
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Attachment.revision_id.in_(revision_ids), files_open_to(person, now))
        .order_by(Attachment.position.desc(), Attachment.id.desc())
    )
    return {
        (revision_id, key): (public_id, attachment_id, filename)
        for revision_id, key, public_id, attachment_id, filename in rows
    }
