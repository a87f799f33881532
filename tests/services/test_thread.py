"""Author and reviewers talk, and the thread tells the whole story to whom it may."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.remarks import Target, Weight
from resource_hub.domain.review import Action, Stage
from resource_hub.models import Message, Notice, Submission
from resource_hub.services.queries.thread import thread
from resource_hub.services.queries.thread_entries import Entry, TurnStep, What
from resource_hub.services.remark_answers import answer_remark
from resource_hub.services.remarks import write_remark
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at
from resource_hub.services.thread import say
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given
from tests.services.test_inbox import Cast, submission_of
from tests.services.turns import give


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def told(session: Session, kind: str = "message") -> list[tuple[int, str]]:
    return [
        (notice.user_id, notice.values["comment"])
        for notice in session.scalars(select(Notice).order_by(Notice.id))
        if notice.kind == kind
    ]


def texts(session: Session, person: Person, submission: Submission) -> list[str]:
    found = thread(session, person, submission.id, NOON)
    return [entry.text for entry in found.here.entries if entry.what is What.MESSAGE]


def test_the_thread_tells_what_happened_in_the_order_of_time(
    session: Session, given: Given, cast: Cast, clock: Clock, uow: UnitOfWork
) -> None:
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author, name="教案.txt")
    revision = take_step(
        uow, cast.author, draft.id, Action.SUBMIT, comment="请多指教", rights_declared=True
    )
    submission = submission_of(session, revision)
    clock.pass_(hours=1)
    take_step(uow, cast.reviewer, revision.id, Action.CLAIM)
    clock.pass_(hours=1)
    say(uow, cast.reviewer, submission.id, "第3页的图是**哪里**来的？")
    clock.pass_(hours=1)
    question = session.scalars(select(Message)).one()
    say(uow, cast.author, submission.id, "自己画的。", answers=question.id)
    clock.pass_(hours=1)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请注明出处")
    found = thread(session, cast.author, submission.id, NOON)

    def line(entry: Entry) -> tuple[str, str, str]:
        return entry.by, entry.action.value if entry.action else "", entry.text

    assert [line(entry) for entry in found.here.entries] == [
        (cast.author.name, "submit", "请多指教"),
        ("", "", ""),
        (cast.reviewer.name, "claim", ""),
        (cast.reviewer.name, "", "第3页的图是**哪里**来的？"),
        (cast.author.name, "", "自己画的。"),
        (cast.reviewer.name, "request_changes", "请注明出处"),
        ("", "request_changes", ""),  # what the stage came to
    ]
    assert (found.here.entries[1].turn, found.here.entries[1].why) == (TurnStep.GIVEN, None)
    assert found.here.entries[4].answers == (question.id, cast.reviewer.name)
    assert found.left_out == 0


def test_the_files_of_each_round_are_those_that_were_judged_in_it(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author, name="教案.txt")
    revision = take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    submission = submission_of(session, revision)
    assert thread(session, cast.reviewer, submission.id, NOON).here.entries[0].files == (
        "教案.txt",
    )
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="再改")
    given.file(revision, by=cast.author, name="习题.txt")
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    found = thread(session, cast.reviewer, submission.id, NOON)
    assert [round_.entries[0].files for round_ in found.rounds] == [
        ("教案.txt",),
        ("教案.txt", "习题.txt"),
    ]


def test_a_message_is_told_to_whom_it_concerns(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    say(uow, cast.author, submission.id, "有人吗？")
    assert told(session) == [(cast.reviewer.id, "有人吗？")]  # who was given it
    say(uow, cast.reviewer, submission.id, "在看。")
    assert told(session)[1:] == [(cast.author.id, "在看。")]
    say(uow, cast.author, submission.id, "谢谢")
    assert told(session)[2:] == [(cast.reviewer.id, "谢谢")]


def test_while_two_opinions_are_awaited_reviewers_do_not_read_each_other(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    submission.policy = replace(submission.policy, approvals={Stage.SCHOOL: 2})
    session.flush()
    asked = say(uow, cast.reviewer, submission.id, "第2题有错。")
    say(uow, cast.author, submission.id, "改好了。", answers=asked.id)
    say(uow, cast.author, submission.id, "请两位老师指正。")
    own = session.scalars(select(Message).where(Message.answers_id == asked.id)).one()
    say(uow, cast.author, submission.id, "又改了一处。", answers=own.id)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE, comment="不错")
    everything = ["第2题有错。", "改好了。", "请两位老师指正。", "又改了一处。"]
    assert texts(session, cast.author, submission) == everything
    assert texts(session, cast.reviewer, submission) == everything
    assert texts(session, cast.second, submission) == ["请两位老师指正。"]
    assert [
        entry.by
        for entry in thread(session, cast.second, submission.id, NOON).here.entries
        if entry.what is What.OPINION
    ] == []
    with pytest.raises(Missing):
        say(uow, cast.second, submission.id, "偷看", answers=asked.id)
    take_step(uow, cast.second, revision.id, Action.APPROVE, comment="也好")
    assert texts(session, cast.second, submission) == everything
    assert [
        (entry.by, entry.text)
        for entry in thread(session, cast.second, submission.id, NOON).here.entries
        if entry.what is What.OPINION
    ] == [(cast.reviewer.name, "不错"), (cast.second.name, "也好")]


def test_only_those_who_take_part_read_or_write(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    submission = submission_of(session, given.submitted(by=cast.author))
    for person in (
        given.teacher(school=cast.village),
        given.teacher(school=cast.town),
        given.coordinator(school=cast.town),
        given.reviewer(school=cast.village, subjects=("art",)),
    ):
        with pytest.raises(Missing):
            thread(session, person, submission.id, NOON)
        with pytest.raises(Missing):
            say(uow, person, submission.id, "看看")
    with pytest.raises(Missing):
        say(uow, cast.author, submission.id + 99, "看看")
    assert session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 5_001])
def test_nothing_and_too_much_are_refused_in_a_sentence(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork, text: str
) -> None:
    submission = submission_of(session, given.submitted(by=cast.author))
    with pytest.raises(Invalid, match=r"Write something first|At most 5000 characters"):
        say(uow, cast.author, submission.id, text)


def test_the_same_message_sent_twice_is_one(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    submission = submission_of(session, given.submitted(by=cast.author))
    first = say(uow, cast.author, submission.id, "您好").id
    assert say(uow, cast.author, submission.id, "您好\r\n").id == first
    clock.pass_(minutes=2)
    assert say(uow, cast.author, submission.id, "您好").id != first


def test_a_message_of_another_submission_cannot_be_answered_here(
    session: Session, given: Given, cast: Cast, uow: UnitOfWork
) -> None:
    here = submission_of(session, given.submitted(by=cast.author))
    there = submission_of(session, given.submitted(by=cast.author, title="另一课"))
    message = say(uow, cast.author, there.id, "您好")
    with pytest.raises(Missing, match="not there any more"):
        say(uow, cast.author, here.id, "您好", answers=message.id)


def test_a_long_thread_takes_as_many_queries_as_a_short_one(
    engine: Engine, session: Session, given: Given, cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    submission_id = submission_of(session, revision).id
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

    def queries() -> int:
        session.flush()
        session.expunge_all()
        statements.clear()
        thread(session, cast.author, submission_id, NOON)
        return len(statements)

    say(uow, cast.author, submission_id, "第0条")
    few = queries()
    for number in range(1, 12):
        clock.pass_(minutes=1)
        say(uow, cast.reviewer, submission_id, f"第{number}条")
    assert queries() == few


def turns_of(session: Session, person: Person, submission: Submission) -> list[tuple[str, ...]]:
    found = thread(session, person, submission.id, NOON)
    return [
        (entry.turn.value, entry.by, entry.whom, entry.text)
        for entry in found.here.entries
        if entry.turn is not None
    ]


def test_the_thread_shows_whose_turn_it_was_and_to_the_author_only_that_it_goes_on(
    session: Session, given: Given, cast: Cast, clock: Clock, uow: UnitOfWork
) -> None:
    third = given.reviewer("张老师", school=cast.village)
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    give(uow, submission, cast.reviewer)
    clock.pass_(hours=1)
    take_step(
        uow,
        cast.reviewer,
        revision.id,
        Action.HAND_OVER,
        comment="我出差",
        successor=cast.second.id,
    )
    clock.pass_(hours=1)
    take_step(uow, cast.second, revision.id, Action.DECLINE, comment="不熟悉这一课")
    names = (cast.reviewer.name, cast.second.name, third.name)
    told = turns_of(session, cast.second, submission)
    assert told[-4:] == [
        ("given", "", names[0], ""),
        ("handed_over", names[0], names[1], "我出差"),
        ("declined", "", names[1], "不熟悉这一课"),
        ("given", "", names[2], ""),
    ]
    assert turns_of(session, cast.author, submission)[-3:] == [
        ("given", "", names[0], ""),
        ("given", "", names[1], ""),
        ("given", "", names[2], ""),
    ]


def test_what_is_late_and_passed_on_stands_there_without_a_name_for_the_author(
    session: Session, given: Given, cast: Cast, clock: Clock, uow: UnitOfWork
) -> None:
    given.coordinator("校管理员", school=cast.village)
    given.coordinator("副校长", school=cast.village)
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    give(uow, submission, cast.reviewer, due=clock().date())
    for _day in range(3):
        clock.pass_(days=1)
        look_at(uow, submission.id)
    assert turns_of(session, cast.second, submission)[-3:] == [
        ("late", "", "", ""),
        ("passed_on", "", cast.reviewer.name, ""),
        ("given", "", cast.second.name, ""),
    ]
    assert turns_of(session, cast.author, submission)[-3:] == [
        ("late", "", "", ""),
        ("passed_on", "", "", ""),
        ("given", "", cast.second.name, ""),
    ]


def test_remarks_and_their_answers_stand_in_the_thread_once_they_are_sent(
    session: Session, given: Given, cast: Cast, clock: Clock, uow: UnitOfWork
) -> None:
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    remarks = [
        write_remark(
            uow, cast.reviewer, submission.id, Target(field="title"), text=text,
            weight=Weight.MUST_FIX,
        )
        for text in ("题目太长", "少一个字")
    ]  # fmt: skip

    def said(person: Person) -> list[tuple[str, str, list[str]]]:
        return [
            (entry.what.value, entry.by, [each.remark.text for each in entry.remarks])
            for entry in thread(session, person, submission.id, NOON).here.entries
            if entry.remarks
        ]

    assert (said(cast.author), said(cast.reviewer)) == ([], [])
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请看批注")
    clock.pass_(hours=1)
    answer_remark(uow, cast.author, remarks[0].id, answer="已改短", done=True)
    whole = [
        ("remarks", cast.reviewer.name, ["题目太长", "少一个字"]),
        ("answers", cast.author.name, ["题目太长"]),
    ]
    assert (said(cast.author), said(cast.reviewer)) == (whole, whole)
