"""A round is called off, and those who meant to come are told; it may be planned again."""

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import MAX_REASON, RoundAct
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.robots import CardTopic
from resource_hub.models import IssueRound
from resource_hub.services.group_cards import tell_groups
from resource_hub.services.notices import everybody_of
from resource_hub.services.round_access import round_for
from resource_hub.services.round_notices import CALLED_OFF, tell, who_will_come
from resource_hub.services.unit_of_work import UnitOfWork


def call_off(uow: UnitOfWork, by: Person, alliance_id: int, month: Month, why: str) -> IssueRound:
    """Call a round off that is planned or open. What was said in it stays.

    Everybody is told if everybody had been told that it is open; else who said that they will
    come, and the host.

    Raises:
        Missing: there is no round, as far as the person may know.
        NotAllowed: the person does not host it.
        WrongState: it is over, or somebody else has called it off.
        Invalid: no reason, or too long a one.
    """
    found = round_for(uow, by, alliance_id, month, RoundAct.CALL_OFF)
    why = why.strip()
    if not why:
        raise Invalid([Problem("why", N_("Say why: those who meant to come are told."))])
    if len(why) > MAX_REASON:
        sentence = N_("At most %(limit)s characters; this has %(length)s.")
        raise Invalid([Problem("why", sentence, {"limit": MAX_REASON, "length": len(why)})])
    knows = found.opening_told_at is not None
    people = everybody_of(uow, alliance_id) if knows else who_will_come(uow, found)
    found.called_off_at = found.changed_at = uow.now()
    found.called_off_why = why
    found.sequence += 1
    found.edits += 1
    uow.session.flush()
    tell(uow, found, CALLED_OFF, people - {by.id}, why)
    tell_groups(uow, found, alliance_id, CardTopic.ROUND_CALLED_OFF)
    uow.record("round:call_off", by=by, alliance=alliance_id, month=str(month), why=why)
    return found


def plan_again(found: IssueRound) -> None:
    """It stands again, at dates that were looked at; people are reminded anew."""
    found.called_off_at, found.called_off_why = None, ""
    found.opening_told_at = found.closing_told_at = None
