"""A draft of its own becomes the next version of a resource that its author has published."""

from sqlalchemy import Select, delete, func, select, update

from resource_hub.domain.errors import N_, Invalid, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State, next_place
from resource_hub.models import Comparison, FoundAlike, Kinship, Notice, Resource, Revision
from resource_hub.services.revisions import load_revision, reviewable
from resource_hub.services.unit_of_work import UnitOfWork


def become_version(uow: UnitOfWork, person: Person, revision: Revision, resource_id: int) -> None:
    """Move a draft, with its files and description, into the resource as its next version.

    Its own resource, which nobody else has seen, goes; what happened to it stays in the log. The
    live version stays as it is until the new one is published. The kind is the resource's.

    Args:
        revision: loaded, and held still by the caller.

    Raises:
        Invalid: it cannot be: the draft was under review, or that resource is somebody else's,
            is not published, or has another version that is being written or reviewed.
    """
    session, own = uow.session, revision.resource
    target = session.scalars(
        select(Resource).where(Resource.id == resource_id).with_for_update()
    ).one()
    if sentence := _what_is_against(uow, person, revision, target):
        raise Invalid([Problem(f"alike_{target.public_id}", sentence)])
    last = session.scalar(
        select(func.max(Revision.number)).where(Revision.resource_id == target.id)
    )
    live_id = session.scalar(_live_of(target))
    revision.number = (last or 0) + 1
    revision.resource = target
    revision.updated_at = uow.now()
    session.flush()
    session.execute(
        update(Notice).where(Notice.revision_id == revision.id).values(resource_id=target.id)
    )
    session.execute(delete(FoundAlike).where(FoundAlike.revision_id == revision.id))
    session.execute(delete(Comparison).where(Comparison.revision_id == revision.id))
    _hand_over_what_was_said(uow, live_id, revision, target)
    uow.record("resource:join", by=person, resource=target, revision=revision, draft=own.public_id)
    session.delete(own)
    session.flush()


def _what_is_against(
    uow: UnitOfWork, person: Person, revision: Revision, target: Resource
) -> str | None:
    if revision.state is not State.DRAFT or revision.number > 1:
        return N_(
            "This work has versions or a review of its own, so it cannot become a version of"
            " another. Say that it is derived from it, or different and why."
        )
    live_id = uow.session.scalar(_live_of(target))
    if live_id is None or target.owner_id != person.id:
        return N_(
            "Only what you have published yourself can get a new version from you. Say that yours"
            " is derived from it, or different and why."
        )
    live = load_revision(uow.session, live_id)
    try:
        next_place(Action.REVISE, person, reviewable(uow.session, live))
    except (NotAllowed, WrongState):
        return N_(
            "Another version of it is being written or reviewed already. Finish or discard that"
            " one first; this draft stays as it is."
        )
    return None


def _hand_over_what_was_said(
    uow: UnitOfWork, live_id: int | None, revision: Revision, target: Resource
) -> None:
    """What was said of the live version holds for the next, as when a version is opened from it."""
    session = uow.session
    session.execute(
        delete(Kinship).where(Kinship.revision_id == revision.id, Kinship.other_id == target.id)
    )
    answered = set(
        session.scalars(select(Kinship.other_id).where(Kinship.revision_id == revision.id))
    )
    before = session.scalars(select(Kinship).where(Kinship.revision_id == live_id)).all()
    session.add_all(
        Kinship(
            revision_id=revision.id,
            other_id=said.other_id,
            relation=said.relation,
            why=said.why,
            said_at=said.said_at,
        )
        for said in before
        if said.other_id not in answered
    )


def _live_of(target: Resource) -> Select[int]:
    return select(Revision.id).where(
        Revision.resource_id == target.id, Revision.state == State.PUBLISHED
    )
