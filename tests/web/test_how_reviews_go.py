"""How reviews go, and why one ended as it did, as people read it in their browsers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action, Reason
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.test_review_load import Cast
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read
from tests.web.test_my import Counted
from tests.web.test_review_pages import number_of

PAGE = "/inbox/how-reviews-go"


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def coordinator(cast: Cast, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(cast.coordinator))


def test_a_coordinator_reads_load_ages_and_agreement(cast: Cast, coordinator: FlaskClient) -> None:
    for _ in range(10):
        cast.judged(5, 4)
    cast.judged(4)
    page = read(coordinator, PAGE)
    assert page.headings == [
        "Days since submission, of what is open",
        "Who does how much",
        "How far reviewers agree",
    ]
    assert "甲" in page.text
    assert "almost perfect" not in page.text  # always a point apart
    assert "all said the same, so kappa tells nothing" in page.text
    assert "no more than by chance" in page.text
    assert read(coordinator, "/inbox/held").links["How reviews go"] == PAGE


def test_with_too_few_pairs_it_says_so(cast: Cast, coordinator: FlaskClient) -> None:
    assert "No two people have judged the same round yet." in read(coordinator, PAGE).text
    cast.judged(5, 4)
    assert "1 pair so far: too few to tell." in read(coordinator, PAGE).text


def test_a_reviewer_reads_the_own_figures_and_no_colleagues_name(
    cast: Cast, browser_as: SignsIn
) -> None:
    cast.judged(5, 4)
    page = read(browser_as(cast.judges[0]), PAGE)
    assert page.headings == ["What you do", "How far others agree with you"]
    assert "甲" in page.text
    assert "乙" not in page.text


def test_more_work_costs_no_more_queries(app: Flask, cast: Cast, coordinator: FlaskClient) -> None:
    with app.app_context():
        counted = Counted(db.engine)
    cast.judged(5, 4)
    coordinator.get(PAGE)
    few = counted.during(coordinator, PAGE)
    for _ in range(3):
        cast.judged(5, 4)
        cast.judged(4)
    assert counted.during(coordinator, PAGE) == few


def test_the_author_reads_by_which_rule_it_ended(
    cast: Cast, browser_as: SignsIn, session: Session
) -> None:
    cast.judged(5, 2)
    number = session.execute(db.text("SELECT max(id) FROM submission")).scalar_one()
    page = read(browser_as(cast.author), f"/thread/{number}").text
    assert "The school review sends it back for changes" in page
    assert "1 of 2 reviewers decided so: the strictest decision holds." in page
    assert "The scores have a mean of 3.50; they do not decide." in page
    assert "You may appeal once" not in page


def test_an_appeal_is_offered_once_and_then_who_judges_it_is_said(
    given: Given, cast: Cast, browser_as: SignsIn, session: Session, uow: UnitOfWork
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    for judge in cast.judges:
        take_step(uow, judge, revision.id, Action.REJECT, comment="抄", reason=Reason.RIGHTS)
    author = in_english(browser_as(cast.author))
    rejected = f"/thread/{number_of(session, revision)}"
    page = read(author, rejected)
    assert "You may appeal once against this rejection." in page.text
    assert "2 of 2 reviewers decided so: the strictest decision holds." in page.text
    assert f"/my/{revision.id}/appeal" in page.forms
    author.post(f"/my/{revision.id}/appeal", data={"comment": "有授权"})
    session.rollback()
    after = read(author, f"/thread/{number_of(session, revision)}")
    assert "by a reviewer who has not decided against it" in after.text
    assert f"/my/{revision.id}/appeal" not in after.forms
    judges = read(browser_as(cast.coordinator), f"/thread/{number_of(session, revision)}")
    assert "Your appeal" not in judges.text
