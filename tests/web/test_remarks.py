"""Remarks, as reviewers write them and authors answer them, without a script."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.remarks import MAX_TEXT
from resource_hub.domain.review import Action
from resource_hub.models import Remark, Revision
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import Cast, number_of


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def revision(given: Given, uow: UnitOfWork, cast: Cast) -> Revision:
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author, name="教案.txt", content="分数".encode())
    return take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)


def only_remark(session: Session) -> Remark:
    session.expire_all()
    return session.scalars(select(Remark)).one()


def test_a_reviewer_writes_a_remark_and_the_author_answers_it(
    session: Session, uow: UnitOfWork, cast: Cast, revision: Revision, browser_as: SignsIn
) -> None:
    reviewer, author = browser_as(cast.reviewer), browser_as(cast.author)
    address = f"/review/{number_of(session, revision)}/remarks"
    answer = reviewer.post(
        address,
        data={"place": "field:text", "quote": "二分之一", "weight": "must_fix", "text": "先举例"},
    )
    remark = only_remark(session)
    assert (answer.status_code, answer.location) == (303, f"{address}#remark-{remark.id}")
    desk = reviewer.get(address.removesuffix("/remarks")).text
    assert "先举例" in desk
    assert "作者暂时看不到" in desk
    assert "先举例" not in author.get(f"/my/{revision.id}/remarks").text

    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请看批注")
    page = author.get(f"/my/{revision.id}/remarks").text
    assert "有 1 条必须改好才能再次送审。" in page
    assert "这个位置没有改动。" in page
    mine = author.get("/my").text
    assert f'href="/my/{revision.id}/remarks"' in mine
    form = author.get(f"/submit/{revision.id}").text
    assert "先举例" in form
    refused = author.post(f"/submit/{revision.id}", data={"action": "submit", "rights": "1"})
    assert refused.status_code == 422
    assert "必须先改好：“先举例”" in refused.text
    done = author.post(
        f"/my/{revision.id}/remarks/{remark.id}", data={"answer": "已补", "action": "done"}
    )
    assert done.location == f"/my/{revision.id}/remarks#remark-{remark.id}"
    assert only_remark(session).answer == "已补"
    page = author.get(f"/my/{revision.id}/remarks").text
    assert "都已处理。" in page


def test_whatever_is_wrong_what_was_typed_stays(
    session: Session, uow: UnitOfWork, cast: Cast, revision: Revision, browser_as: SignsIn
) -> None:
    reviewer = browser_as(cast.reviewer)
    number = number_of(session, revision)
    address = f"/review/{number}/remarks"
    file_id = revision.attachments[0].id
    refusals = [
        ({"place": f"file:{file_id}", "quote": "小数"}, "那里没有这些字"),
        ({"place": f"file:{file_id}", "page": "三"}, "页码请写数字。"),
        ({"place": f"file:{file_id}", "page": "0"}, "没有第 0 页"),
        ({"place": f"file:{file_id}", "moment": "soon"}, "时间请写成"),
        ({"place": f"file:{file_id}", "moment": "9:00"}, "这个文件不是视频"),
        ({"place": f"file:{file_id}", "page": "1", "rectangle": "0,0,2,1"}, "超出了页面"),
        ({"place": f"file:{file_id}", "page": "1", "rectangle": "x"}, "超出了页面"),
        ({"place": "file:99999"}, "不在这份资源里"),
        ({"place": "file:" + "9" * 40}, "请选择批注针对哪里。"),
        ({"place": "nonsense"}, "请选择批注针对哪里。"),
    ]
    for typed, sentence in refusals:
        form = {"weight": "suggestion", "text": "写好的话", **typed}
        answer = reviewer.post(address, data=form)
        assert (answer.status_code, sentence in answer.text) == (422, True), typed
        assert "写好的话</textarea>" in answer.text
    long = "字" * (MAX_TEXT + 1)
    answer = reviewer.post(
        address, data={"place": "field:title", "weight": "must_fix", "text": long}
    )
    assert "2001" in answer.text
    assert long in answer.text
    take_step(uow, cast.second, revision.id, Action.CLAIM)
    answer = reviewer.post(
        address,
        data={"place": "field:title", "weight": "must_fix", "text": "迟了"},
    )
    assert answer.status_code == 409
    assert "已有其他审核员领取" in answer.text
    assert "迟了</textarea>" in answer.text
    take_step(uow, cast.second, revision.id, Action.REQUEST_CHANGES, comment="改")
    answer = reviewer.post(address, data={"place": "field:title", "text": "太迟"})
    assert "这一轮审核已经结束" in answer.text
    assert "太迟</textarea>" in answer.text
    assert session.scalars(select(Remark)).all() == []


def test_a_remark_is_changed_and_removed_until_it_is_sent(
    session: Session, cast: Cast, revision: Revision, browser_as: SignsIn
) -> None:
    reviewer = browser_as(cast.reviewer)
    address = f"/review/{number_of(session, revision)}/remarks"
    first = {"place": "field:title", "weight": "must_fix", "text": "太长"}
    reviewer.post(address, data=first)
    remark = only_remark(session)
    here = f"{address}/{remark.id}"
    answer = reviewer.post(here, data={"weight": "suggestion", "text": ""})
    assert "请写下对这里的意见。" in answer.text
    stale = {"weight": "suggestion", "text": "另一个窗口", "seen": "9"}
    answer = reviewer.post(here, data=stale)
    assert (answer.status_code, "另一个窗口" in answer.text) == (409, True)
    reviewer.post(here, data={"weight": "suggestion", "text": "略长", "seen": "1"})
    assert (only_remark(session).text, only_remark(session).weight) == ("略长", "suggestion")
    assert reviewer.post(here, data={"action": "remove"}).location == address
    assert session.scalars(select(Remark)).all() == []


def test_an_answer_that_is_too_long_comes_back(
    session: Session, uow: UnitOfWork, cast: Cast, revision: Revision, browser_as: SignsIn
) -> None:
    reviewer, author = browser_as(cast.reviewer), browser_as(cast.author)
    form = {"place": "field:title", "weight": "suggestion", "text": "太长"}
    reviewer.post(f"/review/{number_of(session, revision)}/remarks", data=form)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="改")
    here = f"/my/{revision.id}/remarks/{only_remark(session).id}"
    long = "字" * (MAX_TEXT + 1)
    answer = author.post(here, data={"answer": long, "action": "done"})
    assert answer.status_code == 422
    assert "2001" in answer.text
    assert long in answer.text


def test_the_viewer_shows_remarks_to_those_who_judge_and_to_the_author_alone(
    session: Session,
    uow: UnitOfWork,
    given: Given,
    cast: Cast,
    revision: Revision,
    browser_as: SignsIn,
) -> None:
    attachment = revision.attachments[0]
    attachment.blob.family, attachment.blob.pages = "pdf", 2
    session.flush()
    viewer = f"/r/{revision.resource.public_id}/view/{attachment.id}"
    reviewer, author = browser_as(cast.reviewer), browser_as(cast.author)
    form = {
        "place": f"file:{attachment.id}", "page": "2", "rectangle": "0.1,0.2,0.3,0.4",
        "weight": "suggestion", "text": "字太小", "next": f"{viewer}?page=2",
    }  # fmt: skip
    assert "data-remark-form" in reviewer.get(viewer).text
    answer = reviewer.post(f"/review/{number_of(session, revision)}/remarks", data=form)
    assert answer.location.startswith(f"{viewer}?page=2#remark-")
    assert "字太小" in reviewer.get(f"{viewer}?page=2").text
    assert "字太小" not in reviewer.get(viewer).text
    assert "字太小" not in author.get(f"{viewer}?page=2").text
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE)
    shown = author.get(f"{viewer}?page=2").text
    assert "字太小" in shown
    assert "data-remark-form" not in shown
    judge = browser_as(cast.judge)
    assert "字太小" in judge.get(f"{viewer}?page=2").text
    take_step(uow, cast.judge, revision.id, Action.APPROVE)
    reader = browser_as(given.teacher(school=cast.town))
    page = reader.get(f"{viewer}?page=2")
    assert (page.status_code, "字太小" in page.text) == (200, False)
