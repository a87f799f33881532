"""The grades of many revisions in one query."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import RevisionGrade


def grades_of(session: Session, revision_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """By revision: its grades, in their order; a revision without any is missing."""
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(RevisionGrade.revision_id, RevisionGrade.grade)
        .where(RevisionGrade.revision_id.in_(revision_ids))
        .order_by(RevisionGrade.id)
    )
    for revision_id, grade in rows:
        found[revision_id] = (*found.get(revision_id, ()), grade)
    return found
