"""Build, publish and read the issues of the monthly catalogue."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import groupby

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.catalogue import Change, Happening, Listed, Month, change_in, in_order
from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import Scheme, Taxonomy
from resource_hub.domain.visibility import audience_token
from resource_hub.models import Entry, Issue, Resource, Revision
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork


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
    covers_from = _covered_until(uow.session, month, uow.zone)
    if issue is None:
        issue = Issue(month=str(month), built_at=now, entries=[])
        uow.session.add(issue)
    issue.covers_from, issue.covers_to = covers_from, month.end(uow.zone)
    _fill(uow, issue)
    uow.record("catalogue:build", by=by, month=str(month), entries=len(issue.entries))
    return issue


def publish(uow: UnitOfWork, by: Person, month: Month, *, preface: str | None = None) -> Issue:
    """Freeze the issue of ``month``; it is built afresh first, so nothing is left out.

    An issue published before its month is over ends at this moment; the next one begins there.

    Raises:
        WrongState: it is published already, or an earlier issue is still a draft.
    """
    issue = build(uow, by, month)
    if issue.published_at is not None:
        raise WrongState(N_("This issue is published already and cannot be changed."))
    now = uow.now()
    if preface is not None:
        issue.preface = preface.strip()
    if issue.covers_to > now:
        issue.covers_to = now
        _fill(uow, issue)
    last = uow.session.scalar(select(func.max(Issue.number)))
    issue.number = (last or 0) + 1
    issue.published_at, issue.published_by_id = now, by.id or None
    uow.session.flush()
    uow.record("catalogue:publish", by=by, month=issue.month, number=issue.number)
    return issue


def write_preface(uow: UnitOfWork, by: Person, month: Month, preface: str) -> Issue:
    """Keep the editor's words in the draft.

    Raises:
        WrongState: the issue is published.
    """
    _require_editor(by)
    issue = find_issue(uow.session, month)
    if issue is None:
        raise Missing(N_("There is no issue of this month yet; build it first."))
    if issue.published_at is not None:
        raise WrongState(N_("This issue is published already and cannot be changed."))
    issue.preface = preface.strip()
    return issue


def find_issue(session: Session, month: Month) -> Issue | None:
    """The issue with its entries in order, or None."""
    return session.scalar(
        select(Issue)
        .where(Issue.month == str(month))
        .options(joinedload(Issue.entries), joinedload(Issue.published_by))
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
    """What ``person`` may see of an issue, in its order."""
    return [entry for entry in issue.entries if entry.audience_token in person.tokens]


def may_edit(person: Person) -> bool:
    return person.is_editor or person.is_administrator or person == OPERATOR


def _require_editor(by: Person) -> None:
    if not may_edit(by):
        raise NotAllowed(N_("Only the catalogue's editor can do this."))


def _covered_until(session: Session, month: Month, zone: tzinfo) -> datetime:
    """Where the issue before ended, if it was published early; else the start of the month."""
    before = session.scalar(
        select(Issue).where(Issue.month == str(month.previous), Issue.published_at.is_not(None))
    )
    start = month.start(zone)
    return min(start, before.covers_to) if before is not None else start


def _fill(uow: UnitOfWork, issue: Issue) -> None:
    """Replace the entries by what happened between ``covers_from`` and ``covers_to``."""
    taxonomy = read_taxonomy(uow.session)
    end = min(issue.covers_to, uow.now())
    found = {
        revision.resource.public_id: (change, revision)
        for change, revision in _changes(uow.session, issue.covers_from, end)
    }
    issue.entries.clear()
    uow.session.flush()
    ordered = in_order(_listed(change, revision, taxonomy) for change, revision in found.values())
    issue.entries.extend(
        _entry(position, listed.change, found[listed.public_id][1])
        for position, listed in enumerate(ordered, start=1)
    )
    issue.built_at = uow.now()
    uow.session.flush()


def _changes(session: Session, start: datetime, end: datetime) -> Iterator[tuple[Change, Revision]]:
    """Each resource that others saw change in the period, with the revision that stood last."""
    touched = (
        select(Revision.resource_id)
        .where(
            Revision.available_at.is_not(None),
            or_(
                Revision.available_at.between(start, end),
                Revision.withdrawn_at.between(start, end),
            ),
        )
        .distinct()
    )
    revisions = session.scalars(
        select(Revision)
        .where(
            Revision.resource_id.in_(touched),
            Revision.available_at < end,
            or_(Revision.withdrawn_at.is_(None), Revision.withdrawn_at > Revision.available_at),
        )
        .order_by(Revision.resource_id, Revision.number)
        .options(
            joinedload(Revision.resource).options(
                joinedload(Resource.owner), joinedload(Resource.school)
            )
        )
    ).all()
    for _resource_id, group in groupby(revisions, key=lambda revision: revision.resource_id):
        history = list(group)
        last = history[-1]
        happening = Happening(
            first_available_at=min(_available(revision) for revision in history),
            last_available_at=_available(last),
            withdrawn_at=last.withdrawn_at,
        )
        change = change_in(start, end, happening)
        if change is not None:
            yield change, last


def _available(revision: Revision) -> datetime:
    return revision.available_at or revision.created_at


def _listed(change: Change, revision: Revision, taxonomy: Taxonomy) -> Listed:
    def position(scheme: Scheme, code: str) -> int:
        codes = [term.code for term in taxonomy.terms if term.scheme is scheme]
        return codes.index(code) if code in codes else len(codes)

    return Listed(
        change=change,
        subject_position=position(Scheme.SUBJECT, revision.subject),
        grade_position=min((position(Scheme.GRADE, code) for code in revision.grades), default=99),
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
