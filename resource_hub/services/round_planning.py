"""Prepare the round of an issue: dates, host, place, and the agenda, drawn from the highlights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import (
    MAX_INTRODUCTION,
    MAX_PLACE,
    MAX_TITLE,
    MAX_WORDS,
    RoundAct,
    problems_of_dates,
    read_moment,
)
from resource_hub.domain.errors import N_, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.robots import CardTopic
from resource_hub.models import AgendaItem, Issue, IssueRound
from resource_hub.services.group_cards import tell_groups
from resource_hub.services.issue_access import NO_ISSUE, find_issue, may_edit, require_editor
from resource_hub.services.queries.beside_entries import highlighted
from resource_hub.services.round_access import round_for
from resource_hub.services.round_agenda import PlanAct, change_agenda
from resource_hub.services.round_calling_off import plan_again
from resource_hub.services.round_clock import promise_reminders
from resource_hub.services.round_hosts import find_host
from resource_hub.services.round_notices import MOVED, tell, who_will_come
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wording import one_line

TOO_LONG = N_("At most %(limit)s characters; this has %(length)s.")
OVERTAKEN = N_(
    "Somebody else changed this round meanwhile. What you typed is still in the fields below:"
    " compare it with what is kept, and save again if yours shall stand."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands in the form, as it was typed.

    Attributes:
        opens, closes: Day and hour in the hub's time zone, such as ``2026-11-01T19:30``.
        host: A name, or account or e-mail, of somebody in the alliance; empty: whoever saves.
        agenda: Title and words by the item's number; what is not named stays as it is.
        new_title, new_resource: Of an item to add: what it is about, or the number of a resource.
        seen: Which version of the preparation stood in the form.
    """

    opens: str
    closes: str
    host: str = ""
    place: str = ""
    introduction: str = ""
    agenda: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    new_title: str = ""
    new_resource: str = ""
    seen: int = 0


def plan_round(
    uow: UnitOfWork, by: Person, alliance_id: int, month: Month, plan: Plan
) -> IssueRound:
    """Found the round of a published issue; its agenda begins with the issue's highlights.

    Raises:
        NotAllowed: the person does not edit this catalogue.
        Missing: there is no such issue.
        WrongState: it is a draft, or has a round already.
        Invalid: dates, host or words that cannot be.
    """
    require_editor(by, alliance_id)
    issue = find_issue(uow.session, alliance_id, month)
    if issue is None:
        raise Missing(NO_ISSUE)
    if issue.published_at is None:
        raise WrongState(N_("This is a draft: publish the issue, then plan its round."))
    if _has_round(uow.session, issue):
        raise WrongState(N_("This issue has a round already: change that one."))
    opens_at, closes_at, host_id = _checked(uow, by, alliance_id, plan, None, is_new=True)
    now = uow.now()
    made = IssueRound(
        issue_id=issue.id,
        host_id=host_id,
        opens_at=opens_at,
        closes_at=closes_at,
        place=one_line(plan.place),
        introduction=plan.introduction.strip(),
        created_at=now,
        changed_at=now,
        agenda=[
            AgendaItem(
                position=position,
                resource_id=entry.resource_id,
                title=entry.title,
                words=highlight.words,
            )
            for position, (highlight, entry) in enumerate(highlighted(uow.session, issue), start=1)
        ],
    )
    uow.session.add(made)
    uow.session.flush()
    promise_reminders(uow, made)
    tell_groups(uow, made, alliance_id, CardTopic.ROUND)
    uow.record("round:plan", by=by, alliance=alliance_id, month=issue.month, host=host_id)
    return made


def waits_for_plan(session: Session, person: Person, alliance_id: int, month: Month) -> bool:
    """Whether the person may plan the round of this issue, and nobody has."""
    if not may_edit(person, alliance_id):
        return False
    issue = find_issue(session, alliance_id, month)
    return issue is not None and issue.published_at is not None and not _has_round(session, issue)


def _has_round(session: Session, issue: Issue) -> bool:
    wanted = select(IssueRound.id).where(IssueRound.issue_id == issue.id)
    return session.scalar(wanted) is not None


def change_round(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    month: Month,
    plan: Plan,
    act: tuple[PlanAct, int] | None = None,
) -> IssueRound:
    """Keep what the form says; then do what the button says, to an item of the agenda.

    A later end opens a round again that was over. One that was called off stands again as soon as
    it is saved; buttons of its agenda leave it called off.

    Raises:
        Missing: there is no round, as far as the person may know, or no such item.
        NotAllowed: the person does not host it.
        WrongState: its minutes are published; or somebody else changed it meanwhile.
        Invalid: dates, host or words that cannot be.
    """
    found = round_for(uow, by, alliance_id, month, RoundAct.PREPARE)
    if plan.seen != found.edits:
        raise WrongState(OVERTAKEN)
    stands_again = found.called_off_at is not None and act is None
    opens_at, closes_at, host_id = _checked(uow, by, alliance_id, plan, found, is_new=stands_again)
    invitation = (opens_at, closes_at, host_id, one_line(plan.place), plan.introduction.strip())
    if stands_again:
        plan_again(found)
    if stands_again or invitation != (
        found.opens_at, found.closes_at, found.host_id, found.place, found.introduction,
    ):  # fmt: skip
        moved = (opens_at, closes_at) != (found.opens_at, found.closes_at)
        elsewhere = invitation[3] != found.place
        _invite_anew(uow, found, opens_at, closes_at)
        if stands_again or (moved and found.called_off_at is None):
            promise_reminders(uow, found)
            tell(uow, found, MOVED, who_will_come(uow, found) - {by.id}, "")
        found.host_id, found.place, found.introduction = invitation[2:]
        if found.called_off_at is None and (stands_again or moved or elsewhere):
            topic = CardTopic.ROUND if stands_again else CardTopic.ROUND_MOVED
            tell_groups(uow, found, alliance_id, topic)
    for item in found.agenda:
        title, words = plan.agenda.get(item.id, (item.title, item.words))
        item.title, item.words = one_line(title) or item.title, words.strip()
    if act is not None:
        change_agenda(uow, found, act[0], act[1], (plan.new_title, plan.new_resource))
    found.edits += 1
    uow.session.flush()
    tag = "round:plan_again" if stands_again else "round:change"
    uow.record(tag, by=by, alliance=alliance_id, month=str(month))
    return found


def close_now(uow: UnitOfWork, by: Person, alliance_id: int, month: Month) -> IssueRound:
    """End an open round before its time.

    Raises:
        Missing, NotAllowed, WrongState: see ``change_round``.
    """
    found = round_for(uow, by, alliance_id, month, RoundAct.CLOSE)
    now = uow.now()
    if now <= found.opens_at:
        raise WrongState(N_("It has opened this very moment; wait a little."))
    _invite_anew(uow, found, found.opens_at, now)
    found.edits += 1
    uow.record("round:close", by=by, alliance=alliance_id, month=str(month))
    return found


def _invite_anew(
    uow: UnitOfWork, found: IssueRound, opens_at: datetime, closes_at: datetime
) -> None:
    """Another state of the invitation; of dates that were moved people may be told anew."""
    if opens_at != found.opens_at:
        found.opening_told_at = None
    if closes_at != found.closes_at:
        found.closing_told_at = None
    found.opens_at, found.closes_at = opens_at, closes_at
    found.sequence += 1
    found.changed_at = uow.now()


def _checked(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    plan: Plan,
    found: IssueRound | None,
    *,
    is_new: bool,
) -> tuple[datetime, datetime, int]:
    """Beginning, end and host, if all of the form can be kept.

    Args:
        is_new: its dates are bound to none that it has had.
    """
    before = None if found is None else found.dates
    opens_at = _moment(uow, plan.opens, None if before is None else before.opens_at)
    closes_at = _moment(uow, plan.closes, None if before is None else before.closes_at)
    problems = problems_of_dates(
        opens_at, closes_at, before=None if is_new else before, now=uow.now()
    )
    present = None if found is None else found.host
    host_id, problem = find_host(uow.session, by, alliance_id, plan.host, present)
    if problem is not None:
        problems.append(problem)
    texts = [("place", plan.place, MAX_PLACE), ("introduction", plan.introduction.strip(),
                                                MAX_INTRODUCTION)]  # fmt: skip
    for number, (title, words) in plan.agenda.items():
        texts += [(f"title-{number}", title, MAX_TITLE), (f"words-{number}", words, MAX_WORDS)]
    texts.append(("new-title", plan.new_title, MAX_TITLE))
    problems += [
        Problem(name, TOO_LONG, {"limit": limit, "length": len(text)})
        for name, text, limit in texts
        if len(text) > limit
    ]
    if problems or opens_at is None or closes_at is None or host_id is None:
        raise Invalid(problems)
    return opens_at, closes_at, host_id


def _moment(uow: UnitOfWork, typed: str, kept: datetime | None) -> datetime | None:
    """What a field says; a field has no seconds, so what was not touched stays to the second."""
    found = read_moment(typed, uow.zone)
    if kept is not None and found == kept.replace(second=0, microsecond=0):
        return kept
    return found
