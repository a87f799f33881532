"""Who takes part in the discussion round of an issue, who hosts it, and how one is found."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import STEPS, Dates, Part, RoundAct, require
from resource_hub.domain.errors import N_, Missing, WrongState
from resource_hub.domain.follow_ups import TaskPart
from resource_hub.domain.people import Person
from resource_hub.models import AgendaItem, Issue, IssueRound
from resource_hub.services.issue_access import may_edit, seen_by
from resource_hub.services.unit_of_work import UnitOfWork

NO_ROUND = N_("There is no discussion round of this issue.")


def takes_part(person: Person, alliance_id: int) -> bool:
    """Who reads the alliance's edition of an issue: its people, its editors, who runs the hub."""
    return person.is_signed_in and f"alliance:{alliance_id}" in seen_by(person, alliance_id)


def parts_in(person: Person, found: IssueRound) -> frozenset[Part]:
    """Who the person is in a round; ``issue`` of it is loaded. A host who left is none."""
    alliance_id = found.issue.alliance_id
    if not takes_part(person, alliance_id):
        return frozenset()
    if person.id == found.host_id or may_edit(person, alliance_id):
        return frozenset(Part)
    return frozenset({Part.MEMBER})


def task_parts(person: Person, found: IssueRound, *, is_author: bool) -> frozenset[TaskPart]:
    """Who the person is to a task of this round."""
    parts = set()
    if person.is_signed_in and is_author:
        parts.add(TaskPart.AUTHOR)
    if Part.HOST in parts_in(person, found):
        parts.add(TaskPart.HOST)
    return frozenset(parts)


def find_round(
    session: Session, person: Person, alliance_id: int, month: Month, *, hold: bool = False
) -> IssueRound:
    """The round with its issue, host and agenda.

    Args:
        hold: whoever else changes it waits until this transaction ends.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    if not takes_part(person, alliance_id):
        raise Missing(NO_ROUND)
    wanted = (
        select(IssueRound)
        .join(Issue, Issue.id == IssueRound.issue_id)
        .where(
            Issue.alliance_id == alliance_id,
            Issue.month == str(month),
            Issue.published_at.is_not(None),
        )
        .options(
            joinedload(IssueRound.issue).joinedload(Issue.alliance),
            joinedload(IssueRound.host),
            selectinload(IssueRound.agenda).joinedload(AgendaItem.resource),
        )
        .execution_options(populate_existing=True)
    )
    if hold:
        session.execute(
            select(IssueRound.id)
            .join(Issue, Issue.id == IssueRound.issue_id)
            .where(Issue.alliance_id == alliance_id, Issue.month == str(month))
            .with_for_update(of=IssueRound)
        )
    found = session.scalar(wanted)
    if found is None:
        raise Missing(NO_ROUND)
    return found


def why_not_now(
    session: Session, issue_id: int | None, now: datetime, act: RoundAct
) -> WrongState | None:
    """Why nobody can do this in the round of an issue now; None: they can, or there is none."""
    found = session.execute(
        select(
            IssueRound.opens_at,
            IssueRound.closes_at,
            IssueRound.minutes_at,
            IssueRound.called_off_at,
        ).where(IssueRound.issue_id == issue_id)
    ).first()
    step = STEPS[act]
    if issue_id is None or found is None or Dates(*found).state(now) in step.sources:
        return None
    return WrongState(step.otherwise)


def hosts(session: Session, person: Person, issue_id: int | None) -> bool:
    """Whether the person is the host of an issue's round, of whom we know that they take part."""
    wanted = select(IssueRound.host_id).where(IssueRound.issue_id == issue_id)
    return person.id is not None and session.scalar(wanted) == person.id


def round_for(
    uow: UnitOfWork, person: Person, alliance_id: int, month: Month, act: RoundAct
) -> IssueRound:
    """The round, held, if the person may do this with it now.

    Raises:
        Missing: there is none, as far as ``person`` may know.
        NotAllowed: only its host may.
        WrongState: not now.
    """
    found = find_round(uow.session, person, alliance_id, month, hold=True)
    require(act, found.dates.state(uow.now()), parts_in(person, found))
    return found
