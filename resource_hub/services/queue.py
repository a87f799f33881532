"""The queue of promises: claim with a lease, finish, put back, set aside."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from resource_hub.models import Job, JobState

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
PUT_OFF = timedelta(seconds=2)


def claim(
    session: Session, *, kinds: Collection[str], worker: str, now: datetime, most: int
) -> list[Job]:
    """Take up to ``most`` due jobs, oldest first; the caller commits before working on them.

    Jobs whose lease has run out count as due: their worker is dead or has lost its way.
    """
    due = or_(
        Job.state == JobState.WAITING,
        (Job.state == JobState.RUNNING) & (Job.lease_until < now),
    )
    jobs = session.scalars(
        select(Job)
        .where(due, Job.kind.in_(kinds), Job.run_at <= now)
        .order_by(Job.run_at, Job.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for job in jobs:
        job.state, job.worker = JobState.RUNNING, worker
        job.lease_until, job.attempts = now + LEASE, job.attempts + 1
    return list(jobs)


def due_kinds(session: Session, kinds: Collection[str], now: datetime) -> set[str]:
    """Of which ``kinds`` something is due: for these it is worth opening a write transaction."""
    return set(
        session.scalars(
            select(Job.kind)
            .where(
                Job.kind.in_(kinds),
                Job.run_at <= now,
                or_(
                    Job.state == JobState.WAITING,
                    (Job.state == JobState.RUNNING) & (Job.lease_until < now),
                ),
            )
            .distinct()
        )
    )


def extend(session: Session, ids: Collection[int], *, worker: str, now: datetime) -> None:
    """The heartbeat of a worker that is still busy."""
    session.execute(
        update(Job)
        .where(Job.id.in_(ids), Job.worker == worker, Job.state == JobState.RUNNING)
        .values(lease_until=now + LEASE)
    )


def finish(session: Session, ids: Collection[int], *, worker: str) -> None:
    """Forget jobs that are done, unless another worker has taken them over meanwhile."""
    session.execute(delete(Job).where(Job.id.in_(ids), Job.worker == worker))


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a kind of job is tried, and how long the first pause is; each doubles the last."""

    attempts: int = MAX_ATTEMPTS
    first_pause: timedelta = timedelta(seconds=2)


LONGEST_PAUSE = timedelta(hours=1)


def put_back(
    session: Session,
    ids: Collection[int],
    *,
    worker: str,
    error: str,
    now: datetime,
    patience: Patience = Patience(),
) -> None:
    """Try again later, ever more slowly; after the last attempt set aside, for a person."""
    for job in session.scalars(select(Job).where(Job.id.in_(ids), Job.worker == worker)):
        job.error = error[:2_000]
        job.lease_until = job.worker = None
        if job.attempts >= patience.attempts:
            job.state = JobState.SET_ASIDE
        else:
            job.state = JobState.WAITING
            job.run_at = now + min(patience.first_pause * 2 ** (job.attempts - 1), LONGEST_PAUSE)


def put_off(
    session: Session, ids: Collection[int], *, worker: str, reason: str, now: datetime
) -> None:
    """Try again soon, however often: it was not the job's fault, so it is no attempt."""
    for job in session.scalars(select(Job).where(Job.id.in_(ids), Job.worker == worker)):
        job.error = reason[:2_000]
        job.lease_until = job.worker = None
        job.state, job.attempts = JobState.WAITING, job.attempts - 1
        job.run_at = now + PUT_OFF


def free_dead(session: Session, *, host: str, now: datetime) -> int:
    """Give back the jobs of workers of this machine that no longer run. Returns how many."""
    freed = 0
    running = select(Job).where(Job.state == JobState.RUNNING, Job.worker.startswith(f"{host}:"))
    for job in session.scalars(running):
        process = (job.worker or "").split(":")[1]
        if not is_alive(int(process)):
            job.lease_until = now - timedelta(seconds=1)
            freed += 1
    return freed


def is_alive(process: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def set_aside(session: Session) -> list[Job]:
    """What the administrator must look at, newest first."""
    return list(
        session.scalars(
            select(Job).where(Job.state == JobState.SET_ASIDE).order_by(Job.id.desc()).limit(200)
        )
    )


def try_again(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """Put jobs that were set aside back into the queue."""
    session.execute(
        update(Job)
        .where(Job.id.in_(ids), Job.state == JobState.SET_ASIDE)
        .values(state=JobState.WAITING, run_at=now, attempts=0)
    )


def lengths(session: Session) -> dict[str, tuple[int, int]]:
    """By kind: how many are waiting or running, and how many are set aside."""
    aside = func.sum(case((Job.state == JobState.SET_ASIDE, 1), else_=0))
    rows = session.execute(select(Job.kind, func.count() - aside, aside).group_by(Job.kind))
    return {kind: (int(waiting), int(aside_)) for kind, waiting, aside_ in rows}
