"""Who is dismissed, judges other subjects now or has no account any more holds no review."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.assignment import PassedOn
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import Action
from resource_hub.models import Appointed, Job, Revision
from resource_hub.services.dismissing import dismiss, set_active
from resource_hub.services.people import appoint
from resource_hub.services.queries.submission_page import submission_page
from resource_hub.services.queries.thread import thread
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at, submissions_of
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given
from tests.services.test_assigning import Cast, submission_of, told, who_has


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def promised(uow: UnitOfWork) -> list[int]:
    """Do what the worker does with the jobs that look at turns; whose they were."""
    jobs = uow.session.scalars(select(Job).where(Job.kind == "turns").order_by(Job.id)).all()
    for job in jobs:
        uow.session.delete(job)
        for number in submissions_of(uow.session, int(job.subject)):
            look_at(uow, number)
    return [int(job.subject) for job in jobs]


def dismissed(uow: UnitOfWork, by: Person, person: Person, role: Role) -> None:
    held = uow.session.scalars(
        select(Appointed).where(Appointed.user_id == person.id, Appointed.role == role)
    ).one()
    dismiss(uow, by, held.id)


def passed_on(session: Session, revision: Revision, reader: Person) -> list[tuple[str, str]]:
    """Who had it before, and why not any more: at the desk and in the thread the same."""
    number = submission_of(session, revision).id
    page = submission_page(session, reader, number, NOON)
    desk = [(turn.name, turn.passed_on) for turn in page.past_turns]
    entries = thread(session, reader, number, NOON).here.entries
    history = [(entry.whom, entry.passed_on) for entry in entries if entry.passed_on]
    assert sorted(desk) == sorted(history)
    return [(name, why.value) for name, why in history if why]


def test_what_a_dismissed_reviewer_has_goes_to_the_next_at_once_and_history_says_why(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.CLAIM)
    dismissed(uow, cast.coordinator, cast.first, Role.REVIEWER)
    assert promised(uow) == [cast.first.id]
    assert who_has(session, revision) == ["周老师"]
    assert told(session, cast.first) == ["assigned", "no_reviewer"]
    assert told(session, cast.coordinator) == []
    assert passed_on(session, revision, cast.second) == [("李老师", PassedOn.NO_REVIEWER)]
    entries = thread(session, cast.author, submission_of(session, revision).id, NOON).here.entries
    assert {(entry.whom, entry.passed_on, entry.text) for entry in entries if entry.turn} == {
        ("李老师", None, ""),
        ("", None, ""),
        ("周老师", None, ""),
    }


def test_what_somebody_has_whose_account_is_closed_goes_on_and_they_are_told_nothing(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    for person, holders in ((cast.first, ["周老师"]), (cast.second, [])):
        set_active(uow, cast.coordinator, person.id or 0, active=False)
        assert promised(uow) == [person.id]
        assert who_has(session, revision) == holders
        assert told(session, person) == ["assigned"]
    assert told(session, cast.coordinator) == ["nobody_available"]
    assert passed_on(session, revision, cast.coordinator) == [
        ("李老师", PassedOn.NO_REVIEWER),
        ("周老师", PassedOn.NO_REVIEWER),
    ]


def test_who_reviews_other_subjects_now_keeps_those_alone(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    for person in (cast.second, cast.judge):
        set_active(uow, given.administrator(), person.id or 0, active=False)
    art, sums = (given.submitted(by=cast.author, subject=each) for each in ("art", "math"))
    session.expire_all()
    appoint(
        uow,
        cast.coordinator,
        cast.first.id or 0,
        Role.REVIEWER,
        school_id=cast.village.id,
        subjects=("math",),
    )
    assert cast.first.id in promised(uow)
    assert (who_has(session, art), who_has(session, sums)) == ([], ["李老师"])


def test_a_judge_of_the_alliance_who_is_dismissed_there_has_it_no_more(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    given.reviewer("赵老师", school=cast.town, alliance=cast.alliance)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.APPROVE)
    dismissed(uow, given.administrator(), cast.judge, Role.REVIEWER)
    assert promised(uow) == [cast.judge.id]
    assert who_has(session, revision) == ["赵老师"]


def test_a_coordinator_who_took_it_and_coordinates_no_more_has_it_no_more(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.coordinator, revision.id, Action.CLAIM)
    dismissed(uow, given.administrator(), cast.coordinator, Role.COORDINATOR)
    assert promised(uow) == [cast.coordinator.id]
    assert who_has(session, revision) == ["周老师"]  # 李老师 had something more recently


def test_the_clock_finds_by_itself_who_may_not_judge_any_more(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    held = session.scalars(select(Appointed).where(Appointed.user_id == cast.first.id)).all()
    for appointed in held:
        session.delete(appointed)
    look_at(uow, submission_of(session, revision).id)
    assert who_has(session, revision) == ["周老师"]


def test_who_stops_being_a_teacher_or_an_editor_has_nothing_to_give_up(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    editor = given.editor(alliance=cast.alliance, school=cast.town)
    for person, role in ((editor, Role.EDITOR), (cast.author, Role.TEACHER)):
        dismissed(uow, given.administrator(), person, role)
    assert promised(uow) == []
