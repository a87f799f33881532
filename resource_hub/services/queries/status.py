"""How the hub is doing: what it holds, what waits, what was set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.review import State
from resource_hub.models import Alliance, Blob, Job, Resource, Revision, School, User
from resource_hub.services import queue
from resource_hub.services.indexing import count_findable


@dataclass(frozen=True, slots=True)
class Status:
    """Figures of one moment."""

    schools: int
    alliances: int
    people: int
    demo_people: int
    resources: int
    by_state: Mapping[str, int]
    """Revisions by state."""
    findable: int
    """Resources that search should find now."""
    files: int
    file_bytes: int
    jobs: Mapping[str, tuple[int, int]]
    """By kind: waiting or running, and set aside."""
    oldest_waiting: datetime | None
    set_aside: list[Job]


def status(session: Session, *, now: datetime) -> Status:
    """Everything that the screen of an administrator shows, in a dozen short queries."""

    def count(table: type) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    states = session.execute(select(Revision.state, func.count()).group_by(Revision.state))
    found = {state.value: number for state, number in states}
    return Status(
        schools=count(School),
        alliances=count(Alliance),
        people=count(User),
        demo_people=count_demo_people(session),
        resources=count(Resource),
        by_state={state.value: found[state.value] for state in State if state.value in found},
        findable=count_findable(session, now=now),
        files=count(Blob),
        file_bytes=int(session.scalar(select(func.coalesce(func.sum(Blob.size), 0))) or 0),
        jobs=queue.lengths(session),
        oldest_waiting=session.scalar(select(func.min(Job.run_at)).where(Job.run_at <= now)),
        set_aside=queue.set_aside(session),
    )


def count_demo_people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User).where(User.is_demo)) or 0


def has_demo_accounts(session: Session) -> bool:
    """Whether someone could still sign in with the password that everybody knows."""
    found = select(User.id).where(User.is_demo, User.is_active).limit(1)
    return session.scalar(found) is not None


def is_empty(session: Session) -> bool:
    """Whether nobody has begun to use the hub: no school and no account."""
    nobody = session.scalar(select(User.id).limit(1)) is None
    return nobody and session.scalar(select(School.id).limit(1)) is None
