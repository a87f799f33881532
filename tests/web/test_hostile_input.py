"""What nobody types and some send: every page answers it, and none with a fault."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import Revision
from tests.given import Given
from tests.web.conftest import SignsIn

TOO_LARGE = ["2147483648", "9223372036854775808", "9" * 5_000]


@pytest.fixture
def served(app: Flask) -> Flask:
    """The application as it is in service: a fault of ours is an answer, not an exception."""
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    return app


def test_a_character_that_no_database_takes_is_left_out_of_a_form(
    given: Given, session: Session, browser_as: SignsIn
) -> None:
    author = given.teacher(school=given.school())
    draft = given.draft(by=author)
    form = {"title": "静\0夜\0思", "summary": "\0", "text": "床前\0明月光"}
    answer = browser_as(author).post(f"/submit/{draft.id}", data=form)
    session.expire_all()
    assert answer.status_code == 303
    saved = session.scalars(select(Revision).where(Revision.id == draft.id)).one()
    assert (saved.title, saved.summary, saved.text) == ("静夜思", "", "床前明月光")


def test_a_character_that_no_database_takes_finds_what_the_rest_finds(browser: FlaskClient) -> None:
    page = browser.get("/search", query_string={"q": "静\0夜\0思"}).text
    assert "静夜思" in page
    assert "\0" not in page


@pytest.mark.parametrize(
    "path",
    ["/browse/school/a%00", "/thumbnail/a%00.webp", "/reset/a%00", "/help/a%00", "/static/a%00"],
)
def test_an_address_with_such_a_character_is_no_address(served: Flask, path: str) -> None:
    assert served.test_client().get(path).status_code == 404


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize(
    "path",
    [
        "/submit/{}",
        "/submit/{}/files",
        "/review/{}",
        "/r/R-000000/v/{}",
        "/r/R-000000/files/{}/a.txt",
        "/wishes/{}/answer",
        "/admin/people/{}",
        "/admin/schools/{}",
        "/admin/alliances/{}",
    ],
)
def test_a_number_that_no_row_has_is_no_address(
    given: Given, browser_as: SignsIn, path: str, number: str
) -> None:
    browser = browser_as(given.administrator())
    assert browser.get(path.format(number)).status_code == 404


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("number", ["99999999999999999999", "²", "٣", "-1", "9" * 5_000])
def test_a_number_that_no_row_has_is_no_place_for_a_role(
    given: Given, browser_as: SignsIn, number: str
) -> None:
    teacher = given.teacher()
    answer = browser_as(given.administrator()).post(
        f"/admin/people/{teacher.id}/roles", data={"role": f"reviewer:school:{number}"}
    )
    assert answer.status_code == 422


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("number", ["99999999999999999999", "²", "-1", "9" * 5_000])
def test_a_number_that_no_row_has_is_no_job_to_try_again(
    given: Given, browser_as: SignsIn, number: str
) -> None:
    answer = browser_as(given.administrator()).post("/admin/jobs", data={"job": number})
    assert answer.status_code == 409
