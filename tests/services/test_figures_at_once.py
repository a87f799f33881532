"""Two people at the same figures at the same moment: one wins, the other is told, none is lost."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from resource_hub.models import Objection, SchoolYear, Statement
from resource_hub.services.figures_fixing import answer, fix, object_to
from resource_hub.services.figures_rules import save_terms
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.services.test_at_once import at_once
from tests.services.test_figures import MONTH, Cast

Act = Callable[[UnitOfWork], object]


@pytest.fixture
def together(engine: Engine, session: Session, clock: Clock) -> Callable[..., list[str]]:
    """Runs acts at the same moment, each in its own transaction; their outcomes, sorted."""

    def alone(act: Act) -> Callable[[], None]:
        def run() -> None:
            with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                act(uow)

        return run

    def run(*acts: Act) -> list[str]:
        session.commit()
        found = at_once(*map(alone, acts))
        session.rollback()
        return found

    return run


def test_nobody_objects_to_what_is_fixed_at_the_same_moment(
    session: Session, given: Given, clock: Clock, together: Callable[..., list[str]]
) -> None:
    cast = Cast(given)
    clock.at = clock.at.replace(month=11, day=9)
    found = together(
        lambda uow: object_to(uow, cast.author, cast.own, MONTH, "少了一篇"),
        lambda uow: fix(uow, cast.coordinator, cast.school, MONTH),
    )
    assert found == ["WrongState", "done"]
    kept = [session.scalar(select(func.count(row.id))) for row in (Objection, Statement)]
    assert sorted(number or 0 for number in kept) == [0, 1]


def test_two_answers_at_once_leave_one(
    session: Session, given: Given, clock: Clock, together: Callable[..., list[str]]
) -> None:
    cast = Cast(given)
    clock.at = clock.at.replace(month=11, day=2)
    number = object_to(given.uow, cast.author, cast.own, MONTH, "少了一篇").id
    found = together(
        lambda uow: answer(uow, cast.coordinator, number, "在九月"),
        lambda uow: answer(uow, cast.editor, number, "已核"),
    )
    assert found == ["WrongState", "done"]
    kept = session.get_one(Objection, number)
    assert (kept.answer, kept.answered_by_id) in {
        ("在九月", cast.coordinator.id),
        ("已核", cast.editor.id),
    }


def test_two_who_enter_the_same_terms_at_once(
    session: Session, given: Given, together: Callable[..., list[str]]
) -> None:
    cast, usual = Cast(given), "2026-09-01 2027-02-01"
    number = cast.alliance.id

    def enter(day: str) -> Act:
        return lambda uow: save_terms(
            uow, cast.editor, number, 2026, first="2026-09-01", second=day, seen=usual
        )

    assert together(enter("2027-02-22"), enter("2027-02-15")) == ["WrongState", "done"]
    assert session.scalar(select(func.count(SchoolYear.year))) == 1
