"""People take leave: nothing new goes to them, what they have is passed on, then it ends."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import Action
from resource_hub.models import Absence, AuditEvent, Job, Notice
from resource_hub.services.absences import away, come_back, go_away, held_by, leaves
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import submissions_of
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given
from tests.services.test_assigning import Cast, submission_of, told, who_has
from tests.services.test_review_clock import mornings, to_the_coordinator, two_are_to_judge

TODAY, TOMORROW, FRIDAY = date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 16)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def absent(uow: UnitOfWork, person: Person, first: date, last: date, note: str = "") -> Absence:
    return go_away(uow, person, person.id or 0, first, last, note)


def test_who_is_on_leave_is_skipped_until_it_ends_by_itself(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    absent(uow, cast.first, TODAY, TOMORROW)
    during = [who_has(session, given.submitted(by=cast.author)) for _ in range(2)]
    clock.pass_(days=2)
    after = who_has(session, given.submitted(by=cast.author))
    assert (during, after) == ([["周老师"], ["周老师"]], ["李老师"])


def test_what_is_held_goes_to_somebody_else_when_the_leave_begins(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.CLAIM)
    absent(uow, cast.first, date(2026, 10, 17), date(2026, 10, 25))  # from a Saturday on
    mornings(uow, clock, TOMORROW, FRIDAY)
    assert who_has(session, revision) == ["李老师"]
    mornings(uow, clock, date(2026, 10, 17), date(2026, 10, 17), times=2)
    assert who_has(session, revision) == ["周老师"]
    assert told(session, cast.first) == ["assigned", "due_soon", "away_passed_on"]
    assert told(session, cast.second) == ["assigned"]
    assert told(session, cast.coordinator) == ["reviewer_away"]
    [notice] = session.scalars(select(Notice).where(Notice.user_id == cast.coordinator.id))
    assert (notice.values["comment"], notice.values["due"]) == ("李老师", "2026-10-25")


def test_what_nobody_else_can_take_stays_and_the_coordinator_is_told_once(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    absent(uow, cast.second, TODAY, date(2026, 12, 1))
    absent(uow, cast.first, TOMORROW, date(2026, 10, 15))
    mornings(uow, clock, TOMORROW, date(2026, 10, 15), times=2)
    assert who_has(session, revision) == ["李老师"]
    assert told(session, cast.coordinator) == ["reviewer_away"]
    come_back(uow, cast.second, leaves(session, cast.second.id or 0, TODAY)[0].id)
    mornings(uow, clock, date(2026, 10, 15), date(2026, 10, 15))
    assert who_has(session, revision) == ["周老师"]


def test_of_two_who_are_away_the_coordinator_reads_each_name_and_of_each_leave(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    two_are_to_judge(uow, given.submitted(by=cast.author))
    absent(uow, cast.first, TOMORROW, TOMORROW)
    absent(uow, cast.second, date(2026, 10, 14), date(2026, 10, 15))
    absent(uow, cast.first, FRIDAY, date(2026, 10, 18))
    mornings(uow, clock, TOMORROW, date(2026, 10, 18), times=2)
    assert to_the_coordinator(session, cast) == [
        ("10-13", "reviewer_away", "李老师"),
        ("10-14", "reviewer_away", "周老师"),
        ("10-16", "reviewer_away", "李老师"),
    ]


def test_a_leave_from_today_on_is_acted_upon_at_once(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    absent(uow, cast.first, TODAY, FRIDAY)
    absent(uow, cast.second, TOMORROW, FRIDAY)
    jobs = session.execute(select(Job.kind, Job.subject).where(Job.kind == "turns")).all()
    assert jobs == [("turns", str(cast.first.id))]
    assert submissions_of(session, cast.first.id or 0) == [submission_of(session, revision).id]


def test_what_somebody_takes_although_away_stays_theirs(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    absent(uow, cast.first, TODAY, FRIDAY)
    clock.pass_(hours=1)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.CLAIM)
    mornings(uow, clock, TOMORROW, TOMORROW)
    assert who_has(session, revision) == ["李老师"]
    assert "reviewer_away" not in told(session, cast.coordinator)


def test_the_coordinator_sets_it_for_the_school_and_nobody_else_does(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    outsider = given.coordinator("外校", school=cast.town)
    for by in (outsider, cast.second, cast.author, STRANGER):
        with pytest.raises(Missing, match="no such person"):
            go_away(uow, by, cast.first.id or 0, TODAY, FRIDAY, "")
    made = go_away(uow, cast.coordinator, cast.first.id or 0, TODAY, FRIDAY, " 住院 ")
    assert (made.note, made.entered_by, made.entered_at) == ("住院", cast.coordinator.id, NOON)
    with pytest.raises(Missing):
        come_back(uow, outsider, made.id)
    come_back(uow, given.administrator(), made.id)
    assert leaves(session, cast.first.id or 0, TODAY) == []
    tags = select(AuditEvent.tag).where(AuditEvent.tag.startswith("absence:"))
    assert list(session.scalars(tags.order_by(AuditEvent.id))) == ["absence:enter", "absence:end"]


def test_who_comes_back_early_is_asked_again_from_that_day_on(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock
) -> None:
    made = absent(uow, cast.first, TODAY, FRIDAY)
    clock.pass_(days=2)
    come_back(uow, cast.first, made.id)
    assert (made.first_on, made.last_on) == (TODAY, TOMORROW)
    assert away(session, [cast.first.id or 0], clock().date()) == {}
    with pytest.raises(Missing, match="over already"):
        come_back(uow, cast.first, made.id)


@pytest.mark.parametrize(
    ("first", "last", "note", "wrong"),
    [
        (None, None, "", {"first": "Choose the first day.", "last": "Choose the last day."}),
        (FRIDAY, TODAY, "", {"last": "The last day is before the first one."}),
        (date(2026, 10, 1), date(2026, 10, 11), "", {"last": "These days are over"}),
        (TODAY, date(2027, 12, 1), "", {"last": "At most a year at a time."}),
        (TODAY, TODAY, "假" * 201, {"note": "Write at most 200 characters."}),
        (date(2026, 10, 20), date(2026, 11, 1), "", {"first": "Some of these days are entered"}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    uow: UnitOfWork, cast: Cast, first: date | None, last: date | None, note: str,
    wrong: dict[str, str],
) -> None:  # fmt: skip
    absent(uow, cast.first, date(2026, 11, 1), date(2026, 11, 5))
    with pytest.raises(Invalid) as caught:
        go_away(uow, cast.first, cast.first.id or 0, first, last, note)
    said = {each.field: str(each) for each in caught.value.problems}
    assert {field: said[field][: len(words)] for field, words in wrong.items()} == wrong
    assert set(said) == set(wrong)


def test_the_page_lists_what_is_to_be_handed_over_to_each_what_they_answer_for(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author, title="分数")
    number = cast.first.id or 0
    [held] = held_by(session, cast.first, number)
    assert (held.submission_id, held.title, held.due_on) == (
        submission_of(session, revision).id, "分数", date(2026, 10, 19),
    )  # fmt: skip
    assert held_by(session, cast.coordinator, number) == [held]
    assert held_by(session, given.administrator(), number) == [held]
    take_step(uow, cast.first, revision.id, Action.APPROVE)
    judge, boss = cast.judge, given.coordinator("镇里的校管理员", school=cast.town)
    [held] = held_by(session, judge, judge.id or 0)
    assert held.title == "分数"
    assert held_by(session, boss, judge.id or 0) == []  # it is another school's work
