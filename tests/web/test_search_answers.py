"""What the search page says beside its results: the nearest, what was meant, where it stands."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.cards import place_words
from resource_hub.jobs.worker import Worker
from resource_hub.models import FruitlessSearch, Wish
from search_index import Place
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read

Settle = Callable[[], None]
PUBLIC = Audience.PUBLIC


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def shelf(given: Given, wang: Person, settle: Settle) -> None:
    given.published(by=wang, audience=PUBLIC, title="勾股定理", summary="直角三角形。", text="读。")
    given.published(by=wang, audience=PUBLIC, title="静夜思", subject="chinese", text="读。")
    given.published(by=wang, audience=PUBLIC, title="古诗：春晓", subject="chinese", text="读。")
    settle()


# Nothing fits exactly


@pytest.mark.usefixtures("shelf")
def test_without_the_choices_something_is_found(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=静夜思&kind=case")
    assert (page.cards, list(page.chips)) == (["静夜思"], ["Case"])
    assert "without the choices" in page.text
    exact = page.links["Keep to what is chosen"]
    assert exact == "/search?q=%E9%9D%99%E5%A4%9C%E6%80%9D&kind=case&exact=1"
    kept = read(browser, exact)
    assert (kept.cards, kept.links["Show the nearest instead"]) == (
        [], "/search?q=%E9%9D%99%E5%A4%9C%E6%80%9D&kind=case",
    )  # fmt: skip


@pytest.mark.usefixtures("shelf")
def test_a_misspelt_word_is_corrected_and_may_be_searched_as_it_is(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=勾股定里")
    assert page.cards == ["勾股定理"]
    assert "Nothing was found for “勾股定里”. Shown is what there is for “勾股定理”." in page.text
    assert page.typed["q"] == "勾股定里"
    exact = read(browser, page.links["Search for exactly “勾股定里”"])
    assert exact.cards == []


@pytest.mark.usefixtures("shelf")
def test_it_says_so_when_both_the_spelling_and_the_choices_were_given_up(
    browser: FlaskClient,
) -> None:
    both = read(browser, "/search?q=勾股定里&kind=case")
    assert (both.cards, "was given up, too" in both.how_read) == (["勾股定理"], True)
    one = read(browser, "/search?q=勾股定里&kind=lesson_plan")
    assert (one.cards, "was given up, too" in one.how_read) == (["勾股定理"], False)


@pytest.mark.usefixtures("shelf")
def test_not_all_of_the_words_need_occur_where_no_resource_has_them_all(
    browser: FlaskClient,
) -> None:
    page = read(browser, "/search?q=静夜思 月光宝盒")
    assert "Nothing has all of these words." in page.text
    assert page.cards == ["静夜思"]
    assert read(browser, page.links["Search for all of the words"]).cards == []


@pytest.mark.usefixtures("shelf")
def test_what_may_have_been_meant_is_a_link_that_keeps_the_choices(
    given: Given, wang: Person, settle: Settle, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=PUBLIC, title="春笑", subject="chinese", text="读。")
    settle()
    page = read(browser, "/search?q=春小&subject=chinese")
    assert page.cards == ["古诗：春晓"]
    assert "Did you mean: 春笑" in page.text
    assert page.links["春笑"] == "/search?q=%E6%98%A5%E7%AC%91&subject=chinese"


@pytest.mark.usefixtures("shelf")
def test_what_stands_as_it_was_typed_is_shown_though_another_word_sounds_alike(
    given: Given, wang: Person, settle: Settle, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=PUBLIC, title="古诗春小", subject="chinese", text="读。")
    settle()
    assert read(browser, "/search?q=春小&subject=chinese").cards == ["古诗春小"]


@pytest.mark.usefixtures("shelf")
def test_what_fits_is_shown_without_a_word_more(browser: FlaskClient) -> None:
    assert read(browser, "/search?q=静夜思").how_read == ""
    assert read(browser, "/search").how_read == ""


@pytest.mark.usefixtures("shelf")
def test_pages_and_filters_of_an_exact_search_stay_exact(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=静夜思&exact=1")
    assert page.typed["exact"] == "1"
    assert "exact" not in read(browser, "/search?q=静夜思").typed


# What was looked for in vain


@pytest.mark.usefixtures("shelf")
def test_who_finds_nothing_may_leave_a_wish(
    given: Given, wang: Person, browser_as: SignsIn
) -> None:
    mine = browser_as(wang)
    page = read(mine, "/search?q=量子纠缠&subject=chinese&grade=g3")
    assert (page.forms, page.typed["text"]) == (["/wishes"], "量子纠缠")
    assert page.chosen == {"subject": "chinese", "grade": "g3"}
    mine.post("/wishes", data={"text": page.typed["text"], **page.chosen})
    [wish] = given.session.scalars(select(Wish))
    assert (wish.text, wish.subject, wish.grade) == ("量子纠缠", "chinese", "g3")


@pytest.mark.usefixtures("shelf")
def test_a_stranger_is_asked_to_sign_in_for_it(browser: FlaskClient) -> None:
    page = read(browser, "/search?q=量子纠缠")
    assert page.forms == []
    assert unquote(page.links["Sign in to leave a wish"]) == (
        "/sign-in?next=/wishes?text=%E9%87%8F%E5%AD%90%E7%BA%A0%E7%BC%A0"
    )


@pytest.mark.usefixtures("shelf")
def test_where_the_nearest_is_shown_a_line_leads_to_the_wish(
    wang: Person, browser_as: SignsIn
) -> None:
    page = read(browser_as(wang), "/search?q=静夜思 月光宝盒")
    assert unquote(page.links["Leave a wish"]) == "/wishes?text=静夜思+月光宝盒"
    assert "Leave a wish" not in read(browser_as(wang), "/search?q=静夜思").links


@pytest.fixture
def in_vain(given: Given) -> Callable[[], dict[str, int]]:
    def counted() -> dict[str, int]:
        given.session.expire_all()
        rows = given.session.scalars(select(FruitlessSearch))
        return {row.query: row.times for row in rows}

    return counted


@pytest.mark.usefixtures("shelf")
def test_what_is_looked_for_in_vain_is_counted(
    browser: FlaskClient, in_vain: Callable[[], dict[str, int]]
) -> None:
    for address in ("/search?q=量子纠缠", "/search?q=量子糾纏&kind=case"):
        assert read(browser, address).cards == []
    assert in_vain() == {"量子纠缠": 2}


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=静夜思",
        "/search?q=静夜思&kind=case",
        "/search?q=勾股定里",
        "/search?q=量子纠缠&exact=1",
        "/search?q=量子纠缠&page=2",
        "/search?q=&kind=case",
    ],
)
@pytest.mark.usefixtures("shelf")
def test_nothing_else_is_counted(
    browser: FlaskClient, in_vain: Callable[[], dict[str, int]], address: str
) -> None:
    in_english(browser).get(address)
    assert in_vain() == {}


# Where a passage stands


@pytest.mark.usefixtures("shelf")
def test_a_passage_of_a_file_says_where_it_stands(
    app: Flask, given: Given, wang: Person, browser: FlaskClient
) -> None:
    revision = given.draft(by=wang, audience=PUBLIC, title="古诗两首", text="读。")
    given.file(revision, by=wang, name="讲稿.txt", content="床前明月光，疑是地上霜。".encode())
    given.admit(revision)
    given.session.commit()
    Worker(app).drain()
    page = read(browser, "/search?q=地上霜")
    assert (page.cards, page.marks, page.places) == (["古诗两首"], ["地上霜"], ["in 讲稿.txt"])
    [leads_to] = page.leads_to("passage-place")
    assert browser.get(leads_to, follow_redirects=True).request.path.startswith("/r/R-")
    assert "床前明月光" in browser.get(leads_to, follow_redirects=True).text


def test_words_of_a_film_are_found_with_their_second(
    given: Given, wang: Person, app: Flask, browser: FlaskClient
) -> None:
    said = "1\n00:01:20,250 --> 00:01:24,000\n新月的时候，我们看不见月亮。\n"
    revision = given.draft(by=wang, audience=PUBLIC, title="月相", text="看。")
    given.file(revision, by=wang, name="月相.srt", content=said.encode("gb18030"))
    given.admit(revision)
    given.session.commit()
    Worker(app).drain()
    page = read(browser, "/search?q=看不见")
    assert (page.cards, page.marks, page.places) == (
        ["月相"],
        ["看不见"],
        ["in 月相.srt, at 1:20"],
    )
    [leads_to] = page.leads_to("passage-place")
    assert leads_to.startswith("/r/R-")
    assert leads_to.endswith("?t=80")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(0, "课件.pptx", "slide", "3"), "in 课件.pptx, slide 3"),
        (Place(0, "教案.pdf", "page", "12"), "in 教案.pdf, page 12"),
        (Place(0, "成绩.xlsx", "sheet", "初一"), "in 成绩.xlsx, sheet 初一"),
        (Place(0, "月相.srt", "second", "80"), "in 月相.srt, at 1:20"),
        (Place(0, "讲稿.txt"), "in 讲稿.txt"),
        (Place(0, "讲稿.txt", "scroll", "7"), "in 讲稿.txt"),
        (Place(0, ""), ""),
        (None, ""),
    ],
)
def test_a_place_is_said_in_words(app: Flask, place: Place | None, words: str) -> None:
    with app.app_context(), force_locale("en"):
        assert place_words(place) == words


def test_a_result_names_its_month(
    given: Given, wang: Person, settle: Settle, browser_as: SignsIn
) -> None:
    given.published(by=wang, audience=PUBLIC, title="静夜思")
    settle()
    assert "October 2026" in read(browser_as(wang), "/search?q=静夜思").text
