"""The two figures beside the words of the navigation."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Notice
from resource_hub.services.queries.inbox import count_waiting


@dataclass(frozen=True, slots=True)
class Counts:
    to_review: int = 0
    notices: int = 0


def counts_of(session: Session, person: Person) -> Counts:
    """What waits for ``person``; nothing waits for a stranger."""
    if not person.is_signed_in:
        return Counts()
    unread = session.scalar(
        select(func.count(Notice.id)).where(Notice.user_id == person.id, Notice.read_at.is_(None))
    )
    return Counts(count_waiting(session, person), unread or 0)
