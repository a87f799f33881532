"""The issues of the monthly catalogue; entries are copies, so a published issue never changes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.catalogue import Change
from resource_hub.domain.taxonomy import Kind
from resource_hub.models.base import Base, Codes, stored
from resource_hub.models.people import User


class Issue(Base):
    """The catalogue of one month: a draft until ``published_at``, frozen afterwards."""

    __tablename__ = "issue"
    __table_args__ = (
        CheckConstraint("(published_at IS NULL) = (number IS NULL)", name="published_has_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), unique=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    """Counts the published issues of the hub, from 1."""
    covers_from: Mapped[datetime]
    covers_to: Mapped[datetime]
    """Usually the month; an issue published early ends there, and the next one begins there."""
    preface: Mapped[str] = mapped_column(Text, default="")
    built_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    published_by: Mapped[User | None] = relationship(lazy="raise")
    entries: Mapped[list["Entry"]] = relationship(
        back_populates="issue",
        cascade="all, delete-orphan",
        order_by="Entry.position",
        lazy="raise",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Entry(Base):
    """One resource in one issue, as it was when the issue was built."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("issue_id", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    position: Mapped[int]
    change: Mapped[Change] = mapped_column(stored(Change))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(12))
    revision_number: Mapped[int]
    kind: Mapped[Kind] = mapped_column(stored(Kind))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    school_stage: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    grades: Mapped[tuple[str, ...]] = mapped_column(Codes())
    school_name: Mapped[str] = mapped_column(String(120))
    author_name: Mapped[str] = mapped_column(String(60))
    audience_token: Mapped[str] = mapped_column(String(40))

    issue: Mapped[Issue] = relationship(back_populates="entries", lazy="raise")
