"""What a reviewer answered is kept with the decision, and the hidden note stays hidden."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, undefer

from resource_hub.domain.errors import Invalid, NotAllowed
from resource_hub.domain.review import OPERATOR, Action, State
from resource_hub.domain.review_form import Form, Sheet
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, Notice, Review
from resource_hub.services.review import take_step
from resource_hub.services.review_forms import (
    change_form,
    drop_form,
    form_for,
    kept_forms,
    shipped_form,
)
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.opinions import ANSWERED
from tests.services.test_inbox import Cast

SHEET = Sheet(
    passes={"politics": True, "norms": False},
    scores={"objectives": 4, "design": 2},
    strengths=" 情境贴近生活 ",
    changes="请补板书设计",
    hidden_note="像是别处抄来的",
)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def test_a_decision_keeps_the_answers_to_the_form(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, sheet=SHEET)
    session.expire_all()
    review = session.scalars(select(Review)).one()
    assert review.sheet == replace(
        SHEET, strengths="情境贴近生活", hidden_note="", form=shipped_form().digest
    )


def test_the_hidden_note_is_read_only_by_who_asks_for_it_by_name(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, sheet=SHEET)
    session.expire_all()
    review = session.scalars(select(Review)).one()
    with pytest.raises(InvalidRequestError):
        _ = review.hidden_note
    asked = select(Review).options(undefer(Review.hidden_note))
    asked = asked.execution_options(populate_existing=True)
    assert session.scalars(asked).one().hidden_note == "像是别处抄来的"


def test_the_hidden_note_is_in_no_notice_and_no_event(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, sheet=SHEET)
    told = session.scalars(select(Notice).where(Notice.user_id == cast.author.id)).all()
    events = session.scalars(select(AuditEvent)).all()
    assert told[-1].values["comment"] == "请补板书设计"
    assert "抄来" not in str([each.values for each in told] + [each.detail for each in events])


def test_a_score_that_does_not_exist_is_refused(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(Invalid) as refused:
        take_step(
            uow, cast.reviewer, revision.id, Action.APPROVE, sheet=Sheet(scores={"design": 9})
        )
    assert [each.field for each in refused.value.problems] == [
        "pass-politics",
        "score-objectives",
        "score-design",
    ]


def test_an_approval_needs_every_answer_and_a_refusal_only_its_words(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    partly = replace(ANSWERED, passes={**ANSWERED.passes, "science": None}, scores={"effect": 5})
    with pytest.raises(Invalid) as refused:
        take_step(uow, cast.reviewer, revision.id, Action.APPROVE, sheet=partly)
    assert [(each.field, str(each)) for each in refused.value.problems] == [
        ("pass-science", "Say of each criterion whether it is met: 1 are left."),
        ("score-objectives", "Give 1 to 5 points for each: 4 are left."),
    ]
    returned = replace(partly, changes="请补效果说明")
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, sheet=returned)
    assert revision.state is State.CHANGES_REQUESTED


def test_a_review_keeps_the_form_it_was_given_on(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    first = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    take_step(uow, cast.reviewer, first.id, Action.APPROVE, sheet=ANSWERED)
    change_form(uow, OPERATOR, None, shorter())
    (review,) = session.scalars(select(Review))
    kept = kept_forms(session, {review.form or ""})[review.form or ""]
    assert (kept, form_for(session, Kind.LESSON_PLAN)) == (shipped_form(), shorter())
    second = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    take_step(uow, cast.reviewer, second.id, Action.APPROVE, sheet=ANSWERED)
    latest = session.scalars(select(Review).order_by(Review.id.desc())).first()
    assert latest is not None
    assert latest.sheet == Sheet({"science": True}, {"effect": 4}, form=shorter().digest)


def test_who_began_on_the_old_form_ends_on_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    change_form(uow, OPERATOR, None, shorter())
    on_page = replace(ANSWERED, form=shipped_form().digest)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE, sheet=on_page)
    assert session.scalars(select(Review)).one().sheet == on_page


def test_one_kind_may_have_a_form_of_its_own(session: Session, uow: UnitOfWork) -> None:
    change_form(uow, OPERATOR, Kind.EXERCISE, shorter())
    assert form_for(session, Kind.EXERCISE) == shorter()
    assert form_for(session, Kind.LESSON_PLAN) == shipped_form()
    drop_form(uow, OPERATOR, Kind.EXERCISE)
    assert form_for(session, Kind.EXERCISE) == shipped_form()


def test_nobody_but_an_administrator_changes_the_form(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    for person in (cast.author, cast.reviewer, given.coordinator(school=cast.village)):
        with pytest.raises(NotAllowed):
            change_form(uow, person, None, shorter())
        with pytest.raises(NotAllowed):
            drop_form(uow, person, None)
    assert form_for(session, Kind.CASE) == shipped_form()


def test_a_form_that_asks_nothing_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises(Invalid) as refused:
        change_form(uow, OPERATOR, None, replace(shipped_form(), scores=()))
    assert [each.field for each in refused.value.problems] == ["scores"]


def shorter() -> Form:
    form = shipped_form()
    return Form(
        tuple(item for item in form.criteria if item.code == "science"),
        tuple(item for item in form.scores if item.code == "effect"),
    )
