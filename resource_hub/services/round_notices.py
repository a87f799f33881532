"""What people are told of a round: in the hub, and by mail as each wants it."""

from collections.abc import Collection

from sqlalchemy import select

from resource_hub.models import Coming, IssueRound
from resource_hub.services.notices import everybody_of, leave_many
from resource_hub.services.unit_of_work import UnitOfWork

OPENS, CLOSES = "round_opens", "round_closes"
"""Kinds of jobs and of notices; the subject of a job is the number of the round."""

MOVED, CALLED_OFF = "round_moved", "round_called_off"
"""Kinds of notices."""


def tell(
    uow: UnitOfWork, found: IssueRound, kind: str, people: Collection[int], comment: str
) -> None:
    """Tell ``people`` of a round, whose issue comes with its alliance."""
    issue = found.issue
    values = {
        "title": issue.alliance.name,
        "month": issue.month,
        "alliance": issue.alliance_id,
        "opens": found.opens_at.isoformat(),
        "closes": found.closes_at.isoformat(),
        "comment": comment,
    }
    leave_many(uow, people, kind, values)


def tell_everybody(uow: UnitOfWork, found: IssueRound, kind: str) -> None:
    tell(uow, found, kind, everybody_of(uow, found.issue.alliance_id), found.introduction)


def who_will_come(uow: UnitOfWork, found: IssueRound) -> set[int]:
    """Who said so, and the host."""
    said = select(Coming.user_id).where(Coming.round_id == found.id)
    return {found.host_id, *uow.session.scalars(said)}
