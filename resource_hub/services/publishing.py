"""Make a revision the live one, or take the live one down."""

from datetime import UTC, datetime, time, tzinfo

from sqlalchemy import select

from resource_hub.domain.review import State
from resource_hub.domain.visibility import audience_token
from resource_hub.models import Resource, Revision
from resource_hub.services.unit_of_work import UnitOfWork


def go_live(uow: UnitOfWork, revision: Revision, *, basis: str) -> None:
    """Publish ``revision``; the one that was live is superseded, in the same transaction.

    Search is promised a look now and, for a later release date, another one then. A release date
    holds back a first version alone: the present one would otherwise vanish until that day.
    """
    live = uow.session.scalar(
        select(Revision).where(
            Revision.resource_id == revision.resource_id, Revision.state == State.PUBLISHED
        )
    )
    if live is not None:
        live.state = State.SUPERSEDED
        uow.session.flush()  # the index allows one live revision at any moment
    go_live_first(uow, revision, basis=basis)


def go_live_first(uow: UnitOfWork, revision: Revision, *, basis: str) -> None:
    """Publish a revision of a resource of which no other is live any more, as the caller knows."""
    resource, now = revision.resource, uow.now()
    revision.state, revision.stage = State.PUBLISHED, None
    revision.basis = basis
    revision.published_at = now
    revision.available_at = (
        available_from(revision, uow.zone, now)
        if resource.available_at is None
        else max(now, resource.available_at)
    )
    resource.audience_token = audience_token(
        revision.audience, school_id=resource.school_id, alliance_id=revision.alliance_id
    )
    resource.available_at = revision.available_at
    if resource.first_available_at is None or resource.first_available_at > now:
        resource.first_available_at = revision.available_at
    resource.withdrawn_at, resource.withdrawn_reason = None, ""
    uow.promise("index", resource.id)
    if revision.available_at > now:
        uow.promise("index", resource.id, at=revision.available_at)


def available_from(revision: Revision, zone: tzinfo, now: datetime) -> datetime:
    """The later of now and midnight of the release date."""
    if revision.release_on is None:
        return now
    return max(now, datetime.combine(revision.release_on, time.min, zone).astimezone(UTC))


def take_down(uow: UnitOfWork, revision: Revision, *, reason: str) -> None:
    """Leave a tombstone: the page stays, says why, and nothing can be found or downloaded."""
    resource, now = revision.resource, uow.now()
    revision.state, revision.withdrawn_at = State.WITHDRAWN, now
    resource.audience_token = resource.available_at = None
    resource.withdrawn_at, resource.withdrawn_reason = now, reason
    promise_index(uow, resource)


def promise_index(uow: UnitOfWork, resource: Resource, *, at: datetime | None = None) -> None:
    """Have the worker bring the search index up to date for ``resource``."""
    uow.session.flush()
    uow.promise("index", resource.id, at=at)
