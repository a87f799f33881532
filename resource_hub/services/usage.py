"""Count views, downloads and uses in class, in all and month by month: what "most used" means."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from resource_hub.domain.catalogue import Month
from resource_hub.models import DownloadOfDay, MonthOfUse, Resource
from resource_hub.services.unit_of_work import UnitOfWork

CLASS_USE = 20
"""So many downloads weighs one use in class, wherever resources stand by their use.

Most that is downloaded is never taught. Who says in which grade and on
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


def count_download(uow: UnitOfWork, resource_id: int, *, by: int | None = None) -> None:
    """One more download; by one with an account, ``by``, only where it is the first of the day.

    It counts for appraisal, so clicking again must not help: not through all the files, not after
    a line that broke, not on the phone.
    """
    if by is not None and not _is_first_of_day(uow, resource_id, by):
        return
    _count(uow, resource_id, "downloads")


def count_class_use(uow: UnitOfWork, resource_id: int, at: datetime, *, by: int = 1) -> None:
    """One more use in class, noted at ``at``; or, when it is hidden, one less: ``by`` is -1."""
    _count(uow, resource_id, "class_uses", at=at, by=by)


def forget_downloaders(uow: UnitOfWork) -> None:
    """Of the days that are over."""
    uow.session.execute(delete(DownloadOfDay).where(DownloadOfDay.day < uow.today()))


def _is_first_of_day(uow: UnitOfWork, resource_id: int, person_id: int) -> bool:
    row = {"day": uow.today(), "resource_id": resource_id, "person_id": person_id}
    noted = _insert(uow)(DownloadOfDay).values(row).on_conflict_do_nothing()
    return uow.session.scalar(noted.returning(DownloadOfDay.person_id)) is not None


def _count(
    uow: UnitOfWork, resource_id: int, name: str, *, at: datetime | None = None, by: int = 1
) -> None:
    column = getattr(Resource, name)
    uow.session.execute(
        update(Resource).where(Resource.id == resource_id).values({name: column + by})
    )
    month = str(Month.of(at or uow.now(), uow.zone))
    none = {"views": 0, "downloads": 0, "class_uses": 0}
    first = {"resource_id": resource_id, "month": month, **none, name: by}
    statement = _insert(uow)(MonthOfUse).values(first)
    more = {name: getattr(MonthOfUse, name) + by}
    uow.session.execute(
        statement.on_conflict_do_update(index_elements=["resource_id", "month"], set_=more)
    )


def _insert(uow: UnitOfWork) -> type[sqlite.Insert] | type[postgresql.Insert]:
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    return sqlite.Insert if is_sqlite else postgresql.Insert
