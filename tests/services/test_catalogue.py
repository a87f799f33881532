"""Issues of the catalogue: what is in them, when they end, and that they stay as published."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Change, Month
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import Entry, Issue, Revision, School
from resource_hub.services import catalogue, drafting, issue_access, review
from resource_hub.services.queries.issues import Heading, issue_view, issues, latest_issue
from resource_hub.services.queries.shelf import newest
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)


class Cast:
    """Two schools of one alliance: Wang writes at one, Zhao reads at the other."""

    def __init__(self, given: Given) -> None:
        self.alliance = given.alliance()
        self.village = given.school("青石小学", alliance=self.alliance)
        self.town = given.school("实验小学", alliance=self.alliance)
        self.wang = given.teacher("王敏", school=self.village)
        self.zhao = given.teacher("赵雷", school=self.town)
        self.editor = given.editor(alliance=self.alliance, school=self.town)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def revised(given: Given, old: Revision, by: Person, title: str) -> Revision:
    draft = drafting.revise(given.uow, by, old.id)
    description = given.description(title=title, alliance_id=min(by.alliance_ids))
    return given.admit(drafting.describe(given.uow, by, draft.id, description))


def withdraw(uow: UnitOfWork, by: Person, revision: Revision) -> None:
    review.take_step(uow, by, revision.id, Action.WITHDRAW, comment="有错")


def lines(issue: Issue) -> list[tuple[str, str]]:
    return [(entry.change.value, entry.title) for entry in issue.entries]


def content(issue: Issue) -> list[dict[str, object]]:
    """Everything that an issue says, apart from the numbers of its rows."""
    own = {"id", "issue_id"}
    return [
        {
            column.key: getattr(entry, column.key)
            for column in Entry.__table__.columns
            if column.key not in own
        }
        for entry in issue.entries
    ]


# What is in it


def test_an_issue_says_what_is_new_updated_and_withdrawn(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    old = given.published(by=cast.wang, title="要更新的")
    gone = given.published(by=cast.wang, title="要撤回的")
    given.published(by=cast.wang, title="不变的")
    clock.at = NOVEMBER.start(uow.zone)
    revised(given, old, cast.wang, "更新了的")
    withdraw(uow, cast.wang, gone)
    given.published(by=cast.zhao, title="新的")
    clock.pass_(hours=1)
    assert lines(catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)) == [
        ("new", "新的"),
        ("updated", "更新了的"),
        ("withdrawn", "要撤回的"),
    ]


def test_drafts_and_what_is_under_review_are_in_no_issue(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.draft(by=cast.wang)
    given.submitted(by=cast.wang)
    clock.pass_(hours=1)
    assert lines(catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)) == []


def test_entries_stand_by_subject_grade_and_school(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang, title="数学五年级", subject="math", grades=("g5",))
    given.published(by=cast.zhao, title="数学三四年级", subject="math", grades=("g4", "g3"))
    given.published(by=cast.wang, title="数学三年级", subject="math", grades=("g3",))
    given.published(by=cast.wang, title="语文五年级", subject="chinese", grades=("g5",))
    clock.pass_(hours=1)
    issue = catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert [(entry.position, entry.title) for entry in issue.entries] == [
        (1, "语文五年级"),
        (2, "数学三四年级"),
        (3, "数学三年级"),
        (4, "数学五年级"),
    ]


def test_a_resource_belongs_to_the_month_of_its_release_date(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang, release_on=date(2026, 11, 1))
    clock.at = datetime(2026, 12, 3, tzinfo=UTC)
    assert lines(catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)) == []
    assert lines(catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)) == [
        ("new", "分数的初步认识")
    ]


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 9, 30, 15, 59, 59, 999_999, tzinfo=UTC), SEPTEMBER),
        (datetime(2026, 9, 30, 16, tzinfo=UTC), OCTOBER),
        (datetime(2026, 10, 31, 15, 59, 59, 999_999, tzinfo=UTC), OCTOBER),
        (datetime(2026, 10, 31, 16, tzinfo=UTC), NOVEMBER),
    ],
)
def test_months_end_at_midnight_in_shanghai(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock, moment: datetime, month: Month
) -> None:
    clock.at = moment
    given.published(by=cast.wang)
    clock.at = datetime(2026, 12, 3, tzinfo=UTC)
    listed = {
        each: len(catalogue.build(uow, cast.editor, cast.alliance.id, each).entries)
        for each in (SEPTEMBER, OCTOBER, NOVEMBER)
    }
    assert listed == {each: int(each == month) for each in listed}


# Building again, and freezing


def test_building_twice_gives_the_same_issue(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    for number in range(5):
        given.published(by=cast.wang, title=f"第{number}课")
    clock.pass_(hours=1)
    first = content(catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER))
    clock.pass_(days=60)
    assert content(catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)) == first
    assert len(first) == 5


def test_a_draft_follows_what_happens(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    first = given.published(by=cast.wang, title="第一课")
    clock.pass_(hours=1)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    withdraw(uow, cast.wang, first)
    given.published(by=cast.wang, title="第二课")
    clock.pass_(hours=1)
    assert lines(catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)) == [
        ("new", "第二课")
    ]


def test_a_published_issue_never_changes(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock, session: Session
) -> None:
    withdrawn = given.published(by=cast.wang, title="第一课")
    renamed = given.published(by=cast.wang, title="第二课")
    clock.at = NOVEMBER.start(uow.zone) + timedelta(hours=9)
    issue = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER, preface=" 十月好 ")
    before = content(issue), issue.preface, issue.number, issue.covers_from, issue.covers_to
    assert before[1:3] == ("十月好", 1)
    withdraw(uow, cast.wang, withdrawn)
    revised(given, renamed, cast.wang, "第二课（修订）")
    school = session.get(School, cast.village.id)
    assert school is not None
    school.name = "青石中心小学"
    clock.pass_(hours=1)
    again = catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert (
        content(again), again.preface, again.number, again.covers_from, again.covers_to
    ) == before  # fmt: skip
    assert [entry.school_name for entry in again.entries] == ["青石小学", "青石小学"]
    with pytest.raises(WrongState, match="published already"):
        catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)


# Windows


def test_an_issue_published_early_ends_there_and_the_next_begins_there(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang, title="早的")
    clock.pass_(days=3)
    october = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert october.covers_to == clock()
    given.published(by=cast.wang, title="同一时刻的")
    clock.pass_(days=3)
    given.published(by=cast.wang, title="月底的")
    clock.at = datetime(2026, 12, 3, tzinfo=UTC)
    november = catalogue.publish(uow, cast.editor, cast.alliance.id, NOVEMBER)
    assert november.covers_from == october.covers_to
    assert lines(october) == [("new", "早的")]
    assert lines(november) == [("new", "同一时刻的"), ("new", "月底的")]


def test_an_issue_published_late_covers_its_month_alone(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang, title="十月的")
    clock.at = NOVEMBER.start(uow.zone)
    given.published(by=cast.wang, title="十一月的")
    clock.at = datetime(2026, 12, 3, tzinfo=UTC)
    november = catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)
    october = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert (lines(october), lines(november)) == ([("new", "十月的")], [("new", "十一月的")])
    assert october.covers_to == november.covers_from == NOVEMBER.start(uow.zone)


def test_issues_touch_even_if_the_time_zone_was_changed_in_between(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang)
    clock.at = NOVEMBER.end(uow.zone) + timedelta(days=2)
    october = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    uow.zone = UTC
    november = catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)
    assert november.covers_from == october.covers_to


def test_an_earlier_draft_is_published_first(uow: UnitOfWork, cast: Cast, clock: Clock) -> None:
    clock.at = datetime(2026, 12, 3, tzinfo=UTC)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    with pytest.raises(WrongState, match="The issue of 2026-10 is still a draft"):
        catalogue.publish(uow, cast.editor, cast.alliance.id, NOVEMBER)
    assert catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER).number == 1
    assert catalogue.publish(uow, cast.editor, cast.alliance.id, NOVEMBER).number == 2


def test_a_month_that_has_not_begun_has_no_issue(uow: UnitOfWork, cast: Cast, clock: Clock) -> None:
    clock.at = NOVEMBER.start(uow.zone) - timedelta(microseconds=1)
    with pytest.raises(Invalid, match="not begun"):
        catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)


class Happening(NamedTuple):
    """One step of a random history: after ``hours``, do ``what`` with resource ``which``."""

    hours: int
    what: str
    which: int


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@for_all(
    story=st.lists(
        st.builds(
            Happening,
            hours=st.integers(1, 400),
            what=st.sampled_from(["new", "revise", "withdraw", "issue"]),
            which=st.integers(0, 5),
        ),
        max_size=14,
    )
)
def test_whoever_applies_all_issues_to_an_empty_shelf_has_the_shelf(
    uow: UnitOfWork,
    given: Given,
    cast: Cast,
    clock: Clock,
    session: Session,
    story: Sequence[Happening],
) -> None:
    """Random months, with issues published early and late, through the services."""
    savepoint, started = session.begin_nested(), clock.at
    try:
        replayed = _play(uow, given, cast, clock, story)
        cards = newest(session, cast.zhao, clock(), most=100)
        assert replayed == {card.public_id: card.title for card in cards}
    finally:
        savepoint.rollback()
        session.expire_all()
        clock.at = started


def _play(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock, story: Sequence[Happening]
) -> dict[str, str]:
    """Let ``story`` happen, publish all issues, and apply them to an empty shelf: id → title."""
    shelf: dict[str, str] = {}
    stock: list[Revision] = []
    month = Month.of(clock(), uow.zone)

    def publish_all_due() -> None:
        nonlocal month
        while month <= Month.of(clock(), uow.zone):
            for entry in catalogue.publish(uow, OPERATOR, cast.alliance.id, month).entries:
                assert (entry.public_id in shelf) == (entry.change is not Change.NEW)
                if entry.change is Change.WITHDRAWN:
                    del shelf[entry.public_id]
                else:
                    shelf[entry.public_id] = entry.title
            month = month.next

    for number, step in enumerate(story):
        clock.pass_(hours=step.hours)
        place = step.which % max(len(stock), 1)
        if step.what == "new":
            stock.append(given.published(by=cast.wang, title=f"第{number}课"))
        elif step.what == "revise" and stock:
            stock[place] = revised(given, stock[place], cast.wang, f"第{number}课")
        elif step.what == "withdraw" and stock and stock[place].withdrawn_at is None:
            withdraw(uow, cast.wang, stock[place])
        elif step.what == "issue":
            publish_all_due()
    clock.at = max(clock.at, month.start(uow.zone)) + timedelta(hours=1)
    publish_all_due()
    uow.session.flush()
    return shelf


# Who may


def test_only_editors_build_and_publish(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    assert catalogue.build(uow, given.administrator(), cast.alliance.id, OCTOBER).month == "2026-10"
    assert catalogue.build(uow, OPERATOR, cast.alliance.id, OCTOBER).month == "2026-10"
    for person in (STRANGER, cast.wang, given.coordinator(school=cast.village)):
        for step in (
            lambda by: catalogue.build(uow, by, cast.alliance.id, OCTOBER),
            lambda by: catalogue.publish(uow, by, cast.alliance.id, OCTOBER),
        ):
            _refused(step, person)


def _refused(step: Callable[[Person], object], person: Person) -> None:
    with pytest.raises(NotAllowed, match="Only the catalogue's editor"):
        step(person)


def test_a_draft_is_the_editors_alone(session: Session, uow: UnitOfWork, cast: Cast) -> None:
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert (
        issue_access.readable_issue(session, cast.editor, cast.alliance.id, OCTOBER).month
        == "2026-10"
    )
    assert [line.month for line in issues(session, cast.editor)] == ["2026-10"]
    assert issues(session, cast.wang) == []
    assert latest_issue(session, cast.editor) is None
    for person in (cast.wang, STRANGER):
        with pytest.raises(Missing):
            issue_access.readable_issue(session, person, cast.alliance.id, OCTOBER)
        with pytest.raises(Missing):
            issue_view(session, person, read_taxonomy(session), cast.alliance.id, OCTOBER)


def test_each_reader_gets_the_entries_that_are_open_to_them(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.wang, title="本校的", audience=Audience.SCHOOL)
    given.published(by=cast.wang, title="联盟的", audience=Audience.ALLIANCE)
    given.published(by=cast.wang, title="公开的", audience=Audience.PUBLIC)
    outsider = given.teacher(school=given.school())
    clock.pass_(hours=1)
    catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    wanted = {
        cast.wang: {"联盟的", "公开的"},
        cast.zhao: {"联盟的", "公开的"},
        outsider: {"公开的"},
        STRANGER: {"公开的"},
    }
    taxonomy = read_taxonomy(session)
    for person, titles in wanted.items():
        issue = issue_access.readable_issue(session, person, cast.alliance.id, OCTOBER)
        assert {entry.title for entry in issue_access.entries_for(issue, person)} == titles
        view = issue_view(session, person, taxonomy, cast.alliance.id, OCTOBER)
        assert {entry.title for group in view.groups for entry in group.entries} == titles
        assert view.counts == {Change.NEW: len(titles)}
        assert [line.total for line in issues(session, person)] == [len(titles)]
    issue = issue_access.readable_issue(session, OPERATOR, cast.alliance.id, OCTOBER)
    assert len(issue_access.entries_for(issue, OPERATOR)) == 2


# Reading it


def test_an_issue_is_read_in_groups_with_contents(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    gone = given.published(by=cast.wang, title="旧", subject="art", grades=("g1",))
    clock.at = NOVEMBER.start(uow.zone)
    withdraw(uow, cast.wang, gone)
    given.published(by=cast.wang, title="甲", subject="math", grades=("g3",))
    given.published(by=cast.zhao, title="乙", subject="math", grades=("g3", "g4"))
    given.published(by=cast.zhao, title="丙", subject="math", grades=("g4",))
    given.published(by=cast.zhao, title="丁", subject="chinese", grades=("g1",))
    clock.pass_(hours=1)
    catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)
    view = issue_view(session, cast.editor, read_taxonomy(session), cast.alliance.id, NOVEMBER)
    assert view.contents == (
        Heading("new", "chinese", count=1, page=1),
        Heading("new", "math", count=3, page=1),
        Heading("withdrawn", "art", count=1, page=1),
    )
    assert [(group.of_subject, group.of_grade, group.count) for group in view.groups] == [
        (1, 1, 1), (3, 2, 1), (3, 2, 1), (3, 1, 1), (1, 1, 1),
    ]  # fmt: skip
    assert [
        (
            group.subject,
            group.grade,
            group.school_name,
            group.new_subject,
            group.new_grade,
            [entry.title for entry in group.entries],
        )
        for group in view.groups
    ] == [
        ("chinese", "g1", "实验小学", True, True, ["丁"]),
        ("math", "g3", "实验小学", True, True, ["乙"]),
        ("math", "g3", "青石小学", False, False, ["甲"]),
        ("math", "g4", "实验小学", False, True, ["丙"]),
        ("art", "g1", "青石小学", True, True, ["旧"]),
    ]
    assert view.counts == {Change.NEW: 4, Change.WITHDRAWN: 1}
