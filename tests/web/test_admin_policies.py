"""What must be passed: said in sentences, refused with the reason, kept when refused."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.policy import Policy, Stage
from resource_hub.models import PolicyRow, User
from tests.given import Given
from tests.web.conftest import SignsIn

FORM = {
    "stages": ["school", "alliance"],
    "approvals-school": "1",
    "days-school": "3",
    "approvals-alliance": "2",
    "days-alliance": "7",
    "lowest_mean": "3.5",
    "vetoes": ["science"],
    "fast_lane": "1",
    "externals": "1",
}


@pytest.fixture
def place(given: Given) -> int:
    """An alliance of three schools with a reviewer of its own in each."""
    schools = [given.school(name) for name in ("甲小", "乙小", "丙小")]
    alliance = given.alliance(*schools, name="青山联盟")
    for school in schools:
        given.reviewer(school=school)
        given.reviewer(school=school, alliance=alliance)
    return alliance.id


@pytest.fixture
def admin(given: Given, session: Session, place: int, browser_as: SignsIn) -> FlaskClient:
    del place
    administrator = given.administrator()
    session.get_one(User, administrator.id).language = "en"
    return browser_as(administrator)


def test_a_policy_is_typed_saved_and_said_in_a_sentence(
    admin: FlaskClient, place: int, session: Session
) -> None:
    answer = admin.post(f"/admin/policies/{place}/case", data=FORM, follow_redirects=True)
    assert "It applies to what is submitted from now on" in answer.text
    assert "Then 2 people of other schools judge it for the alliance" in answer.text
    assert "The scores must have a mean of at least 3.5." in answer.text
    assert "These criteria must be met" in answer.text
    assert "People from outside may be invited to judge too." in answer.text
    kept = session.scalars(select(PolicyRow)).one()
    assert (kept.alliance_id, kept.kind) == (place, "case")
    assert kept.policy == Policy(
        (Stage.SCHOOL, Stage.ALLIANCE),
        {Stage.SCHOOL: 1, Stage.ALLIANCE: 2},
        3.5,
        frozenset({"science"}),
        {Stage.SCHOOL: 3, Stage.ALLIANCE: 7},
        fast_lane=True,
        externals=True,
    )


def test_what_nobody_could_meet_is_refused_and_all_that_was_typed_is_kept(
    admin: FlaskClient, place: int, session: Session
) -> None:
    typed = FORM | {"approvals-alliance": "3", "days-school": "17", "lowest_mean": "viel"}
    answer = admin.post(f"/admin/policies/{place}/all", data=typed)
    assert answer.status_code == 422
    assert "3 people of other schools must judge at the alliance stage" in answer.text
    assert "no mean lies outside" in answer.text
    assert 'value="17"' in answer.text
    assert 'value="viel"' in answer.text
    assert session.scalars(select(PolicyRow)).all() == []


def test_every_criterion_ticked_means_those_of_later_forms_too(
    admin: FlaskClient, session: Session
) -> None:
    page = admin.get("/admin/policies/hub/all").text
    codes = [part.split('"')[0] for part in page.split('name="vetoes" value="')[1:]]
    assert len(codes) == 7
    admin.post("/admin/policies/hub/all", data=FORM | {"vetoes": codes})
    assert session.scalars(select(PolicyRow.policy)).one().vetoes is None
    assert "Every criterion of the form must be met." in admin.get("/admin/policies").text


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(admin: FlaskClient) -> None:
    admin.post("/admin/policies/hub/all", data=FORM)
    answer = admin.post("/admin/policies/hub/all", data=FORM | {"seen": "0", "days-school": "19"})
    assert answer.status_code == 409
    assert "Someone else changed this" in answer.text
    assert 'value="19"' in answer.text


def test_a_rule_is_removed_and_the_wider_one_applies(admin: FlaskClient, place: int) -> None:
    admin.post("/admin/policies/hub/all", data=FORM | {"days-school": "4"})
    admin.post(f"/admin/policies/{place}/all", data=FORM | {"days-school": "6"})
    answer = admin.post(f"/admin/policies/{place}/all/drop", follow_redirects=True)
    assert "The wider rule applies" in answer.text
    assert "within 6 working days" not in answer.text
    assert "within 4 working days" in answer.text


@pytest.mark.parametrize("path", ["99/all", "hub/poem", "x/all", "1234567890/all"])
def test_what_is_not_there_is_said_so(admin: FlaskClient, path: str) -> None:
    assert admin.get(f"/admin/policies/{path}").status_code == 404
    assert admin.post(f"/admin/policies/{path}", data=FORM).status_code == 404
