"""The inbox and the desk, as reviewers use them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Reason, Stage, State
from resource_hub.domain.taxonomy import Section
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import (
    Assignment,
    Attachment,
    Resource,
    Review,
    Revision,
    Submission,
    User,
)
from resource_hub.services import drafting
from resource_hub.services.assigning import holders
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.opinions import ANSWERS
from tests.web.conftest import SignsIn

ENGLISH = {"Accept-Language": "en"}


class Cast:
    """A village and a town in one alliance, with reviewers of both stages."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village, name="青山联盟")
        self.author = given.teacher("王敏", school=self.village)
        self.reviewer = given.reviewer("李老师", school=self.village)
        self.second = given.reviewer("周老师", school=self.village)
        self.judge = given.reviewer("陈老师", school=self.town, alliance=self.alliance)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def number_of(session: Session, revision: Revision) -> int:
    """The address of the latest submission of ``revision``."""
    found = session.scalars(
        select(Submission.id)
        .where(Submission.revision_id == revision.id)
        .order_by(Submission.round.desc())
    ).first()
    assert found is not None
    return found


def speak_english(person: Person, session: Session) -> None:
    user = session.get(User, person.id)
    assert user is not None
    user.language = "en"


@pytest.fixture
def reviewers_browser(browser_as: SignsIn, cast: Cast, session: Session) -> FlaskClient:
    speak_english(cast.reviewer, session)
    return browser_as(cast.reviewer)


def test_the_inbox_shows_what_waits_with_all_that_helps_to_choose(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, clock: Clock, session: Session
) -> None:
    revision = given.submitted(by=cast.author)
    clock.pass_(days=3)
    page = reviewers_browser.get("/review").text
    for words in (
        "分数的初步认识", "Lesson plan", "Mathematics", "Grade 3", "王敏", "山口小学",
        "School review", "has waited 3 days", "Take",
    ):  # fmt: skip
        assert words in page
    assert f'href="/review/{number_of(session, revision)}"' in page


def test_an_empty_inbox_says_what_to_do(reviewers_browser: FlaskClient) -> None:
    page = reviewers_browser.get("/review").text
    assert "Nothing waits for you" in page
    assert "As soon as a colleague submits something" in page


def test_a_filter_that_finds_nothing_offers_a_way_back(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    free = given.submitted(by=cast.author)
    for person in (cast.reviewer, cast.second):
        take_step(uow, person, free.id, Action.DECLINE, comment="这周没有时间")
    page = reviewers_browser.get("/review?whose=mine").text
    assert "You hold nothing just now: take something from the list." in page
    assert "Other submissions wait" in reviewers_browser.get("/review?subject=art").text


@pytest.mark.parametrize("query", ["?stage=nonsense&page=99", "?page=-3&subject='", "?page=x"])
def test_nonsense_in_the_address_is_no_failure(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, query: str
) -> None:
    given.submitted(by=cast.author)
    assert reviewers_browser.get(f"/review{query}").status_code == 200


def test_the_inbox_is_a_reviewers_alone(browser: FlaskClient, browser_as: SignsIn, given: Given,
                                        cast: Cast) -> None:  # fmt: skip
    answer = browser.get("/review")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/review")
    for person in (cast.author, given.administrator(), given.editor(
        alliance=cast.alliance, school=cast.town
    )):  # fmt: skip
        assert browser_as(person).get("/review").status_code == 403
    coordinator = given.coordinator(school=cast.village)
    assert browser_as(coordinator).get("/review").status_code == 200


def test_taking_from_the_list_and_giving_back_leads_to_the_list(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session
) -> None:
    number = number_of(session, given.submitted(by=cast.author))
    answer = reviewers_browser.post(
        f"/review/{number}/claim", data={"next": "/review?subject=math"}
    )
    assert (answer.status_code, answer.location) == (303, "/review?subject=math")
    page = reviewers_browser.get(answer.location).text
    assert "“分数的初步认识” is yours to judge; the others see that." in page
    assert "</svg>you</span>" in page
    reviewers_browser.post(f"/review/{number}/release", data={"next": "/review"})
    session.expire_all()
    assert [held.name for held in holders(session, [number])[number]] == ["周老师"]


def test_the_list_never_leads_to_another_site(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session
) -> None:
    number = number_of(session, given.submitted(by=cast.author))
    answer = reviewers_browser.post(
        f"/review/{number}/claim", data={"next": "https://example.org/"}
    )
    assert answer.location == "/"


def test_the_desk_shows_everything_to_judge_by(
    reviewers_browser: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, session: Session
) -> None:
    draft = given.draft(by=cast.author, sections={Section.OBJECTIVES: "认识几分之一"})
    given.file(draft, by=cast.author, name="教案.txt", content=b"abc")
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True, comment="请审")
    attachment = session.scalars(select(Attachment)).one()
    number = number_of(session, draft)
    page = reviewers_browser.get(f"/review/{number}").text
    address = f"/r/{session.get_one(Resource, draft.resource_id).public_id}/files/{attachment.id}/"
    for words in (
        "从分月饼开始，认识几分之一。", "认识几分之一", "把一个月饼平均分成两份", "请审",
        "王敏 says", "教案.txt", "3 B", address, "Grade 3", "CC BY 4.0: name the author",
        "It goes on to the reviewers of “青山联盟”.",
        "It goes back to 王敏, who changes it and submits it again.",
        f'name="seen" value="{draft.version}"',
    ):  # fmt: skip
        assert words in page


def test_an_approval_leads_back_to_the_inbox_and_says_what_is_next(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session
) -> None:
    revision = given.submitted(by=cast.author)
    second = given.submitted(by=cast.author, title="第二课")
    take_step(given.uow, cast.reviewer, second.id, Action.CLAIM)
    number = number_of(session, revision)
    answer = reviewers_browser.post(
        f"/review/{number}/approve",
        data={**ANSWERS, "strengths": "很好", "seen": str(revision.version)},
    )
    assert (answer.status_code, answer.location) == (303, "/review")
    page = reviewers_browser.get("/review").text
    assert "“分数的初步认识” has passed; the alliance is next. 1 more waits for you." in page
    assert f'data-forget-opinion="opinion:{cast.reviewer.id}:{number}"' in page
    assert "data-forget-opinion" not in reviewers_browser.get("/review").text
    session.expire_all()
    assert revision.stage is Stage.ALLIANCE


@pytest.mark.parametrize(
    ("action", "form", "state", "sentence"),
    [
        ("approve", ANSWERS, State.PUBLISHED, "“分数的初步认识” is published."),
        (
            "request_changes",
            {"comment": "请补板书"},
            State.CHANGES_REQUESTED,
            "“分数的初步认识” is back with 王敏, with your comment.",
        ),
        (
            "reject",
            {"comment": "有错", "reason": "correctness"},
            State.REJECTED,
            "“分数的初步认识” is rejected; 王敏 reads why.",
        ),
    ],
)
def test_each_decision_says_what_happened(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session,
    action: str, form: dict[str, str], state: State, sentence: str,
) -> None:  # fmt: skip
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    number = number_of(session, revision)
    reviewers_browser.post(f"/review/{number}/{action}", data=form)
    assert f"{sentence} Nothing else waits for you." in reviewers_browser.get("/review").text
    session.expire_all()
    assert revision.state is state


def test_a_rejection_without_its_reason_keeps_the_comment_and_says_what_is_missing(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session
) -> None:
    revision = given.submitted(by=cast.author)
    number = number_of(session, revision)
    answer = reviewers_browser.post(f"/review/{number}/reject", data={"comment": "第三题答案错"})
    assert answer.status_code == 422
    assert "Choose the reason." in answer.text
    assert "第三题答案错</textarea>" in answer.text
    assert '<details class="fold" open>' in answer.text
    answer = reviewers_browser.post(
        f"/review/{number}/reject", data={"comment": " ", "reason": "quality"}
    )
    assert answer.status_code == 422
    assert "Write a sentence that helps the author go on." in answer.text
    assert '<option value="quality" selected>' in answer.text
    session.expire_all()
    assert session.scalars(select(Review)).all() == []


@pytest.mark.parametrize("first", ["approve", "request_changes", "reject"])
def test_who_comes_second_reads_who_was_faster_and_keeps_the_opinion(
    reviewers_browser: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, session: Session,
    first: str,
) -> None:  # fmt: skip
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    number, seen = number_of(session, revision), revision.version
    take_step(uow, cast.second, revision.id, Action(first), comment="看过", reason=Reason.OTHER)
    answer = reviewers_browser.post(
        f"/review/{number}/request_changes", data={"comment": "写了一半的意见", "seen": seen}
    )
    assert answer.status_code == 409
    assert "周老师 was faster. Look again, then decide; what you wrote is kept." in answer.text
    assert "写了一半的意见</textarea>" in answer.text
    assert "看过" in answer.text


def test_an_opinion_on_an_old_page_is_kept_and_can_be_sent_again(
    reviewers_browser: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, session: Session
) -> None:
    revision = given.submitted(by=cast.author)
    number, seen = number_of(session, revision), revision.version
    take_step(uow, cast.second, revision.id, Action.CLAIM)
    take_step(uow, cast.second, revision.id, Action.RELEASE)
    revision.title = "题目改了"
    session.flush()
    answer = reviewers_browser.post(
        f"/review/{number}/approve", data={**ANSWERS, "comment": "好", "seen": seen}
    )
    assert answer.status_code == 409
    assert f'name="seen" value="{revision.version}"' in answer.text
    answer = reviewers_browser.post(
        f"/review/{number}/approve", data={**ANSWERS, "comment": "好", "seen": revision.version}
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "action", ["submit", "take_back", "withdraw", "revise", "discard", "admit", "x"]
)
def test_other_actions_are_no_address(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session, action: str
) -> None:
    number = number_of(session, given.submitted(by=cast.author))
    assert reviewers_browser.post(f"/review/{number}/{action}").status_code == 404


def test_the_desk_of_others_is_closed_or_unknown(
    browser: FlaskClient, browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    number = number_of(session, given.submitted(by=cast.author))
    people: dict[str, Person] = {
        "author": cast.author,
        "colleague": given.teacher(school=cast.village),
        "other school": given.teacher(school=cast.town),
        "reviewer": cast.reviewer,
        "judge": cast.judge,
        "coordinator": given.coordinator(school=cast.village),
        "administrator": given.administrator(),
    }
    opened = {
        name: browser_as(person).get(f"/review/{number}").status_code
        for name, person in people.items()
    }
    assert opened == {
        "author": 403,
        "colleague": 404,
        "other school": 404,
        "reviewer": 200,
        "judge": 200,
        "coordinator": 200,
        "administrator": 200,
    }
    approved = {
        name: browser_as(person).post(f"/review/{number}/approve").status_code
        for name, person in people.items()
        if name not in {"reviewer", "coordinator"}
    }
    assert approved == {
        "author": 403,
        "colleague": 404,
        "other school": 404,
        "judge": 403,
        "administrator": 403,
    }
    assert browser.get(f"/review/{number}").status_code == 302
    assert browser.post(f"/review/{number}/approve").status_code == 401


def test_who_may_look_but_not_judge_gets_no_form(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    number = number_of(session, given.submitted(by=cast.author))
    administrator = given.administrator()
    speak_english(administrator, session)
    page = browser_as(administrator).get(f"/review/{number}").text
    assert "You may read it. At this stage others judge it." in page
    assert "<textarea" not in page


def test_a_closed_round_shows_its_history_and_no_buttons(
    reviewers_browser: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, session: Session
) -> None:
    revision = given.submitted(by=cast.author)
    number = number_of(session, revision)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补板书设计")
    page = reviewers_browser.get(f"/review/{number}").text
    assert "How it ended" in page
    assert "请补板书设计" in page
    assert "formaction" not in page
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True, comment="已补")
    page = reviewers_browser.get(f"/review/{number}").text
    assert f'href="/review/{number_of(session, revision)}">To the round that is under way' in page
    assert "Round 2" in reviewers_browser.get(f"/review/{number_of(session, revision)}").text


def test_a_new_version_says_in_words_what_it_changes(
    reviewers_browser: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, session: Session
) -> None:
    live = given.published(by=cast.author)
    second = drafting.revise(uow, cast.author, live.id)
    drafting.describe(
        uow,
        cast.author,
        second.id,
        given.description(
            alliance_id=cast.alliance.id, grades=("g3", "g4"), text="长" * 500, unit="第八单元"
        ),
    )
    given.file(second, by=cast.author, name="练习.txt")
    take_step(uow, cast.author, second.id, Action.SUBMIT, rights_declared=True)
    page = reviewers_browser.get(f"/review/{number_of(session, second)}").text
    for words in (
        "Compared with: Version 1 (public now)",
        "<li>Description: Grades, Unit, Text</li>",
        "<li>Files added: 练习.txt</li>",
        f'href="/r/{session.get_one(Resource, live.resource_id).public_id}/v/2/changes?since=v1"',
    ):
        assert words in page


def test_what_a_reviewer_reads_cannot_run(
    reviewers_browser: FlaskClient, given: Given, cast: Cast, session: Session
) -> None:
    revision = given.submitted(
        by=cast.author, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>"
    )
    for address in ("/review", f"/review/{number_of(session, revision)}"):
        page = reviewers_browser.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def count_queries(app: Flask, act: Any) -> int:  # Any: a request
    with app.app_context():
        engine: Engine = db.engine
    sent: list[str] = []

    def note(*details: Any) -> None:  # Any: as SQLAlchemy calls it
        sent.append(details[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_three_lines_cost_no_more_queries_than_one(
    app: Flask, reviewers_browser: FlaskClient, given: Given, cast: Cast
) -> None:
    given.submitted(by=cast.author)
    one = count_queries(app, lambda: reviewers_browser.get("/review"))
    given.submitted(by=cast.author, title="第二课", subject="science")
    given.submitted(by=cast.author, title="第三课", grades=("g1", "g2"))
    assert count_queries(app, lambda: reviewers_browser.get("/review")) == one


def test_a_desk_with_many_things_costs_no_more_queries_than_one_with_few(
    app: Flask, reviewers_browser: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast,
    session: Session,
) -> None:  # fmt: skip
    few = number_of(session, given.submitted(by=cast.author))
    draft = given.draft(by=cast.author, title="很多")
    for name in "一二三":
        given.file(draft, by=cast.author, name=f"{name}.txt", content=name.encode())
    for _round in range(3):
        take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
        take_step(uow, cast.reviewer, draft.id, Action.REQUEST_CHANGES, comment="再改")
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    many = number_of(session, draft)
    assert count_queries(app, lambda: reviewers_browser.get(f"/review/{many}")) <= count_queries(
        app, lambda: reviewers_browser.get(f"/review/{few}")
    )


def test_what_somebody_has_had_on_the_desk_is_noted_once_and_for_who_has_it_alone(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session, clock: Clock
) -> None:
    number = number_of(session, given.submitted(by=cast.author))
    session.commit()
    opened = select(Assignment.opened_at).where(Assignment.submission_id == number)
    assert browser_as(cast.second).get(f"/review/{number}").status_code == 200
    session.rollback()
    assert session.scalars(opened).all() == [None]
    first = clock()
    assert browser_as(cast.reviewer).get(f"/review/{number}").status_code == 200
    clock.pass_(hours=1)
    assert browser_as(cast.reviewer).get(f"/review/{number}").status_code == 200
    session.rollback()
    assert session.scalars(opened).all() == [first]
