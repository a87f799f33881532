"""More like this, on the page of a resource."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import Resource, Revision
from resource_hub.services import review
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.reading import Statements, read

Settle = Callable[[], None]
PUBLIC = Audience.PUBLIC


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def lesson(given: Given, wang: Person) -> Revision:
    return given.published(by=wang, audience=PUBLIC, title="分数的初步认识")


def page_of(given: Given, revision: Revision) -> str:
    resource = given.session.get(Resource, revision.resource_id)
    assert resource is not None
    return f"/r/{resource.public_id}"


def test_what_is_alike_and_open_to_the_reader_is_shown(
    given: Given, wang: Person, lesson: Revision, settle: Settle, browser: FlaskClient,
    browser_as: SignsIn,
) -> None:  # fmt: skip
    given.published(by=wang, audience=PUBLIC, title="分数的再认识")
    given.published(by=wang, audience=Audience.ALLIANCE, title="分数的意义（联盟）")
    settle()
    address = page_of(given, lesson)
    page = read(browser, address)
    assert ("More like this" in page.headings, page.cards) == (True, ["分数的再认识"])
    assert set(read(browser_as(wang), address).cards) == {"分数的再认识", "分数的意义（联盟）"}


def test_there_are_six_at_most(
    given: Given, wang: Person, lesson: Revision, settle: Settle, browser: FlaskClient
) -> None:
    for number in range(8):
        given.published(by=wang, audience=PUBLIC, title=f"分数练习 {number}")
    settle()
    assert len(read(browser, page_of(given, lesson)).cards) == 6


def test_what_was_withdrawn_a_moment_ago_is_left_out(
    given: Given, wang: Person, lesson: Revision, settle: Settle, browser: FlaskClient
) -> None:
    other = given.published(by=wang, audience=PUBLIC, title="分数的再认识")
    settle()
    review.take_step(given.uow, wang, other.id, Action.WITHDRAW, comment="有错")
    assert read(browser, page_of(given, lesson)).cards == []


def test_where_nothing_is_alike_nothing_is_said(
    given: Given, lesson: Revision, settle: Settle, browser: FlaskClient
) -> None:
    settle()
    assert "More like this" not in read(browser, page_of(given, lesson)).headings


@pytest.mark.usefixtures("no_index")
def test_without_the_index_the_page_is_as_it_was(
    given: Given, wang: Person, lesson: Revision, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=PUBLIC, title="分数的再认识")
    page = read(browser, page_of(given, lesson))
    assert (page.status, page.cards) == (200, [])


def test_many_alike_ask_as_often_as_one(
    app: Flask, given: Given, wang: Person, lesson: Revision, settle: Settle, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=PUBLIC, title="分数的再认识")
    settle()
    address = page_of(given, lesson)
    browser.get(address)  # counts as a view, once
    with app.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(browser, address)
    for number in range(3):
        given.published(by=wang, audience=PUBLIC, title=f"分数练习 {number}")
    settle()
    assert statements.for_page(browser, address) == one
