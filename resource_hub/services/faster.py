"""Who moved a work on a moment before somebody else wanted to."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.people import Person
from resource_hub.models import AuditEvent, Revision


def who_was_faster(
    session: Session, person: Person, revision: Revision, refusal: WrongState
) -> WrongState:
    """Name the person who moved it on, when it was someone else; else repeat the refusal."""
    last = session.scalar(
        select(AuditEvent)
        .where(AuditEvent.revision_id == revision.id, AuditEvent.tag.like("revision:%"))
        .order_by(AuditEvent.id.desc())
        .options(joinedload(AuditEvent.actor))
        .limit(1)
    )
    if last is None or last.actor is None or last.actor_id == person.id:
        return refusal
    return WrongState(
        N_("%(name)s was faster. Look again, then decide; what you wrote is kept."),
        name=last.actor.name,
    )
