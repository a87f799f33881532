"""Count views, downloads and uses in class, in all and month by month: what "most used" means."""

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite

from resource_hub.domain.catalogue import Month
from resource_hub.models import MonthOfUse, Resource
from resource_hub.services.unit_of_work import UnitOfWork

CLASS_USE = 20
"""So many downloads weighs one use in class, wherever resources stand by their use.

A download is a click, and most that is downloaded is never taught. Who says in which grade and on
which day has stood before a class with it.
"""


def used(row: type[Resource | MonthOfUse]) -> ColumnElement[int]:
    """Downloads and uses in class as one number, of a resource or of one of its months."""
    return row.downloads + CLASS_USE * row.class_uses


def weight(downloads: int, class_uses: int) -> int:
    """The same of numbers."""
    return downloads + CLASS_USE * class_uses


def count_view(uow: UnitOfWork, resource_id: int) -> None:
    """One more view; the resource's ``version`` is left alone, so nobody's decision is stale."""
    _count(uow, resource_id, "views")


def count_download(uow: UnitOfWork, resource_id: int) -> None:
    _count(uow, resource_id, "downloads")


def count_class_use(uow: UnitOfWork, resource_id: int, at: datetime, *, by: int = 1) -> None:
    """One more use in class, noted at ``at``; or, when it is hidden, one less: ``by`` is -1."""
    _count(uow, resource_id, "class_uses", at=at, by=by)


def _count(
    uow: UnitOfWork, resource_id: int, name: str, *, at: datetime | None = None, by: int = 1
) -> None:
    column = getattr(Resource, name)
    uow.session.execute(
        update(Resource).where(Resource.id == resource_id).values({name: column + by})
    )
    month = str(Month.of(at or uow.now(), uow.zone))
    insert = sqlite.insert if uow.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    none = {"views": 0, "downloads": 0, "class_uses": 0}
    first = {"resource_id": resource_id, "month": month, **none, name: by}
    statement = insert(MonthOfUse).values(first)
    more = {name: getattr(MonthOfUse, name) + by}
    uow.session.execute(
        statement.on_conflict_do_update(index_elements=["resource_id", "month"], set_=more)
    )
