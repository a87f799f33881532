"""The way of somebody from outside through the hub: one submission, and strange to all else."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action, Stage, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import Relation, Revision, Submission
from resource_hub.services import kinships
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision
from tests.given import Clock, Given
from tests.services.test_similarity import LESSON, do_comparisons
from tests.web.authorization import GUEST
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import Cast, number_of


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def waiting(session: Session, given: Given, cast: Cast) -> Submission:
    draft = given.draft(by=cast.author, text=LESSON)
    given.file(draft, by=cast.author, name="教案.txt", content="分月饼".encode())
    take_step(given.uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    found = session.get_one(Submission, number_of(session, draft))
    found.policy = replace(found.policy, externals=True)
    return found


@pytest.fixture
def link(browser_as: SignsIn, given: Given, cast: Cast, waiting: Submission) -> str:
    """What the coordinator is given to hand on, where the hub sends no mails."""
    coordinator = given.coordinator("赵主任", school=cast.village)
    page = browser_as(coordinator).post(
        f"/review/{waiting.id}/invitations",
        data={"name": "Qian", "email": "qian@example.com"},
        follow_redirects=True,
    )
    [path] = set(re.findall(r"/invited/[\w-]+", page.text))
    return str(path)


@pytest.fixture
def guests_browser(app: Flask, link: str) -> FlaskClient:
    browser = app.test_client()
    assert "Qian" in browser.get(link).text
    assert browser.post(link).status_code == 303
    return browser


def test_a_guest_opens_the_desk_its_files_and_decides(
    guests_browser: FlaskClient, waiting: Submission, link: str, session: Session
) -> None:
    desk = guests_browser.get(f"/review/{waiting.id}")
    assert desk.status_code == 200
    file = re.findall(r'href="(/r/[^"]+/files/\d+/[^"]+)"', desk.text)[0]
    assert guests_browser.get(file).data.decode() == "分月饼"
    answer = guests_browser.post(
        f"/review/{waiting.id}/request_changes", data={"comment": "请注明出处。"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, link)
    session.rollback()
    revision = session.scalars(select(Revision)).one()
    assert revision.state is State.CHANGES_REQUESTED
    over = guests_browser.get(link)
    assert over.status_code == 410
    assert "这次审核已经结束" in over.text
    assert "赵主任 (山口小学)" in over.text


def test_a_guest_is_a_stranger_everywhere_else(
    guests_browser: FlaskClient, given: Given, cast: Cast, waiting: Submission, session: Session
) -> None:
    other = given.submitted(by=cast.author, title="另一课")
    assert guests_browser.get(f"/review/{number_of(session, other)}").status_code == 404
    for path in ("/review", "/my", "/submit", "/account", "/wishes", f"/thread/{waiting.id}"):
        answer = guests_browser.get(path)
        assert (path, answer.status_code) == (path, 302)
        assert answer.headers["Location"].startswith("/sign-in?next=")


def test_each_page_opens_for_that_submission_and_for_no_other(
    guests_browser: FlaskClient, given: Given, cast: Cast, waiting: Submission, session: Session
) -> None:
    public = given.published(by=cast.author, text=LESSON, audience=Audience.PUBLIC, title="公开课")
    do_comparisons(given.uow)
    draft = given.draft(by=cast.author, title="另一课", text=LESSON)
    given.file(draft, by=cast.author)
    place = load_revision(session, public.id).resource.public_id
    alike = kinships.look_for_alike(given.uow, cast.author, load_revision(session, draft.id))
    for each in alike.known:
        kinships.answer(given.uow, cast.author, draft.id, each.public_id, Relation.DERIVED)
    take_step(given.uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    given.uow.promise("compare", waiting.revision_id)
    do_comparisons(given.uow)
    session.commit()
    sides = [places(session, number, place) for number in (waiting.revision_id, draft.id)]
    answers = []
    for row in GUEST:
        codes = [
            guests_browser.open(
                row.path.format(**side), method=row.method, data=row.form
            ).status_code
            for side in sides
        ]
        answers.append((str(row), " ".join(map(str, codes))))
    assert answers == [(str(row), row.answers) for row in GUEST]


def places(session: Session, revision_id: int, public: str) -> dict[str, object]:
    revision = load_revision(session, revision_id)
    return {
        "submission": session.scalars(
            select(Submission.id).where(Submission.revision_id == revision_id)
        ).one(),
        "work": revision.resource.public_id,
        "file": revision.attachments[0].id,
        "public": public,
    }


def test_the_invitation_names_the_day_by_which_the_rules_want_an_opinion(
    browser_as: SignsIn, waiting: Submission, given: Given, cast: Cast, app: Flask
) -> None:
    waiting.policy = replace(waiting.policy, days={Stage.SCHOOL: 30})
    browser = browser_as(given.coordinator("赵主任", school=cast.village))
    form = {"name": "Qian", "email": "qian@example.com"}
    page = browser.post(f"/review/{waiting.id}/invitations", data=form, follow_redirects=True).text
    [path] = set(re.findall(r"/invited/[\w-]+", page))
    words = app.test_client().get(path).text
    assert "请在11月23日前给出意见。" in words
    assert "12月1日" in words


def test_an_expired_invitation_is_a_sentence_that_says_whom_to_ask(
    guests_browser: FlaskClient, waiting: Submission, link: str, clock: Clock
) -> None:
    clock.pass_(days=15)
    for answer in (
        guests_browser.get(link),
        guests_browser.get(f"/review/{waiting.id}"),
        guests_browser.post(f"/review/{waiting.id}/approve"),
    ):
        assert "邀请已过期。请联系邀请您的赵主任 (山口小学)" in answer.text
