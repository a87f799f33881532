"""Make a revision the live one, or take the live one down."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, tzinfo

from sqlalchemy import select

from resource_hub.domain.endorsement import endorsing
from resource_hub.domain.review import Action, Stage, State
from resource_hub.domain.visibility import audience_token
from resource_hub.models import Resource, Review, Revision, Submission
from resource_hub.services.follow_ups import note_new_revision
from resource_hub.services.unit_of_work import UnitOfWork


def go_live(
    uow: UnitOfWork, revision: Revision, *, basis: str, passed: Submission | None = None
) -> None:
    """Publish ``revision``; the one that was live is superseded, in the same transaction.

    Search is promised a look now and, for a later release date, another one then. A release date
    holds back a first version alone: the present one would otherwise vanish until that day.

    Args:
        passed: the round in which reviewers approved it; None for a collection.
    """
    live = uow.session.scalar(
        select(Revision).where(
            Revision.resource_id == revision.resource_id, Revision.state == State.PUBLISHED
        )
    )
    if live is not None:
        live.state = State.SUPERSEDED
        uow.promise("compare", live.id)
        uow.session.flush()  # the index allows one live revision at any moment
    if passed is not None:
        revision.endorsed_at = _endorsed_at(uow, passed, live)
    go_live_first(uow, [revision], basis=basis)
    note_new_revision(uow, revision)


def _endorsed_at(uow: UnitOfWork, passed: Submission, live: Revision | None) -> tuple[str, ...]:
    """What was approved before an appeal counts too: it is the same version."""
    by_members = uow.session.scalars(
        select(Review.stage)
        .join(Review.submission)
        .where(
            Submission.revision_id == passed.revision_id,
            Submission.round.in_([passed.round, passed.appeal_of or passed.round]),
            Review.decision == Action.APPROVE,
            Review.reviewer_school_id.is_not(None),
        )
    ).all()
    return endorsing(
        passed.policy.stages,
        by_members,
        fast_lane=passed.fast_lane,
        before=[Stage(code) for code in live.endorsed_at] if live is not None else (),
    )


def go_live_first(uow: UnitOfWork, revisions: Sequence[Revision], *, basis: str) -> None:
    """Publish revisions of resources of which no other is live any more, as the caller knows."""
    now = uow.now()
    for revision in revisions:
        _put_on_shelf(uow, revision, now, basis=basis)
    uow.promise_many([each for revision in revisions for each in _promises(revision, now)])


def _put_on_shelf(uow: UnitOfWork, revision: Revision, now: datetime, *, basis: str) -> None:
    resource = revision.resource
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


def _promises(revision: Revision, now: datetime) -> Iterator[tuple[str, object, datetime]]:
    yield "index", revision.resource_id, now
    yield "compare", revision.id, now
    if revision.available_at is not None and revision.available_at > now:
        yield "index", revision.resource_id, revision.available_at


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
