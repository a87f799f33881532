"""The queue of promises: nothing is lost, nothing is done by two, nothing blocks the rest."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from resource_hub.models import Job, JobState
from resource_hub.models.database import WRITING
from resource_hub.services import queue
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock

HERE, THERE = "desk:1", "other:2"


def claimed(session: Session, clock: Clock, *, worker: str = HERE, most: int = 1) -> list[str]:
    jobs = queue.claim(session, kinds=("index",), worker=worker, now=clock(), most=most)
    session.flush()
    return [job.subject for job in jobs]


def states(session: Session) -> list[tuple[str, JobState, int]]:
    rows = session.scalars(select(Job).order_by(Job.id))
    return [(job.subject, job.state, job.attempts) for job in rows]


def test_the_oldest_due_promise_is_claimed_first(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    uow.promise("index", "late", at=NOON + timedelta(hours=1))
    uow.promise("index", "first", at=NOON - timedelta(hours=2))
    uow.promise("index", "second", at=NOON - timedelta(hours=1))
    uow.promise("inspect", "of another lane", at=NOON - timedelta(days=1))
    session.flush()
    assert claimed(session, clock, most=10) == ["first", "second"]


def test_what_one_worker_holds_no_other_gets_until_the_lease_is_over(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    uow.promise("index", 42)
    session.flush()
    assert claimed(session, clock) == ["42"]
    assert claimed(session, clock, worker=THERE) == []
    clock.pass_(seconds=queue.LEASE.total_seconds() + 1)
    assert claimed(session, clock, worker=THERE) == ["42"]


def test_a_heartbeat_keeps_the_lease(session: Session, uow: UnitOfWork, clock: Clock) -> None:
    uow.promise("index", 42)
    session.flush()
    claimed(session, clock)
    [job_id] = session.scalars(select(Job.id)).all()
    clock.pass_(seconds=50)
    queue.extend(session, [job_id], worker=HERE, now=clock())
    clock.pass_(seconds=50)
    assert claimed(session, clock, worker=THERE) == []


def test_a_worker_that_lost_its_lease_cannot_finish_the_job_of_the_next(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    uow.promise("index", 42)
    session.flush()
    claimed(session, clock)
    [job_id] = session.scalars(select(Job.id)).all()
    clock.pass_(minutes=5)
    claimed(session, clock, worker=THERE)
    queue.finish(session, [job_id], worker=HERE)
    assert states(session) == [("42", JobState.RUNNING, 2)]
    queue.finish(session, [job_id], worker=THERE)
    assert states(session) == []


def test_a_failing_promise_waits_longer_each_time_and_is_set_aside_after_five(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    uow.promise("index", 42)
    session.flush()
    waits = []
    for _attempt in range(queue.MAX_ATTEMPTS):
        claimed(session, clock)
        [job] = session.scalars(select(Job)).all()
        queue.put_back(session, [job.id], worker=HERE, error="disk full", now=clock())
        session.flush()
        waits.append((job.run_at - clock()).total_seconds())
        clock.at = max(clock.at, job.run_at)
    assert waits[:4] == [2, 4, 8, 16]
    assert states(session) == [("42", JobState.SET_ASIDE, 5)]
    assert [(job.subject, job.error) for job in queue.set_aside(session)] == [("42", "disk full")]
    assert queue.lengths(session) == {"index": (0, 1)}


def test_what_was_set_aside_can_be_tried_again(session: Session, clock: Clock) -> None:
    session.add(
        Job(
            kind="index",
            subject="42",
            state=JobState.SET_ASIDE,
            attempts=5,
            run_at=NOON,
            created_at=NOON,
        )
    )
    session.flush()
    [job] = queue.set_aside(session)
    queue.try_again(session, [job.id], now=clock())
    session.expire_all()
    assert claimed(session, clock) == ["42"]


def test_jobs_of_a_dead_worker_of_this_machine_are_freed_at_once(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    uow.promise("index", 42)
    session.flush()
    claimed(session, clock, worker="desk:999999999")
    assert queue.free_dead(session, host="desk", now=clock()) == 1
    session.flush()
    assert claimed(session, clock) == ["42"]


@pytest.mark.parametrize("kinds", [("index",), ("inspect",)])
def test_looking_whether_something_is_due_takes_no_lock(
    engine: Engine, session: Session, uow: UnitOfWork, clock: Clock, kinds: tuple[str, ...]
) -> None:
    uow.promise("index", 42)
    session.commit()
    with Session(engine) as busy:
        busy.connection(execution_options={WRITING: True})
        with Session(engine) as idle:
            assert queue.due_kinds(idle, kinds, clock()) == {"index"} & set(kinds)
