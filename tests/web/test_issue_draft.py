"""The page of a draft: an editor chooses, orders, writes and publishes; nothing typed is lost."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from resource_hub.catalogue.data import FiguresData, Tally, Used
from resource_hub.catalogue.records import as_plain
from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.models import Entry, Highlighted, Issue
from resource_hub.services import catalogue
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, in_english, read

ADDRESS = "/catalogue/2026-10/1"
DRAFT = f"{ADDRESS}/draft"


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def editor(
    given: Given, uow: UnitOfWork, wang: Person, clock: Clock, browser_as: SignsIn
) -> FlaskClient:
    """In front of a draft of two lessons and a song."""
    given.published(by=wang, title="公开的", audience=Audience.PUBLIC)
    given.published(by=wang, title="联盟的")
    given.published(by=wang, title="歌", subject="music")
    clock.pass_(hours=1)
    administrator = given.administrator("郑管理")
    catalogue.build(uow, administrator, 1, Month(2026, 10))
    return in_english(browser_as(administrator))


def sent(answer: TestResponse) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("Location")


def id_of(session: Session, title: str) -> str:
    return session.scalars(select(Entry.public_id).where(Entry.title == title)).one()


def test_an_editor_chooses_orders_writes_and_publishes(
    editor: FlaskClient, session: Session, browser: FlaskClient
) -> None:
    assert sent(editor.post("/catalogue", data={"month": "2026-10"})) == (303, DRAFT)
    song, shared = id_of(session, "歌"), id_of(session, "联盟的")
    assert read(editor, ADDRESS).links["Edit the draft"] == DRAFT
    form = {"preface": "写到一半", "seen": "0", "do": f"highlight:{song}", "page": "1"}
    assert sent(editor.post(DRAFT, data=form)) == (303, f"{DRAFT}?page=1#entry-{song}")
    assert read(editor, DRAFT).typed["preface"] == "写到一半"
    form = {"preface": "秋天好。", "seen": "1", f"words-{song}": "一听就会", "do": "save"}
    assert sent(editor.post(DRAFT, data=form))[0] == 303
    form = {"preface": "秋天好。", "seen": "2", "do": f"up:{shared}"}
    assert sent(editor.post(DRAFT, data=form))[0] == 303
    assert read(editor, ADDRESS).links["As everybody sees it"] == f"{ADDRESS}?edition=public"
    inside, outside = read(editor, ADDRESS), read(editor, f"{ADDRESS}?edition=public")
    assert ("一听就会" in inside.text, "一听就会" in outside.text) == (True, False)
    assert ("联盟的" in inside.links, "联盟的" in outside.links) == (True, False)
    assert browser.get(ADDRESS).status_code == 404
    hasty = editor.post(f"{ADDRESS}/publish", data={"preface": "真好。", "seen": "2"})
    assert hasty.status_code == 422
    assert "The month is not over: tick that you mean it." in hasty.text
    assert Page(hasty).typed["preface"] == "真好。"
    words = {"preface": "真好。", "seen": "2", "early": "1", f"words-{song}": "一听就会"}
    assert sent(editor.post(f"{ADDRESS}/publish", data=words)) == (303, ADDRESS)
    assert "Issue 10 of 2026 is published." in editor.get(ADDRESS).text
    page = read(browser, ADDRESS)
    assert ("真好。" in page.text, "公开的" in page.links, "歌" in page.links) == (
        True,
        True,
        False,
    )
    assert sent(editor.get(DRAFT)) == (302, ADDRESS)


def test_of_two_editors_the_second_gets_the_own_words_back(
    editor: FlaskClient, session: Session
) -> None:
    assert editor.post(DRAFT, data={"preface": "先来的", "seen": "0"}).status_code == 303
    late = editor.post(DRAFT, data={"preface": "后来的", "seen": "0"})
    page = Page(late)
    assert late.status_code == 409
    assert page.typed["preface"] == "后来的"
    assert "Somebody else changed the words of this draft meanwhile." in page.text
    assert "先来的" in page.text
    again = {"preface": page.typed["preface"], "seen": page.typed["seen"]}
    assert editor.post(DRAFT, data=again).status_code == 303
    session.expire_all()
    assert session.scalars(select(Issue.preface)).all() == ["后来的"]


def test_words_that_are_too_long_come_back(editor: FlaskClient, session: Session) -> None:
    song = id_of(session, "歌")
    editor.post(DRAFT, data={"seen": "0", "do": f"highlight:{song}"})
    form = {"preface": "好" * 5_001, "seen": "0", f"words-{song}": "好" * 10}
    answer = editor.post(DRAFT, data=form)
    assert answer.status_code == 422
    assert Page(answer).typed["preface"] == "好" * 5_001
    assert Page(answer).typed[f"words-{song}"] == "好" * 10
    assert "At most 5000 characters; this has 5001." in Page(answer).text
    form = {"preface": "", "seen": "0", f"words-{song}": "好" * 301}
    assert "At most 300 characters; this has 301." in editor.post(DRAFT, data=form).text
    assert session.scalars(select(Highlighted.words)).all() == [""]


def test_a_cover_is_taken_and_a_broken_one_is_refused(editor: FlaskClient) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 400), "#1f6f5c").save(picture, "PNG")
    assert editor.get(f"{ADDRESS}/cover.webp").status_code == 404
    form = {"cover": (io.BytesIO(picture.getvalue()), "封面.png")}
    assert sent(editor.post(f"{ADDRESS}/cover", data=form)) == (303, DRAFT)
    chosen = editor.get(f"{ADDRESS}/cover.webp")
    assert (chosen.mimetype, chosen.data[8:12]) == ("image/webp", b"WEBP")
    seen = {"If-None-Match": chosen.headers["ETag"]}
    assert editor.get(f"{ADDRESS}/cover.webp", headers=seen).status_code == 304
    broken = editor.post(f"{ADDRESS}/cover", data={"cover": (io.BytesIO(b"x"), "a.png")})
    assert (broken.status_code, "This is no picture" in broken.text) == (422, True)
    assert editor.get(f"{ADDRESS}/cover.webp").data == chosen.data


def test_the_figures_are_drawn_with_their_numbers_beside_and_the_page_stays_light(
    session: Session, editor: FlaskClient
) -> None:
    schools = tuple(Tally(f"第{number}小学", 3, 2, 1.5) for number in range(60))
    months = tuple(Tally(f"2026-{number:02}", number, 1) for number in range(1, 11))
    figures = as_plain(
        FiguresData(
            9, 6, 3.5, schools, (Tally("math", 7, 5),), (Used("R-1", "分数", "", 41),), months
        )
    )
    issue = session.scalars(select(Issue)).one()
    issue.figures = {"complete": True, "public": figures, "alliance": figures}
    answer = editor.get(ADDRESS)
    assert len(answer.data) < 100_000
    assert answer.text.count('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 ') == 3
    assert 'role="img" aria-label="Submitted and accepted, by school"' in answer.text
    assert answer.text.count("The numbers as a table") == 3
    assert '<tr><th scope="row">第59小学</th><td class="number">3</td>' in answer.text
    assert "style=" not in answer.text


def test_an_erratum_is_said_and_an_empty_one_comes_back(
    editor: FlaskClient, browser: FlaskClient, session: Session
) -> None:
    editor.post(f"{ADDRESS}/publish", data={"preface": "", "seen": "0", "early": "1"})
    wrong = editor.post(f"{ADDRESS}/errata", data={"erratum": "作者有误", "entry": "R-000000"})
    assert (wrong.status_code, Page(wrong).typed["erratum"]) == (422, "作者有误")
    form = {"erratum": "作者应为李明", "entry": id_of(session, "公开的")}
    assert sent(editor.post(f"{ADDRESS}/errata", data=form)) == (303, f"{ADDRESS}#errata")
    assert "作者应为李明" in read(browser, ADDRESS).text


def test_of_another_alliance_even_an_editor_is_a_reader(
    given: Given, editor: FlaskClient, browser_as: SignsIn
) -> None:
    del editor
    school = given.school()
    other = browser_as(given.editor(alliance=given.alliance(school), school=school))
    assert (other.get(ADDRESS).status_code, other.get(DRAFT).status_code) == (404, 403)
    assert other.post(DRAFT, data={"preface": "x"}).status_code == 403


def test_where_several_alliances_have_an_issue_there_is_a_choice(
    given: Given, uow: UnitOfWork, editor: FlaskClient, wang: Person,
    browser: FlaskClient, browser_as: SignsIn,
) -> None:  # fmt: skip
    editor.post(f"{ADDRESS}/publish", data={"preface": "", "seen": "0", "early": "1"})
    other = given.alliance(given.school(), name="乡村联盟")
    catalogue.publish(uow, given.administrator(), other.id, Month(2026, 10))
    assert sent(browser_as(wang).get("/catalogue/2026-10")) == (302, ADDRESS)
    page = read(browser, "/catalogue/2026-10")
    assert page.links["乡村联盟"] == f"/catalogue/2026-10/{other.id}"
    assert "乡村联盟" in read(browser, "/catalogue").text
    assert "乡村联盟" not in read(browser_as(wang), "/catalogue").text
    assert "乡村联盟" in read(browser_as(wang), "/catalogue?all=1").text
