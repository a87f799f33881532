"""How reviews work here: a page for everybody, without a name of a person on it."""

from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import Action
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import PolicyRow
from resource_hub.services.review import take_step
from resource_hub.services.review_forms import change_form, shipped_form
from tests.given import NOON, Given
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read
from tests.web.test_my import Counted


def a_lesson_decided(given: Given) -> None:
    school = given.school()
    author = given.teacher("王敏", school=school)
    judges = [given.reviewer(name, school=school) for name in ("周甲", "周乙", "周丙")]
    for number in range(6):
        revision = given.submitted(by=author, audience=Audience.SCHOOL)
        take_step(given.uow, judges[number % 3], revision.id, Action.APPROVE)


def test_a_visitor_reads_criteria_rules_times_appeals_and_badges(
    given: Given, browser: FlaskClient
) -> None:
    a_lesson_decided(given)
    page = in_english(browser).get("/review-rules").text
    for item in (*shipped_form().criteria, *shipped_form().scores):
        assert item.label("en") in page
        assert item.note("en") in page
    assert "At the school 1 person judges it within 5 working days." in page
    assert "you may appeal once" in page
    assert "within 1 day" in page
    for badge in ("by the alliance", "by the school"):
        assert f"Endorsed {badge}" in page
    for name in ("王敏", "周甲", "周乙", "周丙", "分数的初步认识"):
        assert name not in page


def test_alliances_are_named_where_they_have_rules_of_their_own(
    given: Given, session: Session, browser: FlaskClient
) -> None:
    strict, _usual = given.alliance(name="青山联盟"), given.alliance(name="绿水联盟")
    two = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}, externals=True)
    session.add(PolicyRow(alliance_id=strict.id, kind="case", policy=two, changed_at=NOON))
    session.commit()
    page = in_english(browser).get("/review-rules").text
    assert "青山联盟" in page
    assert "绿水联盟" not in page
    assert "At the school 2 people judge it within 5 working days." in page
    assert "People from outside may be invited to judge too." in page
    assert "The other alliances go by the rules at the top." in page


def test_a_kind_with_a_form_of_its_own_shows_it(
    given: Given, session: Session, browser: FlaskClient
) -> None:
    own = shipped_form()
    first = replace(own.criteria[0], labels={**own.criteria[0].labels, "en": "Sound and picture"})
    change_form(
        given.uow,
        given.administrator(),
        Kind.MICRO_LESSON,
        replace(own, criteria=(first, *own.criteria[1:])),
    )
    session.commit()
    page = in_english(browser).get("/review-rules").text
    assert "Sound and picture" in page
    assert own.criteria[0].label("en") in page


def test_little_was_decided_so_no_figure_is_shown(browser: FlaskClient) -> None:
    page = in_english(browser).get("/review-rules").text
    assert "Half were decided" not in page
    assert "these figures never show how fast one person is" in page


def test_more_decisions_and_rules_cost_no_more_queries(
    given: Given, app: Flask, session: Session, browser: FlaskClient
) -> None:
    with app.app_context():
        counted = Counted(db.engine)
    a_lesson_decided(given)
    few = counted.during(browser, "/review-rules")
    a_lesson_decided(given)
    for number in range(3):
        alliance = given.alliance(name=f"第{number}联盟")
        policy = Policy((Stage.SCHOOL,))
        session.add(PolicyRow(alliance_id=alliance.id, policy=policy, changed_at=NOON))
    session.commit()
    assert counted.during(browser, "/review-rules") == few
    assert few <= 9


def test_the_way_there_stands_in_the_footer_in_help_and_where_one_uploads(
    given: Given, browser: FlaskClient, browser_as: SignsIn
) -> None:
    assert browser.get("/").text.count('href="/review-rules"') == 1
    assert read(browser, "/help").links["How reviews work here"] == "/review-rules"
    author = browser_as(given.teacher(school=given.home()))
    assert author.get("/submit").text.count('href="/review-rules"') == 2
