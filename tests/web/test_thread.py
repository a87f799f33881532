"""The thread as author and reviewers see it in their browsers."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action
from resource_hub.models import Message
from resource_hub.services.dismissing import set_active
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at
from resource_hub.services.thread import say
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import Cast, number_of, speak_english

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def test_author_and_reviewer_talk(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    for person in (cast.author, cast.reviewer):
        speak_english(person, session)
    number = number_of(session, given.submitted(by=cast.author))
    answer = browser_as(cast.reviewer).post(
        f"/thread/{number}", data={"text": "第3页的图是**哪里**来的？"}
    )
    message = session.scalars(select(Message)).one()
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/thread/{number}#message-{message.id}",
    )
    author = browser_as(cast.author)
    page = author.get(f"/thread/{number}").text
    assert "<p>第3页的图是<strong>哪里</strong>来的？</p>" in page
    assert f'href="/thread/{number}?answers={message.id}#write"' in page
    assert "Write to the reviewers" in page
    assert f'href="/thread/{number}#message-{message.id}"' in author.get("/my/notices").text
    answering = author.get(f"/thread/{number}?answers={message.id}").text
    assert "Answer 李老师" in answering
    assert f'name="answers" value="{message.id}"' in answering


def test_the_way_to_the_thread_stands_at_the_desk_and_at_the_own_work(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session, uow: UnitOfWork
) -> None:
    revision = given.submitted(by=cast.author)
    number = number_of(session, revision)
    link = f'href="/thread/{number}"'
    assert link in browser_as(cast.reviewer).get(f"/review/{number}").text
    assert link in browser_as(cast.author).get("/my").text
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="再改")
    assert link in browser_as(cast.author).get(f"/submit/{revision.id}").text


def test_why_it_was_passed_on_stands_in_the_thread_and_at_the_desk_and_not_for_the_author(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session, uow: UnitOfWork
) -> None:
    next_one = given.reviewer("周老师", school=cast.village)
    number = number_of(session, given.submitted(by=cast.author))
    for person in (cast.author, next_one):
        speak_english(person, session)
    set_active(uow, given.administrator(), cast.reviewer.id or 0, active=False)
    look_at(uow, number)
    taken = "李老师 does not review this here any more: it is passed on"
    assert taken in browser_as(next_one).get(f"/thread/{number}").text
    before = "passed on: this person does not review this here any more: 李老师"
    assert before in browser_as(next_one).get(f"/review/{number}").text
    told_author = browser_as(cast.author).get(f"/thread/{number}").text
    assert "It is passed on to another reviewer" in told_author
    assert "any more" not in told_author


def test_hostile_html_in_a_message_and_in_a_comment_is_shown_and_never_run(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session, uow: UnitOfWork
) -> None:
    revision = given.submitted(by=cast.author)
    number = number_of(session, revision)
    say(uow, cast.reviewer, number, HOSTILE)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment=HOSTILE)
    page = browser_as(cast.author).get(f"/thread/{number}").text
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    matter = page[page.index('id="matter"') :]
    assert re.findall(r"<script|<img|href=.javascript:", matter[: matter.index("</main>")]) == []


def test_a_message_of_a_megabyte_is_refused_in_a_sentence_and_kept(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    speak_english(cast.author, session)
    number = number_of(session, given.submitted(by=cast.author))
    text = "长" * (1 << 20)
    answer = browser_as(cast.author).post(f"/thread/{number}", data={"text": text})
    assert answer.status_code == 422
    assert "At most 5000 characters; this has 1048576." in answer.text
    assert text in answer.text
    assert session.scalars(select(Message)).all() == []


def test_an_answer_to_what_is_not_there_keeps_what_was_typed(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session
) -> None:
    speak_english(cast.author, session)
    number = number_of(session, given.submitted(by=cast.author))
    answer = browser_as(cast.author).post(
        f"/thread/{number}", data={"text": "我写了很久", "answers": "99"}
    )
    assert answer.status_code == 404
    assert "not there any more" in answer.text
    assert "我写了很久" in answer.text


@pytest.mark.parametrize("number", ["2147483648", "9" * 30])
def test_an_answer_to_a_message_that_cannot_be_keeps_what_was_typed(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session, number: str
) -> None:
    here = f"/thread/{number_of(session, given.submitted(by=cast.author))}"
    answer = browser_as(cast.reviewer).post(here, data={"text": "我写了很久", "answers": number})
    assert (answer.status_code, session.scalar(select(Message.text))) == (303, "我写了很久")
