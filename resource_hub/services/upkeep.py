"""What an administrator does to keep the hub going: give work that was set aside another try."""

from collections.abc import Collection

from sqlalchemy import delete, select

from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.people import Person
from resource_hub.models import Blob, Job, Preview
from resource_hub.services import queue
from resource_hub.services.organisations import require_administrator
from resource_hub.services.queries.unread_files import GIVEN_UP
from resource_hub.services.unit_of_work import UnitOfWork


def try_again(uow: UnitOfWork, by: Person, job_ids: Collection[int] | None = None) -> int:
    """Put these jobs that were set aside back into the queue; None: all. Returns how many.

    Raises:
        NotAllowed: ``by`` is no administrator.
        WrongState: none of them is set aside any more.
    """
    require_administrator(by)
    aside = {job.id for job in queue.set_aside(uow.session)}
    wanted = aside if job_ids is None else aside.intersection(job_ids)
    if not wanted:
        raise WrongState(N_("Nothing of this is set aside any more."))
    queue.try_again(uow.session, wanted, now=uow.now())
    uow.record("jobs:try_again", by=by, jobs=sorted(wanted))
    return len(wanted)


def read_again(uow: UnitOfWork, by: Person, keys: Collection[str]) -> int:
    """Have files read again that the hub had given up. Returns how many.

    Raises:
        NotAllowed: ``by`` is no administrator.
        WrongState: none of them is given up any more.
    """
    require_administrator(by)
    promised = select(Job.subject).where(Job.kind == "inspect")
    wanted = uow.session.scalars(
        select(Blob.key)
        .where(Blob.key.in_(keys), Blob.trouble.in_(GIVEN_UP), Blob.key.not_in(promised))
        .order_by(Blob.key)
    ).all()
    if not wanted:
        raise WrongState(N_("Nothing of this is set aside any more."))
    uow.session.execute(
        delete(Preview).where(Preview.blob_key.in_(wanted), Preview.trouble.is_not(None))
    )
    for key in wanted:
        uow.promise("inspect", key)
    uow.record("files:read_again", by=by, files=list(wanted))
    return len(wanted)
