"""Atom feeds of shelves and of the catalogue, as a feed reader sees them."""

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.services import catalogue, issue_access
from resource_hub.services.issue_files import add_erratum
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Statements, in_english

SHELF = "/browse/subject/math/feed.atom"


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school, name="青石教共体")
    return given.teacher("王敏", school=school)


def titles(browser: FlaskClient, path: str) -> list[str]:
    with browser.get(path) as answer:
        assert answer.status_code == 200
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        found = feedparser.parse(answer.data)
    assert found.bozo is False
    return [item.title for item in found.entries]


def test_a_shelf_has_its_newest_resources_newest_first(
    given: Given, wang: Person, browser: FlaskClient, clock: Clock
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC, title="旧的")
    clock.pass_(hours=1)
    given.published(by=wang, audience=Audience.PUBLIC, title="新的", grades=("g3", "g4"))
    given.published(by=wang, audience=Audience.PUBLIC, title="别的", subject="music")
    assert titles(browser, SHELF) == ["新的", "旧的"]
    assert titles(browser, "/browse/grade/g4/feed.atom") == ["新的"]
    assert titles(browser, "/browse/subject/music/feed.atom") == ["别的"]
    assert sorted(titles(browser, "/browse/school/s1/feed.atom")) == ["别的", "新的", "旧的"]


def test_a_feed_holds_only_what_its_reader_may_see(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC, title="公开")
    given.published(by=wang, audience=Audience.ALLIANCE, title="联盟")
    given.published(by=wang, audience=Audience.SCHOOL, title="本校")
    stranger = given.teacher("生人", school=given.school("远山小学"))
    assert titles(browser, SHELF) == ["公开"]
    assert titles(browser_as(stranger), SHELF) == ["公开"]
    assert sorted(titles(browser_as(wang), SHELF)) == ["公开", "本校", "联盟"]


def test_a_reader_that_has_the_feed_gets_nothing_twice(
    given: Given, wang: Person, browser: FlaskClient, clock: Clock
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC, title="一")
    with browser.get(SHELF) as first:
        known = {"If-None-Match": first.headers["ETag"]}
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert [browser.get(SHELF, headers=had).status_code for had in (known, since)] == [304, 304]
    clock.pass_(hours=1)
    given.published(by=wang, audience=Audience.PUBLIC, title="二")
    assert [browser.get(SHELF, headers=had).status_code for had in (known, since)] == [200, 200]


def test_an_empty_shelf_is_an_empty_feed_and_an_unknown_one_is_none(
    wang: Person, browser: FlaskClient
) -> None:
    assert wang.name == "王敏"
    assert titles(browser, "/browse/subject/music/feed.atom") == []
    for path in ("subject/nonsense", "school/nobody", "kind/case", "stage/primary"):
        assert browser.get(f"/browse/{path}/feed.atom").status_code == 404


def test_a_feed_takes_the_same_number_of_statements_however_long(
    app: Flask, given: Given, wang: Person, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    with app.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(browser, SHELF)
    for number in range(3):
        given.published(by=wang, audience=Audience.PUBLIC, title=f"课 {number}")
    assert statements.for_page(browser, SHELF) == one


def test_pages_name_their_feeds(given: Given, wang: Person, browser: FlaskClient) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    link = '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">'
    assert link.format("Mathematics", SHELF) in in_english(browser).get("/browse/subject/math").text
    assert link.format("Catalogue", "/catalogue/feed.atom") in browser.get("/catalogue").text


def test_published_issues_are_a_feed(
    given: Given, wang: Person, browser: FlaskClient, clock: Clock, uow: UnitOfWork
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    given.published(by=wang, audience=Audience.ALLIANCE)
    clock.pass_(hours=1)
    assert titles(in_english(browser), "/catalogue/feed.atom") == []
    catalogue.publish(uow, given.administrator("郑管理"), min(wang.alliance_ids), Month(2026, 10))
    uow.session.commit()
    with in_english(browser).get("/catalogue/feed.atom") as answer:
        (item,) = feedparser.parse(answer.data).entries
    alliance = issue_access.editable_alliances(uow.session, given.administrator())[0].name
    assert (item.title, item.summary) == (f"{alliance} Catalogue October 2026", "New 1")
    assert item.link.endswith(f"/catalogue/2026-10/{min(wang.alliance_ids)}")


def test_an_erratum_makes_an_issue_new_again_for_those_who_may_read_what_it_is_about(
    given: Given, wang: Person, browser: FlaskClient, clock: Clock, uow: UnitOfWork
) -> None:
    shown = given.published(by=wang, audience=Audience.PUBLIC).resource.public_id
    hidden = given.published(by=wang, audience=Audience.ALLIANCE).resource.public_id
    clock.pass_(hours=1)
    administrator, alliance = given.administrator("郑管理"), min(wang.alliance_ids)
    catalogue.publish(uow, administrator, alliance, Month(2026, 10))

    def updated() -> str:
        uow.session.commit()
        with browser.get("/catalogue/feed.atom") as answer:
            return str(feedparser.parse(answer.data).feed.updated)

    seen = [updated()]
    for public_id in (hidden, shown, ""):
        clock.pass_(hours=1)
        add_erratum(uow, administrator, alliance, Month(2026, 10), "更正", public_id)
        seen.append(updated())
    assert seen == [f"2026-10-12T{hour:02}:00:00Z" for hour in (5, 5, 7, 8)]
