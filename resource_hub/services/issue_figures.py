"""What an issue counts once, when its time is over: the figures of the month, and open wishes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from resource_hub.catalogue.data import FiguresData, Tally, Used
from resource_hub.catalogue.records import as_plain, from_plain
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.review import DECISIONS, Action, State
from resource_hub.domain.visibility import PUBLIC, Audience
from resource_hub.models import (
    Asked,
    Issue,
    MonthOfUse,
    Resource,
    Revision,
    School,
    Submission,
    Wish,
    WishAudience,
    Wisher,
)
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.usage import used

MOST_USED = 10
MOST_ASKED = 30
MONTHS = 12
"""So many months stand beside each other, the issue's own at the end."""

_COMPLETE = "complete"


def is_settled(issue: Issue) -> bool:
    """Whether it was built since its time is over: what it copied then stays."""
    return issue.figures is not None and bool(issue.figures[_COMPLETE])


def count_once(uow: UnitOfWork, issue: Issue) -> None:
    """Count what the month was; once its time is over it is never counted again.

    So a past month that is built again says what it said, whatever happened since.
    """
    if is_settled(issue):
        return
    counted = {edition.value: as_plain(_figures(uow, issue, edition)) for edition in IssueEdition}
    issue.figures = {_COMPLETE: issue.covers_to <= uow.now(), **counted}
    issue.asked_for[:] = []
    uow.session.flush()
    issue.asked_for[:] = _asked(uow.session, issue)


def figures_of(issue: Issue, edition: IssueEdition, *, public_url: str) -> FiguresData:
    """The stored figures; issues from before there were any have none."""
    if issue.figures is None:
        return FiguresData()
    found = from_plain(FiguresData, issue.figures[edition.value])
    return FiguresData(
        found.submitted,
        found.accepted,
        found.days,
        found.by_school,
        found.by_subject,
        tuple(
            Used(used.public_id, used.title, f"{public_url}/r/{used.public_id}", used.times)
            for used in found.most_used
        ),
        found.months,
    )


@dataclass(frozen=True, slots=True)
class _Round:
    """A submission, as far as the figures are concerned."""

    opened_at: datetime
    closed_at: datetime | None
    outcome: Action | None
    school: str
    subject: str


def _figures(uow: UnitOfWork, issue: Issue, edition: IssueEdition) -> FiguresData:
    """From the submissions to this alliance; the public edition knows public work alone.

    How many works of a school were sent back is told to nobody outside: the public edition has no
    figures by school.
    """
    month = Month.parse(issue.month)
    first = month
    for _ in range(MONTHS - 1):
        first = first.previous
    rounds = _rounds(uow.session, issue.alliance_id, edition, first.start(uow.zone))
    own = (issue.covers_from, issue.covers_to)
    whole = _tally(issue.month, rounds, *own)
    months = []
    while first < month:
        months.append(_tally(str(first), rounds, first.start(uow.zone), first.end(uow.zone)))
        first = first.next
    while months and not (months[0].submitted or months[0].accepted):
        months.pop(0)
    by_school = edition is IssueEdition.ALLIANCE
    return FiguresData(
        submitted=whole.submitted,
        accepted=whole.accepted,
        days=whole.days,
        by_school=_tallies(rounds, "school", *own) if by_school else (),
        by_subject=_tallies(rounds, "subject", *own),
        most_used=_most_used(uow.session, issue, edition),
        months=(*months, whole),
    )


def _rounds(
    session: Session, alliance_id: int, edition: IssueEdition, since: datetime
) -> list[_Round]:
    audiences = {Audience.PUBLIC}
    if edition is IssueEdition.ALLIANCE:
        audiences.add(Audience.ALLIANCE)
    rows = session.execute(
        select(
            Submission.opened_at,
            Submission.closed_at,
            Submission.outcome,
            School.name,
            Revision.subject,
        )
        .join(Submission.revision)
        .join(Revision.resource)
        .join(Resource.school)
        .where(
            Submission.alliance_id == alliance_id,
            Revision.audience.in_(audiences),
            or_(Submission.opened_at >= since, Submission.closed_at >= since),
        )
        .order_by(Submission.id)
    )
    return [_Round(*row) for row in rows]


def _tallies(
    rounds: Sequence[_Round], by: str, start: datetime, end: datetime
) -> tuple[Tally, ...]:
    """Of each school or subject with anything in it, the busiest first."""
    groups: dict[str, list[_Round]] = defaultdict(list)
    for each in rounds:
        groups[getattr(each, by)].append(each)
    found = [_tally(name, group, start, end) for name, group in groups.items()]
    busy = [tally for tally in found if tally.submitted or tally.accepted or tally.days is not None]
    return tuple(sorted(busy, key=lambda tally: (-tally.submitted, -tally.accepted, tally.name)))


def _tally(name: str, rounds: Iterable[_Round], start: datetime, end: datetime) -> Tally:
    """What was submitted and what was decided from ``start`` up to ``end``."""
    submitted = accepted = 0
    waited = []
    for each in rounds:
        submitted += start <= each.opened_at < end
        if each.closed_at is None or not start <= each.closed_at < end:
            continue
        accepted += each.outcome is Action.APPROVE
        if each.outcome in DECISIONS:
            waited.append(each.closed_at - each.opened_at)
    days = round(sum(waited, timedelta()) / len(waited) / timedelta(days=1), 1) if waited else None
    return Tally(name, submitted, accepted, days)


def _most_used(session: Session, issue: Issue, edition: IssueEdition) -> tuple[Used, ...]:
    """What was opened, downloaded or used in class most often, of what stands on the shelf."""
    tokens = tokens_of(edition, issue.alliance_id)
    times = MonthOfUse.views + used(MonthOfUse)
    rows = session.execute(
        select(Resource.public_id, Revision.title, times)
        .join(Resource, Resource.id == MonthOfUse.resource_id)
        .join(Revision, Revision.resource_id == Resource.id)
        .where(
            MonthOfUse.month == issue.month,
            Resource.audience_token.in_(sorted(tokens)),
            Resource.available_at < issue.covers_to,
            Revision.state == State.PUBLISHED,
            Revision.alliance_id == issue.alliance_id,
        )
        .order_by(times.desc(), Resource.public_id)
        .limit(MOST_USED)
    )
    return tuple(Used(public_id, title, "", times) for public_id, title, times in rows)


def tokens_of(edition: IssueEdition, alliance_id: int) -> frozenset[str]:
    """The audience tokens of what an edition holds."""
    if edition is IssueEdition.PUBLIC:
        return frozenset({PUBLIC})
    return frozenset({PUBLIC, f"alliance:{alliance_id}"})


def _asked(session: Session, issue: Issue) -> list[Asked]:
    """The alliance's wishes that were open when the issue's time ended, the most wished first."""
    end = issue.covers_to
    people = func.count(Wisher.id)
    rows = session.execute(
        select(Wish.id, Wish.text, Wish.subject, Wish.grade, people)
        .join(Wish.wishers)
        .join(Wish.audience)
        .where(
            WishAudience.token == f"alliance:{issue.alliance_id}",
            Wish.created_at < end,
            or_(Wish.closed_at.is_(None), Wish.closed_at >= end),
            Wisher.at < end,
        )
        .group_by(Wish.id, Wish.text, Wish.subject, Wish.grade)
        .order_by(people.desc(), Wish.id)
        .limit(MOST_ASKED)
    )
    return [
        Asked(position=position, wish_id=wish, text=text, subject=subject, grade=grade, people=many)
        for position, (wish, text, subject, grade, many) in enumerate(rows, start=1)
    ]
