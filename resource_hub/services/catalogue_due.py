"""Every month's issue is built by itself when the month is over, and its editors are told."""

from datetime import datetime, tzinfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Role
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.visibility import Audience
from resource_hub.models import Appointed, Issue, Notice, Revision, Tick, User
from resource_hub.services.catalogue import build
from resource_hub.services.issue_access import find_issue
from resource_hub.services.notices import leave
from resource_hub.services.unit_of_work import UnitOfWork

KIND = "catalogue"
"""Of the job; its subject is a month and an alliance, such as ``2026-10:3``."""

MOST_MONTHS = 12
"""So far back is made up for what was missed."""


def due_issues(session: Session, now: datetime, zone: tzinfo) -> list[str]:
    """Subjects of what is to be built: of each alliance the months that are over, oldest first.

    A machine that was switched off makes up for every month it missed, up to a year; a draft that
    was built before its month was over is built again. An alliance begins with its first resource,
    or with the first issue that its editors published. Four queries.
    """
    months = [Month.of(now, zone).previous]
    while len(months) < MOST_MONTHS:
        months.insert(0, months[0].previous)
    is_complete = or_(Issue.published_at.is_not(None), Issue.built_at >= Issue.covers_to)
    known = {
        f"{month}:{alliance_id}"
        for month, alliance_id in session.execute(
            select(Issue.month, Issue.alliance_id).where(Issue.month >= str(months[0]), is_complete)
        )
    }
    promised = set(session.scalars(select(Tick.key).where(Tick.key.startswith(f"{KIND}:"))))
    first_issues: dict[int | None, str] = {  # noqa: C416 - rows are no pairs to mypy
        alliance_id: month
        for alliance_id, month in session.execute(
            select(Issue.alliance_id, func.min(Issue.month))
            .where(Issue.published_at.is_not(None))
            .group_by(Issue.alliance_id)
        )
    }
    begun = session.execute(
        select(Revision.alliance_id, func.min(Revision.available_at))
        .where(Revision.alliance_id.is_not(None), Revision.audience != Audience.SCHOOL)
        .group_by(Revision.alliance_id)
        .order_by(Revision.alliance_id)
    ).all()
    return [
        subject
        for month in months
        for alliance_id, first in begun
        if first is not None
        and first < month.end(zone)
        and str(month) >= first_issues.get(alliance_id, "")
        and (subject := f"{month}:{alliance_id}") not in known
        and f"{KIND}:{subject}" not in promised
    ]


def build_due(uow: UnitOfWork, subject: str) -> None:
    """Build the draft, unless somebody has since, and tell who edits this catalogue."""
    text, _colon, number = subject.partition(":")
    month, alliance_id = Month.parse(text), int(number)
    issue = find_issue(uow.session, alliance_id, month)
    if issue is not None and (issue.published_at or issue.built_at >= issue.covers_to):
        return
    issue = build(uow, OPERATOR, alliance_id, month)
    values = {
        "title": issue.alliance.name,
        "month": issue.month,
        "alliance": alliance_id,
        "count": len(issue.entries),
    }
    for person_id in _editors(uow.session, alliance_id):
        leave(uow, Notice(user_id=person_id, at=uow.now(), kind="issue_built", values=values))


def _editors(session: Session, alliance_id: int) -> list[int]:
    """The editors of the alliance; where it has none, those who run the hub."""

    def holding(role: Role) -> list[int]:
        organisation = alliance_id if role is Role.EDITOR else None
        return list(
            session.scalars(
                select(User.id)
                .join(User.appointments)
                .where(
                    User.is_active,
                    Appointed.role == role,
                    Appointed.alliance_id == organisation,
                )
                .distinct()
                .order_by(User.id)
            )
        )

    return holding(Role.EDITOR) or holding(Role.ADMINISTRATOR)
