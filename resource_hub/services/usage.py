"""Count views and downloads."""

from sqlalchemy import update

from resource_hub.models import Resource
from resource_hub.services.unit_of_work import UnitOfWork


def count_view(uow: UnitOfWork, resource_id: int) -> None:
    """One more view; the resource's ``version`` is left alone, so nobody's decision is stale."""
    _count(uow, resource_id, "views")


def count_download(uow: UnitOfWork, resource_id: int) -> None:
    _count(uow, resource_id, "downloads")


def _count(uow: UnitOfWork, resource_id: int, name: str) -> None:
    column = getattr(Resource, name)
    uow.session.execute(
        update(Resource).where(Resource.id == resource_id).values({name: column + 1})
    )
