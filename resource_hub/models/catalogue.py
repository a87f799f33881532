"""The issues of the monthly catalogues; entries are copies, so a published one never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.catalogue import Change
from resource_hub.domain.taxonomy import Kind
from resource_hub.models.base import Base, Codes, stored
from resource_hub.models.issue_parts import Asked, Highlighted, IssueErratum
from resource_hub.models.organisation import Alliance
from resource_hub.models.people import User


class Issue(Base):
    """An alliance's catalogue of one month: a draft until ``published_at``, frozen afterwards."""

    __tablename__ = "issue"
    __table_args__ = (
        UniqueConstraint("alliance_id", "month"),
        UniqueConstraint("alliance_id", "number"),
        CheckConstraint("(published_at IS NULL) = (number IS NULL)", name="published_has_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    month: Mapped[str] = mapped_column(String(7), index=True)
    number: Mapped[int | None]
    """Counts the published issues of the alliance, from 1; within a year an issue has the number
    of its month."""
    covers_from: Mapped[datetime]
    covers_to: Mapped[datetime]
    """Usually the month; an issue published early ends there, and the next one begins there."""
    alliance_name: Mapped[str | None] = mapped_column(String(120))
    """Copied when it is published: the alliance may be renamed afterwards."""
    preface: Mapped[str] = mapped_column(Text, default="")
    edits: Mapped[int] = mapped_column(default=0)
    """How often the editors' words were changed: whoever saves says what they had seen."""
    subjects: Mapped[tuple[str, ...]] = mapped_column(Codes(), default=())
    """The subjects in the editor's order; others follow as the taxonomy has them."""
    cover_key: Mapped[str | None] = mapped_column(String(64))
    """Of a picture that the editor chose; without it the cover is drawn."""
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Any: FiguresData, by edition
    """Counted once, when the issue's time was over; see ``services.issue_figures``."""
    built_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    alliance: Mapped[Alliance] = relationship(lazy="raise")
    published_by: Mapped[User | None] = relationship(lazy="raise")
    entries: Mapped[list["Entry"]] = relationship(
        back_populates="issue",
        cascade="all, delete-orphan",
        order_by="Entry.position",
        lazy="raise",
    )
    highlights: Mapped[list[Highlighted]] = relationship(
        cascade="all, delete-orphan", order_by=Highlighted.position, lazy="raise"
    )
    asked_for: Mapped[list[Asked]] = relationship(
        cascade="all, delete-orphan", order_by=Asked.position, lazy="raise"
    )
    errata: Mapped[list[IssueErratum]] = relationship(
        cascade="all, delete-orphan", order_by=IssueErratum.id, lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Entry(Base):
    """One resource in one issue, as it was when the issue was built."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("issue_id", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    position: Mapped[int]
    rank: Mapped[int | None]
    """The editor's order within subject, grade and school; others follow by title."""
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
    thumbnail_key: Mapped[str | None] = mapped_column(String(64), index=True)
    badge: Mapped[str] = mapped_column(String(24), default="", server_default="")
    """The strongest of ``domain.endorsement.badges``; empty for what was withdrawn, and in issues
    that were frozen before entries had badges."""

    issue: Mapped[Issue] = relationship(back_populates="entries", lazy="raise")
