"""The picture that an editor chose for a cover; the printed cover is a file of the issue."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.models import Issue
from resource_hub.services.issue_access import may_edit
from resource_hub.services.queries.stored_files import StoredBytes
from storage import Storage


def chosen_cover(
    session: Session, storage: Storage, person: Person, alliance_id: int, month: Month
) -> StoredBytes:
    """The picture, as WebP; of a draft for its editors alone.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    found = session.execute(
        select(Issue.cover_key, Issue.built_at, Issue.published_at).where(
            Issue.alliance_id == alliance_id, Issue.month == str(month)
        )
    ).one_or_none()
    if (
        found is None
        or found.cover_key is None
        or (found.published_at is None and not may_edit(person, alliance_id))
    ):
        raise Missing(N_("This issue has no picture of its own on its cover."))
    return StoredBytes(
        key=found.cover_key,
        size=storage.size(found.cover_key),
        filename="cover.webp",
        format="webp",
        media_type="image/webp",
        stored_at=found.built_at,
        public_id="cover",
    )
