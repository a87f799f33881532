"""A teacher's own work and notices: where things stand, and what can be done next."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import Assignment, Notice, Revision
from resource_hub.services import drafting, review
from resource_hub.services.queries.mine import Group, count_own_work, own_work
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.web.conftest import SignsIn


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


def state_of(session: Session, revision_id: int) -> State | None:
    session.rollback()
    session.expire_all()
    return session.scalar(select(Revision.state).where(Revision.id == revision_id))


class Counted:
    """How many statements an engine sees."""

    def __init__(self, engine: Engine) -> None:
        self.number = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_more: object) -> None:
        self.number += 1

    def during(self, browser: FlaskClient, url: str) -> int:
        before = self.number
        assert browser.get(url).status_code == 200
        return self.number - before


def test_a_stranger_has_no_work_here(browser: FlaskClient) -> None:
    assert browser.get("/my").headers["Location"] == "/sign-in?next=/my"
    assert browser.get("/my/notices").headers["Location"] == "/sign-in?next=/my/notices"
    assert browser.post("/my/notices").status_code == 401


def test_who_has_nothing_is_shown_the_first_step(wang: Person, browser_as: SignsIn) -> None:
    page = browser_as(wang).get("/my").text

    assert 'class="empty"' in page
    assert 'href="/submit"' in page


def test_work_stands_in_groups_and_others_do_not_see_it(
    given: Given, wang: Person, uow: UnitOfWork, browser_as: SignsIn
) -> None:
    given.draft(by=wang, title="草稿的题目")
    sent = given.submitted(by=wang, title="送审的题目")
    school = sent.resource.school
    li = given.reviewer("李文", school=school)
    review.take_step(uow, li, sent.id, Action.CLAIM)
    returned = given.submitted(by=wang, title="退回的题目")
    review.take_step(uow, li, returned.id, Action.REQUEST_CHANGES, comment="目标太笼统")
    given.published(by=wang, title="发布的题目")
    colleague = given.teacher(school=school)

    page = browser_as(wang).get("/my").text
    other = browser_as(colleague).get("/my").text

    in_order = ["to_finish", "退回的题目", "目标太笼统", "in_review", "送审的题目", "李文"]
    places = [page.index(f"group-{word}" if word.islower() else word) for word in in_order]
    assert re.findall(r'id="group-(\w+)"', page) == ["to_finish", "in_review", "published"]
    assert "草稿的题目" in page
    assert places == sorted(places)
    assert "题目" not in other


def test_the_author_reads_when_a_result_is_expected(
    given: Given, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    sent = given.submitted(by=wang, title="分数")
    page = f"/r/{sent.resource.public_id}/v/1"
    browser = browser_as(wang)
    assert "前有结果" not in browser.get("/my").text  # nobody has it, so nobody can say
    number, school = sent.id, sent.resource.school
    li = given.reviewer("李文", school=school)
    review.take_step(given.uow, li, number, Action.CLAIM)
    turn = session.scalars(select(Assignment)).one()
    turn.due_on = date(2031, 10, 13)
    session.commit()
    assert "预计2031年10月13日前有结果" in browser.get("/my").text
    assert "预计2031年10月13日前有结果" in browser.get(page).text
    turn = session.scalars(select(Assignment)).one()
    turn.due_on = date(2020, 10, 13)
    session.commit()
    assert "原定2020年10月13日前有结果，校管理员已知悉" in browser.get("/my").text


def test_work_is_filtered_by_group_and_words(
    given: Given, wang: Person, browser_as: SignsIn
) -> None:
    given.draft(by=wang, title="分数")
    given.draft(by=wang, title="小数")
    given.published(by=wang, title="分数的意义")
    browser = browser_as(wang)

    drafts = browser.get("/my?group=to_finish").text
    fractions = browser.get("/my?q=分数").text
    nothing = browser.get("/my?q=古诗").text

    assert ("小数" in drafts, "分数的意义" in drafts) == (True, False)
    assert ("小数" in fractions, "分数的意义" in fractions) == (False, True)
    assert 'class="empty"' in nothing
    assert 'value="古诗"' in nothing


def test_much_work_comes_in_pages(given: Given, wang: Person) -> None:
    for number in range(23):
        given.draft(by=wang, title=f"第{number}课")

    first, paging = own_work(given.session, wang)
    second, _ = own_work(given.session, wang, page=2)

    assert (len(first), len(second), paging.pages, paging.total) == (20, 3, 2, 23)
    assert len({piece.revision_id for piece in [*first, *second]}) == 23


def test_only_the_present_place_of_a_resource_is_listed(
    given: Given, wang: Person, uow: UnitOfWork
) -> None:
    first = given.published(by=wang, audience=Audience.PUBLIC)
    second = given.admit(drafting.revise(uow, wang, first.id))
    third = drafting.revise(uow, wang, second.id)

    pieces, _ = own_work(given.session, wang)

    assert [(piece.group, piece.number) for piece in pieces] == [
        (Group.TO_FINISH, third.number),
        (Group.PUBLISHED, second.number),
    ]
    assert Action.REVISE not in pieces[1].actions
    assert count_own_work(given.session, wang) == {Group.TO_FINISH: 1, Group.PUBLISHED: 1}


def test_a_list_of_three_takes_as_many_queries_as_a_list_of_one(
    given: Given, wang: Person, app: Flask, browser_as: SignsIn
) -> None:
    with app.app_context():
        counted = Counted(db.engine)
    browser = browser_as(wang)
    given.submitted(by=wang)
    browser.get("/my")
    one = counted.during(browser, "/my")
    given.submitted(by=wang)
    given.submitted(by=wang)

    assert counted.during(browser, "/my") == one
    assert one <= 14


def test_a_draft_is_discarded_and_gone(
    given: Given, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    revision_id = draft.id

    answer = browser_as(wang).post(f"/my/{revision_id}/discard")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/my")
    assert state_of(session, revision_id) is None


def test_a_submission_is_taken_back_to_be_changed(
    given: Given, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    revision_id = given.submitted(by=wang).id

    answer = browser_as(wang).post(f"/my/{revision_id}/take_back")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/submit/{revision_id}")
    assert state_of(session, revision_id) is State.DRAFT


def test_withdrawing_needs_a_reason_and_asks_for_it_again(
    given: Given, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    revision_id = given.published(by=wang).id
    browser = browser_as(wang)

    empty = browser.post(f"/my/{revision_id}/withdraw", data={"comment": "  "})
    too_long = browser.post(f"/my/{revision_id}/withdraw", data={"comment": "错" * 5001})

    assert (empty.status_code, too_long.status_code) == (422, 422)
    assert "错" * 5001 in too_long.text
    assert state_of(session, revision_id) is State.PUBLISHED
    answer = browser.post(f"/my/{revision_id}/withdraw", data={"comment": "第二题有错"})
    assert answer.headers["Location"] == "/my"
    assert state_of(session, revision_id) is State.WITHDRAWN


@pytest.mark.parametrize("action", ["revise", "withdraw"])
def test_the_buttons_are_the_authors_alone(
    given: Given,
    wang: Person,
    session: Session,
    browser: FlaskClient,
    browser_as: SignsIn,
    action: str,
) -> None:
    revision = given.published(by=wang, audience=Audience.PUBLIC)
    revision_id, school = revision.id, revision.resource.school
    colleague = given.teacher(school=school)
    elsewhere = given.teacher(school=given.school())
    data = {"comment": "有错"}

    assert browser_as(colleague).post(f"/my/{revision_id}/{action}", data=data).status_code == 403
    assert browser_as(elsewhere).post(f"/my/{revision_id}/{action}", data=data).status_code == 403
    assert browser.post(f"/my/{revision_id}/{action}", data=data).status_code == 401
    assert state_of(session, revision_id) is State.PUBLISHED


def test_what_is_under_review_is_taken_back_by_its_author_alone(
    given: Given, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    revision_id, school = revision.id, revision.resource.school
    coordinator, colleague = given.coordinator(school=school), given.teacher(school=school)

    assert browser_as(coordinator).post(f"/my/{revision_id}/take_back").status_code == 403
    assert browser_as(colleague).post(f"/my/{revision_id}/take_back").status_code == 404
    assert state_of(session, revision_id) is State.IN_REVIEW


def test_a_draft_of_another_does_not_exist(given: Given, wang: Person, browser_as: SignsIn) -> None:
    draft = given.draft(by=wang)
    revision_id = draft.id
    colleague = given.teacher(school=draft.resource.school)

    assert browser_as(colleague).post(f"/my/{revision_id}/discard").status_code == 404


@pytest.mark.parametrize("action", ["approve", "submit", "admit", "claim", "dance"])
def test_other_buttons_are_not_here(
    given: Given, wang: Person, browser_as: SignsIn, action: str
) -> None:
    revision_id = given.submitted(by=wang).id

    assert browser_as(wang).post(f"/my/{revision_id}/{action}").status_code == 404


def test_the_schools_coordinator_takes_down_and_sees_the_tombstone(
    given: Given, wang: Person, browser_as: SignsIn
) -> None:
    revision = given.published(by=wang)
    public_id, revision_id = revision.resource.public_id, revision.id
    coordinator = given.coordinator(school=revision.resource.school)

    answer = browser_as(coordinator).post(
        f"/my/{revision_id}/withdraw", data={"comment": "版权不清"}
    )

    assert answer.headers["Location"] == f"/r/{public_id}"


def test_notices_are_told_in_words_and_read_once_seen(
    given: Given, wang: Person, uow: UnitOfWork, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    revision_id = revision.id
    li = given.reviewer("李文", school=revision.resource.school)
    review.take_step(uow, li, revision.id, Action.REQUEST_CHANGES, comment="目标太笼统")
    browser = browser_as(wang)

    first = browser.get("/my/notices").text
    second = browser.get("/my/notices").text

    assert "李文" in first
    assert "目标太笼统" in first
    assert f'href="/submit/{revision_id}"' in first
    assert (first.count('class="is-new"'), second.count('class="is-new"')) == (1, 0)
    session.rollback()
    assert session.scalar(select(Notice.id).where(Notice.read_at.is_(None))) is None


def test_notices_of_others_are_neither_shown_nor_marked(
    given: Given, wang: Person, uow: UnitOfWork, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    school = revision.resource.school
    li = given.reviewer("李文", school=school)
    review.take_step(uow, li, revision.id, Action.APPROVE)
    browser = browser_as(given.teacher(school=school))

    page = browser.get("/my/notices").text
    browser.post("/my/notices")

    assert "分数的初步认识" not in page
    session.rollback()
    assert session.scalar(select(Notice.id).where(Notice.read_at.is_(None))) is not None


def test_all_notices_can_be_marked_as_read_at_once(
    given: Given, wang: Person, uow: UnitOfWork, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    li = given.reviewer("李文", school=revision.resource.school)
    review.take_step(uow, li, revision.id, Action.CLAIM)

    answer = browser_as(wang).post("/my/notices")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/notices")
    session.rollback()
    assert session.scalar(select(Notice.id).where(Notice.read_at.is_(None))) is None


def test_without_notices_the_page_says_what_comes_here(wang: Person, browser_as: SignsIn) -> None:
    assert 'class="empty"' in browser_as(wang).get("/my/notices").text
