"""What comes again every night is promised once a day, by whichever worker is first."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import WrongState
from resource_hub.models import Job, Tick
from resource_hub.services.periodic import due_ticks, forget_old_ticks, promise_tick
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from tests.conftest import SHANGHAI
from tests.given import Clock

DAY = "2026-10-12"


@pytest.mark.parametrize(
    ("hour", "due"),
    [
        (0, []),
        (1, ["tidy"]),
        (6, ["tidy", "verify", "review_clock"]),
        (7, ["tidy", "verify", "letters", "review_clock"]),
        (23, ["tidy", "verify", "letters", "review_clock"]),
    ],
)
def test_it_is_due_from_its_hour_of_the_hubs_day_on(
    session: Session, hour: int, due: list[str]
) -> None:
    now = datetime(2026, 10, 12, hour, 30, tzinfo=SHANGHAI).astimezone(UTC)
    assert due_ticks(session, now, SHANGHAI) == [(kind, DAY) for kind in due]


def test_it_is_promised_once_a_day(session: Session, uow: UnitOfWork, clock: Clock) -> None:
    for kind, day in due_ticks(session, clock(), SHANGHAI):
        promise_tick(uow, kind, day)
    assert session.execute(select(Job.kind, Job.subject)).all() == [
        ("tidy", DAY),
        ("verify", DAY),
        ("letters", DAY),
        ("review_clock", DAY),
    ]
    assert due_ticks(session, clock(), SHANGHAI) == []
    clock.pass_(days=3)
    assert due_ticks(session, clock(), SHANGHAI) == [
        ("tidy", "2026-10-15"),
        ("verify", "2026-10-15"),
        ("letters", "2026-10-15"),
        ("review_clock", "2026-10-15"),
    ]


def test_of_two_workers_the_second_is_told(engine: Engine, session: Session, clock: Clock) -> None:
    session.commit()
    with unit_of_work(Session(engine), clock, SHANGHAI) as uow:
        promise_tick(uow, "verify", DAY)
    with pytest.raises(WrongState), unit_of_work(Session(engine), clock, SHANGHAI) as uow:
        promise_tick(uow, "verify", DAY)
    assert session.scalars(select(Job.subject)).all() == [DAY]


def test_old_ticks_are_forgotten(session: Session, uow: UnitOfWork, clock: Clock) -> None:
    promise_tick(uow, "verify", DAY)
    clock.pass_(days=61)
    promise_tick(uow, "verify", "2026-12-12")
    forget_old_ticks(uow)
    assert session.scalars(select(Tick.key)).all() == ["verify:2026-12-12"]
