"""What the front page says beside the shelf: whether the hub is set up, a person's next things."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import EDITABLE, State
from resource_hub.models import Resource, Revision, School


def has_schools(session: Session) -> bool:
    """Whether anybody has set the hub up."""
    return session.scalar(select(School.id).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class ToFinish:
    """Own work that waits for its author."""

    drafts: int = 0
    changes_requested: int = 0

    @property
    def total(self) -> int:
        return self.drafts + self.changes_requested


def to_finish(session: Session, person: Person) -> ToFinish:
    """How many of the person's revisions can be written on."""
    if not person.is_signed_in:
        return ToFinish()
    rows = session.execute(
        select(Revision.state, func.count(Revision.id))
        .join(Revision.resource)
        .where(Resource.owner_id == person.id, Revision.state.in_(EDITABLE))
        .group_by(Revision.state)
    )
    found = dict(rows.all())
    return ToFinish(found.get(State.DRAFT, 0), found.get(State.CHANGES_REQUESTED, 0))
