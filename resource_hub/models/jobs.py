"""The outbox: what must happen after a change, promised in the transaction of that change."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base, stored


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    SET_ASIDE = "set_aside"


class Job(Base):
    """A promise: "look at ``subject`` again". Done jobs are deleted, so the table stays small.

    ``subject`` is an id (a resource, a blob, a person) as text; the handler reads everything
    afresh, so repeats and order do no harm.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "kind", "run_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(80))
    state: Mapped[JobState] = mapped_column(stored(JobState), default=JobState.WAITING)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(120))
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
