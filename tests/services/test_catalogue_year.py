"""A year of two alliances with 2,000 resources: every issue, counted against the audit trail."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Change, Month
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR, State
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience, audience_token
from resource_hub.models import AuditEvent, Entry, Issue, Resource, Revision, RevisionGrade
from resource_hub.services import catalogue
from resource_hub.services.catalogue_due import build_due, due_issues
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

pytestmark = pytest.mark.long

RESOURCES = 2_000
FIRST = Month(2026, 9)
EMPTY = 5
"""The month, from 0, in which nothing happens."""

Listed = dict[str, tuple[str, int]]
"""By public id: how it is listed, and which revision."""


def months() -> list[Month]:
    found = [FIRST]
    while len(found) < 12:
        found.append(found[-1].next)
    return found


def moment(chance: random.Random, month: int) -> datetime:
    """Some second of the month; the first and the last one now and then."""
    start, end = months()[month].start(SHANGHAI), months()[month].end(SHANGHAI)
    edge = chance.random()
    if edge < 0.01:
        return start
    if edge < 0.02:
        return end - timedelta(microseconds=1)
    return start + (end - start) * chance.random()


def a_year_of(given: Given) -> list[Person]:
    """Two alliances and what their people published; no issue yet."""
    authors = []
    for name in ("城乡联盟", "乡村联盟"):
        alliance = given.alliance(name=name)
        schools = [given.school(alliance=alliance) for _ in range(2)]
        authors += [given.teacher(school=school) for school in schools]
    given.session.add_all(life(authors))
    given.session.flush()
    return authors


def title_of(number: int) -> str:
    """Some would be a formula, some fill the field, some run from right to left."""
    odd = {0: f"=1+{number}", 1: f"الدرس {number}", 2: f"第{number}课".ljust(200, "长")}
    return odd.get(number % 19, f"第{number}课")


def test_twelve_issues_miss_nothing_and_hold_nothing_twice(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    authors = a_year_of(given)
    for month in months():
        clock.at = month.end(SHANGHAI) + timedelta(minutes=1)
        for subject in due_issues(session, clock(), SHANGHAI):
            build_due(uow, subject)
        for alliance_id in sorted({min(author.alliance_ids) for author in authors}):
            catalogue.publish(uow, OPERATOR, alliance_id, month)
    for alliance_id in sorted({min(author.alliance_ids) for author in authors}):
        issues = session.scalars(
            select(Issue).where(Issue.alliance_id == alliance_id).order_by(Issue.month)
        ).all()
        assert [(issue.month, issue.number) for issue in issues] == [
            (str(month), number) for number, month in enumerate(months(), start=1)
        ]
        found = [entries_of(session, issue) for issue in issues]
        assert found == list(by_the_audit_trail(session, alliance_id))
        assert found[EMPTY] == {}
        assert min(len(entries) for at, entries in enumerate(found) if at != EMPTY) > 50
        shelf = set(
            session.scalars(
                select(Resource.public_id)
                .join(Revision, Revision.resource_id == Resource.id)
                .where(
                    Revision.state == State.PUBLISHED,
                    Revision.alliance_id == alliance_id,
                    Revision.audience != Audience.SCHOOL,
                )
            )
        )
        changes = [change for entries in found for change, _revision in entries.values()]
        assert changes.count("new") - changes.count("withdrawn") == len(shelf)


def entries_of(session: Session, issue: Issue) -> Listed:
    rows = session.execute(
        select(Entry.public_id, Entry.change, Entry.revision_number, Entry.position)
        .where(Entry.issue_id == issue.id)
        .order_by(Entry.position)
    ).all()
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert len({row.public_id for row in rows}) == len(rows)
    return {row.public_id: (row.change.value, row.revision_number) for row in rows}


def by_the_audit_trail(session: Session, alliance_id: int) -> Iterator[Listed]:
    """What each month's issue must list: the events are played one after the other."""
    events = session.execute(
        select(AuditEvent.at, AuditEvent.tag, Resource.public_id, Revision)
        .join(Resource, Resource.id == AuditEvent.resource_id)
        .join(Revision, Revision.id == AuditEvent.revision_id)
        .where(
            AuditEvent.tag.in_(("revision:admit", "revision:withdraw")),
            Revision.alliance_id == alliance_id,
            Revision.audience != Audience.SCHOOL,
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    ).all()
    shelf: dict[str, int] = {}
    waiting = list(events)
    for month in months():
        before = dict(shelf)
        while waiting and waiting[0][0] < month.end(SHANGHAI):
            _at, tag, public_id, revision = waiting.pop(0)
            if tag == "revision:admit":
                shelf[public_id] = revision.number
            else:
                del shelf[public_id]
        yield {
            public_id: (change.value, shelf.get(public_id, before.get(public_id, 0)))
            for public_id in before.keys() | shelf.keys()
            if (change := _change(before.get(public_id), shelf.get(public_id))) is not None
        }


def _change(before: int | None, after: int | None) -> Change | None:
    if before == after:
        return None
    if after is None:
        return Change.WITHDRAWN
    return Change.NEW if before is None else Change.UPDATED


def life(authors: list[Person]) -> Iterator[Resource | AuditEvent]:
    """Resources that come, are updated and go; with them what the hub records of it."""
    chance = random.Random(20260901)  # noqa: S311 - a made-up year, always the same
    busy = [month for month in range(12) if month != EMPTY]
    for number in range(1, RESOURCES + 1):
        author = authors[number % len(authors)]
        audience = (Audience.SCHOOL, Audience.PUBLIC, *[Audience.ALLIANCE] * 4)[number % 6]
        came = moment(chance, chance.choice(busy))
        moments = [came]
        if number % 7 == 0:
            moments.append(moment(chance, chance.choice(busy)))
        moments.sort()
        gone = moment(chance, chance.choice(busy)) if number % 11 == 0 else None
        if gone is not None and gone <= moments[-1]:
            gone = None
        yield from _resource(number, author, audience, moments, gone)


def _resource(
    number: int, author: Person, audience: Audience, moments: list[datetime], gone: datetime | None
) -> Iterator[Resource | AuditEvent]:
    school_id, alliance_id = author.school_id or 0, min(author.alliance_ids)
    token = audience_token(audience, school_id=school_id, alliance_id=alliance_id)
    resource = Resource(
        id=number,
        public_id=f"R-{number:06}",
        kind=Kind.LESSON_PLAN,
        owner_id=author.id,
        school_id=school_id,
        audience_token=None if gone else token,
        available_at=None if gone else moments[-1],
        first_available_at=moments[0],
        withdrawn_at=gone,
        created_at=moments[0],
        revisions=[],
    )
    for at, published_at in enumerate(moments, start=1):
        is_last = at == len(moments)
        state = State.PUBLISHED if is_last else State.SUPERSEDED
        if is_last and gone:
            state = State.WITHDRAWN
        resource.revisions.append(
            Revision(
                id=number * 2 + at - 2,
                number=at,
                state=state,
                title=title_of(number),
                summary="",
                school_stage="primary",
                subject=("math", "chinese", "music")[number % 3],
                audience=audience,
                alliance_id=alliance_id,
                basis="import",
                rights_declared_at=published_at,
                published_at=published_at,
                available_at=published_at,
                withdrawn_at=gone if is_last else None,
                created_at=published_at,
                updated_at=published_at,
                grade_rows=[RevisionGrade(grade=f"g{number % 6 + 1}")],
                attachments=[],
            )
        )
        yield _event("revision:admit", published_at, number, number * 2 + at - 2)
    yield resource
    if gone:
        yield _event("revision:withdraw", gone, number, number * 2 + len(moments) - 2)


def _event(tag: str, at: datetime, resource_id: int, revision_id: int) -> AuditEvent:
    return AuditEvent(
        at=at, tag=tag, actor_id=None, resource_id=resource_id, revision_id=revision_id, detail={}
    )
