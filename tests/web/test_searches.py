"""What was looked for in vain, as editors see it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from resource_hub.edge.extensions import db
from resource_hub.models import FruitlessSearch
from resource_hub.services.queries.fruitless import PER_PAGE
from resource_hub.services.searching import note_fruitless
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Statements, in_english, read


@pytest.fixture
def editor(given: Given, browser_as: SignsIn) -> FlaskClient:
    school = given.school()
    return in_english(browser_as(given.editor(alliance=given.alliance(school), school=school)))


def test_each_month_shows_what_was_missed_and_how_often(
    editor: FlaskClient, uow: UnitOfWork, clock: Clock
) -> None:
    for query in ("鸦片战争", "圆周率", "圓周率"):
        note_fruitless(uow, query)
    clock.pass_(days=30)
    note_fruitless(uow, "立体几何")
    page = read(editor, "/searches")
    assert page.heading == "Looked for in vain"
    assert "November 2026 · 1 search" in page.text
    assert [words for words in page.links if "2026" in words] == [
        "November 2026 1",
        "October 2026 3",
    ]
    page = read(editor, page.links["October 2026 3"])
    assert "October 2026 · 2 different searches" in page.text
    assert [words for words in page.links if words in {"圆周率", "鸦片战争"}] == [
        "圆周率",
        "鸦片战争",
    ]
    assert "圆周率 2 12 Oct 鸦片战争 1 12 Oct" in page.text
    assert page.links["圆周率"].startswith("/search?q=")


def test_a_search_in_vain_is_counted_once_whoever_asks(
    editor: FlaskClient, browser: FlaskClient, settle: Callable[[], None]
) -> None:
    settle()
    for one in (browser, editor):
        assert read(one, "/search?q=量子糾纏 ").status == 200
    browser.get("/search?q=")
    page = read(editor, "/searches")
    assert "October 2026 · 1 search" in page.text
    assert "量子纠缠 2 12 Oct" in page.text


def test_nothing_missed_is_good_news(editor: FlaskClient) -> None:
    assert read(editor, "/searches").headings == ["Nothing was missed"]
    assert read(editor, "/searches/2026-01").headings == ["Nothing was missed"]
    assert editor.get("/searches/2026-13").status_code == 404


def test_a_long_month_has_pages_and_takes_as_many_queries_as_a_short_one(
    editor: FlaskClient, session: Session
) -> None:

    def miss(number: int) -> None:
        session.add(FruitlessSearch(month="2026-10", query=f"q{number}", times=1, last_at=NOON))

    miss(0)
    with editor.application.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(editor, "/searches")
    for number in range(1, PER_PAGE + 5):
        miss(number)
    assert statements.for_page(editor, "/searches") == one
    second = read(editor, "/searches/2026-10?page=2")
    assert len([words for words in second.links if words.startswith("q")]) == 5


def test_the_catalogue_leads_editors_there_and_nobody_else(
    editor: FlaskClient, browser: FlaskClient
) -> None:
    words = "What was looked for in vain"
    assert read(editor, "/catalogue").links[words] == "/searches"
    assert words not in read(browser, "/catalogue").links
