"""The front page, full and empty, for strangers and for those who are signed in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.services import catalogue, review
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Statements, read


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


def test_the_newest_eight_stand_on_the_front_page(
    given: Given, wang: Person, clock: Clock, browser: FlaskClient, settle: Callable[[], None]
) -> None:
    for number in range(10):
        given.published(by=wang, title=f"第{number}课", audience=Audience.PUBLIC)
        clock.pass_(minutes=1)
    settle()
    page = read(browser, "/")
    assert page.cards == [f"第{number}课" for number in (9, 8, 7, 6, 5, 4, 3, 2)]
    assert "10 resources from 1 schools are open to you." in page.text
    assert page.links["Mathematics10"] == "/browse/subject/math"
    assert page.links["Grade 310"] == "/browse/grade/g3"
    assert page.links["青石小学10"] == "/browse/school/s1"


def test_nothing_is_counted_before_the_index_knows_of_it(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    given.published(by=wang, title="刚刚发布", audience=Audience.PUBLIC)
    page = read(browser, "/")
    assert (page.cards, "0 resources" in page.text) == (["刚刚发布"], False)


def test_everybody_sees_what_is_open_to_them(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn, clock: Clock
) -> None:
    given.published(by=wang, title="联盟的")
    given.published(by=wang, title="公开的", audience=Audience.PUBLIC)
    clock.pass_(minutes=1)
    given.published(by=wang, title="以后的", release_on=clock().date().replace(day=30))
    assert read(browser, "/").cards == ["公开的"]
    assert read(browser_as(wang), "/").cards == ["公开的", "联盟的"]


def test_the_issue_of_the_month_is_announced(
    given: Given, uow: UnitOfWork, wang: Person, browser: FlaskClient, clock: Clock
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    clock.pass_(hours=1)
    catalogue.publish(uow, given.administrator(), min(wang.alliance_ids), Month(2026, 10))
    page = read(browser, "/")
    assert page.links["October 2026 · Issue 10 of 2026"] == "/catalogue/2026-10/1"
    assert "1 new" in page.text


def test_a_draft_of_an_issue_is_not_announced(
    given: Given, uow: UnitOfWork, wang: Person, browser_as: SignsIn
) -> None:
    administrator = given.administrator()
    given.published(by=wang, audience=Audience.PUBLIC)
    catalogue.build(uow, administrator, min(wang.alliance_ids), Month(2026, 10))
    assert "/catalogue/2026-10/1" not in read(browser_as(administrator), "/").links.values()


def test_what_waits_for_a_person_is_said(
    given: Given, uow: UnitOfWork, wang: Person, browser_as: SignsIn, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    given.draft(by=wang)
    given.draft(by=wang)
    waiting = given.submitted(by=wang, title="请修改的")
    school = waiting.resource.school
    reviewer = given.reviewer(school=school)
    review.take_step(uow, reviewer, waiting.id, Action.REQUEST_CHANGES, comment="请补充")
    given.submitted(by=wang)
    own, theirs = read(browser_as(wang), "/"), read(browser_as(reviewer), "/")
    assert own.links["Answer the reviewers: 1"] == "/inbox/answer"
    assert own.links["Finish your drafts: 2"] == "/my"
    assert theirs.links["Review: 1"] == "/review"
    assert "Your next things" not in read(browser, "/").text


def test_an_empty_hub_says_what_to_do_next(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    assert read(browser, "/").heading == "The shelf is still empty"
    assert read(browser, "/").links == {"Sign in": "/sign-in"}
    assert read(browser_as(wang), "/").links["Upload the first resource"] == "/submit"
    assert read(browser_as(given.administrator()), "/").links["Add people"] == "/admin"
    assert read(browser_as(given.person()), "/").links == {}


def test_a_full_front_page_asks_as_often_as_a_nearly_empty_one(
    app: Flask, given: Given, wang: Person, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    with app.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(browser, "/")
    for subject in ("chinese", "english"):
        given.published(by=wang, subject=subject, audience=Audience.PUBLIC)
    assert statements.for_page(browser, "/") == one
