"""The page of leave: what is typed wrong comes back, what is right is listed and can be ended."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Absence, User
from tests.given import Given
from tests.web.conftest import SignsIn


@pytest.fixture
def reviewer(given: Given, session: Session) -> Person:
    school = given.home()
    author = given.teacher("作者", school=school)
    reviewer = given.reviewer("李老师", school=school)
    given.submitted(by=author, title="分数的初步认识")
    for user in session.scalars(select(User)):
        user.language = "en"
    session.commit()
    return reviewer


def test_a_leave_is_noted_listed_and_ended(
    session: Session, browser_as: SignsIn, reviewer: Person
) -> None:
    browser: FlaskClient = browser_as(reviewer)
    url = browser.get("/away").headers["Location"]
    assert url == f"/away/{reviewer.id}"
    page = browser.get(url).text
    assert "No leave is noted." in page
    assert "分数的初步认识" in page
    wrong = browser.post(url, data={"first": "2031-02-01", "last": "2031-01-01", "note": "进修"})
    assert wrong.status_code == 422
    assert "The last day is before the first one." in wrong.text
    assert 'value="进修"' in wrong.text
    assert 'value="2031-02-01"' in wrong.text
    right = {"first": "2031-02-01", "last": "2031-02-05", "note": "<b>进修</b>"}
    assert browser.post(url, data=right).headers["Location"] == url
    page = browser.get(url).text
    assert "&lt;b&gt;进修&lt;/b&gt;" in page
    session.rollback()
    number = session.scalars(select(Absence.id)).one()
    assert f"{url}/{number}/end" in page
    assert browser.post(f"{url}/{number}/end").headers["Location"] == url
    assert "No leave is noted." in browser.get(url).text
    assert browser.post(f"{url}/{number}/end").status_code == 404


@pytest.mark.parametrize("typed", ["", "morgen", "2031-13-01", "9999999999"])
def test_no_day_is_a_sentence(browser_as: SignsIn, reviewer: Person, typed: str) -> None:
    answer = browser_as(reviewer).post(f"/away/{reviewer.id}", data={"first": typed, "last": typed})
    assert answer.status_code == 422
    assert "Choose the first day." in answer.text
