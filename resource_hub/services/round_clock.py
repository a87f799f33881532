"""A round opens, or closes in a day: everybody of the alliance is told, once.

The jobs are promised for their hour when the dates are set, and again when they are moved. A job
looks at the round as it is then: where the dates were moved meanwhile, it does nothing, for another
one was promised. What was told is noted in the transaction that tells it.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from resource_hub.domain.discussion_round import WARNING, RoundState
from resource_hub.domain.robots import CardTopic
from resource_hub.models import Issue, IssueRound
from resource_hub.services.group_cards import tell_groups
from resource_hub.services.round_notices import CLOSES, OPENS, tell_everybody
from resource_hub.services.unit_of_work import UnitOfWork


def promise_reminders(uow: UnitOfWork, found: IssueRound) -> None:
    """Promise what was not told yet; a job that finds nothing to do does no harm."""
    if found.opening_told_at is None:
        uow.promise(OPENS, found.id, at=found.opens_at)
    if found.closing_told_at is None:
        uow.promise(CLOSES, found.id, at=_warning_at(found))


def tell_opening(uow: UnitOfWork, round_id: int) -> None:
    """Tell everybody that the round is open, if it is."""
    found = _held(uow, round_id)
    if found is None or found.opening_told_at is not None:
        return
    now = uow.now()
    if found.dates.state(now) in {RoundState.PLANNED, RoundState.CALLED_OFF}:
        return
    found.opening_told_at = now
    if found.dates.state(now) is RoundState.OPEN:
        tell_everybody(uow, found, OPENS)
        tell_groups(uow, found, found.issue.alliance_id, CardTopic.ROUND_OPENS)


def tell_closing(uow: UnitOfWork, round_id: int) -> None:
    """Remind everybody a day before the round closes; not of a round that lasts no day."""
    found = _held(uow, round_id)
    if found is None or found.closing_told_at is not None:
        return
    now = uow.now()
    if now < _warning_at(found) or found.called_off_at is not None:
        return
    found.closing_told_at = now
    is_long = found.closes_at - found.opens_at > WARNING
    if is_long and found.dates.state(now) is RoundState.OPEN:
        tell_everybody(uow, found, CLOSES)


def _warning_at(found: IssueRound) -> datetime:
    return max(found.closes_at - WARNING, found.opens_at)


def _held(uow: UnitOfWork, round_id: int) -> IssueRound | None:
    return uow.session.scalar(
        select(IssueRound)
        .where(IssueRound.id == round_id)
        .options(joinedload(IssueRound.issue).joinedload(Issue.alliance))
        .with_for_update(of=IssueRound)
        .execution_options(populate_existing=True)
    )
