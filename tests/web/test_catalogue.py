"""The catalogue in the browser: readers see issues, editors make them."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import Issue
from resource_hub.services import catalogue
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, Statements, in_english, read

OCTOBER = Month(2026, 10)
ADDRESS = "/catalogue/2026-10"


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def administrator(given: Given) -> Person:
    return given.administrator("郑管理")


@pytest.fixture
def editor(administrator: Person, browser_as: SignsIn) -> FlaskClient:
    """The browser of somebody who may edit the catalogue."""
    return in_english(browser_as(administrator))


@pytest.fixture
def shared(given: Given, wang: Person, clock: Clock) -> None:
    given.published(by=wang, title="公开的", audience=Audience.PUBLIC)
    given.published(by=wang, title="联盟的", subject="chinese", grades=("g1", "g2"))
    clock.pass_(hours=1)


@pytest.fixture
def published(shared: None, uow: UnitOfWork, administrator: Person) -> None:
    del shared
    catalogue.publish(uow, administrator, OCTOBER, preface="秋天好。")


def sent(answer: TestResponse) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("Location")


# Readers


@pytest.mark.usefixtures("published")
def test_a_reader_sees_the_issue_by_subject_grade_and_school(
    wang: Person, browser_as: SignsIn
) -> None:
    page = read(browser_as(wang), ADDRESS)
    assert page.heading == "Catalogue of October 2026"
    assert "秋天好。" in page.text
    assert page.headings[:7] == [
        "Contents",
        "Chinese 1", "Grade 1 1", "青石小学 1",
        "Mathematics 1", "Grade 3 1", "青石小学 1",
    ]  # fmt: skip
    assert page.links["Chinese1"] == f"{ADDRESS}#shelf-chinese"
    assert page.forms == []


@pytest.mark.usefixtures("published")
def test_a_stranger_sees_what_is_open_to_everyone(browser: FlaskClient) -> None:
    page, index = read(browser, ADDRESS), read(browser, "/catalogue")
    assert ("公开的" in page.links, "联盟的" in page.text) == (True, False)
    assert index.links["October 2026"] == ADDRESS
    assert "Issue 1" in index.text
    assert "1 new" in index.text
    assert "Build" not in index.text


def test_where_there_is_no_issue_the_page_says_what_to_do(
    browser: FlaskClient, editor: FlaskClient
) -> None:
    assert read(browser, "/catalogue").links == {"Browse by subject": "/browse/subject"}
    assert read(editor, "/catalogue").typed["month"] == "2026-10"


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        f"{ADDRESS}/entries.csv",
        f"{ADDRESS}/issue.json",
        "/catalogue/2026-13",
        "/catalogue/0001-01",
        "/catalogue/9999-12",
        "/catalogue/October",
    ],
)
def test_a_draft_or_no_issue_is_not_found(
    uow: UnitOfWork,
    administrator: Person,
    wang: Person,
    browser: FlaskClient,
    browser_as: SignsIn,
    address: str,
) -> None:
    catalogue.build(uow, administrator, OCTOBER)
    assert browser.get(address).status_code == 404
    assert browser_as(wang).get(address).status_code == 404


def test_long_issues_have_pages_and_the_contents_lead_to_them(
    given: Given, uow: UnitOfWork, wang: Person, clock: Clock, administrator: Person,
    browser: FlaskClient,
) -> None:  # fmt: skip
    for number in range(99):
        given.published(
            by=wang, title=f"语文 {number:02}", subject="chinese", audience=Audience.PUBLIC
        )
    given.published(by=wang, title="数学一", audience=Audience.PUBLIC)
    given.published(by=wang, title="数学二", audience=Audience.PUBLIC)
    given.published(by=wang, title="音乐", subject="music", audience=Audience.PUBLIC)
    clock.pass_(hours=1)
    catalogue.publish(uow, administrator, OCTOBER)
    first, second = read(browser, ADDRESS), read(browser, f"{ADDRESS}?page=2")
    assert first.links["Mathematics2"] == f"{ADDRESS}#shelf-math"
    assert first.links["Music1"] == f"{ADDRESS}?page=2#shelf-music"
    assert ("数学一" in first.links, "数学二" in first.links) == (True, False)
    assert second.headings[1:7] == [
        "Mathematics 2", "Grade 3 2", "青石小学 2", "Music 1", "Grade 3 1", "青石小学 1",
    ]  # fmt: skip


@pytest.mark.usefixtures("published")
def test_the_files_of_an_issue_carry_what_the_reader_may_see(
    wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    own, public = in_english(browser_as(wang)), in_english(browser)
    table = public.get(f"{ADDRESS}/entries.csv")
    assert table.content_type == "text/csv; charset=utf-8"
    assert table.headers["Content-Disposition"] == (
        "attachment; filename=\"catalogue-2026-10.csv\"; filename*=UTF-8''Catalogue-2026-10.csv"
    )
    lines = table.data.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:4] == ["No.", "Change", "Title", "Kind"]
    assert lines[1].split(",")[:4] == ["1", "New", "公开的", "Lesson plan"]
    assert len(lines) == 2
    assert len(own.get(f"{ADDRESS}/entries.csv").data.decode().splitlines()) == 3
    data = public.get(f"{ADDRESS}/issue.json")
    assert data.mimetype == "application/json"
    assert [entry["title"] for entry in json.loads(data.data)["entries"]] == ["公开的"]
    assert public.get(f"{ADDRESS}/issue.json").data == data.data
    again = public.get(f"{ADDRESS}/issue.json", headers={"If-None-Match": data.headers["ETag"]})
    assert again.status_code == 304


# Editors


@pytest.mark.usefixtures("shared")
def test_an_editor_builds_writes_and_publishes(
    editor: FlaskClient, session: Session, browser: FlaskClient
) -> None:
    assert sent(editor.post("/catalogue", data={"month": "2026-10"})) == (303, ADDRESS)
    draft = read(editor, ADDRESS)
    assert draft.forms == [f"{ADDRESS}/preface", f"{ADDRESS}/build"]
    assert "The month is not over" in draft.text
    assert "Draft" in read(editor, "/catalogue").text
    assert sent(editor.post(f"{ADDRESS}/preface", data={"preface": "秋天好。"})) == (303, ADDRESS)
    assert read(editor, ADDRESS).typed["preface"] == "秋天好。"
    assert sent(editor.post(f"{ADDRESS}/build")) == (303, ADDRESS)
    assert "The draft is up to date." in editor.get(ADDRESS).text
    assert browser.get(ADDRESS).status_code == 404
    hasty = editor.post(f"{ADDRESS}/publish", data={"preface": "秋天真好。"})
    assert hasty.status_code == 422
    assert "The month is not over: tick that you mean it." in hasty.text
    assert "秋天真好。" in hasty.text
    publishing = editor.post(f"{ADDRESS}/publish", data={"preface": "秋天真好。", "early": "yes"})
    assert sent(publishing) == (303, ADDRESS)
    assert "Issue 1 is published." in editor.get(ADDRESS).text
    page = read(browser, ADDRESS)
    assert ("秋天真好。" in page.text, "公开的" in page.links) == (True, True)
    assert read(editor, ADDRESS).forms == []
    issue = session.scalars(select(Issue)).one()
    assert (issue.number, issue.preface) == (1, "秋天真好。")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("step", ["publish", "preface"])
def test_a_published_issue_refuses_changes(
    editor: FlaskClient, session: Session, step: str
) -> None:
    answer = editor.post(f"{ADDRESS}/{step}", data={"preface": "别的"})
    assert answer.status_code == 409
    assert "published already" in answer.text
    assert session.scalars(select(Issue.preface)).all() == ["秋天好。"]


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-13", "Write the month as YYYY-MM"),
        ("", "Write the month as YYYY-MM"),
        ("2026-11", "This month has not begun yet."),
    ],
)
def test_a_month_that_cannot_be_built_is_said_beside_the_field(
    editor: FlaskClient, session: Session, month: str, sentence: str
) -> None:
    answer = editor.post("/catalogue", data={"month": month})
    assert (answer.status_code, sentence in Page(answer).text) == (422, True)
    assert session.scalars(select(Issue)).all() == []


def test_a_month_that_has_not_begun_cannot_be_built_at_its_address(editor: FlaskClient) -> None:
    assert editor.post("/catalogue/2026-11/build").status_code == 422


@pytest.mark.parametrize("step", ["preface", "publish"])
def test_a_preface_that_is_too_long_is_kept_in_the_form(editor: FlaskClient, step: str) -> None:
    editor.post("/catalogue", data={"month": "2026-10"})
    answer = editor.post(f"{ADDRESS}/{step}", data={"preface": "好" * 5_001})
    assert answer.status_code == 422
    assert Page(answer).typed["preface"] == "好" * 5_001
    assert "At most 5000 characters; this has 5001." in Page(answer).text


@pytest.mark.parametrize(
    "step", ["/catalogue", f"{ADDRESS}/build", f"{ADDRESS}/preface", f"{ADDRESS}/publish"]
)
def test_nobody_else_makes_issues(
    session: Session,
    given: Given,
    wang: Person,
    browser: FlaskClient,
    browser_as: SignsIn,
    step: str,
) -> None:
    form = {"month": "2026-10", "preface": "x"}
    coordinator = given.coordinator(school=given.school())
    assert browser.post(step, data=form).status_code == 401
    assert browser_as(wang).post(step, data=form).status_code == 403
    assert browser_as(coordinator).post(step, data=form).status_code == 403
    assert session.scalars(select(Issue)).all() == []


def test_an_issue_with_nothing_in_it_says_so(
    uow: UnitOfWork, administrator: Person, editor: FlaskClient, browser: FlaskClient
) -> None:
    catalogue.build(uow, administrator, OCTOBER)
    assert "Nothing has changed in this month so far" in read(editor, ADDRESS).headings
    catalogue.publish(uow, administrator, OCTOBER)
    assert read(browser, ADDRESS).links["Sign in"] == f"/sign-in?next={ADDRESS}"


def test_a_long_issue_asks_as_often_as_a_short_one(
    app: Flask,
    given: Given,
    wang: Person,
    clock: Clock,
    uow: UnitOfWork,
    administrator: Person,
    browser: FlaskClient,
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    clock.pass_(hours=1)
    catalogue.publish(uow, administrator, OCTOBER)
    with app.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(browser, ADDRESS)
    for subject in ("math", "chinese", "art"):
        given.published(by=wang, subject=subject, audience=Audience.PUBLIC)
    clock.pass_(days=25)
    catalogue.publish(uow, administrator, OCTOBER.next)
    assert statements.for_page(browser, "/catalogue/2026-11") == one
