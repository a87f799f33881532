"""The agenda of a round: items moved, taken out, added."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select

from resource_hub.domain.catalogue import IssueEdition
from resource_hub.domain.discussion_round import MAX_AGENDA
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.public_id import read_public_id
from resource_hub.models import AgendaItem, Entry, Issue, IssueRound
from resource_hub.services.issue_figures import tokens_of
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wording import one_line


class PlanAct(StrEnum):
    """What a button beside the agenda does, beside saving the words."""

    UP = "up"
    DOWN = "down"
    DROP = "drop"
    ADD = "add"


def change_agenda(
    uow: UnitOfWork, found: IssueRound, act: PlanAct, number: int, new: tuple[str, str]
) -> None:
    """Do what a button says.

    Args:
        number: of the item that is moved or taken out.
        new: title, and number of a resource, of an item that is added; one of them may be empty.

    Raises:
        Missing: there is no such item any more.
        Invalid: too many items; or nothing to add, or what is not in the issue.
    """
    if act is PlanAct.ADD:
        _add(uow, found, *new)
        return
    item = item_of(found, number)
    if act is PlanAct.DROP:
        found.agenda.remove(item)
    else:
        _swap(found.agenda, item, by=-1 if act is PlanAct.UP else 1)


def _swap(agenda: Sequence[AgendaItem], item: AgendaItem, *, by: int) -> None:
    items = list(agenda)
    at = items.index(item)
    to = at + by
    if 0 <= to < len(items):
        items[at], items[to] = items[to], items[at]
    for position, each in enumerate(items, start=1):
        each.position = position


def _add(uow: UnitOfWork, found: IssueRound, title: str, public_id: str) -> None:
    """A resource of the issue by its number, or something free by its title."""
    if len(found.agenda) >= MAX_AGENDA:
        sentence = N_("At most %(limit)s items; take one out first.")
        raise Invalid([Problem("new-title", sentence, {"limit": MAX_AGENDA})])
    title, public_id = one_line(title), public_id.strip()
    entry = _entry(uow, found.issue, public_id) if public_id else None
    if entry is not None and any(item.resource_id == entry.resource_id for item in found.agenda):
        raise Invalid([Problem("new-resource", N_("This resource is on the agenda already."))])
    if not title and entry is None:
        raise Invalid([Problem("new-title", N_("Say what it is about, or name a resource."))])
    last = max((item.position for item in found.agenda), default=0)
    found.agenda.append(
        AgendaItem(
            position=last + 1,
            resource_id=entry.resource_id if entry else None,
            title=title or (entry.title if entry else ""),
            words="",
        )
    )


def _entry(uow: UnitOfWork, issue: Issue, typed: str) -> Entry:
    entry = uow.session.scalar(
        select(Entry).where(
            Entry.issue_id == issue.id,
            Entry.public_id == (read_public_id(typed) or ""),
            Entry.audience_token.in_(sorted(tokens_of(IssueEdition.ALLIANCE, issue.alliance_id))),
        )
    )
    if entry is None:
        raise Invalid([Problem("new-resource", N_("This resource is not in the issue."))])
    return entry


def item_of(found: IssueRound, number: int) -> AgendaItem:
    """An item of the agenda.

    Raises:
        Missing: it is not on it any more.
    """
    for item in found.agenda:
        if item.id == number:
            return item
    raise Missing(N_("This is not on the agenda any more. Look again."))
