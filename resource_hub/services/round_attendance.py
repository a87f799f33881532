"""Who will come to a round; and who attended: whoever wrote in it, or signed its list."""

from sqlalchemy import delete, select

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import RoundAct
from resource_hub.domain.people import Person
from resource_hub.models import Attendance, Coming
from resource_hub.services.round_access import round_for
from resource_hub.services.unit_of_work import UnitOfWork


def sign_list(uow: UnitOfWork, person: Person, alliance_id: int, month: Month) -> None:
    """Sign the list of an open round; signing twice changes nothing.

    Raises:
        Missing: there is none, as far as the person may know.
        WrongState: it is not open.
    """
    found = round_for(uow, person, alliance_id, month, RoundAct.SIGN_IN)
    there = select(Attendance.user_id).where(
        Attendance.round_id == found.id, Attendance.user_id == person.id
    )
    if uow.session.scalar(there) is None:
        uow.session.add(Attendance(round_id=found.id, user_id=person.id, at=uow.now()))
        uow.record("round:sign_in", by=person, alliance=alliance_id, month=str(month))


def say_coming(
    uow: UnitOfWork, person: Person, alliance_id: int, month: Month, *, comes: bool
) -> None:
    """Say before a round opens that one will come, or not after all; twice changes nothing.

    Raises:
        Missing: there is none, as far as the person may know.
        WrongState: it has opened, or is called off.
    """
    found = round_for(uow, person, alliance_id, month, RoundAct.COME)
    mine = (Coming.round_id == found.id, Coming.user_id == person.id)
    there = uow.session.scalar(select(Coming.user_id).where(*mine)) is not None
    if comes and not there:
        uow.session.add(Coming(round_id=found.id, user_id=person.id, at=uow.now()))
    elif there and not comes:
        uow.session.execute(delete(Coming).where(*mine))
