"""The reviewer's form as a page: what was typed comes back, with and without a script."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action
from resource_hub.models import Review, Submission
from resource_hub.services.opinions import kept_opinions
from resource_hub.services.own_sentences import add_sentence
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.opinions import ANSWERS
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import Cast, number_of, speak_english

JSON = {"Accept": "application/json"}


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def reviewers_browser(browser_as: SignsIn, cast: Cast, session: Session) -> FlaskClient:
    speak_english(cast.reviewer, session)
    return browser_as(cast.reviewer)


@pytest.fixture
def number(given: Given, cast: Cast, session: Session) -> int:
    return number_of(session, given.submitted(by=cast.author))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_the_form_asks_the_seven_criteria_and_five_scores(
    reviewers_browser: FlaskClient, number: int
) -> None:
    page = reviewers_browser.get(f"/review/{number}").text
    assert page.count('<fieldset class="question question-pass"') == 7
    assert page.count('<fieldset class="question question-score"') == 5
    assert "The matter is right: concepts, figures, facts and quotations can be traced" in page
    assert "0 of 12 answered" in page


def test_a_script_saves_while_typing_and_any_page_shows_it_again(
    reviewers_browser: FlaskClient, number: int
) -> None:
    page = reviewers_browser.get(f"/review/{number}").text
    sent = {"window": hidden(page, "window"), "version": hidden(page, "version")}
    answer = reviewers_browser.post(
        f"/review/{number}/opinion",
        data={**sent, "pass-science": "0", "score-effect": "2", "comment": "第三题答案错"},
        headers=JSON,
    )
    assert answer.json is not None
    assert (answer.status_code, answer.json["others"]) == (200, 0)
    again = reviewers_browser.get(f"/review/{number}").text
    assert "第三题答案错</textarea>" in again
    assert 'name="pass-science" value="0" checked' in again
    assert 'name="score-effect" value="2" checked' in again
    assert hidden(again, "version") == answer.json["version"]
    assert "2 of 12 answered" in again


def test_the_older_text_of_another_window_is_offered(
    reviewers_browser: FlaskClient, number: int, session: Session, cast: Cast
) -> None:
    for window, words in (("a", "旧的意见"), ("b", "新的意见")):
        reviewers_browser.post(
            f"/review/{number}/opinion", data={"window": window, "comment": words}, headers=JSON
        )
    page = reviewers_browser.get(f"/review/{number}").text
    assert "新的意见</textarea>" in page
    assert '<p class="older-words">旧的意见</p>' in page
    older = kept_opinions(session, cast.reviewer, number)[1]
    other = reviewers_browser.get(f"/review/{number}?opinion={older.id}").text
    assert "旧的意见</textarea>" in other
    assert '<p class="older-words">新的意见</p>' in other
    answer = reviewers_browser.post(f"/review/{number}/opinion/{older.id}/drop")
    assert answer.status_code == 303
    assert "旧的意见" not in reviewers_browser.get(f"/review/{number}").text


def test_a_refused_decision_is_kept_on_the_server_too(
    reviewers_browser: FlaskClient, number: int
) -> None:
    refused = reviewers_browser.post(
        f"/review/{number}/approve", data={"strengths": "情境好", "window": "a"}
    )
    assert refused.status_code == 422
    assert "Say of each criterion whether it is met: 7 are left." in refused.text
    assert "情境好</textarea>" in reviewers_browser.get(f"/review/{number}").text
    assert hidden(refused.text, "window") == "a"


def test_without_a_script_a_button_keeps_the_opinion_and_others_insert_sentences(
    reviewers_browser: FlaskClient, uow: UnitOfWork, number: int, cast: Cast
) -> None:
    sentence = add_sentence(uow, cast.reviewer, "comment", "请补板书设计。")
    address = f"/review/{number}/opinion"
    answer = reviewers_browser.post(address, data={"comment": "很好", "window": "a"})
    assert (answer.status_code, answer.location) == (303, f"/review/{number}#decide")
    reviewers_browser.post(
        address, data={"comment": "很好", "window": "a", "insert": str(sentence.id)}
    )
    page = reviewers_browser.get(f"/review/{number}").text
    assert "很好\n请补板书设计。</textarea>" in page
    reviewers_browser.post(address, data={"strengths": "情境贴近生活", "keep": "strengths"})
    assert "情境贴近生活" in reviewers_browser.get("/review/sentences").text


def test_the_sentence_of_another_is_not_inserted(
    reviewers_browser: FlaskClient, uow: UnitOfWork, number: int, cast: Cast
) -> None:
    sentence = add_sentence(uow, cast.second, "comment", "别人的话")
    answer = reviewers_browser.post(
        f"/review/{number}/opinion", data={"insert": str(sentence.id), "comment": "x"}
    )
    assert answer.status_code == 404
    assert "别人的话" not in reviewers_browser.get("/review/sentences").text


def test_a_comment_of_a_megabyte_is_refused_in_a_sentence(
    reviewers_browser: FlaskClient, number: int, session: Session
) -> None:
    answer = reviewers_browser.post(
        f"/review/{number}/request_changes", data={**ANSWERS, "comment": "囍" * 350_000}
    )
    assert answer.status_code == 422
    [problem] = re.findall(r'id="field-comment-problem">.*?<span>(.*?)</span>', answer.text)
    assert problem.strip() == "At most 5000 characters; this has 350000."
    [typed] = re.findall(r'<textarea[^>]* name="comment"[^>]*>\s*([^<]*)</textarea>', answer.text)
    assert typed == "囍" * 350_000
    assert session.scalars(select(Review)).all() == []


def test_nobody_else_reads_what_is_half_written(
    reviewers_browser: FlaskClient, browser_as: SignsIn, number: int, cast: Cast, given: Given
) -> None:
    reviewers_browser.post(f"/review/{number}/opinion", data={"comment": "写了一半", "window": "a"})
    for person in (cast.second, cast.judge, given.administrator()):
        assert "写了一半" not in browser_as(person).get(f"/review/{number}").text


def test_a_decision_by_another_leaves_what_was_typed(
    reviewers_browser: FlaskClient, uow: UnitOfWork, number: int, cast: Cast, session: Session
) -> None:
    reviewers_browser.post(f"/review/{number}/opinion", data={"comment": "写了一半", "window": "a"})
    (kept,) = kept_opinions(session, cast.reviewer, number)
    assert kept.written.sheet.changes == "写了一半"
    revision_id = session.get_one(Submission, number).revision_id
    take_step(uow, cast.second, revision_id, Action.REQUEST_CHANGES, comment="先改")
    page = reviewers_browser.get(f"/review/{number}").text
    assert "写了一半</textarea>" in page
