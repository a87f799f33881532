"""Build, publish and read the issues of the monthly catalogue."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.catalogue import Change, Listed, Month, in_order
from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import Scheme, Taxonomy
from resource_hub.domain.visibility import audience_token
from resource_hub.models import Entry, Issue, Revision
from resource_hub.services.catalogue_changes import changes
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork

MAX_PREFACE = 5_000


def build(uow: UnitOfWork, by: Person, month: Month) -> Issue:
    """Build, or build again, the draft of ``month``; a published issue is left as it is.

    Raises:
        NotAllowed: the person is neither editor nor administrator.
        Invalid: the month has not begun.
    """
    _require_editor(by)
    now = uow.now()
    if month.start(uow.zone) > now:
        raise Invalid([Problem("month", N_("This month has not begun yet."))])
    issue = find_issue(uow.session, month)
    if issue is not None and issue.published_at is not None:
        return issue
    covers_from, covers_to = _window(uow.session, month, uow.zone)
    if issue is None:
        issue = Issue(month=str(month), entries=[])
        uow.session.add(issue)
    issue.covers_from, issue.covers_to, issue.built_at = covers_from, covers_to, now
    _fill(uow, issue)
    uow.record("catalogue:build", by=by, month=str(month), entries=len(issue.entries))
    return issue


def publish(
    uow: UnitOfWork,
    by: Person,
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
    _require_editor(by)
    _wait_for_publications(uow.session)
    issue = build(uow, by, month)
    if issue.published_at is not None:
        raise WrongState(FROZEN)
    earlier = select(func.min(Issue.month)).where(
        Issue.month < str(month), Issue.published_at.is_(None)
    )
    if waiting := uow.session.scalar(earlier):
        raise WrongState(
            N_("The issue of %(month)s is still a draft; publish that one first."), month=waiting
        )
    if preface is not None:
        issue.preface = _checked(preface)
    now = uow.now()
    if issue.covers_to > now:
        if not even_early:
            raise Invalid([Problem("early", N_("The month is not over: tick that you mean it."))])
        issue.covers_to = now
        _fill(uow, issue)
    last = uow.session.scalar(select(func.max(Issue.number)))
    issue.number = (last or 0) + 1
    issue.published_at, issue.published_by_id = now, by.id or None
    uow.session.flush()
    uow.record("catalogue:publish", by=by, month=issue.month, number=issue.number)
    return issue


FROZEN = N_("This issue is published already and cannot be changed.")


def write_preface(uow: UnitOfWork, by: Person, month: Month, preface: str) -> Issue:
    """Keep the editor's words in the draft.

    Raises:
        Missing: there is no draft yet.
        WrongState: the issue is published.
        Invalid: the preface is too long.
    """
    _require_editor(by)
    issue = find_issue(uow.session, month)
    if issue is None:
        raise Missing(N_("There is no issue of this month yet; build it first."))
    if issue.published_at is not None:
        raise WrongState(FROZEN)
    issue.preface = _checked(preface)
    return issue


def _checked(preface: str) -> str:
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


def find_issue(session: Session, month: Month) -> Issue | None:
    """The issue with its entries in order, or None."""
    return session.scalar(
        select(Issue)
        .where(Issue.month == str(month))
        .options(selectinload(Issue.entries), joinedload(Issue.published_by))
        .execution_options(populate_existing=True)
    )


def readable_issue(session: Session, person: Person, month: Month) -> Issue:
    """A published issue, or for editors a draft.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    issue = find_issue(session, month)
    if issue is None or (issue.published_at is None and not may_edit(person)):
        raise Missing(N_("There is no issue of this month."))
    return issue


def entries_for(issue: Issue, person: Person) -> list[Entry]:
    """What ``person`` may see of an issue, in its order; at the command line, all of it."""
    if person == OPERATOR:
        return list(issue.entries)
    return [entry for entry in issue.entries if entry.audience_token in person.tokens]


def may_edit(person: Person) -> bool:
    return person.is_editor or person.is_administrator or person == OPERATOR


def _require_editor(by: Person) -> None:
    if not may_edit(by):
        raise NotAllowed(N_("Only the catalogue's editor can do this."))


def _window(session: Session, month: Month, zone: tzinfo) -> tuple[datetime, datetime]:
    """From where the issue before ended to where the one after begins; else the month itself.

    So published issues touch and never overlap, even if one was published before its month was
    over, or if the hub's time zone was changed in between.
    """
    before, after = (
        session.scalar(
            select(Issue).where(Issue.month == str(neighbour), Issue.published_at.is_not(None))
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


def _fill(uow: UnitOfWork, issue: Issue) -> None:
    """Replace the entries by what happened between ``covers_from`` and ``covers_to``."""
    places = _places(read_taxonomy(uow.session))
    end = min(issue.covers_to, uow.now())
    found = {
        revision.resource.public_id: (change, revision)
        for change, revision in changes(uow.session, issue.covers_from, end)
    }
    issue.entries.clear()
    uow.session.flush()
    ordered = in_order(_listed(change, revision, places) for change, revision in found.values())
    issue.entries.extend(
        _entry(position, listed.change, found[listed.public_id][1])
        for position, listed in enumerate(ordered, start=1)
    )
    issue.built_at = uow.now()
    uow.session.flush()


def _places(taxonomy: Taxonomy) -> Mapping[tuple[Scheme, str], int]:
    return {(term.scheme, term.code): place for place, term in enumerate(taxonomy.terms)}


def _listed(change: Change, revision: Revision, places: Mapping[tuple[Scheme, str], int]) -> Listed:
    last = len(places)
    return Listed(
        change=change,
        subject_position=places.get((Scheme.SUBJECT, revision.subject), last),
        grade_position=min(
            (places.get((Scheme.GRADE, code), last) for code in revision.grades), default=last
        ),
        school_name=revision.resource.school.name,
        title=revision.title,
        public_id=revision.resource.public_id,
    )


def _entry(position: int, change: Change, revision: Revision) -> Entry:
    resource = revision.resource
    return Entry(
        position=position,
        change=change,
        resource_id=resource.id,
        public_id=resource.public_id,
        revision_number=revision.number,
        kind=resource.kind,
        title=revision.title,
        summary=revision.summary,
        school_stage=revision.school_stage,
        subject=revision.subject,
        grades=revision.grades,
        school_name=resource.school.name,
        author_name=resource.owner.name,
        audience_token=audience_token(
            revision.audience, school_id=resource.school_id, alliance_id=revision.alliance_id
        ),
    )
