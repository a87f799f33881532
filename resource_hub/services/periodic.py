"""Work that comes again, nightly or monthly: promised once, by whichever worker is first."""

from datetime import datetime, timedelta, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.models import Tick
from resource_hub.services import catalogue_due
from resource_hub.services.unit_of_work import UnitOfWork

NIGHTLY = {"tidy": 1, "verify": 2, "letters": 7, "review_clock": 6}
"""Kinds of jobs, and from what hour of the hub's day on each is due: tidied before it is read;
letters when people get up."""

REMEMBERED = timedelta(days=60)
"""How long it is known that something was promised."""


def due_ticks(session: Session, now: datetime, zone: tzinfo) -> list[tuple[str, str]]:
    """Kind and subject of what is due and was not promised yet.

    The subject is the day, such as ``2026-10-12``; of an issue of the catalogue, the month and the
    alliance.

    A machine that is switched off at night makes up for it in the morning: once, however many
    nights it missed.
    """
    local = now.astimezone(zone)
    day = local.date().isoformat()
    wanted = {_key(kind, day): kind for kind, hour in NIGHTLY.items() if local.hour >= hour}
    promised = set(session.scalars(select(Tick.key).where(Tick.key.in_(wanted))))
    nightly = [(kind, day) for key, kind in wanted.items() if key not in promised]
    issues = catalogue_due.due_issues(session, now, zone)
    return nightly + [(catalogue_due.KIND, subject) for subject in issues]


def promise_tick(uow: UnitOfWork, kind: str, subject: str) -> None:
    """Promise it; where another worker was faster the unit of work says ``WrongState``."""
    uow.session.add(Tick(key=_key(kind, subject), at=uow.now()))
    uow.session.flush()
    uow.promise(kind, subject)


def forget_old_ticks(uow: UnitOfWork) -> None:
    uow.session.execute(delete(Tick).where(Tick.at < uow.now() - REMEMBERED))


def _key(kind: str, subject: str) -> str:
    return f"{kind}:{subject}"
