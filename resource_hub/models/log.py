"""What happened (for ever), and what a person is told about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base
from resource_hub.models.people import User


class AuditEvent(Base):
    """A fact, tagged ``source:subject:action``; never changed, never deleted."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    tag: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """NULL: the hub itself, or the person at its command line."""
    resource_id: Mapped[int | None] = mapped_column(index=True)
    revision_id: Mapped[int | None]
    """No foreign keys: what happened to a discarded draft is remembered after it is gone."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Any: each tag has its own facts

    actor: Mapped[User | None] = relationship(lazy="raise")


class Notice(Base):
    """An in-app message: a kind and its values; the words are chosen in the reader's language."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unread", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Any: each kind has its own
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id", ondelete="CASCADE"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    read_at: Mapped[datetime | None]
