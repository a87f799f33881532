"""What changed on the shelf in a period, for the catalogue."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer, joinedload

from resource_hub.domain.catalogue import Change, Version, change_between
from resource_hub.models import Resource, Revision

_CHUNK = 500


def changes(session: Session, start: datetime, end: datetime) -> Iterator[tuple[Change, Revision]]:
    """Each resource whose place on the shelf differs, with the revision to show for it."""
    changed: dict[tuple[int, int], Change] = {}
    for resource_id, history in _histories(session, start, end):
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


def _histories(
    session: Session, start: datetime, end: datetime
) -> Iterator[tuple[int, list[Version]]]:
    """The published versions of each resource to which something happened in the period."""
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
        )
        .where(Revision.resource_id.in_(touched), Revision.published_at.is_not(None))
        .order_by(Revision.resource_id, Revision.number)
    )
    for resource_id, group in groupby(rows, key=lambda row: row[0]):
        yield (
            resource_id,
            [
                Version(number, published_at, available_at, withdrawn_at)
                for _id, number, published_at, available_at, withdrawn_at in group
                if published_at is not None and available_at is not None
            ],
        )
