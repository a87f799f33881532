"""What an administrator does to keep the hub going: give work that was set aside another try."""

from collections.abc import Collection

from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.people import Person
from resource_hub.services import queue
from resource_hub.services.organisations import require_administrator
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
