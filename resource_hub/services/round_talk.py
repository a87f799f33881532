"""Begin to talk in a round: about an item of its agenda, or about something else."""

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion import MAX_TITLE
from resource_hub.domain.discussion_round import RoundAct
from resource_hub.domain.people import Person
from resource_hub.models import Thread
from resource_hub.services.discussion import open_thread
from resource_hub.services.round_access import round_for
from resource_hub.services.round_agenda import item_of
from resource_hub.services.unit_of_work import UnitOfWork


def talk_about(
    uow: UnitOfWork, person: Person, alliance_id: int, month: Month, item_id: int
) -> Thread:
    """The thread of an item of the agenda, opened by whoever comes first.

    Raises:
        Missing: there is no round or no such item, as far as the person may know.
        WrongState: the round is not open.
    """
    found = round_for(uow, person, alliance_id, month, RoundAct.TALK)
    item = item_of(found, item_id)
    if item.resource_id is not None:
        return open_thread(uow, person, issue_id=found.issue_id, resource_id=item.resource_id)
    there = None if item.thread_id is None else uow.session.get(Thread, item.thread_id)
    if there is not None:
        return there
    thread = open_thread(uow, person, issue_id=found.issue_id, title=item.title[:MAX_TITLE])
    item.thread_id = thread.id
    return thread


def talk_freely(
    uow: UnitOfWork, person: Person, alliance_id: int, month: Month, title: str
) -> Thread:
    """A thread about something that is not on the agenda.

    Raises:
        Missing: there is no round, as far as the person may know.
        WrongState: it is not open.
        Invalid: no title, or one that is too long.
    """
    found = round_for(uow, person, alliance_id, month, RoundAct.TALK)
    return open_thread(uow, person, issue_id=found.issue_id, title=title)
