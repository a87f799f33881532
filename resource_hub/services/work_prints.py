"""The prints of works that others are compared with: keep them, forget them, look into them."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.review import OPEN, State
from resource_hub.domain.similarity import METHOD, SHORTEST_TEXT, Print
from resource_hub.models import Attachment, Job, Revision, WorkPrint, WorkValue
from resource_hub.services.same_files import COMPARED
from resource_hub.services.unit_of_work import UnitOfWork

MOST_HOLDERS = 300
"""Works that are noted for one value: what more have is a formula, and no look may take longer."""


def holders_of(session: Session, values: Collection[int]) -> Mapping[int, set[int]]:
    """Which revisions have each value, as far as they are noted."""
    found: dict[int, set[int]] = {}
    rows = session.execute(
        select(WorkValue.value, WorkValue.revision_id).where(WorkValue.value.in_(values))
    )
    for value, holder in rows:
        found.setdefault(value, set()).add(holder)
    return found


def keep_print(uow: UnitOfWork, revision_id: int, own: Print) -> None:
    """Let others be compared with this work from now on."""
    session = uow.session
    forget_print(uow, revision_id)
    session.execute(
        insert(WorkPrint).values(
            revision_id=revision_id,
            method=METHOD,
            tokens=own.tokens,
            shingles=own.shingles,
            reach=own.reach,
            made_at=uow.now(),
        )
    )
    if own.tokens >= SHORTEST_TEXT:
        holders = select(WorkValue.value).where(WorkValue.value.in_(own.values))
        full = session.scalars(
            holders.group_by(WorkValue.value).having(func.count() >= MOST_HOLDERS)
        )
        rows = [
            {"value": value, "revision_id": revision_id}
            for value in sorted(set(own.values) - set(full))
        ]
        if rows:
            session.execute(insert(WorkValue), rows)


def forget_print(uow: UnitOfWork, revision_id: int) -> None:
    """Compare nobody with this revision any more."""
    uow.session.execute(delete(WorkValue).where(WorkValue.revision_id == revision_id))
    uow.session.execute(delete(WorkPrint).where(WorkPrint.revision_id == revision_id))


def without_print(session: Session) -> list[int]:
    """Revisions that others should be compared with and cannot be yet: of before an upgrade."""
    promised = select(Job.subject).where(Job.kind == "compare")
    ids = session.scalars(
        select(Revision.id)
        .outerjoin(WorkPrint, WorkPrint.revision_id == Revision.id)
        .where(
            Revision.state.in_(COMPARED),
            or_(WorkPrint.method.is_(None), WorkPrint.method < METHOD),
        )
        .order_by(Revision.id)
    ).all()
    waiting = set(session.scalars(promised))
    return [revision_id for revision_id in ids if str(revision_id) not in waiting]


def promise_comparisons(uow: UnitOfWork, blob_key: str) -> None:
    """A file has been read: the works that it belongs to are compared anew."""
    ids = uow.session.scalars(
        select(Attachment.revision_id)
        .join(Attachment.revision)
        .where(Attachment.blob_key == blob_key, Revision.state.in_({*OPEN, State.PUBLISHED}))
        .distinct()
    ).all()
    for revision_id in ids:
        uow.promise("compare", revision_id)


def promise_missing_prints(uow: UnitOfWork) -> int:
    """Have the works compared that others cannot be compared with yet. Returns how many."""
    ids = without_print(uow.session)
    for revision_id in ids:
        uow.promise("compare", revision_id)
    return len(ids)
