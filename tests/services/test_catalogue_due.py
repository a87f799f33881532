"""The issue of a month builds itself when the month is over, once, and its editors are told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.visibility import Audience
from resource_hub.models import Issue, Job, Notice
from resource_hub.services import catalogue
from resource_hub.services.catalogue_due import build_due, due_issues
from resource_hub.services.periodic import due_ticks, promise_tick
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


class Cast:
    def __init__(self, given: Given) -> None:
        self.alliance = given.alliance(name="城乡联盟")
        self.school = given.school("青石小学", alliance=self.alliance)
        self.wang = given.teacher("王敏", school=self.school)
        self.october = f"2026-10:{self.alliance.id}"


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def due(session: Session, clock: Clock) -> list[str]:
    return due_issues(session, clock(), SHANGHAI)


def test_a_month_is_due_from_its_last_moment_on_in_the_hubs_time_zone(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang)
    clock.at = datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)
    assert due(session, clock) == []
    clock.at = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    assert due(session, clock) == [cast.october]


def test_every_month_that_was_missed_is_made_up_for_up_to_a_year(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang)
    clock.at = datetime(2027, 2, 3, tzinfo=UTC)
    assert due(session, clock) == [
        f"{month}:{cast.alliance.id}" for month in ("2026-10", "2026-11", "2026-12", "2027-01")
    ]
    clock.at = datetime(2029, 2, 3, tzinfo=UTC)
    assert len(due(session, clock)) == 12
    assert due(session, clock)[0] == f"2028-02:{cast.alliance.id}"


def test_each_alliance_has_its_own_and_begins_with_its_first_resource(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    other = given.home()
    given.published(by=cast.wang)
    given.published(by=given.teacher(school=other), audience=Audience.SCHOOL)
    clock.at = datetime(2026, 11, 2, tzinfo=UTC)
    assert due(session, clock) == [cast.october]
    later = given.teacher(school=other)
    given.published(by=later)
    clock.at = datetime(2026, 12, 2, tzinfo=UTC)
    (second,) = later.alliance_ids
    assert due(session, clock) == [
        cast.october, f"2026-11:{cast.alliance.id}", f"2026-11:{second}",
    ]  # fmt: skip


def test_it_is_promised_once(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang)
    clock.at = datetime(2026, 11, 1, 0, 30, tzinfo=SHANGHAI)
    session.query(Job).delete()
    for kind, subject in due_ticks(session, clock(), SHANGHAI):
        promise_tick(uow, kind, subject)
    assert session.execute(select(Job.kind, Job.subject)).all() == [("catalogue", cast.october)]
    assert due_ticks(session, clock(), SHANGHAI) == []


def test_a_draft_is_built_and_its_editors_are_told_once(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    editor = given.editor(alliance=cast.alliance, school=cast.school)
    given.editor(alliance=given.alliance(), school=cast.school)
    given.administrator()
    given.published(by=cast.wang)
    clock.at = NOVEMBER.start(SHANGHAI) + timedelta(minutes=1)
    build_due(uow, cast.october)
    build_due(uow, cast.october)
    issue = session.scalars(select(Issue)).one()
    assert (issue.month, issue.alliance_id, issue.published_at) == (
        "2026-10", cast.alliance.id, None,
    )  # fmt: skip
    notice = session.scalars(select(Notice)).one()
    assert (notice.user_id, notice.kind, notice.values) == (
        editor.id,
        "issue_built",
        {"title": "城乡联盟", "month": "2026-10", "alliance": cast.alliance.id, "count": 1},
    )
    assert due(session, clock) == []


def test_where_there_is_no_editor_those_who_run_the_hub_are_told(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    administrator = given.administrator()
    clock.at = NOVEMBER.start(SHANGHAI)
    build_due(uow, cast.october)
    assert session.scalars(select(Notice.user_id)).all() == [administrator.id]


def test_a_draft_from_before_the_month_was_over_is_built_again(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    editor = given.editor(alliance=cast.alliance, school=cast.school)
    catalogue.build(uow, editor, cast.alliance.id, OCTOBER)
    given.published(by=cast.wang)
    clock.at = NOVEMBER.start(SHANGHAI)
    assert due(session, clock) == [cast.october]
    build_due(uow, cast.october)
    assert len(catalogue.build(uow, editor, cast.alliance.id, OCTOBER).entries) == 1
    assert due(session, clock) == []


def test_an_issue_that_was_published_early_is_left_as_it_is(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    editor = given.editor(alliance=cast.alliance, school=cast.school)
    given.published(by=cast.wang)
    clock.pass_(hours=1)
    catalogue.publish(uow, editor, cast.alliance.id, OCTOBER)
    clock.at = NOVEMBER.start(SHANGHAI)
    assert due(session, clock) == []
    build_due(uow, cast.october)
    assert session.scalars(select(Notice)).all() == []


def test_what_was_before_the_first_published_issue_is_not_made_up_for(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    editor = given.editor(alliance=cast.alliance, school=cast.school)
    given.published(by=cast.wang)
    clock.at = datetime(2027, 1, 2, tzinfo=UTC)
    catalogue.publish(uow, editor, cast.alliance.id, NOVEMBER)
    assert due(session, clock) == [f"2026-12:{cast.alliance.id}"]
