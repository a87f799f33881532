"""Build and publish the issues of the monthly catalogues."""

from datetime import datetime, tzinfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.models import Alliance, Issue
from resource_hub.services import delivering, issue_files
from resource_hub.services.catalogue_filling import fill
from resource_hub.services.issue_access import find_issue, require_editor
from resource_hub.services.unit_of_work import UnitOfWork

MAX_PREFACE = 5_000


def build(uow: UnitOfWork, by: Person, alliance_id: int, month: Month) -> Issue:
    """Build, or build again, an alliance's draft of ``month``; a published issue is left as it is.

    Raises:
        NotAllowed: the person is neither editor of this alliance nor administrator.
        Missing: there is no such alliance.
        Invalid: the month has not begun.
    """
    require_editor(by, alliance_id)
    alliance = uow.session.get(Alliance, alliance_id)
    if alliance is None:
        raise Missing(N_("There is no such alliance."))
    now = uow.now()
    if month.start(uow.zone) > now:
        raise Invalid([Problem("month", N_("This month has not begun yet."))])
    issue = find_issue(uow.session, alliance_id, month)
    if issue is not None and issue.published_at is not None:
        return issue
    covers_from, covers_to = _window(uow.session, alliance_id, month, uow.zone)
    if issue is None:
        issue = Issue(
            alliance=alliance, month=str(month), entries=[], highlights=[], asked_for=[], errata=[]
        )
        uow.session.add(issue)
    issue.covers_from, issue.covers_to, issue.built_at = covers_from, covers_to, now
    fill(uow, issue)
    uow.record(
        "catalogue:build", by=by, alliance=alliance_id, month=str(month), entries=len(issue.entries)
    )
    return issue


def publish(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    month: Month,
    *,
    preface: str | None = None,
    even_early: bool = True,
) -> Issue:
    """Freeze the issue of ``month``; it is built afresh first, so nothing is left out.

    An issue published before its month is over ends at this moment; the next one begins there.

    Raises:
        WrongState: it is published already, or an earlier issue is still a draft.
        Invalid: the preface is too long, or the month is not over and nobody said ``even_early``.
    """
    require_editor(by, alliance_id)
    _wait_for_publications(uow.session)
    issue = build(uow, by, alliance_id, month)
    if issue.published_at is not None:
        raise WrongState(FROZEN)
    earlier = select(func.min(Issue.month)).where(
        Issue.alliance_id == alliance_id, Issue.month < str(month), Issue.published_at.is_(None)
    )
    if waiting := uow.session.scalar(earlier):
        raise WrongState(
            N_("The issue of %(month)s is still a draft; publish that one first."), month=waiting
        )
    if preface is not None:
        issue.preface = checked_preface(preface)
    now = uow.now()
    if issue.covers_to > now:
        if not even_early:
            raise Invalid([Problem("early", N_("The month is not over: tick that you mean it."))])
        issue.covers_to = now
        fill(uow, issue)
    last = uow.session.scalar(
        select(func.max(Issue.number)).where(Issue.alliance_id == alliance_id)
    )
    issue.number = (last or 0) + 1
    issue.published_at, issue.published_by_id = now, by.id or None
    issue.alliance_name = issue.alliance.name
    uow.session.flush()
    uow.promise(issue_files.JOB, issue.id)
    uow.promise(delivering.JOB, issue.id)
    uow.record(
        "catalogue:publish", by=by, alliance=alliance_id, month=issue.month, number=issue.number
    )
    return issue


FROZEN = N_("This issue is published already and cannot be changed.")


def checked_preface(preface: str) -> str:
    words = preface.strip()
    if len(words) > MAX_PREFACE:
        raise Invalid(
            [
                Problem(
                    "preface",
                    N_("At most %(limit)s characters; this has %(length)s."),
                    {"limit": MAX_PREFACE, "length": len(words)},
                )
            ]
        )
    return words


def _window(
    session: Session, alliance_id: int, month: Month, zone: tzinfo
) -> tuple[datetime, datetime]:
    """From where the issue before ended to where the one after begins; else the month itself.

    So published issues touch and never overlap, even if one was published before its month was
    over, or if the hub's time zone was changed in between.
    """
    before, after = (
        session.scalar(
            select(Issue).where(
                Issue.alliance_id == alliance_id,
                Issue.month == str(neighbour),
                Issue.published_at.is_not(None),
            )
        )
        for neighbour in (month.previous, month.next)
    )
    return (
        month.start(zone) if before is None else before.covers_to,
        month.end(zone) if after is None else after.covers_from,
    )


def _wait_for_publications(session: Session) -> None:
    """Let resources that are being published this very moment finish, and keep new ones waiting.

    Else one whose date falls into this issue could appear after its entries were read, and be
    listed nowhere. SQLite has one writer at a time anyway.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE resource, revision IN SHARE ROW EXCLUSIVE MODE"))
