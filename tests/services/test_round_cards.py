"""Groups hear of a round: which card is promised, which is dropped, and to whom none is sent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.discussion_round import MAX_PLACE
from resource_hub.domain.errors import Missing, NotAllowed
from resource_hub.domain.people import STRANGER
from resource_hub.domain.robots import TRUE_IN, CardTopic
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import Job, Posting, RobotRow
from resource_hub.services import delivering, group_cards, robots, round_clock, round_minutes
from resource_hub.services.round_agenda import PlanAct
from resource_hub.services.round_calling_off import call_off
from resource_hub.services.round_planning import Plan, change_round, close_now
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_issue_rounds import CLOSES, OPENS, PLAN, Cast

HOSTED = replace(PLAN, host="周静")
LATER = replace(HOSTED, opens="2026-11-03T08:00")


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    return Cast(given, uow, clock)


def robot(uow: UnitOfWork, cast: Cast, name: str, *, tells_rounds: bool = True) -> RobotRow:
    return robots.add_robot(
        uow,
        cast.editor,
        cast.alliance.id,
        service="wecom",
        name=name,
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        secret="",
        tells_rounds=tells_rounds,
        others=frozenset(),
    )


def change(uow: UnitOfWork, cast: Cast, plan: Plan, seen: int) -> None:
    change_round(uow, cast.editor, *cast.at, replace(plan, seen=seen))


def promised(session: Session) -> list[tuple[str, CardTopic, int]]:
    found = select(Posting.robot_name, Posting.topic, Posting.turn).order_by(Posting.id)
    return [(row.robot_name, row.topic, row.turn) for row in session.execute(found)]


def posted(uow: UnitOfWork) -> list[CardTopic]:
    """What every card that is not settled does when its turn comes."""
    waiting = select(Posting.id).where(Posting.begun_at.is_(None), Posting.dropped_at.is_(None))
    due = []
    for number in uow.session.scalars(waiting.order_by(Posting.id)).all():
        card = delivering.begin(uow, number)
        if card is not None:
            delivering.note_sent(uow, number)
            due.append(card.topic)
    return due


def test_a_group_hears_of_the_plan_the_opening_new_dates_and_the_minutes(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    robot(uow, cast, "家长", tells_rounds=False)
    made = cast.planned(uow)
    assert posted(uow) == [CardTopic.ROUND]
    change(uow, cast, LATER, 0)
    assert posted(uow) == [CardTopic.ROUND_MOVED]
    clock.at = OPENS + timedelta(days=1)
    for _twice in range(2):
        round_clock.tell_opening(uow, made.id)
    assert posted(uow) == [CardTopic.ROUND_OPENS]
    change(uow, cast, replace(LATER, closes="2026-11-20T21:00"), 1)
    assert posted(uow) == [CardTopic.ROUND_MOVED]
    clock.pass_(hours=1)
    close_now(uow, cast.host, *cast.at)
    round_minutes.publish_minutes(uow, cast.host, *cast.at, "记录", seen=0)
    assert posted(uow) == [CardTopic.MINUTES]
    assert promised(session) == [
        ("全体教师", CardTopic.ROUND, 0),
        ("全体教师", CardTopic.ROUND_MOVED, 1),
        ("全体教师", CardTopic.ROUND_OPENS, 1),
        ("全体教师", CardTopic.ROUND_MOVED, 2),
        ("全体教师", CardTopic.MINUTES, 3),
    ]
    jobs = select(Job.subject).where(Job.kind == group_cards.JOB)
    assert len(session.scalars(jobs).all()) == len(promised(session))


def test_a_round_announced_before_its_issue_went_out_does_not_hold_the_issue_back(
    uow: UnitOfWork, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    robot(uow, cast, "家长", tells_rounds=False)
    cast.planned(uow)
    delivering.go_out(uow, cast.issue.id)
    assert posted(uow) == [CardTopic.ROUND, CardTopic.ISSUE, CardTopic.ISSUE]
    delivering.go_out(uow, cast.issue.id)
    assert posted(uow) == []


def test_a_new_place_is_told_but_no_other_word_of_the_form(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    cast.planned(uow)
    posted(uow)
    change(uow, cast, replace(HOSTED, introduction="别的话"), 0)
    change(uow, cast, replace(HOSTED, introduction="别的话", host="王敏"), 1)
    assert promised(session) == [("全体教师", CardTopic.ROUND, 0)]
    change(uow, cast, replace(HOSTED, place="三楼会议室"), 2)
    assert promised(session)[1:] == [("全体教师", CardTopic.ROUND_MOVED, 3)]


def test_a_round_that_opens_at_once_is_told_once(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    clock.at = OPENS + timedelta(minutes=1)
    made = cast.planned(uow)
    assert promised(session) == []
    round_clock.tell_opening(uow, made.id)
    assert promised(session) == [("全体教师", CardTopic.ROUND_OPENS, 0)]


def test_a_card_that_was_overtaken_is_dropped_when_its_turn_comes(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    cast.planned(uow)
    change(uow, cast, LATER, 0)
    change(uow, cast, replace(LATER, place="二楼"), 1)
    assert posted(uow) == [CardTopic.ROUND_MOVED]
    change(uow, cast, replace(LATER, place="三楼"), 2)
    call_off(uow, cast.host, *cast.at, "停电")
    assert posted(uow) == [CardTopic.ROUND_CALLED_OFF]
    seen = delivering.delivery_of(session, cast.editor, *cast.at)
    assert [
        (each.topic, each.sent_at is not None, each.dropped_at is not None, each.may_be_repeated)
        for each in seen.postings
    ] == [
        (CardTopic.ROUND, False, True, False),
        (CardTopic.ROUND_MOVED, False, True, False),
        (CardTopic.ROUND_MOVED, True, False, False),
        (CardTopic.ROUND_MOVED, False, True, False),
        (CardTopic.ROUND_CALLED_OFF, True, False, False),
    ]


def test_planned_again_it_is_announced_and_opened_anew(
    uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    made = cast.planned(uow)
    call_off(uow, cast.host, *cast.at, "停电")
    change_round(
        uow, cast.host, *cast.at, replace(LATER, seen=1, new_title="下月"), (PlanAct.ADD, 0)
    )
    change(uow, cast, LATER, 2)
    assert posted(uow) == [CardTopic.ROUND], "that it was called off is not so any more"
    clock.at = OPENS + timedelta(days=1)
    round_clock.tell_opening(uow, made.id)
    assert posted(uow) == [CardTopic.ROUND_OPENS]


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=1)])
def test_a_service_that_was_out_for_the_whole_round_hears_nothing_of_it(
    uow: UnitOfWork, clock: Clock, cast: Cast, after: timedelta
) -> None:
    robot(uow, cast, "全体教师")
    made = cast.planned(uow)
    clock.at = OPENS
    round_clock.tell_opening(uow, made.id)
    clock.at = CLOSES + after
    assert posted(uow) == []


def test_what_was_refused_and_overtaken_is_not_posted_again(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    robot(uow, cast, "全体教师")
    cast.planned(uow)
    first = session.scalars(select(Posting)).one()
    delivering.begin(uow, first.id)
    delivering.note_refusal(uow, first.id, "40058 invalid parameter")
    change(uow, cast, LATER, 0)
    delivering.post_again(uow, cast.editor, *cast.at, first.id)
    assert posted(uow) == [CardTopic.ROUND_MOVED]
    assert (first.dropped_at is not None, first.may_be_repeated) == (True, False)


def test_a_group_that_wants_no_rounds_any_more_gets_not_even_those_that_wait(
    uow: UnitOfWork, cast: Cast, given: Given
) -> None:
    ours = robot(uow, cast, "全体教师")
    cast.planned(uow)
    elsewhere = given.editor(alliance=given.alliance(), school=cast.town)
    for person in (cast.host, cast.outsider, elsewhere, STRANGER):
        with pytest.raises(NotAllowed):
            robots.let_tell_rounds(uow, person, cast.alliance.id, ours.id, wanted=False)
    with pytest.raises(Missing):
        robots.let_tell_rounds(uow, cast.editor, cast.alliance.id, ours.id + 1, wanted=False)
    robots.let_tell_rounds(uow, cast.editor, cast.alliance.id, ours.id, wanted=False)
    assert posted(uow) == []
    robots.let_tell_rounds(uow, cast.editor, cast.alliance.id, ours.id, wanted=True)
    change(uow, cast, replace(HOSTED, place="楼" * MAX_PLACE), 0)
    assert posted(uow) == [CardTopic.ROUND_MOVED]


def test_the_same_card_is_never_written_down_twice(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    ours = robot(uow, cast, "全体教师")
    cast.planned(uow)
    session.add(
        Posting(
            issue_id=cast.issue.id, robot_id=ours.id, robot_name=ours.name,
            topic=CardTopic.ROUND, turn=0, promised_at=uow.now(),
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_every_card_of_a_round_says_while_what_it_is_so() -> None:
    assert set(TRUE_IN) == set(CardTopic) - {CardTopic.ISSUE}


def test_a_live_hub_keeps_its_robots_and_what_they_posted(
    engine: Engine, session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    ours = robot(uow, cast, "全体教师").id
    delivering.go_out(uow, cast.issue.id)
    cast.planned(uow)
    assert posted(uow) == [CardTopic.ISSUE, CardTopic.ROUND]
    session.commit()
    session.close()
    downgrade(engine, "0043")
    assert {each["name"] for each in inspect(engine).get_indexes("posting")} >= {
        "ix_posting_robot_id"
    }
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT robot_id, robot_name FROM posting")).all()
    assert kept == [(ours, "全体教师")]
    upgrade(engine)
    assert promised(session) == [("全体教师", CardTopic.ISSUE, 0)]
    again = session.get_one(RobotRow, ours)
    assert (again.name, again.tells_rounds) == ("全体教师", True)
    sent = select(Posting.sent_at, Posting.dropped_at)
    assert [(row.sent_at is not None, row.dropped_at) for row in session.execute(sent)] == [
        (True, None)
    ]
    session.delete(again)
    session.commit()
    session.expire_all()
    assert session.scalars(select(Posting.robot_id)).all() == [None], "the rule came along"
