"""Files that two works have in common, byte by byte; and with which works a work is compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.review import State
from resource_hub.domain.similarity import ALIKE_NEW, ALIKE_OLD
from resource_hub.domain.visibility import Audience
from resource_hub.models import Attachment, Blob, Membership, Resource, Revision

COMPARED = (State.IN_REVIEW, State.PUBLISHED)
"""What a work is compared with; others' drafts are theirs alone."""

NOT_COMPARED = tuple(state for state in State if state not in COMPARED)
"""What is asked of works that are named already: with "is one of" SQLite would rather go through
every published work by the index of states, 330 ms among 200,000 instead of one."""

SMALLEST_FILE = 1024
"""Bytes below which two files being the same says nothing."""

MOST_OWNERS = 20
"""Resources beyond which a file is everybody's: a logo, an empty form."""


COMPARED_ID = "compared_id"
"""The parameter of ``within_reach``: of which revision other works are looked for."""


def within_reach() -> tuple[ColumnElement[bool], ...]:
    """Conditions on Revision and Resource: another work, out in the alliance of ``COMPARED_ID``.

    What is for everyone counts, and what schools of a common alliance have for themselves: that
    it is not for everyone's eyes is seen to where it is told.
    """
    mine, own, others = aliased(Revision), aliased(Resource), aliased(Membership)
    resource_id = (
        select(mine.resource_id).where(mine.id == bindparam(COMPARED_ID)).scalar_subquery()
    )
    school_id = select(own.school_id).where(own.id == resource_id).correlate(None).scalar_subquery()
    neighbours = (
        select(others.school_id)
        .join(Membership, Membership.alliance_id == others.alliance_id)
        .where(Membership.school_id == school_id)
    )
    return (
        Revision.state.not_in(NOT_COMPARED),
        Revision.resource_id != resource_id,
        or_(
            Resource.school_id == school_id,
            Resource.school_id.in_(neighbours),
            Resource.audience_token == Audience.PUBLIC.value,
        ),
    )


@dataclass(frozen=True, slots=True)
class SameFiles:
    names: tuple[str, ...]
    of_new: float
    of_old: float

    @property
    def percent(self) -> int:
        return int(max(self.of_new, self.of_old) * 100)


def same_files(session: Session, revision_id: int) -> Mapping[int, SameFiles]:
    """Revisions that have files of this one, byte by byte, and for a good part of their bytes."""
    mine: dict[str, tuple[str, int]] = {
        key: (name, size)
        for key, name, size in session.execute(
            select(Attachment.blob_key, Attachment.filename, Blob.size)
            .join(Attachment.blob)
            .where(Attachment.revision_id == revision_id, Blob.size >= SMALLEST_FILE)
        )
    }
    if not mine:
        return {}
    owners: dict[str, set[int]] = {}
    rows = session.execute(
        select(Attachment.blob_key, Attachment.revision_id)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Attachment.blob_key.in_(mine), *within_reach())
        .limit(len(mine) * MOST_OWNERS * 2),
        {COMPARED_ID: revision_id},
    )
    for key, other_id in rows:
        owners.setdefault(key, set()).add(other_id)
    shared: dict[int, list[str]] = {}
    for key, ids in owners.items():
        if len(ids) < MOST_OWNERS or len(mine) == 1:
            for other_id in ids:
                shared.setdefault(other_id, []).append(key)
    sizes = dict(
        session.execute(
            select(Attachment.revision_id, func.sum(Blob.size))
            .join(Attachment.blob)
            .where(Attachment.revision_id.in_({*shared, revision_id}))
            .group_by(Attachment.revision_id)
        ).all()
    )
    found = {}
    for other_id, keys in shared.items():
        same = sum(mine[key][1] for key in keys)
        files = SameFiles(
            tuple(mine[key][0] for key in keys),
            min(same / int(sizes[revision_id]), 1.0),
            min(same / int(sizes[other_id]), 1.0),
        )
        if files.of_new >= ALIKE_NEW or files.of_old >= ALIKE_OLD:
            found[other_id] = files
    return found
