"""What changed on the shelf of an alliance in a period, for its catalogue."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from resource_hub.domain.catalogue import Change, Version, change_between
from resource_hub.domain.visibility import Audience
from resource_hub.models import Membership, Resource, Revision

_CHUNK = 500


def changes(
    session: Session, alliance_id: int, start: datetime, end: datetime
) -> Iterator[tuple[Change, Revision]]:
    """Each resource whose place on the alliance's shelf differs, with the revision to show."""
    changed: dict[tuple[int, int], Change] = {}
    for resource_id, history in _histories(session, alliance_id, start, end):
        found = change_between(start, end, history)
        if found is not None:
            changed[resource_id, found[1].number] = found[0]
    ids = [resource_id for resource_id, _number in changed]
    for first in range(0, len(ids), _CHUNK):
        revisions = session.scalars(
            select(Revision)
            .where(Revision.resource_id.in_(ids[first : first + _CHUNK]))
            .options(
                defer(Revision.text),
                defer(Revision.sections),
                joinedload(Revision.resource).options(
                    joinedload(Resource.owner), joinedload(Resource.school)
                ),
            )
        )
        for revision in revisions:
            change = changed.get((revision.resource_id, revision.number))
            if change is not None:
                yield change, revision


def _is_shared(session: Session, alliance_id: int) -> ColumnElement[bool]:
    """Whether a revision stands on the alliance's shelf: what it shares, and what it gives to all.

    What a school keeps to itself is in no catalogue. A public revision that names no alliance
    belongs to the first one that its school joined.
    """
    schools = session.execute(
        select(Membership.school_id, func.min(Membership.alliance_id)).group_by(
            Membership.school_id
        )
    )
    firsts = [school_id for school_id, first in schools if first == alliance_id]
    nobodys = Revision.alliance_id.is_(None) & Resource.school_id.in_(firsts)
    return or_(
        (Revision.audience == Audience.ALLIANCE) & (Revision.alliance_id == alliance_id),
        (Revision.audience == Audience.PUBLIC) & or_(Revision.alliance_id == alliance_id, nobodys),
    )


def _histories(
    session: Session, alliance_id: int, start: datetime, end: datetime
) -> Iterator[tuple[int, list[Version]]]:
    """The published versions of each resource to which something happened in the period.

    Also what stood on another shelf: a resource that moves away leaves this one.
    """
    touched = select(Revision.resource_id).where(
        or_(
            Revision.available_at.between(start, end),
            Revision.withdrawn_at.between(start, end),
        )
    )
    rows = session.execute(
        select(
            Revision.resource_id,
            Revision.number,
            Revision.published_at,
            Revision.available_at,
            Revision.withdrawn_at,
            _is_shared(session, alliance_id),
        )
        .join(Revision.resource)
        .where(Revision.resource_id.in_(touched), Revision.published_at.is_not(None))
        .order_by(Revision.resource_id, Revision.number)
    )
    for resource_id, group in groupby(rows, key=lambda row: row[0]):
        yield (
            resource_id,
            [
                Version(number, published_at, available_at, withdrawn_at, here=bool(here))
                for _id, number, published_at, available_at, withdrawn_at, here in group
                if published_at is not None and available_at is not None
            ],
        )
