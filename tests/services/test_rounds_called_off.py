"""A round is called off: those who meant to come are told; it may stand again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.discussion_round import MAX_REASON, RoundState
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.follow_ups import TaskAct, TaskState
from resource_hub.domain.people import STRANGER
from resource_hub.models import IssueRound, Job, Notice
from resource_hub.services import discussion, follow_ups, moderation, round_clock, round_minutes
from resource_hub.services.queries.rounds import brief_of, round_page, rounds_now
from resource_hub.services.round_agenda import PlanAct
from resource_hub.services.round_attendance import say_coming, sign_list
from resource_hub.services.round_calling_off import call_off
from resource_hub.services.round_planning import change_round, close_now
from resource_hub.services.round_talk import talk_freely
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_issue_rounds import CLOSES, OPENS, PLAN, Cast

WHY = "会议室停电，改期再议。"


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    return Cast(given, uow, clock)


def told(session: Session, kind: str) -> dict[int, str]:
    """What each person read, by number."""
    rows = session.execute(select(Notice.user_id, Notice.values).where(Notice.kind == kind))
    return {person: values["comment"] for person, values in rows}


def test_before_it_opens_those_who_said_they_come_and_the_host_are_told(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    for person in (cast.wang, cast.zhao, cast.wang):
        say_coming(uow, person, *cast.at, comes=True)
    page = round_page(session, cast.wang, *cast.at, clock())
    assert ([each.name for each in page.coming], page.comes) == (["赵雷", "王敏"], True)
    assert page.attendees == [], "nobody was there yet"
    say_coming(uow, cast.zhao, *cast.at, comes=False)
    say_coming(uow, cast.zhao, *cast.at, comes=False)
    clock.pass_(hours=1)
    off = call_off(uow, cast.editor, *cast.at, f"  {WHY} ")
    assert (off.called_off_at, off.called_off_why) == (clock(), WHY)
    assert (off.sequence, off.changed_at) == (1, clock())
    assert told(session, "round_called_off") == {cast.wang.id: WHY, cast.host.id: WHY}
    jobs = select(Job.subject).where(Job.kind == "mail_notice")
    assert len(session.scalars(jobs).all()) >= 2
    clock.at = OPENS
    round_clock.tell_opening(uow, made.id)
    round_clock.tell_closing(uow, made.id)
    clock.at = CLOSES - timedelta(hours=1)
    round_clock.tell_closing(uow, made.id)
    assert told(session, "round_opens") == told(session, "round_closes") == {}


def test_once_it_was_said_to_be_open_everybody_is_told_but_who_did_it(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    clock.at = OPENS
    round_clock.tell_opening(uow, made.id)
    call_off(uow, cast.host, *cast.at, WHY)
    assert set(told(session, "round_called_off")) == {
        cast.wang.id, cast.zhao.id, cast.editor.id,
    }  # fmt: skip


def test_nothing_happens_in_a_round_that_is_called_off(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    cast.planned(uow)
    clock.at = OPENS
    thread = talk_freely(uow, cast.wang, *cast.at, "下月怎么办")
    task = follow_ups.ask(uow, cast.host, *cast.at, cast.public_id, "补充练习")
    call_off(uow, cast.host, *cast.at, WHY)
    for refused in (
        lambda: call_off(uow, cast.editor, *cast.at, WHY),
        lambda: close_now(uow, cast.host, *cast.at),
        lambda: sign_list(uow, cast.zhao, *cast.at),
        lambda: say_coming(uow, cast.zhao, *cast.at, comes=True),
        lambda: talk_freely(uow, cast.wang, *cast.at, "别的"),
        lambda: discussion.post(uow, cast.wang, thread.id, "还有"),
        lambda: moderation.conclude_thread(uow, cast.host, thread.id, "先折纸", seen=1),
        lambda: follow_ups.ask(uow, cast.host, *cast.at, cast.public_id, "再补充"),
        lambda: round_minutes.save_minutes(uow, cast.host, *cast.at, "记录", seen=0),
        lambda: round_minutes.publish_minutes(uow, cast.host, *cast.at, "记录", seen=0),
    ):
        with pytest.raises(WrongState):
            refused()
    clock.at = CLOSES
    with pytest.raises(WrongState):
        round_minutes.publish_minutes(uow, cast.host, *cast.at, "记录", seen=0)
    done = follow_ups.take_task_step(uow, cast.wang, task.id, TaskAct.DO)
    assert done.state is TaskState.DONE, "what was asked of an author stands"
    assert rounds_now(session, cast.zhao, OPENS) == []
    brief = brief_of(session, cast.zhao, cast.issue, clock())
    assert brief is not None
    assert brief.state is RoundState.CALLED_OFF


def test_planned_again_it_stands_people_are_told_and_reminded_anew(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    say_coming(uow, cast.wang, *cast.at, comes=True)
    clock.at = OPENS
    round_clock.tell_opening(uow, made.id)
    off = call_off(uow, cast.host, *cast.at, WHY)
    clock.at = CLOSES + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        change_round(uow, cast.host, *cast.at, replace(PLAN, seen=off.edits))
    assert [problem.field for problem in refused.value.problems] == ["closes"]
    later = replace(PLAN, opens="2026-12-01T08:00", closes="2026-12-10T21:00", seen=off.edits)
    arranged = replace(later, new_title="下月怎么办")
    kept = change_round(uow, cast.host, *cast.at, arranged, (PlanAct.ADD, 0))
    assert kept.dates.state(clock()) is RoundState.CALLED_OFF, "its agenda alone was changed"
    again = change_round(uow, cast.host, *cast.at, replace(later, seen=kept.edits))
    assert (again.dates.state(clock()), again.called_off_why) == (RoundState.PLANNED, "")
    assert again.sequence == 3, "called off, other dates, planned again"
    assert set(told(session, "round_moved")) == {cast.wang.id}
    clock.at = again.opens_at
    round_clock.tell_opening(uow, made.id)
    opened = session.scalars(select(Notice.user_id).where(Notice.kind == "round_opens")).all()
    assert opened.count(cast.zhao.id or 0) == 2


def test_those_who_come_are_told_of_other_dates_and_nothing_else(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    cast.planned(uow)
    say_coming(uow, cast.zhao, *cast.at, comes=True)
    change_round(uow, cast.host, *cast.at, replace(PLAN, place="三楼"))
    assert told(session, "round_moved") == {}
    change_round(uow, cast.host, *cast.at, replace(PLAN, closes="2026-11-17T21:00", seen=1))
    assert set(told(session, "round_moved")) == {cast.zhao.id}


def test_who_may_and_what_must_be_said(uow: UnitOfWork, clock: Clock, cast: Cast) -> None:
    cast.planned(uow)
    for person in (cast.outsider, STRANGER):
        with pytest.raises(Missing):
            call_off(uow, person, *cast.at, WHY)
        with pytest.raises(Missing):
            say_coming(uow, person, *cast.at, comes=True)
    with pytest.raises(NotAllowed):
        call_off(uow, cast.zhao, *cast.at, WHY)
    for why in ("", "  ", "字" * (MAX_REASON + 1)):
        with pytest.raises(Invalid) as refused:
            call_off(uow, cast.host, *cast.at, why)
        assert [problem.field for problem in refused.value.problems] == ["why"]
    clock.at = CLOSES
    with pytest.raises(WrongState, match="planned or open"):
        call_off(uow, cast.host, *cast.at, WHY)


@pytest.mark.parametrize(
    ("called_off", "why", "minutes"), [(True, "", False), (False, WHY, False), (True, WHY, True)]
)
def test_the_tables_repeat_the_rules(
    session: Session, uow: UnitOfWork, cast: Cast, *, called_off: bool, why: str, minutes: bool
) -> None:
    made = session.get_one(IssueRound, cast.planned(uow).id)
    session.flush()
    made.called_off_at, made.called_off_why = OPENS if called_off else None, why
    if minutes:
        made.minutes, made.minutes_at = "记录", OPENS
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
