"""One change, one transaction: the change itself, what is recorded of it, and what it promises."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo

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
