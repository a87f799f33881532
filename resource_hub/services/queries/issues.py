"""The issues of the catalogue as they are read: the list, and one issue page by page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from resource_hub.domain.catalogue import IN_ORDER, Change, IssueEdition, Month
from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme, Taxonomy
from resource_hub.domain.visibility import PUBLIC
from resource_hub.models import Alliance, Entry, Issue, Resource
from resource_hub.services.issue_access import (
    NO_ISSUE,
    edited_by,
    is_everywhere,
    own_alliances,
    seen_by,
)
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue in the list, with how many of its entries this person may see."""

    alliance_id: int
    alliance_name: str
    month: str
    number: int | None
    """None: a draft, which only editors see."""
    published_at: datetime | None
    built_at: datetime
    covers_to: datetime
    counts: Mapping[Change, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def issues(
    session: Session,
    person: Person,
    *,
    drafts: bool = True,
    of_all: bool = True,
    most: int | None = None,
) -> list[IssueLine]:
    """The published issues, newest first; for their editors the drafts too. Two queries.

    Args:
        of_all: also of alliances that are not the person's own.
    """
    wanted = (
        select(Issue)
        .join(Issue.alliance)
        .options(contains_eager(Issue.alliance))
        .where(_readable(person, drafts=drafts))
        .order_by(Issue.month.desc(), Alliance.name)
    )
    if not of_all:
        wanted = wanted.where(Issue.alliance_id.in_(sorted(own_alliances(person))))
    found = session.scalars(wanted.limit(most)).all()
    rows = session.execute(
        select(Entry.issue_id, Entry.change, func.count(Entry.id))
        .join(Entry.issue)
        .where(Entry.issue_id.in_([issue.id for issue in found]), entry_open_to(person))
        .group_by(Entry.issue_id, Entry.change)
    )
    counts: dict[int, dict[Change, int]] = {}
    for issue_id, change, number in rows:
        counts.setdefault(issue_id, {})[change] = number
    return [
        IssueLine(
            alliance_id=issue.alliance_id,
            alliance_name=issue.alliance.name,
            month=issue.month,
            number=issue.number,
            published_at=issue.published_at,
            built_at=issue.built_at,
            covers_to=issue.covers_to,
            counts=counts.get(issue.id, {}),
        )
        for issue in found
    ]


def _readable(person: Person, *, drafts: bool) -> ColumnElement[bool]:
    """Whether an issue is out, or a draft that the person edits."""
    out = Issue.published_at.is_not(None)
    if not drafts:
        return out
    if is_everywhere(person):
        return true()
    return or_(out, Issue.alliance_id.in_(sorted(edited_by(person))))


def entry_open_to(person: Person) -> ColumnElement[bool]:
    """Whether an entry, joined to its issue, is open to the person; see ``seen_by``."""
    own = Entry.audience_token.in_(sorted(person.tokens))
    if is_everywhere(person):
        return or_(own, Entry.audience_token.startswith("alliance:"))
    edited = [f"alliance:{alliance_id}" for alliance_id in sorted(edited_by(person))]
    return or_(own, Entry.audience_token.in_(edited))


def latest_issue(session: Session, person: Person) -> IssueLine | None:
    """The newest published issue of the own alliances, else of any, whoever asks."""
    own = issues(session, person, drafts=False, of_all=False, most=1)
    return next(iter(own or issues(session, person, drafts=False, most=1)), None)


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the contents: where a part begins, and how much stands under it."""

    part: str
    """A ``Change``: an issue begins with what is new."""
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
    is_empty: bool
    """Whether it lists nothing at all, for nobody."""
    counts: Mapping[Change, int]
    contents: tuple[Heading, ...]
    groups: tuple[Group, ...]
    class_uses: Mapping[str, int]
    """By public id, of what stands on this page: how often it was used in class until today."""
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
    session: Session,
    person: Person,
    taxonomy: Taxonomy,
    alliance_id: int,
    month: Month,
    *,
    page: int = 1,
    edition: IssueEdition = IssueEdition.ALLIANCE,
) -> IssueView:
    """One page of the issue, and the contents of all of it; four queries.

    Args:
        edition: the public one shows what everybody sees, whoever asks.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    issue = session.scalar(
        select(Issue)
        .where(
            Issue.alliance_id == alliance_id,
            Issue.month == str(month),
            _readable(person, drafts=True),
        )
        .options(joinedload(Issue.published_by), joinedload(Issue.alliance))
    )
    if issue is None:
        raise Missing(NO_ISSUE)
    tokens = seen_by(person, alliance_id)
    if edition is IssueEdition.PUBLIC:
        tokens = frozenset({PUBLIC})
    places = _places(session, tokens, taxonomy, issue)
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
    anything = select(Entry.id).where(Entry.issue_id == issue.id)
    return IssueView(
        issue=issue,
        is_empty=not places and session.scalar(anything.limit(1)) is None,
        counts=counts,
        contents=_contents(places),
        groups=_groups(places, shown, entries),
        class_uses=_class_uses(session, entries.values()),
        paging=paging,
    )


def _places(
    session: Session, tokens: frozenset[str], taxonomy: Taxonomy, issue: Issue
) -> Sequence[_Place]:
    """Where each entry stands; an entry of several grades stands under the lowest."""
    order = {
        term.code: place for place, term in enumerate(taxonomy.terms) if term.scheme is Scheme.GRADE
    }
    rows = session.execute(
        select(Entry.id, Entry.change, Entry.subject, Entry.grades, Entry.school_name)
        .where(Entry.issue_id == issue.id, Entry.audience_token.in_(sorted(tokens)))
        .order_by(Entry.position)
    ).all()
    return [
        _Place(
            entry_id,
            change,
            change.value,
            subject,
            min(grades, key=lambda code: order.get(code, len(order)), default=""),
            school_name,
        )
        # Issues from before the parts stood apart have what is new among what was updated.
        for entry_id, change, subject, grades, school_name in sorted(
            rows, key=lambda row: IN_ORDER.index(row[1])
        )
    ]


def _contents(places: Sequence[_Place]) -> tuple[Heading, ...]:
    found, at = [], 0
    for (part, subject), group in groupby(places, key=lambda place: (place.part, place.subject)):
        members = list(group)
        found.append(Heading(part, subject, len(members), at // PER_PAGE + 1))
        at += len(members)
    return tuple(found)


def _class_uses(session: Session, entries: Iterable[Entry]) -> Mapping[str, int]:
    rows = session.execute(
        select(Resource.public_id, Resource.class_uses).where(
            Resource.public_id.in_([entry.public_id for entry in entries]),
            Resource.class_uses > 0,
        )
    )
    return dict(rows.all())


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
