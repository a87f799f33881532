"""The catalogue in the browser: readers see issues, editors make them."""

import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import Artefact, Issue
from resource_hub.services import catalogue
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, Statements, in_english, read

OCTOBER = Month(2026, 10)
ALLIANCE = 1
"""The number of the only alliance."""

ADDRESS = f"/catalogue/2026-10/{ALLIANCE}"


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def administrator(given: Given, wang: Person) -> Person:
    """Beside an alliance whose catalogue there is."""
    del wang
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
    catalogue.publish(uow, administrator, ALLIANCE, OCTOBER, preface="秋天好。")


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
    assert page.links["Chinese1"] == f"{ADDRESS}#new-chinese"
    assert page.forms == []


@pytest.mark.usefixtures("published")
def test_a_stranger_sees_what_is_open_to_everyone(browser: FlaskClient) -> None:
    page, index = read(browser, ADDRESS), read(browser, "/catalogue")
    assert ("公开的" in page.links, "联盟的" in page.text) == (True, False)
    assert index.links["October 2026"] == ADDRESS
    assert "Issue 10 of 2026" in index.text
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
    catalogue.build(uow, administrator, ALLIANCE, OCTOBER)
    assert browser.get(address).status_code == 404
    assert browser_as(wang).get(address).status_code == 404


def test_long_issues_have_pages_and_the_contents_lead_to_them(
    given: Given, uow: UnitOfWork, wang: Person, clock: Clock, administrator: Person,
    browser: FlaskClient,
) -> None:  # fmt: skip
    for number in range(49):
        given.published(
            by=wang, title=f"语文 {number:02}", subject="chinese", audience=Audience.PUBLIC
        )
    given.published(by=wang, title="数学一", audience=Audience.PUBLIC)
    given.published(by=wang, title="数学二", audience=Audience.PUBLIC)
    given.published(by=wang, title="音乐", subject="music", audience=Audience.PUBLIC)
    clock.pass_(hours=1)
    catalogue.publish(uow, administrator, ALLIANCE, OCTOBER)
    first, second = read(browser, ADDRESS), read(browser, f"{ADDRESS}?page=2")
    assert first.links["Mathematics2"] == f"{ADDRESS}#new-math"
    assert first.links["Music1"] == f"{ADDRESS}?page=2#new-music"
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
    assert table.headers["Content-Disposition"] == ('attachment; filename="Catalogue-2026-10.csv"')
    lines = table.data.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:4] == ["No.", "Change", "Title", "Kind"]
    assert lines[1].split(",")[:4] == ["1", "New", "公开的", "Lesson plan"]
    assert len(lines) == 2
    assert len(own.get(f"{ADDRESS}/entries.csv").data.decode().splitlines()) == 3
    data = public.get(f"{ADDRESS}/issue.json")
    assert data.mimetype == "application/json"
    assert [entry["title"] for entry in json.loads(data.data)["entries"]] == ["公开的"]
    assert json.loads(data.data)["edition"] == "public"
    assert public.get(f"{ADDRESS}/issue.json").data == data.data
    again = public.get(f"{ADDRESS}/issue.json", headers={"If-None-Match": data.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.usefixtures("published")
def test_a_file_is_sent_in_ranges_and_not_again_to_who_has_it(
    app: Flask, session: Session, clock: Clock, browser: FlaskClient
) -> None:
    content = bytes(range(256)) * 4
    blob = app.extensions["hub"].storage.put(io.BytesIO(content))
    file = Artefact(
        issue_id=session.scalars(select(Issue.id)).one(),
        edition=IssueEdition.PUBLIC,
        format="booklet",
        script="zh-Hans",
        blob_hash=blob.key,
        size=len(content),
        made_at=clock(),
    )
    session.add(file)
    session.flush()
    address, reader = f"{ADDRESS}/files/{file.id}", in_english(browser)
    whole = reader.get(address)
    assert (whole.status_code, whole.data, whole.mimetype) == (200, content, "application/pdf")
    assert whole.headers["Content-Disposition"] == (
        'attachment; filename="Catalogue-2026-10.public.zh-Hans-booklet.pdf"'
    )
    part = reader.get(address, headers={"Range": "bytes=1000-"})
    assert (part.status_code, part.data) == (206, content[1000:])
    assert part.headers["Content-Range"] == "bytes 1000-1023/1024"
    again = reader.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    in_chinese = app.test_client().get(address)
    assert in_chinese.headers["Content-Disposition"].startswith(
        'attachment; filename="catalogue-2026-10.public.zh-Hans-booklet.pdf"; filename*=UTF-8'
    )


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


@pytest.mark.parametrize(
    "step",
    [
        "/catalogue",
        f"{ADDRESS}/draft",
        f"{ADDRESS}/publish",
        f"{ADDRESS}/cover",
        f"{ADDRESS}/errata",
    ],
)
def test_nobody_else_makes_issues(
    session: Session,
    given: Given,
    wang: Person,
    browser: FlaskClient,
    browser_as: SignsIn,
    step: str,
) -> None:
    form = {"month": "2026-10", "preface": "x", "erratum": "x"}
    coordinator = given.coordinator(school=given.school())
    assert browser.post(step, data=form).status_code == 401
    assert browser_as(wang).post(step, data=form).status_code == 403
    assert browser_as(coordinator).post(step, data=form).status_code == 403
    assert session.scalars(select(Issue)).all() == []


def test_an_issue_with_nothing_in_it_says_so(
    uow: UnitOfWork, administrator: Person, editor: FlaskClient, browser: FlaskClient
) -> None:
    catalogue.build(uow, administrator, ALLIANCE, OCTOBER)
    assert "Nothing has changed in this month so far" in read(editor, ADDRESS).headings
    catalogue.publish(uow, administrator, ALLIANCE, OCTOBER)
    assert "No resources were published this month." in read(browser, ADDRESS).headings
    assert "Nothing in this issue is open to everyone" not in read(browser, ADDRESS).text


def test_an_issue_of_which_nothing_is_for_everyone_asks_a_stranger_to_sign_in(
    given: Given,
    wang: Person,
    clock: Clock,
    uow: UnitOfWork,
    administrator: Person,
    browser: FlaskClient,
) -> None:
    given.published(by=wang, title="只给联盟看")
    clock.pass_(hours=1)
    catalogue.publish(uow, administrator, ALLIANCE, OCTOBER)
    page = read(browser, ADDRESS)
    assert "Nothing in this issue is open to everyone" in page.headings
    assert page.links["Sign in"] == f"/sign-in?next={ADDRESS}"


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
    catalogue.publish(uow, administrator, ALLIANCE, OCTOBER)
    with app.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(browser, ADDRESS)
    for subject in ("math", "chinese", "art"):
        given.published(by=wang, subject=subject, audience=Audience.PUBLIC)
    clock.pass_(days=25)
    catalogue.publish(uow, administrator, ALLIANCE, OCTOBER.next)
    assert statements.for_page(browser, f"/catalogue/2026-11/{ALLIANCE}") == one
