"""A half-written opinion: reloads, second windows, other devices, and the decision."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed
from resource_hub.domain.review import Action
from resource_hub.domain.review_form import Sheet
from resource_hub.models import HalfWritten, Submission
from resource_hub.services.deciding import decide
from resource_hub.services.opinions import (
    Written,
    drop_opinion,
    forget_old_opinions,
    keep_opinion,
    kept_opinions,
)
from resource_hub.services.own_sentences import add_sentence, own_sentences, remove_sentence
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_inbox import Cast, submission_of

FIRST = Written(Sheet({"science": False}, {"effect": 3}, "好", "补板书", "悄悄话"), "quality")


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def submission(session: Session, given: Given, cast: Cast) -> Submission:
    return submission_of(session, given.submitted(by=cast.author))


def says(words: str) -> Written:
    return Written(Sheet(changes=words))


def test_what_is_typed_is_there_after_a_reload_on_any_device(
    session: Session, uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    keep_opinion(uow, cast.reviewer, submission.id, FIRST, window="laptop")
    session.expire_all()
    assert [each.written for each in kept_opinions(session, cast.reviewer, submission.id)] == [
        FIRST
    ]
    assert kept_opinions(session, cast.second, submission.id) == []


def test_a_window_goes_on_in_its_own_text_even_when_an_answer_was_lost(
    session: Session, uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    for words in ("请", "请补", "请补板书"):
        keep_opinion(uow, cast.reviewer, submission.id, says(words), window="a", version="")
    (kept,) = kept_opinions(session, cast.reviewer, submission.id)
    assert kept.written == says("请补板书")


def test_another_device_goes_on_where_the_first_one_stopped(
    session: Session, uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    first, _ = keep_opinion(uow, cast.reviewer, submission.id, says("请补"), window="laptop")
    assert first is not None
    _, others = keep_opinion(
        uow, cast.reviewer, submission.id, says("请补板书"), window="phone", version=first.version
    )
    (kept,) = kept_opinions(session, cast.reviewer, submission.id)
    assert (kept.written, others) == (says("请补板书"), 0)


def test_of_two_windows_the_newer_text_wins_and_the_older_is_kept(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock, submission: Submission
) -> None:
    first, _ = keep_opinion(uow, cast.reviewer, submission.id, says("请补"), window="a")
    assert first is not None
    clock.pass_(minutes=1)
    keep_opinion(
        uow, cast.reviewer, submission.id, says("请补板书"), window="b", version=first.version
    )
    clock.pass_(minutes=1)
    _, others = keep_opinion(
        uow, cast.reviewer, submission.id, says("请补作业"), window="a", version=first.version
    )
    kept = kept_opinions(session, cast.reviewer, submission.id)
    assert [each.written for each in kept] == [says("请补作业"), says("请补板书")]
    assert others == 1
    clock.pass_(minutes=1)
    keep_opinion(uow, cast.reviewer, submission.id, says("请补作业"), window="b")
    (only,) = kept_opinions(session, cast.reviewer, submission.id)
    assert only.written == says("请补作业")


def test_an_older_text_may_be_thrown_away_by_its_writer_alone(
    session: Session, uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    kept, _ = keep_opinion(uow, cast.reviewer, submission.id, FIRST, window="a")
    assert kept is not None
    with pytest.raises(Missing):
        drop_opinion(uow, cast.second, submission.id, kept.id)
    drop_opinion(uow, cast.reviewer, submission.id, kept.id)
    assert kept_opinions(session, cast.reviewer, submission.id) == []


def test_an_empty_page_keeps_nothing_and_an_emptied_one_stays_empty(
    session: Session, uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    assert keep_opinion(uow, cast.reviewer, submission.id, Written(), window="a") == (None, 0)
    keep_opinion(uow, cast.reviewer, submission.id, FIRST, window="b")
    keep_opinion(uow, cast.reviewer, submission.id, Written(), window="b")
    (kept,) = kept_opinions(session, cast.reviewer, submission.id)
    assert kept.written.is_empty


def test_the_decision_ends_what_was_half_written_for_the_one_who_decides(
    session: Session, uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    keep_opinion(uow, cast.reviewer, submission.id, FIRST, window="a")
    keep_opinion(uow, cast.second, submission.id, says("我也在写"), window="b")
    decide(uow, cast.reviewer, submission.id, Action.REQUEST_CHANGES, sheet=FIRST.sheet)
    assert kept_opinions(session, cast.reviewer, submission.id) == []
    keep_opinion(uow, cast.second, submission.id, says("我也在写，写完了"), window="b")
    (kept,) = kept_opinions(session, cast.second, submission.id)
    assert kept.written == says("我也在写，写完了")


def test_what_was_never_sent_goes_ninety_days_after_the_round(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock, submission: Submission
) -> None:
    keep_opinion(uow, cast.second, submission.id, FIRST, window="b")
    decide(uow, cast.reviewer, submission.id, Action.REQUEST_CHANGES, comment="补")
    clock.pass_(days=90)
    assert forget_old_opinions(uow) == 0
    clock.pass_(days=1)
    assert forget_old_opinions(uow) == 1
    assert session.scalars(select(HalfWritten)).all() == []


def test_authors_and_strangers_keep_no_opinion(
    uow: UnitOfWork, given: Given, cast: Cast, submission: Submission
) -> None:
    with pytest.raises(NotAllowed):
        keep_opinion(uow, cast.author, submission.id, FIRST, window="a")
    with pytest.raises(Missing):
        keep_opinion(uow, given.teacher(school=cast.town), submission.id, FIRST, window="a")


def test_a_text_without_end_is_refused_in_a_sentence(
    uow: UnitOfWork, cast: Cast, submission: Submission
) -> None:
    endless = replace(FIRST, sheet=Sheet(changes="字" * 1_000_000))
    with pytest.raises(Invalid, match="At most 5000 characters; this has 1000000"):
        keep_opinion(uow, cast.reviewer, submission.id, endless, window="a")


def test_own_sentences_are_kept_once_by_field_and_seen_by_their_writer_alone(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    kept = add_sentence(uow, cast.reviewer, "comment", " 请补  板书设计。 ")
    assert add_sentence(uow, cast.reviewer, "comment", "请补 板书设计。").id == kept.id
    assert [each.text for each in own_sentences(session, cast.reviewer)["comment"]] == [
        "请补 板书设计。"
    ]
    assert own_sentences(session, cast.second) == {"strengths": [], "comment": [], "hidden": []}
    with pytest.raises(Missing):
        remove_sentence(uow, cast.second, kept.id)
    remove_sentence(uow, cast.reviewer, kept.id)
    assert own_sentences(session, cast.reviewer)["comment"] == []


@pytest.mark.parametrize(
    ("field", "text", "wrong"),
    [("nowhere", "好", "field"), ("comment", " ", "text"), ("comment", "长" * 301, "text")],
)
def test_a_sentence_that_cannot_be_kept_says_why(
    uow: UnitOfWork, cast: Cast, field: str, text: str, wrong: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_sentence(uow, cast.reviewer, field, text)
    assert [each.field for each in refused.value.problems] == [wrong]
