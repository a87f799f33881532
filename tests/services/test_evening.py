"""Who decided takes over what others have too much of and have not begun; both are told why."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.assignment import Ground
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.review_form import Sheet
from resource_hub.models import Assignment, EndedAs, Job, MentorPair, Notice
from resource_hub.services.absences import come_back, go_away, welcome_back
from resource_hub.services.evening import note_opened, take_over, to_take_over
from resource_hub.services.opinions import Written, keep_opinion
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given
from tests.services.test_assigning import Cast, told


def evens(uow: UnitOfWork, person: Person) -> bool:
    """What the worker does once: whether something was moved."""
    turn = to_take_over(uow.session, person.id or 0, uow.today())
    return turn is not None and take_over(uow, person.id or 0, turn)


class Uneven(Cast):
    """Of eight works each of two reviewers had four; the first has decided on three of them."""

    def __init__(self, given: Given, session: Session, uow: UnitOfWork, clock: Clock) -> None:
        super().__init__(given)
        self.session, self.uow = session, uow
        works = []
        for number in range(8):
            works.append(given.submitted(by=self.author, title=f"第{number}课"))
            clock.pass_(minutes=1)
        for work in works[0:6:2]:
            take_step(uow, self.first, work.id, Action.APPROVE)

    def has(self, person: Person) -> list[Assignment]:
        return list(
            self.session.scalars(
                select(Assignment)
                .where(Assignment.reviewer_id == person.id, Assignment.ended_at.is_(None))
                .order_by(Assignment.id)
            )
        )

    def evens(self) -> bool:
        return evens(self.uow, self.first)


@pytest.fixture
def cast(given: Given, session: Session, uow: UnitOfWork, clock: Clock) -> Uneven:
    return Uneven(given, session, uow, clock)


def test_the_youngest_that_is_not_begun_goes_to_who_became_free(
    session: Session, cast: Uneven
) -> None:
    promised = session.scalars(select(Job.subject).where(Job.kind == "rebalance")).all()
    assert promised == [str(cast.first.id)] * 3
    *_older, youngest = cast.has(cast.second)
    assert [len(cast.has(each)) for each in (cast.first, cast.second)] == [1, 4]
    assert cast.evens()
    assert not cast.evens()
    assert [len(cast.has(each)) for each in (cast.first, cast.second)] == [2, 3]
    assert youngest.ended_as is EndedAs.CLOSED
    taken = cast.has(cast.first)[-1]
    assert taken.submission_id == youngest.submission_id
    why = {"ground": Ground.EVENED_OUT, "open": 1, "of": 1, "by": "周老师"}
    assert (taken.why, taken.due_on) == (why, date(2026, 10, 19))
    assert told(session, cast.second) == [*["assigned"] * 4, "evened_out"]
    assert told(session, cast.first) == ["assigned"] * 5
    values = session.scalars(select(Notice.values).where(Notice.kind == "evened_out")).one()
    assert (values["title"], values["comment"]) == ("第7课", "李老师")


def test_what_was_moved_once_is_not_moved_again(cast: Uneven, given: Given) -> None:
    assert cast.evens()
    moved = cast.has(cast.first)[-1]
    other = given.reviewer("新来的", school=cast.village)
    for held in cast.has(cast.second):
        held.ended_at, held.ended_as = NOON, EndedAs.DECIDED
    for _ in range(2):
        given.submitted(by=cast.second)
    for held in cast.has(other):
        held.reviewer_id = cast.first.id or 0
    cast.session.flush()
    assert len(cast.has(cast.first)) == 4
    assert evens(cast.uow, other)
    assert moved in cast.has(cast.first)


def _claimed(_cast: Uneven, held: Assignment) -> None:
    held.claimed_at = NOON


def _opened(cast: Uneven, held: Assignment) -> None:
    note_opened(cast.uow, cast.second, held.submission_id)


def _half_written(cast: Uneven, held: Assignment) -> None:
    words = Written(Sheet(strengths="思路清楚"))
    keep_opinion(cast.uow, cast.second, held.submission_id, words, window="w")


def _handed_over(_cast: Uneven, held: Assignment) -> None:
    held.why = {**held.why, "ground": Ground.HANDED_OVER.value}


def _due_today(cast: Uneven, held: Assignment) -> None:
    held.due_on = cast.uow.today()


def _had_it(cast: Uneven, held: Assignment) -> None:
    cast.session.add(
        Assignment(
            submission_id=held.submission_id, stage=held.stage, reviewer_id=cast.first.id,
            assigned_at=NOON, due_on=held.due_on, ended_at=NOON, ended_as=EndedAs.DECLINED,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "begun", [_claimed, _opened, _half_written, _handed_over, _due_today, _had_it]
)
def test_what_somebody_has_begun_or_was_chosen_for_stays(
    cast: Uneven, begun: Callable[[Uneven, Assignment], None]
) -> None:
    *others, third, last = cast.has(cast.second)
    begun(cast, last)
    cast.session.flush()
    assert cast.evens()
    assert cast.has(cast.second) == [*others, last]
    assert third.ended_as is EndedAs.CLOSED


def test_nobody_on_leave_or_too_close_takes_anything_over(session: Session, cast: Uneven) -> None:
    session.add(MentorPair(mentor_id=cast.first.id, mentee_id=cast.author.id, since=NOON))
    session.flush()
    assert not cast.evens()
    session.delete(session.scalars(select(MentorPair)).one())
    today = cast.uow.today()
    found = to_take_over(session, cast.first.id or 0, today)
    go_away(cast.uow, cast.first, cast.first.id or 0, today, today, "")
    assert not cast.evens()
    assert found is not None
    assert not take_over(cast.uow, cast.first.id or 0, found)
    assert to_take_over(session, 999, today) is None
    assert len(cast.has(cast.second)) == 4


def _promised(session: Session) -> list[str]:
    return list(session.scalars(select(Job.subject).where(Job.kind == "rebalance")))


def test_who_comes_back_from_a_leave_takes_over_too(
    session: Session, uow: UnitOfWork, cast: Uneven, clock: Clock
) -> None:
    first, today = cast.first.id or 0, uow.today()
    session.execute(delete(Job))
    over = go_away(uow, cast.first, first, today, today + timedelta(days=1), "")
    to_come = go_away(uow, cast.first, first, date(2026, 10, 19), date(2026, 10, 20), "")
    come_back(uow, cast.first, to_come.id)
    welcome_back(uow)
    assert _promised(session) == []
    clock.pass_(days=2)
    for _ in range(2):
        welcome_back(uow)
    assert over.last_on < uow.today()
    assert _promised(session) == [str(first)]
    assert cast.evens()
    session.execute(delete(Job))
    early = go_away(uow, cast.first, first, uow.today(), date(2026, 10, 20), "")
    come_back(uow, cast.first, early.id)
    assert _promised(session) == [str(first)]


def test_what_somebody_began_a_moment_ago_is_not_taken_any_more(cast: Uneven) -> None:
    turn = to_take_over(cast.session, cast.first.id or 0, cast.uow.today())
    *_older, youngest = cast.has(cast.second)
    assert turn == youngest.id
    note_opened(cast.uow, cast.second, youngest.submission_id)
    assert not take_over(cast.uow, cast.first.id or 0, youngest.id)
    assert not take_over(cast.uow, cast.first.id or 0, 999)
    assert len(cast.has(cast.second)) == 4
