"""What lies on a reviewer's desk, and what happens when two decide."""

import pytest
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing, NotAllowed, WrongState
from resource_hub.domain.review import Action, Place, Reason, Stage, State
from resource_hub.domain.visibility import Audience
from resource_hub.services import drafting
from resource_hub.services.deciding import AT_THE_DESK, decide
from resource_hub.services.queries.submission_page import submission_page
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_inbox import Cast, submission_of


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def test_the_desk_opens_for_those_who_judge_or_answer_for_it_alone(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    submission = submission_of(session, given.submitted(by=cast.author))
    open_to = {
        "reviewer": cast.reviewer,
        "reviewer of the next stage": cast.alliance_reviewer,
        "coordinator": given.coordinator(school=cast.village),
        "administrator": given.administrator(),
    }
    offered = {
        name: set(submission_page(session, person, submission.id, clock()).actions)
        for name, person in open_to.items()
    }
    judging = {Action.CLAIM, Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT}
    assert offered == {
        "reviewer": judging | {Action.RELEASE, Action.DECLINE, Action.HAND_OVER},
        "reviewer of the next stage": set(),
        "coordinator": judging | {Action.RELEASE, Action.HAND_OVER},
        "administrator": set(),
    }
    with pytest.raises(NotAllowed, match="your own work"):
        submission_page(session, cast.author, submission.id, clock())
    for person in (
        given.teacher(school=cast.village),
        given.teacher(school=cast.town),
        given.coordinator(school=cast.town),
        given.editor(alliance=cast.alliance, school=cast.town),
        given.reviewer(school=cast.village, subjects=("art",)),
    ):
        with pytest.raises(Missing):
            submission_page(session, person, submission.id, clock())
    with pytest.raises(Missing):
        submission_page(session, cast.reviewer, submission.id + 99, clock())


def test_readers_of_what_is_published_do_not_see_how_it_was_judged(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.PUBLIC)
    given.through_review(revision, cast.reviewer, cast.alliance_reviewer)
    submission = submission_of(session, revision)
    with pytest.raises(Missing):
        submission_page(session, given.teacher(school=cast.town), submission.id, clock())
    page = submission_page(session, cast.second, submission.id, clock())
    assert (page.is_closed, page.content_is_open, dict(page.actions)) == (True, True, {})


def test_each_button_says_where_it_leads(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    page = submission_page(session, cast.reviewer, submission_of(session, revision).id, clock())
    assert dict(page.actions) == {
        Action.CLAIM: Place(State.IN_REVIEW, Stage.SCHOOL),
        Action.RELEASE: Place(State.IN_REVIEW, Stage.SCHOOL),
        Action.DECLINE: Place(State.IN_REVIEW, Stage.SCHOOL),
        Action.HAND_OVER: Place(State.IN_REVIEW, Stage.SCHOOL),
        Action.APPROVE: Place(State.IN_REVIEW, Stage.ALLIANCE),
        Action.REQUEST_CHANGES: Place(State.CHANGES_REQUESTED),
        Action.REJECT: Place(State.REJECTED),
    }
    assert page.live is None
    assert page.changes is not None
    assert (page.changes.base, list(page.changes.bases)) == (None, [])


def test_the_desk_says_what_differs_from_the_live_version(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    draft = given.draft(by=cast.author)
    for name, content in (("教案.txt", b"one"), ("课件.txt", b"two"), ("旧.txt", b"three")):
        given.file(draft, by=cast.author, name=name, content=content)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    live = given.through_review(draft, cast.reviewer, cast.alliance_reviewer)
    second = drafting.revise(uow, cast.author, live.id)
    drafting.describe(
        uow,
        cast.author,
        second.id,
        given.description(alliance_id=cast.alliance.id, title="分数的再认识", grades=("g3", "g4")),
    )
    for attachment in list(second.attachments):
        if attachment.filename != "课件.txt":
            second.attachments.remove(attachment)
    session.flush()
    given.file(second, by=cast.author, name="教案.txt", content=b"one, better")
    given.file(second, by=cast.author, name="练习.txt", content=b"four")
    take_step(uow, cast.author, second.id, Action.SUBMIT, rights_declared=True)
    page = submission_page(session, cast.reviewer, submission_of(session, second).id, clock())
    assert page.live is not None
    assert page.live.id == live.id
    assert page.changes is not None
    assert page.changes.base is not None
    assert page.changes.base.code == "v1"
    assert [each.field for each in page.changes.fields] == ["title", "grades"]
    assert [(each.change.value, each.name) for each in page.changes.files] == [
        ("replaced", "教案.txt"),
        ("added", "练习.txt"),
        ("removed", "旧.txt"),
    ]


def test_earlier_rounds_are_on_the_desk_the_latest_first(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    first = submission_of(session, revision)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补板书设计")
    closed = submission_page(session, cast.reviewer, first.id, clock())
    assert (closed.is_closed, dict(closed.actions), closed.open_round) == (True, {}, None)
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True, comment="已补")
    page = submission_page(session, cast.second, submission_of(session, revision).id, clock())
    assert [
        (each.round, each.message, [(seen.reviewer.name, seen.comment) for seen in each.reviews])
        for each in page.rounds
    ] == [(2, "已补", []), (1, "", [("李老师", "请补板书设计")])]
    earlier = submission_page(session, cast.second, first.id, clock())
    assert earlier.open_round is not None
    assert earlier.open_round.id == page.submission.id


def test_what_went_back_to_its_author_is_closed_to_who_did_not_judge_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补板书设计")
    submission = submission_of(session, revision)
    shown = {
        person.name: submission_page(session, person, submission.id, clock()).content_is_open
        for person in (cast.reviewer, cast.second)
    }
    assert shown == {"李老师": True, "周老师": False}


@pytest.mark.parametrize("first", [Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT])
def test_who_decides_second_is_told_by_name_however_the_first_decided(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, first: Action
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    submission = submission_of(session, revision)
    decide(uow, cast.reviewer, submission.id, first, comment="看过了", reason=Reason.OTHER)
    with pytest.raises(WrongState, match="李老师 was faster"):
        decide(uow, cast.second, submission.id, Action.APPROVE)


def test_an_opinion_on_one_round_never_lands_on_the_next(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    first = submission_of(session, revision)
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    with pytest.raises(WrongState, match="王敏 was faster"):
        decide(uow, cast.reviewer, first.id, Action.APPROVE)
    assert (revision.state, revision.stage) == (State.IN_REVIEW, Stage.SCHOOL)


@pytest.mark.parametrize("action", sorted(set(Action) - AT_THE_DESK))
def test_what_is_not_about_judging_is_no_button_of_the_desk(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, action: Action
) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(Missing, match="no such button"):
        decide(uow, cast.reviewer, submission_of(session, revision).id, action, comment="x")
