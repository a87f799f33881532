"""What the author is asked of a work that is like another, and what the reviewer sees of it."""

from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import Kinship, Relation, Submission
from resource_hub.services import kinships, review
from resource_hub.services.revisions import load_revision
from resource_hub.services.similarity import compare_work
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.opinions import CHECKED
from tests.services.test_similarity import IN_TRADITIONAL, LESSON
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import count_queries

HIDDEN = "一块饼和两个人"


@dataclass
class Cast:
    author: Person
    copier: Person
    reviewer: Person
    public_id: str


def make_cast(given: Given, uow: UnitOfWork, audience: Audience, *, title: str = "分月饼") -> Cast:
    town, village = given.school("镇中心小学"), given.school("山口小学")
    given.alliance(town, village)
    author = given.teacher("王敏", school=town)
    source = given.published(by=author, title=title, text=LESSON, audience=audience)
    public_id = source.resource.public_id
    kinships.note_comparison(uow, compare_work(uow.session, source.id))
    return Cast(
        author,
        given.teacher("赵云", school=village),
        given.reviewer(school=village),
        public_id,
    )


@pytest.fixture
def cast(given: Given, uow: UnitOfWork) -> Cast:
    return make_cast(given, uow, Audience.ALLIANCE)


def filled(given: Given, copier: Person, **more: str) -> tuple[str, dict[str, object]]:
    """A draft that copies it, and the form as its author would send it."""
    draft = given.draft(by=copier, title="認識幾分之一", text=IN_TRADITIONAL)
    form: dict[str, object] = {
        "kind": "lesson_plan", "title": draft.title, "summary": draft.summary,
        "school_stage": "primary", "subject": "math", "grades": ["g3"], "language": "zh-Hans",
        "licence": "cc-by-4.0", "audience": "alliance", "text": draft.text, "rights": "1",
        "alliance_id": str(draft.alliance_id), "action": "submit", "message": "请看",
        "checked": CHECKED,
    }  # fmt: skip
    return f"/submit/{draft.id}", form | more


def test_a_copy_comes_back_with_a_question_and_goes_on_with_the_answer(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    public_id = cast.public_id
    path, form = filled(given, cast.copier)
    browser = browser_as(cast.copier)
    answer = browser.post(path, data=form)
    assert answer.status_code == 422
    assert f"{public_id} 分月饼" in answer.text
    assert "请看" in answer.text
    without_why = form | {f"alike_{public_id}": "different", f"why_{public_id}": " "}
    answer = browser.post(path, data=without_why)
    assert answer.status_code == 422
    assert f'href="#field-why_{public_id}"' in answer.text
    answered = form | {f"alike_{public_id}": "derived", f"why_{public_id}": "换成繁体"}
    assert browser.post(path, data=answered).status_code == 303
    said = session.scalars(select(Kinship)).one()
    assert (said.relation.value, said.why) == ("derived", "换成繁体")


def test_saving_shows_what_is_alike_before_anything_is_submitted(
    browser_as: SignsIn, given: Given, cast: Cast
) -> None:
    path, form = filled(given, cast.copier, action="save")
    browser = browser_as(cast.copier)
    assert browser.post(path, data=form).status_code == 303
    page = browser.get(path).text
    assert f"{cast.public_id} 分月饼" in page


def test_what_is_not_shared_with_the_author_has_neither_title_nor_text_nor_number(
    browser_as: SignsIn, given: Given, uow: UnitOfWork
) -> None:
    cast = make_cast(given, uow, Audience.SCHOOL, title=HIDDEN)
    path, form = filled(given, cast.copier, action="save", text=IN_TRADITIONAL)
    browser = browser_as(cast.copier)
    browser.post(path, data=form)
    page = browser.get(path).text
    assert "联盟里有相近的内容没有与您共享" in page
    answers = browser.get(f"{path}/alike").text
    assert "联盟里有相近的内容没有与您共享" in answers
    for secret in (cast.public_id, "王敏", HIDDEN, "老师把月饼切成两块"):
        assert secret not in page
        assert secret not in answers
    assert browser.post(path, data=form | {"action": "submit"}).status_code == 303


def test_the_desk_of_a_reviewer_who_may_not_see_it_says_only_that_there_is_something(
    browser_as: SignsIn, given: Given, uow: UnitOfWork, session: Session
) -> None:
    cast = make_cast(given, uow, Audience.SCHOOL, title=HIDDEN)
    draft = given.draft(by=cast.copier, title="認識幾分之一", text=IN_TRADITIONAL)
    review.take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    submission = session.scalars(select(Submission.id)).one()
    reviewer = browser_as(cast.reviewer)
    desk = reviewer.get(f"/review/{submission}").text
    assert "有相近的内容没有与您共享" in desk
    for secret in (cast.public_id, "王敏", HIDDEN, "老师把月饼切成两块"):
        assert secret not in desk
    assert reviewer.get(f"/review/{submission}/alike/{cast.public_id}").status_code == 404


def test_a_new_version_of_the_own_work_moves_there_and_keeps_what_was_typed(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    public_id = cast.public_id
    path, form = filled(given, cast.author, action="save", title="再分月饼")
    browser = browser_as(cast.author)
    browser.post(path, data=form)
    assert 'value="new_version"' in browser.get(path).text
    assert browser.post(path, data=form | {f"alike_{public_id}": "new_version"}).status_code == 303
    assert public_id in browser.get("/my").text
    assert 'value="再分月饼"' in browser.get(path).text
    revision = load_revision(session, int(path.rsplit("/", 1)[1]))
    assert (revision.resource.public_id, revision.number) == (public_id, 2)
    other, form = filled(given, cast.author, action="save", title="第三次分月饼")
    browser.post(other, data=form)
    answer = browser.post(other, data=form | {f"alike_{public_id}": "new_version"})
    assert answer.status_code == 422
    assert f'id="field-alike_{public_id}-problem"' in answer.text
    assert 'value="第三次分月饼"' in answer.text


def test_the_notice_leads_to_the_question(
    browser_as: SignsIn, given: Given, cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    draft = given.draft(by=cast.copier, title="短", text="不同的话。")
    review.take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    draft.text = IN_TRADITIONAL
    session.flush()
    kinships.note_comparison(uow, compare_work(session, draft.id))
    assert f'href="/submit/{draft.id}/alike"' in browser_as(cast.copier).get("/my/notices").text


def test_three_that_are_alike_ask_no_more_queries_than_one(
    app: Flask, browser_as: SignsIn, given: Given, cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    draft = given.draft(by=cast.copier, title="認識幾分之一", text=IN_TRADITIONAL)
    kinships.look_for_alike(uow, cast.copier, draft)
    kinships.answer(uow, cast.copier, draft.id, cast.public_id, Relation.DERIVED)
    review.take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    submission = session.scalars(select(Submission.id)).one()
    author, reviewer = browser_as(cast.copier), browser_as(cast.reviewer)
    pages = (
        (author, f"/submit/{draft.id}/alike"),
        (reviewer, f"/review/{submission}"),
        (reviewer, f"/review/{submission}/alike/{cast.public_id}"),
    )

    def counted() -> list[int]:
        return [count_queries(app, partial(browser.get, path)) for browser, path in pages]

    counted()
    one = counted()
    for title in ("二", "三"):
        more = given.published(by=cast.author, title=title, text=LESSON)
        kinships.note_comparison(uow, compare_work(session, more.id))
    kinships.note_comparison(uow, compare_work(session, draft.id))
    assert "相同于" in author.get(f"/submit/{draft.id}/alike").text
    assert counted() == one


def test_the_reviewer_sees_the_answer_and_the_passages_side_by_side(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    public_id = cast.public_id
    path, form = filled(given, cast.copier)
    answered = form | {f"alike_{public_id}": "different", f"why_{public_id}": "自己想的"}
    browser = browser_as(cast.copier)
    browser.post(path, data=form)
    assert browser.post(path, data=answered).status_code == 303
    submission = session.scalars(select(Submission.id)).one()
    reviewer = browser_as(cast.reviewer)
    desk = reviewer.get(f"/review/{submission}").text
    assert "自己想的" in desk
    pairs = reviewer.get(f"/review/{submission}/alike/{public_id}").text
    assert "老师把月饼切成两块" in pairs
    assert "老師把月餅切成兩塊" in pairs


def test_the_credit_stands_on_both_pages_and_in_the_citation(
    browser_as: SignsIn, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    public_id = cast.public_id
    draft = given.draft(by=cast.copier, title="認識幾分之一", text=IN_TRADITIONAL)
    kinships.look_for_alike(uow, cast.copier, draft)
    kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DERIVED)
    copy_id = draft.resource.public_id
    given.admit(draft)
    browser = browser_as(cast.author)
    child = browser.get(f"/r/{copy_id}").text
    assert f"据 王敏（镇中心小学）：分月饼，{public_id}。" in child
    assert "認識幾分之一" in browser.get(f"/r/{public_id}").text


def test_what_was_found_late_is_answered_on_a_page_of_its_own(
    browser_as: SignsIn, given: Given, cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    public_id = cast.public_id
    draft = given.draft(by=cast.copier, title="短", text="不同的话。")
    review.take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    draft.text = IN_TRADITIONAL
    session.flush()
    kinships.note_comparison(uow, compare_work(session, draft.id))
    browser = browser_as(cast.copier)
    path = f"/submit/{draft.id}/alike"
    assert f"{public_id} 分月饼" in browser.get(path).text
    wrong = browser.post(path, data={f"alike_{public_id}": "different"})
    assert wrong.status_code == 422
    assert browser.post(path, data={f"alike_{public_id}": "derived"}).status_code == 303
    assert session.scalars(select(Kinship.relation)).one() == "derived"
