"""Naming co-authors on the form of a draft, and pairs on the page of a person."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import CoAuthor, Revision, User
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.test_submit import FORM


@pytest.fixture
def author(given: Given, session: Session) -> Person:
    school = given.home()
    author = given.teacher("王敏", school=school)
    given.teacher("李<b>老师", school=school)
    given.coordinator("何校", school=school)
    given.draft(by=author, title="分数")
    for user in session.scalars(select(User)):
        user.language = "en"
    session.commit()
    return author


def test_somebody_is_found_named_shown_and_taken_out(
    session: Session, browser_as: SignsIn, author: Person
) -> None:
    browser = browser_as(author)
    draft = session.scalars(select(Revision.id)).one()
    number = session.scalars(select(User.id).where(User.name == "李<b>老师")).one()
    session.commit()
    page = f"/submit/{draft}/authors"
    saved = browser.post(f"/submit/{draft}", data=FORM | {"title": "分数新", "action": "authors"})
    assert saved.headers["Location"] == page
    assert "Nobody is named yet." in browser.get(page).text
    assert "Nobody of the hub fits" in browser.get(f"{page}?q=没有").text
    assert "李&lt;b&gt;老师" in browser.get(f"{page}?q=李<b>").text
    refused = browser.post(page, data={"user_id": "x", "q": "李<b>"})
    assert refused.status_code == 422
    assert "Choose a person from the list." in refused.text
    assert "李&lt;b&gt;老师" in refused.text  # what was sought is still there
    assert browser.post(page, data={"user_id": number}).headers["Location"] == page
    assert "Name as co-author" not in browser.get(f"{page}?q=李<b>").text
    form = browser.get(f"/submit/{draft}").text
    assert "Who wrote it with you: 李&lt;b&gt;老师." in form
    assert 'value="分数新"' in form
    assert browser.post(f"{page}/{number}/remove").headers["Location"] == page
    session.commit()
    assert session.scalars(select(CoAuthor)).all() == []


def test_the_coordinator_enters_a_pair_and_ends_it(
    session: Session, browser_as: SignsIn, author: Person
) -> None:
    chief = session.scalars(select(User).where(User.name == "何校")).one()
    browser = browser_as(Person(id=chief.id))
    other = session.scalars(select(User.id).where(User.name == "李<b>老师")).one()
    session.commit()
    page = f"/admin/people/{author.id}"
    assert "李&lt;b&gt;老师" in browser.get(page).text
    wrong = browser.post(f"{page}/mentors", data={"other": "", "as": "mentor"})
    assert wrong.status_code == 422
    assert "Choose a person from the list." in wrong.text
    done = browser.post(f"{page}/mentors", data={"other": other, "as": "mentor"})
    assert done.headers["Location"] == page
    assert "End the pair" in browser.get(page).text
    assert browser.post(f"{page}/mentors/1/end").headers["Location"] == page
    assert "End the pair" not in browser.get(page).text
    assert browser.post(f"{page}/mentors/1/end").status_code == 404
