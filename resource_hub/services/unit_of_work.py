"""One change, one transaction: the change itself, what is recorded of it, and what it promises."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.people import Person
from resource_hub.models import AuditEvent, Job, Resource, Revision
from resource_hub.models.database import WRITING

log = logging.getLogger(__name__)

FASTER = N_("Someone else changed this a moment ago. Look again, then decide.")


@dataclass(slots=True)
class UnitOfWork:
    """What a service is given: the session, the clock, and the hub's time zone."""

    session: Session
    now: Callable[[], datetime]
    zone: tzinfo

    def today(self) -> date:
        """The day, where the hub is."""
        return self.now().astimezone(self.zone).date()

    def record(
        self,
        tag: str,
        *,
        by: Person,
        resource: Resource | None = None,
        revision: Revision | None = None,
        **detail: object,
    ) -> None:
        """Note a fact, in this transaction; ``tag`` is ``subject:action``."""
        self.session.add(
            AuditEvent(
                at=self.now(),
                tag=tag,
                actor_id=by.id or None,
                resource_id=resource.id if resource else None,
                revision_id=revision.id if revision else None,
                detail=detail,
            )
        )

    def promise(self, kind: str, subject: object, *, at: datetime | None = None) -> None:
        """Promise a consequence, in this transaction: the worker keeps it after the commit."""
        now = self.now()
        self.session.add(Job(kind=kind, subject=str(subject), run_at=at or now, created_at=now))

    def promise_once(self, kind: str, subject: object) -> None:
        """Promise what is not promised yet; at the very same instant it becomes two: no harm."""
        there = select(Job.id).where(Job.kind == kind, Job.subject == str(subject)).limit(1)
        if self.session.scalar(there) is None:
            self.promise(kind, subject)

    def promise_many(self, promises: Sequence[tuple[str, object, datetime]]) -> None:
        """Promise many consequences in one statement: kind, subject, and from when on it is due.

        Objects would be written one by one on SQLite, which hands back a number for each.
        """
        now = self.now()
        rows = [
            {"kind": kind, "subject": str(subject), "run_at": at, "created_at": now}
            for kind, subject, at in promises
        ]
        if rows:
            self.session.execute(insert(Job), rows)


@contextmanager
def unit_of_work(
    session: Session,
    now: Callable[[], datetime],
    zone: tzinfo,
    wake: Callable[[], None] = lambda: None,
) -> Iterator[UnitOfWork]:
    """Commit when the block ends well, roll back when it raises, then wake the worker.

    What the session had read before is forgotten first, so that the change is decided on what is
    true now. ``wake`` is a hint: the worker finds due jobs even if it never runs.

    Raises:
        WrongState: someone else changed the same row a moment ago.
    """
    session.rollback()
    session.connection(execution_options={WRITING: True})
    try:
        yield UnitOfWork(session, now, zone)
        session.commit()
    except (StaleDataError, IntegrityError) as error:
        log.info("a change met another one, or a rule of the tables: %s", error)
        session.rollback()
        raise WrongState(FASTER) from error
    except BaseException:
        session.rollback()
        raise
    wake()
