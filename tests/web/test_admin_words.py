"""The page on which administrators teach search new words."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import OPERATOR
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import AuditEvent, SearchWord
from resource_hub.services.queries.search_words import PER_PAGE
from resource_hub.services.search_words import add_word, add_words
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, Statements, in_english, read

ADDRESS = "/admin/search-words"


@pytest.fixture
def admin(given: Given, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(given.administrator("郑管理")))


def texts(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(SearchWord.text).order_by(SearchWord.id)))


def test_many_lines_are_pasted_shown_and_removed(admin: FlaskClient, session: Session) -> None:
    assert read(admin, ADDRESS).headings == ["There are no own words yet", "Add words"]
    pasted = {"lines": "教案 = 教学设计\r\n双师课堂\r\n"}
    answer = admin.post(ADDRESS, data=pasted, follow_redirects=True)
    assert "Added: 2; there already: 0." in answer.text
    assert "双师课堂 郑管理 12 Oct" in Page(answer).text
    assert texts(session) == ["教案 = 教学设计", "双师课堂"]
    answer = admin.post(ADDRESS, data=pasted, follow_redirects=True)
    assert "All of this is in the list already." in answer.text
    first = session.scalars(select(SearchWord.id).order_by(SearchWord.id)).first()
    answer = admin.post(f"{ADDRESS}/{first}/remove", follow_redirects=True)
    assert "Removed: 教案 = 教学设计" in answer.text
    assert texts(session) == ["双师课堂"]
    assert session.scalars(select(AuditEvent.tag).order_by(AuditEvent.id)).all()[-2:] == [
        "search_words:add",
        "search_words:remove",
    ]
    assert admin.post(f"{ADDRESS}/{first}/remove").status_code == 404


def test_a_word_counts_from_the_next_search_on_and_no_longer_than_it_stands_there(
    admin: FlaskClient,
    given: Given,
    session: Session,
    browser: FlaskClient,
    settle: Callable[[], None],
) -> None:
    author = given.teacher(school=given.home())
    given.published(by=author, title="单元整体教学的设计", audience=Audience.PUBLIC)
    settle()
    address = "/search?q=大單元&exact=1"
    assert read(browser, address).cards == []
    admin.post(ADDRESS, data={"lines": "大单元 = 单元整体教学"})
    assert read(browser, address).cards == ["单元整体教学的设计"]
    session.rollback()
    admin.post(f"{ADDRESS}/{session.scalars(select(SearchWord.id)).one()}/remove")
    assert read(browser, address).cards == []


def test_a_wrong_line_is_named_and_everything_typed_stays(
    admin: FlaskClient, session: Session
) -> None:
    typed = "双师课堂\n课\n<script>alert(1)</script>"
    page = Page(admin.post(ADDRESS, data={"lines": typed}))
    assert page.status == 422
    assert "Line 2: A word of one character is found without this" in page.text
    assert page.typed["lines"].replace("\r\n", "\n") == typed
    assert texts(session) == []


def test_the_list_is_searched_in_any_script(admin: FlaskClient, uow: UnitOfWork) -> None:
    for text in ("雙師課堂", "教案 = 教学设计", "100%正确"):
        add_word(uow, OPERATOR, text)
    assert "雙師課堂" in read(admin, f"{ADDRESS}?q=双师").text
    assert len(read(admin, f"{ADDRESS}?q=双师").forms) == 2  # one to remove, one to add
    assert "Nothing fits" in read(admin, f"{ADDRESS}?q=没有").headings
    assert "1 entry" in read(admin, f"{ADDRESS}?q=%25").text


def test_a_long_list_has_pages_and_takes_as_many_queries_as_a_short_one(
    admin: FlaskClient, uow: UnitOfWork
) -> None:
    add_words(uow, OPERATOR, "词语一")
    with admin.application.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(admin, ADDRESS)
    add_words(uow, OPERATOR, "\n".join(f"词语{n}号" for n in range(PER_PAGE + 4)))
    assert statements.for_page(admin, ADDRESS) == one
    page = read(admin, f"{ADDRESS}?page=2")
    assert len(page.forms) == 6  # five to remove, one to add
