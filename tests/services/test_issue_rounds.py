"""The round of an issue: planned by its host, open to its alliance alone, reminded of once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import RoundState
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person
from resource_hub.models import Issue, IssueRound, Job, Notice
from resource_hub.services import catalogue, catalogue_draft, discussion, round_clock
from resource_hub.services.catalogue_draft import Act, Words
from resource_hub.services.queries.rounds import brief_of, round_page, rounds_now
from resource_hub.services.round_access import find_round
from resource_hub.services.round_agenda import PlanAct
from resource_hub.services.round_attendance import sign_list
from resource_hub.services.round_planning import Plan, change_round, close_now, plan_round
from resource_hub.services.round_talk import talk_about, talk_freely
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
PLAN = Plan(opens="2026-11-02T08:00", closes="2026-11-16T21:00", introduction="先读，再试。")
OPENS = datetime(2026, 11, 2, 8, 0, tzinfo=SHANGHAI)
CLOSES = datetime(2026, 11, 16, 21, 0, tzinfo=SHANGHAI)


class Cast:
    """Two schools of an alliance, its October issue published with a highlight, and outsiders."""

    def __init__(self, given: Given, uow: UnitOfWork, clock: Clock) -> None:
        self.alliance = given.alliance(name="城乡联盟")
        self.village = given.school("青石小学", alliance=self.alliance)
        self.town = given.school("实验小学", alliance=self.alliance)
        self.wang = given.teacher("王敏", school=self.village)
        self.zhao = given.teacher("赵雷", school=self.town)
        self.host = given.teacher("周静", school=self.town)
        self.editor = given.editor(alliance=self.alliance, school=self.town)
        self.outsider = given.teacher("外人", school=given.home())
        self.work = given.published(by=self.wang, title="分数的初步认识")
        self.other = given.published(by=self.zhao, title="圆的面积")
        clock.at = NOVEMBER.start(SHANGHAI) + timedelta(hours=1)
        issue = catalogue.build(uow, self.editor, self.alliance.id, OCTOBER)
        self.public_id = self.work.resource.public_id
        catalogue_draft.save(
            uow, self.editor, self.alliance.id, OCTOBER, Words("", seen=issue.edits),
            (Act.HIGHLIGHT, self.public_id),
        )  # fmt: skip
        self.issue = catalogue.publish(uow, self.editor, self.alliance.id, OCTOBER)

    @property
    def at(self) -> tuple[int, Month]:
        return self.alliance.id, OCTOBER

    def planned(self, uow: UnitOfWork, **changes: str) -> IssueRound:
        return plan_round(
            uow, self.editor, *self.at, replace(PLAN, host="周静", **changes)  # type: ignore[arg-type]  # tests name real fields
        )  # fmt: skip


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    return Cast(given, uow, clock)


def told(session: Session, kind: str) -> int:
    return session.scalar(select(func.count(Notice.id)).where(Notice.kind == kind)) or 0


def test_a_round_begins_with_the_highlights_and_the_host_that_was_named(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    made = cast.planned(uow)
    found = find_round(session, cast.zhao, *cast.at)
    assert (found.id, found.opens_at, found.closes_at, found.host.name) == (
        made.id, OPENS, CLOSES, "周静",
    )  # fmt: skip
    assert [(item.title, item.resource_id) for item in found.agenda] == [
        ("分数的初步认识", cast.work.resource_id)
    ]
    jobs = session.execute(
        select(Job.kind, Job.run_at).where(Job.kind.like("round_%")).order_by(Job.run_at)
    ).all()
    assert jobs == [("round_opens", OPENS), ("round_closes", CLOSES - timedelta(days=1))]


def test_only_editors_plan_and_only_a_published_issue_once(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    other_editor = given.editor(alliance=given.alliance(), school=cast.town)
    for person in (cast.host, other_editor, cast.outsider, STRANGER):
        with pytest.raises(NotAllowed):
            plan_round(uow, person, *cast.at, PLAN)
    with pytest.raises(Missing):
        plan_round(uow, cast.editor, cast.alliance.id, NOVEMBER, PLAN)
    catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)
    with pytest.raises(WrongState, match="publish the issue"):
        plan_round(uow, cast.editor, cast.alliance.id, NOVEMBER, PLAN)
    cast.planned(uow)
    with pytest.raises(WrongState, match="round already"):
        cast.planned(uow)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"opens": "", "closes": "x"}, ["opens", "closes"]),
        ({"closes": "2026-11-01T08:00"}, ["closes"]),
        ({"host": "无此人"}, ["host"]),
        ({"host": "外人"}, ["host"]),
        ({"place": "x" * 201, "introduction": "x" * 2001}, ["place", "introduction"]),
    ],
)
def test_what_cannot_be_is_named_field_by_field(
    uow: UnitOfWork, cast: Cast, typed: dict[str, str], field: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        plan_round(uow, cast.editor, *cast.at, replace(PLAN, **typed))  # type: ignore[arg-type]  # real fields
    assert [problem.field for problem in refused.value.problems] == field


def test_namesakes_are_told_apart_by_their_school(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    given.teacher("周静", school=cast.village)
    with pytest.raises(Invalid, match="周静 实验小学; 周静 青石小学"):
        cast.planned(uow)
    made = plan_round(uow, cast.editor, *cast.at, replace(PLAN, host="周静  实验小学"))
    assert made.host_id == cast.host.id


def test_a_name_of_two_words_is_told_apart_too(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    anna = given.teacher("Anna Smith", school=cast.town)
    given.teacher("Anna Smith", school=cast.village)
    made = plan_round(uow, cast.editor, *cast.at, replace(PLAN, host="Anna Smith 实验小学"))
    assert made.host_id == anna.id


def test_who_finds_the_round(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock, cast: Cast
) -> None:
    cast.planned(uow)
    issue = session.get_one(Issue, cast.issue.id)
    for person in (cast.wang, cast.zhao, cast.host, cast.editor, given.administrator()):
        assert find_round(session, person, *cast.at).issue_id == issue.id
        assert brief_of(session, person, issue, clock()) is not None
    other_editor = given.editor(alliance=given.alliance(), school=given.school())
    for person in (STRANGER, cast.outsider, other_editor):
        with pytest.raises(Missing):
            find_round(session, person, *cast.at)
        with pytest.raises(Missing):
            round_page(session, person, *cast.at, clock())
        assert brief_of(session, person, issue, clock()) is None
        assert rounds_now(session, person, clock()) == []
        clock.at = OPENS
        with pytest.raises(Missing):
            sign_list(uow, person, *cast.at)
        with pytest.raises(Missing):
            talk_freely(uow, person, *cast.at, "题目")


def test_a_host_who_leaves_the_alliance_hosts_no_more(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    cast.planned(uow)
    gone = replace(given.again(cast.host.id), alliance_ids=frozenset(), school_id=None)
    with pytest.raises(Missing):
        change_round(uow, gone, *cast.at, PLAN)


def test_two_hosts_at_once_one_is_told_and_nothing_is_overwritten(
    uow: UnitOfWork, cast: Cast
) -> None:
    cast.planned(uow)
    first = change_round(uow, cast.host, *cast.at, replace(PLAN, place="三楼会议室"))
    assert (first.place, first.sequence, first.edits) == ("三楼会议室", 1, 1)
    with pytest.raises(WrongState, match="still in the fields"):
        change_round(uow, cast.editor, *cast.at, replace(PLAN, place="二楼"))
    again = change_round(uow, cast.editor, *cast.at, replace(PLAN, place="二楼", seen=1))
    assert (again.place, again.sequence) == ("二楼", 2)


def test_the_sequence_counts_what_stands_in_the_invitation_alone(
    uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    item = made.agenda[0].id
    before = made.changed_at
    clock.pass_(hours=1)
    kept = change_round(
        uow, cast.host, *cast.at, replace(PLAN, agenda={item: ("月饼与分数", "怎样分？")})
    )
    assert (kept.sequence, kept.changed_at, kept.agenda[0].words) == (0, before, "怎样分？")
    moved = change_round(uow, cast.host, *cast.at, replace(PLAN, closes="2026-11-17T21:00", seen=1))
    assert (moved.sequence, moved.changed_at) == (1, clock())
    assert moved.agenda[0].title == "月饼与分数", "what the form does not name stays"


def test_the_agenda_is_added_to_moved_and_shortened(uow: UnitOfWork, cast: Cast) -> None:
    first = cast.planned(uow).agenda[0].id

    def change(act: PlanAct, number: int = 0, **new: str) -> list[str]:
        seen = find_round(uow.session, cast.host, *cast.at).edits
        plan = replace(PLAN, seen=seen, **new)  # type: ignore[arg-type]  # tests name real fields
        found = change_round(uow, cast.host, *cast.at, plan, (act, number))
        return [item.title for item in sorted(found.agenda, key=lambda item: item.position)]

    other = cast.other.resource.public_id.lower()
    assert change(PlanAct.ADD, new_resource=f" {other} ") == ["分数的初步认识", "圆的面积"]
    assert change(PlanAct.ADD, new_title="下月怎么办")[2] == "下月怎么办"
    assert change(PlanAct.DOWN, first) == ["圆的面积", "分数的初步认识", "下月怎么办"]
    assert change(PlanAct.UP, first) == ["分数的初步认识", "圆的面积", "下月怎么办"]
    assert change(PlanAct.UP, first) == ["分数的初步认识", "圆的面积", "下月怎么办"]
    assert change(PlanAct.DROP, first) == ["圆的面积", "下月怎么办"]
    for new, field in (
        ({"new_resource": other}, "new-resource"),
        ({"new_resource": "R-000000"}, "new-resource"),
        ({}, "new-title"),
    ):
        with pytest.raises(Invalid) as refused:
            change(PlanAct.ADD, 0, **new)
        assert [problem.field for problem in refused.value.problems] == [field]
    with pytest.raises(Missing):
        change(PlanAct.DROP, first)


def test_people_are_told_once_when_it_opens_and_once_before_it_closes(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    round_clock.tell_opening(uow, made.id)
    assert told(session, "round_opens") == 0, "not before its hour"
    clock.at = OPENS
    for _ in range(2):
        round_clock.tell_opening(uow, made.id)
        round_clock.tell_closing(uow, made.id)
    assert (told(session, "round_opens"), told(session, "round_closes")) == (4, 0)
    clock.at = CLOSES - timedelta(days=1)
    for _ in range(2):
        round_clock.tell_closing(uow, made.id)
    assert told(session, "round_closes") == 4
    notice = session.scalars(
        select(Notice).where(Notice.user_id == cast.zhao.id, Notice.kind == "round_opens")
    ).one()
    assert datetime.fromisoformat(notice.values["closes"]) == CLOSES
    assert notice.values["comment"] == "先读，再试。"
    outside = select(Notice).where(Notice.user_id == cast.outsider.id, Notice.kind.like("round_%"))
    assert session.scalars(outside).all() == []


def test_dates_that_were_moved_are_told_at_their_new_hour_alone(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    change_round(uow, cast.host, *cast.at, replace(PLAN, opens="2026-11-05T08:00"))
    clock.at = OPENS
    round_clock.tell_opening(uow, made.id)
    assert told(session, "round_opens") == 0, "the old job finds it planned"
    clock.at = OPENS + timedelta(days=3)
    round_clock.tell_opening(uow, made.id)
    assert told(session, "round_opens") == 4
    clock.at = CLOSES - timedelta(days=1)
    round_clock.tell_closing(uow, made.id)
    change_round(
        uow, cast.host, *cast.at,
        replace(PLAN, opens="2026-11-05T08:00", closes="2026-11-20T21:00", seen=1),
    )  # fmt: skip
    round_clock.tell_closing(uow, made.id)
    assert told(session, "round_closes") == 4
    clock.at = CLOSES + timedelta(days=3)
    round_clock.tell_closing(uow, made.id)
    assert told(session, "round_closes") == 8


def test_a_worker_that_comes_too_late_tells_nobody(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    made = cast.planned(uow)
    clock.at = CLOSES
    round_clock.tell_opening(uow, made.id)
    round_clock.tell_closing(uow, made.id)
    assert (told(session, "round_opens"), told(session, "round_closes")) == (0, 0)


def test_closing_now_ends_it_and_a_later_end_opens_it_again(
    uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    cast.planned(uow)
    with pytest.raises(WrongState):
        close_now(uow, cast.host, *cast.at)
    clock.at = OPENS + timedelta(days=1)
    with pytest.raises(NotAllowed):
        close_now(uow, cast.zhao, *cast.at)
    closed = close_now(uow, cast.host, *cast.at)
    assert closed.dates.state(clock()) is RoundState.CLOSED
    with pytest.raises(WrongState):
        sign_list(uow, cast.zhao, *cast.at)
    clock.pass_(minutes=5)
    again = change_round(uow, cast.host, *cast.at, replace(PLAN, seen=closed.edits))
    assert again.dates.state(clock()) is RoundState.OPEN
    sign_list(uow, cast.zhao, *cast.at)


def test_a_round_closed_in_its_first_minute_opens_again_by_the_hour(
    uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    cast.planned(uow)
    clock.at = OPENS + timedelta(seconds=30)
    closed = close_now(uow, cast.host, *cast.at)
    untouched = replace(PLAN, closes="2026-11-02T08:00", seen=closed.edits)
    kept = change_round(uow, cast.host, *cast.at, replace(untouched, place="三楼"))
    assert (kept.place, kept.opens_at, kept.closes_at) == ("三楼", OPENS, clock())


def test_who_took_part_signed_or_wrote(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    item = cast.planned(uow).agenda[0].id
    with pytest.raises(WrongState):
        talk_about(uow, cast.wang, *cast.at, item)
    clock.at = OPENS
    sign_list(uow, cast.zhao, *cast.at)
    sign_list(uow, cast.zhao, *cast.at)
    thread = talk_about(uow, cast.wang, *cast.at, item)
    assert talk_about(uow, cast.zhao, *cast.at, item).id == thread.id
    discussion.post(uow, cast.wang, thread.id, "用折纸引入很好。")
    discussion.post(uow, cast.zhao, thread.id, "同意。")
    free = talk_freely(uow, cast.host, *cast.at, "下月怎么办")
    page = round_page(session, cast.zhao, *cast.at, clock())
    assert [(each.school_name, each.name) for each in page.attendees] == [
        ("实验小学", "赵雷"), ("青石小学", "王敏"),
    ]  # fmt: skip
    assert (page.has_signed, page.state) == (True, RoundState.OPEN)
    line = page.agenda[0].thread
    assert line is not None
    assert (line.thread_id, line.posts, line.last_at) == (thread.id, 2, clock())
    assert [(each.title, each.posts) for each in page.others] == [("下月怎么办", 0)]
    assert free.issue_id == cast.issue.id


def test_a_free_item_has_its_thread_once(uow: UnitOfWork, clock: Clock, cast: Cast) -> None:
    cast.planned(uow)
    plan = replace(PLAN, new_title="下月怎么办")
    found = change_round(uow, cast.host, *cast.at, plan, (PlanAct.ADD, 0))
    item = found.agenda[-1].id
    clock.at = OPENS
    first = talk_about(uow, cast.wang, *cast.at, item)
    assert (talk_about(uow, cast.zhao, *cast.at, item).id, first.title) == (first.id, "下月怎么办")
    page = round_page(uow.session, cast.zhao, *cast.at, clock())
    assert ([line.thread is not None for line in page.agenda], list(page.others)) == (
        [False, True], [],
    )  # fmt: skip


def test_what_is_said_in_a_round_ends_with_it(uow: UnitOfWork, clock: Clock, cast: Cast) -> None:
    item = cast.planned(uow).agenda[0].id
    clock.at = OPENS
    thread = talk_about(uow, cast.wang, *cast.at, item)
    clock.at = CLOSES
    with pytest.raises(WrongState):
        discussion.post(uow, cast.wang, thread.id, "太晚了。")
    with pytest.raises(WrongState):
        discussion.open_thread(uow, cast.wang, issue_id=cast.issue.id, title="太晚")


def test_the_page_takes_the_same_queries_however_much_is_on_it(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock, cast: Cast,
    queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    item = cast.planned(uow).agenda[0].id
    clock.at = OPENS

    def look() -> object:
        return round_page(session, cast.zhao, *cast.at, clock())

    few = queries(look)
    thread = talk_about(uow, cast.wang, *cast.at, item)
    for number in range(5):
        person: Person = given.teacher(f"老师{number}", school=cast.village)
        discussion.post(uow, person, thread.id, "好。")
        talk_freely(uow, person, *cast.at, f"题目{number}")
    assert queries(look) == few


def test_the_tables_repeat_the_rules(session: Session, uow: UnitOfWork, cast: Cast) -> None:
    made = cast.planned(uow)
    session.commit()
    made.closes_at = made.opens_at
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    made = session.get_one(IssueRound, made.id)
    made.minutes_at = OPENS
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
