"""The page of holidays: wrong days come back as they were typed, right ones are kept."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import User
from tests.given import Given
from tests.web.conftest import SignsIn


def test_days_are_entered_refused_and_given_back(
    given: Given, session: Session, browser_as: SignsIn
) -> None:
    boss = given.administrator()
    for user in session.scalars(select(User)):
        user.language = "en"
    browser, page = browser_as(boss), "/admin/holidays/2027"
    assert "Only what the law fixes is known" in browser.get(page).text
    assert "As the State Council announced it" in browser.get("/admin/holidays/2026").text
    assert "weekends alone are free" in browser.get("/admin/holidays/2031").text
    wrong = browser.post(page, data={"off": "2027-01-01 <b>", "worked": "2027-01-02", "seen": "0"})
    assert wrong.status_code == 422
    assert "“&lt;b&gt;” is no day." in wrong.text
    assert "2027-01-01 &lt;b&gt;</textarea>" in wrong.text
    right = {"off": "2027-01-01..2027-01-03", "worked": "2027-01-09", "seen": "0"}
    assert browser.post(page, data=right).headers["Location"] == page
    assert "3 days off." in browser.get(page).text
    stale = browser.post(page, data=right | {"off": "2027-05-01"})
    assert stale.status_code == 409
    assert "2027-05-01</textarea>" in stale.text
    assert "Someone else changed this" in stale.text
    assert browser.post(f"{page}/drop").headers["Location"] == page
    assert "Only what the law fixes is known" in browser.get(page).text
