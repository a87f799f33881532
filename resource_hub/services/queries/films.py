"""What a player plays; the permission is part of the query."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.models import Rendition, RenditionKind
from resource_hub.services.queries.stored_files import NO_SUCH_FILE, StoredFile, find_file

_FORMATS = {"video/mp4": "mp4", "video/webm": "webm", "audio/mp4": "m4a", "audio/webm": "webm"}


def find_film(
    session: Session, person: Person, public_id: str, attachment_id: int, now: datetime
) -> StoredFile:
    """What was made of a film or a sound for browsers; fetching it is no download.

    Raises:
        Missing: there is none (yet), as far as this person may know.
    """
    file = find_file(session, person, public_id, attachment_id, now)
    made = session.scalar(
        select(Rendition).where(
            Rendition.blob_key == file.key, Rendition.kind == RenditionKind.FILM
        )
    )
    if made is None or made.media_type not in _FORMATS:
        raise Missing(NO_SUCH_FILE)
    code = _FORMATS[made.media_type]
    return replace(
        file,
        key=made.key,
        size=made.size,
        filename=f"{file.filename.rpartition('.')[0] or file.filename}.{code}",
        format=code,
        media_type=made.media_type,
        stored_at=made.made_at,
        counts=False,
    )
