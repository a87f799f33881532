"""What the search box offers while somebody types."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.web.completing import guess_of
from search_index import Completion, CompletionKind
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, in_english, read

Settle = Callable[[], None]


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def shelf(given: Given, wang: Person, settle: Settle) -> None:
    public = Audience.PUBLIC
    given.published(by=wang, audience=public, title="勾股定理", unit="第十七章 勾股定理")
    given.published(by=wang, audience=Audience.ALLIANCE, title="勾股定理的证明（联盟）")
    settle()


def offered(browser: FlaskClient, typed: str) -> dict[str, str]:
    """What is shown → what is searched when it is taken."""
    answer = in_english(browser).get("/search/complete", query_string={"q": typed})
    assert answer.status_code == 200
    return Page(answer).offered


@pytest.mark.parametrize("typed", ["勾股", "勾股定", "gougu", "gou gu", "ggdl"])
@pytest.mark.usefixtures("shelf")
def test_a_title_is_offered_in_characters_and_in_pinyin(browser: FlaskClient, typed: str) -> None:
    assert offered(browser, typed)["勾股定理 Title"] == "勾股定理"


@pytest.mark.usefixtures("shelf")
def test_a_person_a_school_and_a_unit_search_in_their_field(browser: FlaskClient) -> None:
    assert offered(browser, "王")["王敏 Author"] == 'author:"王敏"'
    assert offered(browser, "qingshi")["青石小学 School"] == 'school:"青石小学"'
    assert offered(browser, "第十七章")["第十七章 勾股定理 Unit"] == 'unit:"第十七章 勾股定理"'


@pytest.mark.parametrize("typed", ["勾股", "王", "青石", "第十七章"])
@pytest.mark.usefixtures("shelf")
def test_what_is_offered_finds_something(browser: FlaskClient, typed: str) -> None:
    for query in offered(browser, typed).values():
        answer = in_english(browser).get("/search", query_string={"q": query, "exact": 1})
        assert "勾股定理" in answer.text


@pytest.mark.usefixtures("shelf")
def test_in_chinese_the_fields_have_chinese_names(browser: FlaskClient) -> None:
    with browser.session_transaction() as cookies:
        cookies["language"] = "zh_Hant"
    answer = browser.get("/search/complete?q=青石").text
    assert "學校:&#34;青石小學&#34;" not in answer
    assert "學校:&#34;青石小学&#34;" in answer


@pytest.mark.usefixtures("shelf")
def test_only_what_one_may_see_is_offered(
    wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    assert "勾股定理的证明（联盟） Title" not in offered(browser, "勾股")
    assert "勾股定理的证明（联盟） Title" in offered(browser_as(wang), "勾股")


@pytest.mark.parametrize("typed", ["", "   ", "\x00", '"', "((", "量子", "a" * 5_000, "<b>"])
@pytest.mark.usefixtures("shelf")
def test_where_there_is_nothing_to_offer_nothing_is_said(browser: FlaskClient, typed: str) -> None:
    assert offered(browser, typed) == {}


@pytest.mark.usefixtures("shelf", "no_index")
def test_without_the_index_nothing_is_offered(browser: FlaskClient) -> None:
    assert offered(browser, "勾股") == {}


def test_what_is_offered_is_text(
    given: Given, wang: Person, settle: Settle, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC, title='<i>小明</i> "说" -不')
    settle()
    answer = in_english(browser).get("/search/complete?q=小明").text
    assert "&lt;i&gt;小明&lt;/i&gt;" in answer
    assert 'data-query="&#34;&lt;i&gt;小明&lt;/i&gt; 说 -不&#34;"' in answer


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("圆的面积（第二课时）", "圆的面积（第二课时）"),
        ("Unit 3 What's this", "Unit 3 What's this"),
        ("标题：怎样写", '"标题：怎样写"'),
        ("分数 - 练习", '"分数 - 练习"'),
        ("To be OR not", '"To be OR not"'),
        ("“红军”不怕", '"红军 不怕"'),
        ("两  行\n标题", "两 行 标题"),
    ],
)
def test_a_title_is_quoted_where_the_language_would_read_more_into_it(
    app: Flask, title: str, query: str
) -> None:
    with app.test_request_context():
        assert guess_of(Completion(title, CompletionKind.TITLE)).query == query


@pytest.mark.usefixtures("shelf")
def test_every_page_has_a_box_that_completes(browser: FlaskClient) -> None:
    for address, name in (("/", "search"), ("/search", "search"), ("/catalogue", "header-search")):
        assert read(browser, address).boxes == {name: f"{name}-completions"}
