"""Search as its readers meet it: words, filters, pages, nothing found, and no index."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.edge.cards import marked
from resource_hub.edge.extensions import db
from resource_hub.services import review
from search_index import Highlighted
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, Statements, in_english, read

Settle = Callable[[], None]


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def shelf(given: Given, wang: Person, clock: Clock, settle: Settle) -> None:
    """Four resources that everybody may see, one for the alliance, all about fractions."""
    public = Audience.PUBLIC
    given.published(by=wang, audience=public, title="分数的初步认识")
    clock.pass_(hours=1)
    given.published(by=wang, audience=public, title="分数练习", kind=Kind.EXERCISE, grades=("g4",))
    clock.pass_(hours=1)
    given.published(by=wang, audience=public, title="分数与诗", subject="chinese", grades=("g5",))
    clock.pass_(hours=1)
    given.published(by=wang, audience=public, title="静夜思", subject="chinese", text="床前明月光")
    given.published(by=wang, audience=Audience.ALLIANCE, title="分数（联盟）")
    settle()


def found(browser: FlaskClient, address: str) -> set[str]:
    return set(read(browser, address).cards)


@pytest.mark.usefixtures("shelf")
def test_words_are_found_and_marked(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=静夜思")
    assert (page.cards, page.marks) == (["静夜思"], ["静夜思"])
    inside = read(browser, "/search?q=明月光")
    assert (inside.cards, inside.marks) == (["静夜思"], ["明月光"])
    assert "1 found" in inside.text


@pytest.mark.usefixtures("shelf")
def test_the_other_script_finds_too(browser: FlaskClient) -> None:
    assert found(browser, "/search?q=靜夜思") == {"静夜思"}


@pytest.mark.usefixtures("shelf")
def test_each_reader_finds_what_is_open_to_them(
    wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    public = {"分数的初步认识", "分数练习", "分数与诗"}
    assert found(browser, "/search?q=分数") == public
    assert found(browser_as(wang), "/search?q=分数") == public | {"分数（联盟）"}
    assert read(browser, "/search?q=分数").options["School"] == {"青石小学": 3}


@pytest.mark.usefixtures("shelf")
def test_filters_are_in_the_address_and_each_chip_takes_one_away(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=分数&subject=math&subject=chinese&grade=g4&sort=title")
    assert page.cards == ["分数练习"]
    assert page.chips == {
        "Mathematics": "/search?q=%E5%88%86%E6%95%B0&subject=chinese&grade=g4&sort=title",
        "Chinese": "/search?q=%E5%88%86%E6%95%B0&subject=math&grade=g4&sort=title",
        "Grade 4": "/search?q=%E5%88%86%E6%95%B0&subject=chinese&subject=math&sort=title",
    }
    assert page.links["Clear"] == "/search?q=%E5%88%86%E6%95%B0"


@pytest.mark.usefixtures("shelf")
def test_each_facet_is_counted_as_if_nothing_were_chosen_in_it(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=分数&subject=math")
    assert page.options == {
        "Subject": {"Mathematics": 2, "Chinese": 1},
        "Stage of school": {"Primary": 2},
        "Grade": {"Grade 3": 1, "Grade 4": 1},
        "School": {"青石小学": 2},
        "Kind": {"Lesson plan": 1, "Exercise": 1},
        "Year of publication": {"2026": 2},
    }


@pytest.mark.usefixtures("shelf")
def test_what_is_no_code_of_a_list_is_left_out(browser: FlaskClient) -> None:
    page = read(
        browser, "/search?q=静夜思&subject=x&grade=&school=%00&school=s9&kind=y&sort=z&page=-1"
    )
    assert (page.cards, page.chips) == (["静夜思"], {})


@pytest.mark.usefixtures("shelf")
def test_a_chosen_filter_with_nothing_behind_it_stays_to_be_taken_away(
    browser: FlaskClient,
) -> None:
    page = read(browser, "/search?q=静夜思&kind=case&exact=1")
    assert page.cards == []
    assert page.options["Kind"] == {"Lesson plan": 1, "Case": 0}
    assert page.chips == {"Case": "/search?q=%E9%9D%99%E5%A4%9C%E6%80%9D&exact=1"}


@pytest.mark.usefixtures("shelf")
def test_results_are_sorted_as_asked(browser: FlaskClient) -> None:
    newest = read(browser, "/search?q=分数&sort=newest").cards
    assert newest == ["分数与诗", "分数练习", "分数的初步认识"]
    assert read(browser, "/search?sort=newest").cards == ["静夜思", *newest]


@pytest.mark.usefixtures("shelf")
def test_nothing_found_says_what_to_try(
    wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    page = read(browser, "/search?q=勾股定理&subject=math")
    assert "Nothing was found for “勾股定理”" in page.headings
    clear = "/search?q=%E5%8B%BE%E8%82%A1%E5%AE%9A%E7%90%86"
    assert page.links["Search again without the filters"] == clear
    assert page.links["Browse by subject"] == "/browse/subject"
    assert page.links["How to search"] == "/help/search"
    assert any("Sign in to find" in words for words in page.links)
    own = read(browser_as(wang), "/search?q=勾股定理").links
    assert "Search again without the filters" not in own
    assert not any("Sign in" in words for words in own)


@pytest.mark.usefixtures("shelf")
def test_the_page_says_how_a_query_was_read(browser: FlaskClient) -> None:
    assert "Read as: 分数 − 诗" in read(browser, "/search?q=分数 -诗").text
    assert "Read as" not in read(browser, "/search?q=分数").text


@pytest.mark.usefixtures("shelf")
def test_what_is_typed_is_never_run(browser: FlaskClient) -> None:
    answer = browser.get("/search", query_string={"q": "<script>alert(1)</script>\"'"})
    assert "<script>alert" not in answer.text
    assert Page(answer).typed["q"] == "<script>alert(1)</script>\"'"


def test_marks_stand_in_escaped_text() -> None:
    text = Highlighted("a<b>分数</b>&分数", ((4, 6), (11, 13)))
    assert marked(text) == "a&lt;b&gt;<mark>分数</mark>&lt;/b&gt;&amp;<mark>分数</mark>"
    assert marked(Highlighted("<i>", ())) == "&lt;i&gt;"


@pytest.mark.parametrize(
    "query", ["(((", '"', "AND OR NOT", "学科:", "-", "\x00", "a" * 5_000, "*"]
)
@pytest.mark.usefixtures("shelf")
def test_no_query_breaks_the_page(browser: FlaskClient, query: str) -> None:
    assert browser.get("/search", query_string={"q": query}).status_code == 200


def test_many_results_have_pages(
    given: Given, wang: Person, browser: FlaskClient, settle: Settle
) -> None:
    for number in range(21):
        given.published(by=wang, audience=Audience.PUBLIC, title=f"分数 {number:02}")
    settle()
    titles = [f"分数 {number:02}" for number in range(21)]
    first = read(browser, "/search?q=分数&sort=title")
    assert first.cards == titles[:20]
    second = first.links["Nextpage"]
    assert second == "/search?q=%E5%88%86%E6%95%B0&sort=title&page=2"
    assert read(browser, second).cards == titles[20:]
    for beyond in ("3", "99999999999999999999999"):
        page = read(browser, f"/search?q=分数&sort=title&page={beyond}")
        assert (page.cards, "21 found" in page.text) == (titles[20:], True)


def test_what_was_withdrawn_a_moment_ago_is_left_out(
    given: Given, wang: Person, browser: FlaskClient, settle: Settle
) -> None:
    """The index may be a moment behind; the database has the last word."""
    revision = given.published(by=wang, audience=Audience.PUBLIC)
    settle()
    review.take_step(given.uow, wang, revision.id, Action.WITHDRAW, comment="有错")
    assert read(browser, "/search?q=分数").cards == []


# htmx


HTMX = {"HX-Request": "true", "HX-Target": "results"}


@pytest.mark.usefixtures("shelf")
def test_htmx_gets_the_block_of_the_same_page(browser: FlaskClient) -> None:
    browser = in_english(browser)
    whole = browser.get("/search?q=静夜思&subject=chinese")
    block = browser.get("/search?q=静夜思&subject=chinese", headers=HTMX)
    assert Page(block).cards == Page(whole).cards == ["静夜思"]
    assert (Page(block).chips, Page(block).options) == (Page(whole).chips, Page(whole).options)
    assert block.text.lstrip().startswith('<div id="results"')
    assert "<header" not in block.text
    assert block.text.count('hx-swap-oob="true"') == 2
    assert "hx-swap-oob" not in whole.text
    assert {"HX-Request", "HX-Target"} <= set(whole.vary)


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Target": "other"},
        {"HX-Target": "results"},
        HTMX | {"HX-History-Restore-Request": "true"},
    ],
)
@pytest.mark.usefixtures("shelf")
def test_everybody_else_gets_the_whole_page(browser: FlaskClient, headers: dict[str, str]) -> None:
    assert "<header" in browser.get("/search?q=静夜思", headers=headers).text


# Without the index


@pytest.mark.usefixtures("shelf", "no_index")
def test_without_the_index_titles_answer(
    wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    page = read(browser, "/search?q=分数")
    assert page.status == 200
    assert "only titles were searched" in page.text
    assert page.cards == ["分数与诗", "分数练习", "分数的初步认识"]
    assert found(browser_as(wang), "/search?q=分数") == {*page.cards, "分数（联盟）"}
    assert found(browser, "/search?q=分数 练习") == {"分数练习"}
    assert found(browser, "/search?q=明月光") == set()
    assert found(browser, "/search?q=" + "分" * 100_000) == set()
    assert found(browser, "/search?q=%25") == found(browser, "/search?q=_") == set()
    narrowed = read(
        browser,
        "/search?q=分数&subject=chinese&stage=primary&grade=g5&kind=lesson_plan&school=s1&year=2026",
    )
    assert (narrowed.cards, list(narrowed.chips)) == (
        ["分数与诗"], ["Chinese", "Primary", "Grade 5", "青石小学", "Lesson plan", "2026"],
    )  # fmt: skip
    for nothing in ("stage=junior", "year=2025", "edition=renjiao", "format=pdf"):
        assert found(browser, f"/search?q=分数&{nothing}") == set()


@pytest.mark.usefixtures("shelf")
def test_while_a_lost_index_is_built_anew_titles_answer(
    app: Flask, given: Given, wang: Person, browser: FlaskClient, settle: Settle
) -> None:
    """What is published meanwhile is in the new index already; it is not all that there is."""
    folder = app.extensions["hub"].data / "index"
    folder.rename(folder.with_name("lost"))
    given.published(by=wang, audience=Audience.PUBLIC, title="分数与小数")
    settle()
    page = read(browser, "/search?q=分数")
    assert "only titles were searched" in page.text
    assert page.cards == ["分数与小数", "分数与诗", "分数练习", "分数的初步认识"]


def test_many_results_ask_as_often_as_one(
    app: Flask, given: Given, wang: Person, browser: FlaskClient, settle: Settle
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    settle()
    with app.app_context():
        statements = Statements(db.engine)
    statements.for_page(browser, "/search?q=分数")  # reads the administrator's words, once
    one = statements.for_page(browser, "/search?q=分数")
    given.published(by=wang, audience=Audience.PUBLIC, grades=("g4",))
    given.published(by=wang, audience=Audience.PUBLIC, grades=("g5",))
    settle()
    assert statements.for_page(browser, "/search?q=分数") == one
