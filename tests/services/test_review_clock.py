"""A simulated month: nobody waits for ever, nobody is told twice, nobody is told on a day off."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.policy import Policy
from resource_hub.domain.review import Action, Stage
from resource_hub.models import Assignment, EndedAs, Notice, Revision
from resource_hub.services.assigning import enter_stage
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at, open_submissions
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.services.test_assigning import Cast, submission_of, who_has

MINUTE_OF_THE_CLOCK = time(7, 0)


def mornings(uow: UnitOfWork, clock: Clock, first: date, last: date, *, times: int = 1) -> None:
    """The clock of every day from ``first`` to ``last``, so many times each."""
    for day in range(first.toordinal(), last.toordinal() + 1):
        clock.at = datetime.combine(date.fromordinal(day), MINUTE_OF_THE_CLOCK, SHANGHAI)
        for _ in range(times):
            for number in open_submissions(uow.session):
                look_at(uow, number)


def said(session: Session) -> list[tuple[str, int, str]]:
    """What was said when and to whom: month and day, person, kind."""
    rows = session.execute(
        select(Notice.at, Notice.user_id, Notice.kind).order_by(Notice.at, Notice.id)
    )
    return [(f"{at.astimezone(SHANGHAI):%m-%d}", person, kind) for at, person, kind in rows]


def two_are_to_judge(uow: UnitOfWork, revision: Revision) -> None:
    submission = submission_of(uow.session, revision)
    submission.policy = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2})
    enter_stage(uow, submission, revision)


def to_the_coordinator(session: Session, cast: Cast) -> list[tuple[str, str, str]]:
    """What was said when to the coordinator, and of whom."""
    rows = session.scalars(
        select(Notice).where(Notice.user_id == cast.coordinator.id).order_by(Notice.id)
    )
    return [
        (f"{told.at.astimezone(SHANGHAI):%m-%d}", told.kind, told.values["comment"])
        for told in rows
    ]


def test_a_month_in_which_nobody_does_anything(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    cast = Cast(given)
    clock.at = datetime(2026, 9, 22, 12, tzinfo=SHANGHAI)  # a Tuesday before two feasts
    revision = given.submitted(by=cast.author)
    mornings(uow, clock, date(2026, 9, 23), date(2026, 10, 23), times=2)
    first, second, chief = cast.first.id, cast.second.id, cast.coordinator.id
    assert said(session) == [
        ("09-22", first, "assigned"),
        ("09-29", first, "due_soon"),  # the Friday before belonged to the Mid-Autumn Festival
        ("09-30", first, "due_today"),
        ("10-08", first, "late"),  # after the National Day
        ("10-08", chief, "review_late"),
        ("10-09", first, "passed_on"),
        ("10-09", second, "assigned"),
        ("10-14", second, "due_soon"),  # Saturday the 10th was worked
        ("10-15", second, "due_today"),
        ("10-16", second, "late"),
        ("10-16", chief, "review_late"),
    ]
    assert who_has(session, revision) == ["周老师"]  # nobody else is left; the coordinator knows


def test_who_decides_in_time_is_not_reminded_any_more(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    cast = Cast(given)
    revision = given.submitted(by=cast.author)
    mornings(uow, clock, date(2026, 10, 13), date(2026, 10, 16))
    take_step(uow, cast.first, revision.id, Action.REQUEST_CHANGES, comment="请补充")
    mornings(uow, clock, date(2026, 10, 17), date(2026, 11, 13))
    kinds = [kind for _day, person, kind in said(session) if person == cast.first.id]
    assert kinds == ["assigned", "due_soon"]


def test_what_nobody_had_is_given_to_who_is_appointed_since(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.home()
    chief = given.coordinator(school=school)
    revision = given.submitted(by=given.teacher(school=school))
    assert said(session) == [("10-12", chief.id, "nobody_available")]
    mornings(uow, clock, date(2026, 10, 13), date(2026, 10, 16))
    assert len(said(session)) == 1
    given.reviewer("新老师", school=school)
    mornings(uow, clock, date(2026, 10, 17), date(2026, 10, 17))
    assert who_has(session, revision) == ["新老师"]


def test_a_late_turn_ends_as_reassigned(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    cast = Cast(given)
    given.submitted(by=cast.author)
    mornings(uow, clock, date(2026, 10, 13), date(2026, 10, 21))
    ends = session.execute(
        select(Assignment.reviewer_id, Assignment.ended_as).order_by(Assignment.id)
    ).all()
    assert [tuple(row) for row in ends] == [
        (cast.first.id, EndedAs.REASSIGNED),
        (cast.second.id, None),
    ]


def test_of_two_who_are_late_the_coordinator_reads_each_name_and_two_others_are_asked(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    cast = Cast(given)
    revision = given.submitted(by=cast.author)
    two_are_to_judge(uow, revision)
    for name in ("吴老师", "郑老师"):
        given.reviewer(name, school=cast.village)
    mornings(uow, clock, date(2026, 10, 13), date(2026, 10, 20), times=2)
    assert to_the_coordinator(session, cast) == [
        ("10-20", "review_late", "李老师"),
        ("10-20", "review_late", "周老师"),
    ]
    mornings(uow, clock, date(2026, 10, 21), date(2026, 10, 23), times=2)
    assert who_has(session, revision) == ["吴老师", "郑老师"]
    assert len(to_the_coordinator(session, cast)) == 2


def test_who_was_asked_later_is_late_later_and_has_a_day_after_that_too(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    cast = Cast(given)
    third = given.reviewer("吴老师", school=cast.village)
    revision = given.submitted(by=cast.author)
    two_are_to_judge(uow, revision)
    clock.pass_(days=1)
    take_step(uow, cast.second, revision.id, Action.DECLINE, comment="不熟悉")
    given.reviewer("郑老师", school=cast.village)
    given.reviewer("孙老师", school=cast.village)
    mornings(uow, clock, date(2026, 10, 14), date(2026, 10, 21))
    assert to_the_coordinator(session, cast) == [
        ("10-20", "review_late", "李老师"),
        ("10-21", "review_late", "吴老师"),
    ]
    assert who_has(session, revision) == ["吴老师", "郑老师"]
    mornings(uow, clock, date(2026, 10, 22), date(2026, 10, 22))
    assert who_has(session, revision) == ["郑老师", "孙老师"]
    assert [kind for day, who, kind in said(session) if who == third.id and day > "10-13"] == [
        "due_soon",
        "due_today",
        "late",
        "passed_on",
    ]


def test_of_two_who_are_late_the_second_keeps_it_where_one_other_is_available(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    cast = Cast(given)
    revision = given.submitted(by=cast.author)
    two_are_to_judge(uow, revision)
    given.reviewer("吴老师", school=cast.village)
    mornings(uow, clock, date(2026, 10, 13), date(2026, 10, 26))
    assert who_has(session, revision) == ["周老师", "吴老师"]
    assert to_the_coordinator(session, cast) == [
        ("10-20", "review_late", "李老师"),
        ("10-20", "review_late", "周老师"),
    ]


def test_who_is_appointed_since_fills_the_empty_place_and_leaves_who_is_late_in_the_other(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.home()
    given.coordinator(school=school)
    given.reviewer("李老师", school=school)
    revision = given.submitted(by=given.teacher(school=school))
    two_are_to_judge(uow, revision)
    mornings(uow, clock, date(2026, 10, 13), date(2026, 10, 20))
    given.reviewer("新老师", school=school)
    mornings(uow, clock, date(2026, 10, 21), date(2026, 10, 21))
    assert who_has(session, revision) == ["李老师", "新老师"]
