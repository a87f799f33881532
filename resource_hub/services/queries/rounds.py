"""The page of a round: agenda with its threads, who took part, which tasks it left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true, union
from sqlalchemy.orm import Session, contains_eager, joinedload

from resource_hub.domain.catalogue import Change, IssueEdition, Month
from resource_hub.domain.discussion_round import RoundAct, RoundState, possible_acts
from resource_hub.domain.people import Person
from resource_hub.models import (
    AgendaItem,
    Artefact,
    Attendance,
    Coming,
    Entry,
    Issue,
    IssueRound,
    Post,
    School,
    Thread,
    User,
)
from resource_hub.services.discussion_access import open_to
from resource_hub.services.issue_access import own_alliances
from resource_hub.services.issue_figures import tokens_of
from resource_hub.services.issue_files import minutes_of
from resource_hub.services.queries.follow_ups import TaskLine, tasks_of_round
from resource_hub.services.round_access import find_round, parts_in, takes_part

MOST_BRIEFS = 5

MOST_CHOICES = 200
"""Resources that a form offers."""


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A thread of a round."""

    thread_id: int
    title: str
    public_id: str | None
    resource_id: int | None
    posts: int
    last_at: datetime | None
    concluded: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An item of the agenda, with its thread as soon as there is one."""

    item: AgendaItem
    thread: TalkLine | None

    @property
    def concluded(self) -> str:
        return self.thread.concluded if self.thread is not None else ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who took part: by writing, by signing, or both."""

    user_id: int
    name: str
    school_name: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """All that the page shows."""

    round: IssueRound
    state: RoundState
    acts: frozenset[RoundAct]
    agenda: Sequence[AgendaLine]
    others: Sequence[TalkLine]
    attendees: Sequence[Attendee]
    has_signed: bool
    coming: Sequence[Attendee]
    """Who said beforehand that they will come."""
    comes: bool
    tasks: Sequence[TaskLine]
    files: Sequence[Artefact]


@dataclass(frozen=True, slots=True)
class RoundBrief:
    """What other pages say of a round."""

    month: str
    alliance_id: int
    alliance_name: str
    opens_at: datetime
    closes_at: datetime
    state: RoundState


def round_page(
    session: Session, person: Person, alliance_id: int, month: Month, now: datetime
) -> RoundPage:
    """The page, in the same number of queries whatever is on it.

    Raises:
        Missing: there is no round, as far as this person may know.
    """
    found = find_round(session, person, alliance_id, month)
    state = found.dates.state(now)
    agenda, others = talk_of_round(session, found, open_to(person, now))
    people, coming = attendees(session, found), _coming(session, found)
    signed = select(Attendance.user_id).where(
        Attendance.round_id == found.id, Attendance.user_id == person.id
    )
    return RoundPage(
        round=found,
        state=state,
        acts=possible_acts(state, parts_in(person, found)),
        agenda=agenda,
        others=others,
        attendees=people,
        has_signed=session.scalar(signed) is not None,
        coming=coming,
        comes=any(each.user_id == person.id for each in coming),
        tasks=tasks_of_round(session, person, found),
        files=minutes_of(session, found.issue_id),
    )


def talk_of_round(
    session: Session, found: IssueRound, shown: ColumnElement[bool] | None = None
) -> tuple[list[AgendaLine], list[TalkLine]]:
    """The agenda with its threads, and the threads that are not on it, the latest talk first.

    Args:
        shown: which threads; without it, all of the round.
    """
    rows = session.execute(
        select(
            Thread.id,
            Thread.title,
            Entry.title,
            Entry.public_id,
            Thread.resource_id,
            func.count(Post.id),
            func.max(Post.at),
            Thread.concluded,
        )
        .outerjoin(
            Entry,
            (Entry.issue_id == Thread.issue_id) & (Entry.resource_id == Thread.resource_id),
        )
        .outerjoin(Post, (Post.thread_id == Thread.id) & Post.hidden_at.is_(None))
        .where(Thread.issue_id == found.issue_id, true() if shown is None else shown)
        .group_by(Thread.id, Entry.id)
        .order_by(func.max(Post.at).desc(), Thread.id)
    )
    lines = [
        TalkLine(number, title or entry_title or "", public_id, resource_id, posts, last, words)
        for number, title, entry_title, public_id, resource_id, posts, last, words in rows
    ]
    by_resource = {line.resource_id: line for line in lines if line.resource_id is not None}
    by_number = {line.thread_id: line for line in lines}
    agenda = [AgendaLine(item, _thread(item, by_resource, by_number)) for item in found.agenda]
    taken = {line.thread.thread_id for line in agenda if line.thread is not None}
    return agenda, [line for line in lines if line.thread_id not in taken]


def _thread(
    item: AgendaItem, by_resource: Mapping[int, TalkLine], by_number: Mapping[int, TalkLine]
) -> TalkLine | None:
    if item.resource_id is not None:
        return by_resource.get(item.resource_id)
    return by_number.get(item.thread_id) if item.thread_id is not None else None


def attendees(session: Session, found: IssueRound) -> list[Attendee]:
    """Whoever signed or wrote something that stands, by school and name; one query."""
    took_part = union(
        select(Attendance.user_id).where(Attendance.round_id == found.id),
        select(Post.author_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Thread.issue_id == found.issue_id, Post.hidden_at.is_(None)),
    ).subquery()
    return _people(session, User.id.in_(select(took_part.c.user_id)))


def _coming(session: Session, found: IssueRound) -> list[Attendee]:
    said = select(Coming.user_id).where(Coming.round_id == found.id)
    return _people(session, User.id.in_(said))


def _people(session: Session, wanted: ColumnElement[bool]) -> list[Attendee]:
    rows = session.execute(
        select(User.id, User.name, func.coalesce(School.name, ""))
        .outerjoin(School, School.id == User.school_id)
        .where(wanted)
        .order_by(func.coalesce(School.name, ""), User.name, User.id)
    )
    return [Attendee(*row) for row in rows]


def brief_of(session: Session, person: Person, issue: Issue, now: datetime) -> RoundBrief | None:
    """What the page of an issue says of its round; None for whoever takes no part. One query."""
    if not takes_part(person, issue.alliance_id):
        return None
    found = session.scalar(
        select(IssueRound)
        .where(IssueRound.issue_id == issue.id)
        .options(joinedload(IssueRound.issue).joinedload(Issue.alliance))
    )
    return None if found is None else _brief(found, now)


def rounds_now(session: Session, person: Person, now: datetime) -> list[RoundBrief]:
    """The rounds of the own alliances that are planned or open, the next one first; one query."""
    if not person.is_signed_in:
        return []
    found = session.scalars(
        select(IssueRound)
        .join(IssueRound.issue)
        .where(
            Issue.alliance_id.in_(sorted(own_alliances(person))),
            IssueRound.closes_at > now,
            IssueRound.minutes_at.is_(None),
            IssueRound.called_off_at.is_(None),
        )
        .options(contains_eager(IssueRound.issue).joinedload(Issue.alliance))
        .order_by(IssueRound.opens_at, IssueRound.id)
        .limit(MOST_BRIEFS)
    )
    return [_brief(each, now) for each in found]


def _brief(found: IssueRound, now: datetime) -> RoundBrief:
    return RoundBrief(
        month=found.issue.month,
        alliance_id=found.issue.alliance_id,
        alliance_name=found.issue.alliance.name,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        state=found.dates.state(now),
    )


def choices_of(session: Session, issue: Issue) -> list[tuple[str, str]]:
    """Number and title of what is offered for an agenda or a task, in the issue's order.

    Any other entry may be named by its number.
    """
    rows = session.execute(
        select(Entry.public_id, Entry.title)
        .where(
            Entry.issue_id == issue.id,
            Entry.change != Change.WITHDRAWN,
            Entry.audience_token.in_(sorted(tokens_of(IssueEdition.ALLIANCE, issue.alliance_id))),
        )
        .order_by(Entry.position)
        .limit(MOST_CHOICES)
    )
    return [(public_id, title) for public_id, title in rows]
