"""What a person has been told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Notice, Resource, Revision
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One notice; ``kind`` picks the words, ``values`` fill them."""

    id: int
    at: datetime
    kind: str
    values: Mapping[str, Any]  # Any: each kind has its own
    is_read: bool
    public_id: str | None
    number: int | None
    """Of the version that it is about; None when that was discarded since."""
    revision_id: int | None
    submission_id: int | None


def notices(session: Session, person: Person, *, page: int = 1) -> tuple[Sequence[Told], Paging]:
    """One page of notices, the latest first."""
    mine = Notice.user_id == (person.id or 0)
    paging = Paging.fit(
        page, PER_PAGE, session.scalar(select(func.count(Notice.id)).where(mine)) or 0
    )
    rows = session.execute(
        _with_places(mine)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .offset(paging.offset)
        .limit(PER_PAGE)
    )
    return [_told(*row) for row in rows], paging


def notice_of(session: Session, person: Person, notice_id: int) -> Told | None:
    """One notice of this person; None if there is none, or it is another's."""
    is_it = (Notice.id == notice_id) & (Notice.user_id == (person.id or 0))
    row = session.execute(_with_places(is_it)).one_or_none()
    return None if row is None else _told(*row)


def _with_places(condition: ColumnElement[bool]) -> Select[Notice, str, int]:
    return (
        select(Notice, Resource.public_id, Revision.number)
        .outerjoin(Resource, Notice.resource_id == Resource.id)
        .outerjoin(Revision, Notice.revision_id == Revision.id)
        .where(condition)
    )


def _told(notice: Notice, public_id: str | None, number: int | None) -> Told:
    return Told(
        id=notice.id,
        at=notice.at,
        kind=notice.kind,
        values=notice.values,
        is_read=notice.read_at is not None,
        public_id=public_id,
        number=number,
        revision_id=notice.revision_id,
        submission_id=notice.submission_id,
    )
