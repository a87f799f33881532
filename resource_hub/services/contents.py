"""What a person owns already, by title and content: what makes two resources the same."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Attachment, Resource, Revision

Content = tuple[str, str]
"""Title, and the hash of text, sections and files: what makes two resources the same."""


def content_hash(text: str, sections: Iterable[str], keys: Iterable[str]) -> str:
    """The same for the same text, sections and files, whatever these are called."""
    parts = [text, *sorted(section for section in sections if section.strip())]
    digest = hashlib.sha256()
    for part in (*parts, *sorted(keys)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def contents_of(session: Session, person: Person) -> Counter[Content]:
    """What this person owns: how many resources there are of each title and content.

    Every revision counts, so that what was corrected by hand since is not brought back.
    """
    keys: dict[int, list[str]] = {}
    files = session.execute(
        select(Attachment.revision_id, Attachment.blob_key)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Resource.owner_id == person.id)
    )
    for revision_id, key in files:
        keys.setdefault(revision_id, []).append(key)
    rows = session.execute(
        select(Revision.resource_id, Revision.id, Revision.title, Revision.text, Revision.sections)
        .join(Revision.resource)
        .where(Resource.owner_id == person.id)
    )
    owned = {
        (resource_id, title, content_hash(text, sections.values(), keys.get(revision_id, ())))
        for resource_id, revision_id, title, text, sections in rows
    }
    return Counter((title, content) for _resource_id, title, content in owned)
