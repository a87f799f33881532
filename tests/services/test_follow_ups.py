"""Tasks after a round: asked by its host, done by a word or a new version, then confirmed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.follow_ups import TaskAct, TaskState
from resource_hub.domain.people import STRANGER, Person
from resource_hub.models import CoAuthor, FollowUp, Notice
from resource_hub.services import drafting, follow_ups
from resource_hub.services.queries.follow_ups import (
    tasks_of_person,
    tasks_of_resource,
    tasks_of_round,
)
from resource_hub.services.round_access import find_round
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_issue_rounds import CLOSES, OPENS, Cast

TASK = "请补充三年级练习"


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    cast = Cast(given, uow, clock)
    cast.planned(uow)
    clock.at = OPENS
    return cast


def asked(uow: UnitOfWork, cast: Cast) -> FollowUp:
    return follow_ups.ask(uow, cast.host, *cast.at, cast.public_id, TASK)


def kinds(session: Session, person_id: int | None) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Notice.kind, Notice.values)
        .where(Notice.user_id == person_id, Notice.kind.like("task_%"))
        .order_by(Notice.id)
    )
    return [(kind, values["comment"]) for kind, values in rows]


def test_the_host_asks_and_the_author_is_told_and_does_it(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    task = asked(uow, cast)
    assert kinds(session, cast.wang.id) == [("task_asked", TASK)]
    done = follow_ups.take_task_step(uow, cast.wang, task.id, TaskAct.DO, "加了五道题")
    assert (done.state, done.done_words, done.done_by_id) == (
        TaskState.DONE, "加了五道题", cast.wang.id,
    )  # fmt: skip
    assert kinds(session, cast.host.id) == [("task_done", "加了五道题")]
    back = follow_ups.take_task_step(uow, cast.host, task.id, TaskAct.REOPEN, "还缺答案")
    assert (back.state, back.done_at, back.host_words) == (TaskState.OPEN, None, "还缺答案")
    assert kinds(session, cast.wang.id)[-1] == ("task_back", "还缺答案")
    follow_ups.take_task_step(uow, cast.wang, task.id, TaskAct.DO)
    closed = follow_ups.take_task_step(uow, cast.editor, task.id, TaskAct.CONFIRM)
    assert (closed.state, closed.closed_at is not None) == (TaskState.CONFIRMED, True)


def test_a_new_version_does_it_and_the_host_is_told(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    task = asked(uow, cast)
    follow_ups.ask(uow, cast.host, *cast.at, cast.other.resource.public_id, "别的事")
    given.admit(drafting.revise(uow, cast.wang, cast.work.id))
    session.refresh(task)
    assert (task.state, task.done_revision) == (TaskState.DONE, 2)
    assert kinds(session, cast.host.id) == [("task_done", TASK)]
    others = select(FollowUp.state).where(FollowUp.id != task.id)
    assert session.scalars(others).all() == [TaskState.OPEN]


def test_the_task_stands_on_its_resource_until_it_is_done(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    task = asked(uow, cast)
    resource = cast.work.resource

    def shown(person: object) -> list[list[TaskAct]]:
        return [list(line.acts) for line in tasks_of_resource(session, person, resource)]  # type: ignore[arg-type]  # a person

    assert shown(cast.wang) == [[TaskAct.DO]]
    assert shown(cast.zhao) == [[]]
    assert shown(cast.host) == [[TaskAct.CONFIRM, TaskAct.WITHDRAW]]
    assert shown(cast.outsider) == []
    assert shown(STRANGER) == []
    follow_ups.take_task_step(uow, cast.wang, task.id, TaskAct.DO)
    assert shown(cast.wang) == [[]]
    follow_ups.take_task_step(uow, cast.host, task.id, TaskAct.CONFIRM)
    assert shown(cast.wang) == []
    found = find_round(session, cast.zhao, *cast.at)
    assert [line.title for line in tasks_of_round(session, cast.zhao, found)] == ["分数的初步认识"]


def test_a_co_author_may_do_it_too(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    helper = given.teacher("助手", school=cast.village)
    session.add(CoAuthor(revision_id=cast.work.id, user_id=helper.id))
    session.flush()
    task = asked(uow, cast)
    assert kinds(session, helper.id) == [("task_asked", TASK)]
    assert follow_ups.take_task_step(uow, helper, task.id, TaskAct.DO).state is TaskState.DONE
    moved = replace(given.again(helper.id), alliance_ids=frozenset(), school_id=None)
    [line] = tasks_of_resource(session, moved, cast.work.resource)
    assert (line.task.id, line.acts) == (task.id, []), "done, and still shown to its author"


def test_who_may_not(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    for person in (cast.wang, cast.zhao):
        with pytest.raises(NotAllowed):
            follow_ups.ask(uow, person, *cast.at, cast.public_id, TASK)
    with pytest.raises(Missing):
        follow_ups.ask(uow, cast.outsider, *cast.at, cast.public_id, TASK)
    task = asked(uow, cast)
    for act in TaskAct:
        for person in (cast.outsider, STRANGER, given.teacher(school=given.school())):
            with pytest.raises(Missing):
                follow_ups.take_task_step(uow, person, task.id, act)
        with pytest.raises(NotAllowed):
            follow_ups.take_task_step(uow, cast.zhao, task.id, act)
    with pytest.raises(NotAllowed):
        follow_ups.take_task_step(uow, cast.host, task.id, TaskAct.DO)
    with pytest.raises(Missing):
        follow_ups.take_task_step(uow, cast.wang, 0, TaskAct.DO)


def test_the_second_of_two_is_told_that_it_stands_differently(uow: UnitOfWork, cast: Cast) -> None:
    task = asked(uow, cast)
    follow_ups.take_task_step(uow, cast.host, task.id, TaskAct.WITHDRAW)
    with pytest.raises(WrongState):
        follow_ups.take_task_step(uow, cast.editor, task.id, TaskAct.CONFIRM)
    with pytest.raises(WrongState):
        follow_ups.take_task_step(uow, cast.wang, task.id, TaskAct.DO)


def test_a_task_says_something_about_a_resource_of_the_issue(
    uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    for public_id, words, field in (
        (cast.public_id, " ", "task"),
        (cast.public_id, "x" * 501, "task"),
        ("R-000000", TASK, "resource"),
        ("", TASK, "resource"),
    ):
        with pytest.raises(Invalid) as refused:
            follow_ups.ask(uow, cast.host, *cast.at, public_id, words)
        assert [problem.field for problem in refused.value.problems] == [field]
    task = asked(uow, cast)
    with pytest.raises(Invalid):
        follow_ups.take_task_step(uow, cast.wang, task.id, TaskAct.DO, "x" * 1001)
    clock.at = CLOSES
    assert asked(uow, cast).state is TaskState.OPEN, "also when the round is over"


def test_own_work_lists_what_is_still_to_do_the_most_urgent_first(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast,
    queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    helper, others = given.teacher("助手", school=cast.village), cast.other.resource.public_id
    session.add(CoAuthor(revision_id=cast.work.id, user_id=helper.id))
    session.flush()

    def ask(words: str, due: str = "") -> FollowUp:
        return follow_ups.ask(uow, cast.host, *cast.at, cast.public_id, words, due=due)

    def todo(person: Person) -> list[tuple[str, date | None]]:
        return [(line.task.words, line.task.due_on) for line in tasks_of_person(session, person)]

    ask("不急")
    few = queries(lambda: tasks_of_person(session, cast.wang))
    ask("下月", "2026-12-01")
    soon = ask("本月", "2026-11-20")
    done = ask("做完了", "2026-11-03")
    follow_ups.ask(uow, cast.host, *cast.at, others, "别人的")
    follow_ups.take_task_step(uow, cast.wang, done.id, TaskAct.DO)
    mine = [("本月", date(2026, 11, 20)), ("下月", date(2026, 12, 1)), ("不急", None)]
    assert todo(cast.wang) == todo(helper) == mine
    assert [list(line.acts) for line in tasks_of_person(session, cast.wang)] == [[TaskAct.DO]] * 3
    assert todo(cast.zhao) == [("别人的", None)]
    for person in (cast.host, cast.outsider, STRANGER):
        assert todo(person) == []
    assert queries(lambda: tasks_of_person(session, cast.wang)) == few
    follow_ups.take_task_step(uow, cast.host, soon.id, TaskAct.WITHDRAW)
    assert todo(cast.wang) == mine[1:]
    with pytest.raises(Invalid) as refused:
        ask("太晚", "2026-11-01")
    assert [problem.field for problem in refused.value.problems] == ["due"]
