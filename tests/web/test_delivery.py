"""The pages of delivery and of group robots: what is typed wrong stays, what failed is said."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.models import Posting, RobotRow
from resource_hub.services import catalogue, delivering
from resource_hub.services.round_calling_off import call_off
from resource_hub.services.round_planning import Plan, plan_round
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.notifications.robot_server import SECRET, Group, robot_server
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read

ROBOTS = "/catalogue/robots/1"
DELIVERY = "/catalogue/2026-10/1/delivery"


@pytest.fixture
def group(app: Flask) -> Iterator[Group]:
    with robot_server() as group:
        hosts = frozenset({group.url.removeprefix("http://")})
        app.extensions["hub"] = replace(app.extensions["hub"], robot_hosts=hosts)
        yield group


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def editor(given: Given, wang: Person, browser_as: SignsIn) -> FlaskClient:
    del wang
    return in_english(browser_as(given.administrator("郑管理")))


def feishu(group: Group, **changes: str) -> dict[str, str]:
    address = f"{group.url}/feishu"
    right = {"service": "feishu", "name": "全体教师", "address": address, "secret": SECRET}
    return right | changes


def test_a_robot_is_added_tried_and_removed(
    editor: FlaskClient, group: Group, session: Session
) -> None:
    assert editor.post(ROBOTS, data=feishu(group)).status_code == 303
    page = read(editor, ROBOTS)
    assert "全体教师" in page.text
    assert group.url not in page.text
    assert SECRET not in page.text
    answer = editor.post(f"{ROBOTS}/1/try", follow_redirects=True)
    assert "全体教师: the card has arrived in the group." in answer.text
    assert len(group.arrived) == 1
    group.answers.append((200, {"code": 19021, "msg": "sign match fail"}))
    answer = editor.post(f"{ROBOTS}/1/try", follow_redirects=True)
    assert "the service refused the card (19021 sign match fail)" in answer.text
    group.answers.append((503, {}))
    answer = editor.post(f"{ROBOTS}/1/try", follow_redirects=True)
    assert "the service cannot be reached now (HTTP 503)" in answer.text
    assert "Removed: 全体教师" in editor.post(f"{ROBOTS}/1/remove", follow_redirects=True).text
    assert session.scalars(select(RobotRow)).all() == []
    assert editor.post(f"{ROBOTS}/1/try").status_code == 404


def test_a_wrong_address_keeps_the_form(editor: FlaskClient, group: Group) -> None:
    answer = editor.post(ROBOTS, data=feishu(group, address="https://example.org/hook"))
    assert answer.status_code == 422
    assert "copy the whole Webhook from the group" in answer.text
    assert 'value="https://example.org/hook"' in answer.text
    assert f'value="{SECRET}"' in answer.text


def test_the_issue_says_whom_it_reached(
    editor: FlaskClient,
    group: Group,
    given: Given,
    wang: Person,
    uow: UnitOfWork,
    clock: Clock,
    session: Session,
) -> None:
    given.published(by=wang, title="公开的", audience=Audience.PUBLIC)
    editor.post(ROBOTS, data=feishu(group))
    clock.pass_(hours=1)
    administrator = given.administrator("吴管理")
    issue = catalogue.publish(uow, administrator, 1, Month(2026, 10))
    assert "Nobody has been told yet." in read(editor, DELIVERY).text
    delivering.go_out(uow, issue.id)
    posting = session.scalars(select(Posting)).one()
    delivering.begin(uow, posting.id)
    delivering.note_refusal(uow, posting.id, "19021 sign match fail")
    session.commit()
    page = read(editor, DELIVERY)
    assert read(editor, "/catalogue/2026-10/1").links["Whom it reached"] == DELIVERY
    assert "1 person of the alliance was told in the hub." in page.text
    assert "refused: 19021 sign match fail" in page.text
    answer = editor.post(f"{DELIVERY}/{posting.id}/again", follow_redirects=True)
    assert "The card is posted again in a moment." in answer.text
    assert "waits" in answer.text


def test_the_editor_says_which_groups_hear_of_rounds(
    editor: FlaskClient, group: Group, session: Session
) -> None:
    assert 'name="tells_rounds" value="1" checked' in editor.get(ROBOTS).text
    editor.post(ROBOTS, data=feishu(group) | {"tells_rounds": "1"})
    editor.post(ROBOTS, data=feishu(group, name="家长"))
    chosen = select(RobotRow.tells_rounds).order_by(RobotRow.id)
    assert session.scalars(chosen).all() == [True, False]
    wrong = editor.post(ROBOTS, data=feishu(group))
    assert wrong.status_code == 422
    assert 'name="tells_rounds" value="1">' in wrong.text, "the tick that was cleared stays so"
    answer = editor.post(f"{ROBOTS}/1/rounds", data={"wanted": ""}, follow_redirects=True)
    assert "全体教师: discussion rounds are not announced there any more." in answer.text
    answer = editor.post(f"{ROBOTS}/2/rounds", data={"wanted": "1"}, follow_redirects=True)
    assert "家长: discussion rounds are announced there, too." in answer.text
    session.expire_all()
    assert session.scalars(chosen).all() == [False, True]


def test_cards_of_rounds_stand_in_the_list_with_those_of_the_issue(
    editor: FlaskClient,
    group: Group,
    given: Given,
    uow: UnitOfWork,
    clock: Clock,
    session: Session,
) -> None:
    editor.post(ROBOTS, data=feishu(group) | {"tells_rounds": "1"})
    clock.pass_(hours=1)
    october, administrator = Month(2026, 10), given.administrator("吴管理")
    catalogue.publish(uow, administrator, 1, october)
    plan = Plan(opens="2026-12-02T08:00", closes="2026-12-16T21:00")
    plan_round(uow, administrator, 1, october, plan)
    call_off(uow, administrator, 1, october, "停电")
    for posting in session.scalars(select(Posting).order_by(Posting.id)).all():
        delivering.begin(uow, posting.id)
    session.commit()
    page = editor.get(DELIVERY).text
    assert "Round planned" in page
    assert "not posted: overtaken, or not wanted any more" in page
    assert "Round called off" in page
    assert page.count("on its way since") == 1
    assert 'Post again<span class="visually-hidden">: 全体教师, Round called off</span>' in page
