"""The lines of the inbox: their order, their filters, and who holds what."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Stage
from resource_hub.domain.taxonomy import Kind
from resource_hub.models import Revision, Submission
from resource_hub.services.assigning import close_assignments
from resource_hub.services.queries.inbox import may_judge
from resource_hub.services.queries.oversight import Load, answers_for, loads, number_unheld
from resource_hub.services.queries.queues import (
    Neighbours,
    Order,
    Queue,
    Sought,
    Whose,
    neighbours,
)
from resource_hub.services.queries.sheets import Heap, heaps
from resource_hub.services.queries.waiting import Waiting, lines
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given
from tests.services.turns import give, many

TODAY = date(2026, 10, 12)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)

AGE = (Submission.stage_since, Submission.id)

Count = Callable[[Callable[[], object]], int]


class Cast:
    """A village school with an author and two reviewers."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.author = given.teacher("王敏", school=self.village)
        self.reviewer = given.reviewer("李老师", school=self.village)
        self.second = given.reviewer("周老师", school=self.village)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def submitted(
    given: Given,
    session: Session,
    *,
    by: Person,
    **changes: Any,  # Any: fields of a description
) -> Submission:
    revision = given.submitted(by=by, **changes)
    return session.scalars(select(Submission).where(Submission.revision_id == revision.id)).one()


def shown(session: Session, person: Person, **wanted: Any) -> list[Waiting]:  # Any: of ``Sought``
    sought, queue = Sought(**wanted), Queue(person, may_judge(person), TODAY)
    shown, sheet = lines(session, queue, sought, page=1)
    assert sheet.paging.total == len(shown)
    assert sheet.heaps == heaps(session, queue)
    return shown


def titles(session: Session, person: Person, **wanted: Any) -> list[str]:  # Any: of ``Sought``
    return [line.title for line in shown(session, person, **wanted)]


@pytest.fixture
def five(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> dict[str, Submission]:
    """One an hour, by title: two of the reviewer, one of nobody, two of the colleague."""
    turns = [
        ("我的急件", cast.reviewer, TODAY),
        ("我的逾期件", cast.reviewer, YESTERDAY),
        ("无人的", None, TODAY),
        ("同事的", cast.second, TOMORROW),
        ("同事的逾期件", cast.second, YESTERDAY),
    ]
    made = {}
    for title, holder, due in turns:
        made[title] = submitted(given, session, by=cast.author, title=title)
        give(uow, made[title], holder, due=due)
        clock.pass_(hours=1)
    return made


@pytest.mark.usefixtures("five")
def test_mine_comes_first_by_its_day_then_what_is_free_then_that_of_others(
    session: Session, cast: Cast
) -> None:
    found = shown(session, cast.reviewer)
    assert [(line.title, line.whose, line.due_on) for line in found] == [
        ("我的逾期件", Whose.MINE, YESTERDAY),
        ("我的急件", Whose.MINE, TODAY),
        ("无人的", Whose.FREE, None),
        ("同事的逾期件", Whose.OTHERS, YESTERDAY),
        ("同事的", Whose.OTHERS, TOMORROW),
    ]
    assert [[held.name for held in line.holders] for line in found] == [
        ["李老师"], ["李老师"], [], ["周老师"], ["周老师"],
    ]  # fmt: skip
    assert (found[1].waiting_since, found[1].author_name) == (NOON, "王敏")


@pytest.mark.usefixtures("five")
def test_the_list_is_sorted_by_day_or_by_age(session: Session, cast: Cast) -> None:
    assert titles(session, cast.reviewer, order=Order.DUE) == [
        "我的逾期件", "同事的逾期件", "我的急件", "同事的", "无人的",
    ]  # fmt: skip
    assert titles(session, cast.reviewer, order=Order.AGE) == [
        "我的急件", "我的逾期件", "无人的", "同事的", "同事的逾期件",
    ]  # fmt: skip


@pytest.mark.usefixtures("five")
def test_the_list_is_filtered_by_whose_it_is_and_by_being_late(
    session: Session, cast: Cast
) -> None:
    assert titles(session, cast.reviewer, whose=Whose.MINE) == ["我的逾期件", "我的急件"]
    assert titles(session, cast.reviewer, whose=Whose.FREE) == ["无人的"]
    assert titles(session, cast.second, whose=Whose.MINE) == ["同事的逾期件", "同事的"]
    assert titles(session, cast.reviewer, late=True) == ["我的逾期件", "同事的逾期件"]
    assert titles(session, cast.reviewer, late=True, whose=Whose.MINE) == ["我的逾期件"]


def test_the_list_is_filtered_by_what_it_is(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    for title, changes in (
        ("数学课", {}),
        ("科学课", {"subject": "science"}),
        ("科学案例", {"subject": "science", "kind": Kind.CASE}),
    ):
        give(uow, submitted(given, session, by=cast.author, title=title, **changes))
    assert titles(session, cast.reviewer, subject="science") == ["科学课", "科学案例"]
    assert titles(session, cast.reviewer, kind=Kind.CASE) == ["科学案例"]
    assert titles(session, cast.reviewer, subject="math", kind=Kind.CASE) == []
    assert titles(session, cast.reviewer, stage=Stage.ALLIANCE) == []
    assert heaps(session, Queue(cast.reviewer, may_judge(cast.reviewer), TODAY)).heaps == [
        Heap("math", Kind.LESSON_PLAN, Stage.SCHOOL, Whose.FREE, is_late=False, number=1),
        Heap("science", Kind.CASE, Stage.SCHOOL, Whose.FREE, is_late=False, number=1),
        Heap("science", Kind.LESSON_PLAN, Stage.SCHOOL, Whose.FREE, is_late=False, number=1),
    ]


@pytest.mark.usefixtures("five")
def test_each_of_the_list_knows_what_stands_beside_it(session: Session, cast: Cast) -> None:
    queue = Queue(cast.reviewer, may_judge(cast.reviewer), TODAY)
    for sought in (
        *(Sought(order=order) for order in Order),
        Sought(whose=Whose.OTHERS),
        Sought(late=True),
    ):
        order = [line.submission_id for line in lines(session, queue, sought, page=1)[0]]
        beside = [neighbours(session, queue, sought, number) for number in order]
        assert beside == [
            Neighbours(before, after)
            for before, after in zip([None, *order[:-1]], [*order[1:], None], strict=True)
        ]


def test_what_left_the_list_still_knows_what_comes_after_it(
    session: Session, uow: UnitOfWork, cast: Cast, five: dict[str, Submission]
) -> None:
    queue = Queue(cast.reviewer, may_judge(cast.reviewer), TODAY)

    def beside(title: str, **wanted: Any) -> list[str | None]:  # Any: of ``Sought``
        found = neighbours(session, queue, Sought(**wanted), five[title].id)
        names = {submission.id: title for title, submission in five.items()}
        return [names.get(number or 0) for number in (found.before, found.after)]

    assert beside("我的急件") == ["我的逾期件", "无人的"]
    close_assignments(uow, five["我的急件"])
    five["我的急件"].outcome, five["我的急件"].closed_at = Action.TAKE_BACK, NOON
    session.flush()
    assert beside("我的急件", order=Order.AGE) == [None, "我的逾期件"]
    assert beside("无人的", whose=Whose.OTHERS) == [None, "同事的逾期件"]
    assert beside("同事的", whose=Whose.MINE) == ["我的逾期件", None]
    assert neighbours(session, queue, Sought(), 999_999).after == five["我的逾期件"].id


def test_five_hundred_cost_as_many_queries_as_five(
    session: Session,
    five: dict[str, Submission],
    cast: Cast,
    given: Given,
    queries: Count,
) -> None:
    coordinator = given.coordinator(school=cast.village)
    queue = Queue(cast.reviewer, may_judge(cast.reviewer), TODAY)
    theirs = Queue(coordinator, answers_for(coordinator), TODAY)

    def review() -> None:
        lines(session, queue, Sought(), page=1)
        neighbours(session, queue, Sought(), five["无人的"].id)

    def oversee() -> None:
        loads(session, coordinator, today=TODAY)
        number_unheld(session, coordinator)
        lines(session, theirs, Sought(order=Order.DUE), page=1)

    before = queries(review), queries(oversee)
    many(session, five["同事的"], 495)
    assert (queries(review), queries(oversee)) == before
    found = heaps(session, queue)
    assert (found.number(Sought()), found.number(Sought(whose=Whose.OTHERS))) == (500, 497)
    assert len(found.heaps) == 5
    by_age = [lines(session, queue, Sought(order=Order.AGE), page=page) for page in range(1, 19)]
    numbers = [line.submission_id for shown, _sheet in by_age[:17] for line in shown]
    assert numbers == [
        row.id for row in session.scalars(select(Submission).order_by(*AGE)) if row.outcome is None
    ]
    assert [sheet.paging.number for _shown, sheet in by_age] == [*range(1, 18), 17]
    assert by_age[17] == by_age[16]
    late = lines(session, queue, Sought(late=True), page=99)[1]
    assert (late.paging.number, len(late.numbers)) == (1, late.heaps.number(Sought(late=True)))


@pytest.mark.usefixtures("five")
def test_the_coordinator_sees_who_holds_how_much_for_how_long(
    session: Session, given: Given, cast: Cast
) -> None:
    coordinator = given.coordinator(school=cast.village)
    assert loads(session, coordinator, today=TODAY) == [
        Load(cast.reviewer.id or 0, "李老师", "山口小学", 2, 1, NOON, YESTERDAY),
        Load(cast.second.id or 0, "周老师", "山口小学", 2, 1, NOON + timedelta(hours=3), YESTERDAY),
    ]
    assert number_unheld(session, coordinator) == 1

    def of(holder: int | None) -> list[str]:
        queue = Queue(coordinator, answers_for(coordinator), TODAY, holder)
        by_age = Sought(order=Order.AGE)
        return [line.title for line in lines(session, queue, by_age, page=1)[0]]

    assert of(cast.second.id) == ["同事的", "同事的逾期件"]
    assert of(0) == ["无人的"]
    assert len(of(None)) == 5


@pytest.mark.usefixtures("five")
def test_who_answers_for_nobody_is_told_of_nothing(
    session: Session, given: Given, cast: Cast
) -> None:
    elsewhere = given.coordinator(school=cast.town)
    assert loads(session, elsewhere, today=TODAY) == []
    assert number_unheld(session, elsewhere) == 0
    assert number_unheld(session, given.administrator()) == 1
    for person in (cast.author, cast.reviewer):
        with pytest.raises(NotAllowed, match="Only coordinators"):
            loads(session, person, today=TODAY)


def test_coordinators_do_not_find_their_own_work_there(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    coordinator = given.coordinator(school=cast.village)
    give(uow, submitted(given, session, by=coordinator, title="我自己的"), cast.reviewer)
    assert loads(session, coordinator, today=TODAY) == []
    assert shown(session, coordinator) == []
    assert session.scalar(select(Revision.title)) == "我自己的"
