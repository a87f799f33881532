"""The issues of the catalogue as they are read: the list, and one issue page by page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.catalogue import Change, Month
from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme, Taxonomy
from resource_hub.models import Entry, Issue
from resource_hub.services.catalogue import may_edit
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue in the list, with how many of its entries this person may see."""

    month: str
    number: int | None
    """None: a draft, which only editors see."""
    published_at: datetime | None
    built_at: datetime
    counts: Mapping[Change, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def issues(
    session: Session, person: Person, *, drafts: bool = True, most: int | None = None
) -> list[IssueLine]:
    """The published issues, newest first; for editors the drafts too. Two queries."""
    wanted = select(Issue).order_by(Issue.month.desc())
    if not (drafts and may_edit(person)):
        wanted = wanted.where(Issue.published_at.is_not(None))
    found = session.scalars(wanted.limit(most)).all()
    rows = session.execute(
        select(Entry.issue_id, Entry.change, func.count(Entry.id))
        .where(
            Entry.issue_id.in_([issue.id for issue in found]),
            Entry.audience_token.in_(sorted(person.tokens)),
        )
        .group_by(Entry.issue_id, Entry.change)
    )
    counts: dict[int, dict[Change, int]] = {}
    for issue_id, change, number in rows:
        counts.setdefault(issue_id, {})[change] = number
    return [
        IssueLine(
            month=issue.month,
            number=issue.number,
            published_at=issue.published_at,
            built_at=issue.built_at,
            counts=counts.get(issue.id, {}),
        )
        for issue in found
    ]


def latest_issue(session: Session, person: Person) -> IssueLine | None:
    """The newest published issue, whoever asks."""
    return next(iter(issues(session, person, drafts=False, most=1)), None)


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the contents: where a part begins, and how much stands under it."""

    part: str
    """``shelf`` for what is new or updated, ``withdrawn`` for what is gone."""
    subject: str
    count: int
    page: int


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive entries of one subject, one grade and one school."""

    part: str
    subject: str
    grade: str
    school_name: str
    entries: tuple[Entry, ...]
    count: int
    """All of the group, also what stands on another page; the next two likewise."""
    of_grade: int
    of_subject: int
    new_subject: bool
    """Whether the subject's heading comes before this group."""
    new_grade: bool


@dataclass(frozen=True, slots=True)
class IssueView:
    """One page of an issue, as a person may see it."""

    issue: Issue
    counts: Mapping[Change, int]
    contents: tuple[Heading, ...]
    groups: tuple[Group, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class _Place:
    entry_id: int
    change: Change
    part: str
    subject: str
    grade: str
    school_name: str


def issue_view(
    session: Session, person: Person, taxonomy: Taxonomy, month: Month, *, page: int = 1
) -> IssueView:
    """One page of the issue, and the contents of all of it; four queries.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    issue = session.scalar(
        select(Issue).where(Issue.month == str(month)).options(joinedload(Issue.published_by))
    )
    if issue is None or (issue.published_at is None and not may_edit(person)):
        raise Missing(N_("There is no issue of this month."))
    places = _places(session, person, taxonomy, issue)
    paging = Paging.fit(page, PER_PAGE, len(places))
    shown = places[paging.offset : paging.offset + PER_PAGE]
    entries = {
        entry.id: entry
        for entry in session.scalars(
            select(Entry).where(Entry.id.in_([place.entry_id for place in shown]))
        )
    }
    counts: dict[Change, int] = {}
    for place in places:
        counts[place.change] = counts.get(place.change, 0) + 1
    return IssueView(
        issue=issue,
        counts=counts,
        contents=_contents(places),
        groups=_groups(places, shown, entries),
        paging=paging,
    )


def _places(session: Session, person: Person, taxonomy: Taxonomy, issue: Issue) -> Sequence[_Place]:
    """Where each entry stands; an entry of several grades stands under the lowest."""
    order = {
        term.code: place for place, term in enumerate(taxonomy.terms) if term.scheme is Scheme.GRADE
    }
    rows = session.execute(
        select(Entry.id, Entry.change, Entry.subject, Entry.grades, Entry.school_name)
        .where(Entry.issue_id == issue.id, Entry.audience_token.in_(sorted(person.tokens)))
        .order_by(Entry.position)
    )
    return [
        _Place(
            entry_id,
            change,
            "withdrawn" if change is Change.WITHDRAWN else "shelf",
            subject,
            min(grades, key=lambda code: order.get(code, len(order)), default=""),
            school_name,
        )
        for entry_id, change, subject, grades, school_name in rows
    ]


def _contents(places: Sequence[_Place]) -> tuple[Heading, ...]:
    found, at = [], 0
    for (part, subject), group in groupby(places, key=lambda place: (place.part, place.subject)):
        members = list(group)
        found.append(Heading(part, subject, len(members), at // PER_PAGE + 1))
        at += len(members)
    return tuple(found)


def _groups(
    places: Sequence[_Place], shown: Sequence[_Place], entries: Mapping[int, Entry]
) -> tuple[Group, ...]:
    def key(place: _Place) -> tuple[str, str, str, str]:
        return place.part, place.subject, place.grade, place.school_name

    sizes = Counter(key(place)[:depth] for place in places for depth in (2, 3, 4))
    found: list[Group] = []
    for of, members in groupby(shown, key):
        before = found[-1] if found else None
        same_subject = before is not None and (before.part, before.subject) == of[:2]
        found.append(
            Group(
                *of,
                entries=tuple(entries[place.entry_id] for place in members),
                count=sizes[of],
                of_grade=sizes[of[:3]],
                of_subject=sizes[of[:2]],
                new_subject=not same_subject,
                new_grade=not same_subject or (before is not None and before.grade != of[2]),
            )
        )
    return tuple(found)
