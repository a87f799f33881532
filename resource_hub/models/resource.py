"""Resources, their revisions, and the files of a revision."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.review import Stage, State
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models.base import Base, Codes, stored
from resource_hub.models.organisation import Alliance, School
from resource_hub.models.people import User

if TYPE_CHECKING:  # that module names this one's tables
    from resource_hub.models.closeness import CoAuthor


class Resource(Base):
    """The lasting thing with a short public id; what it says is in its revisions.

    ``audience_token`` and ``available_at`` repeat what the live revision says, so that every list
    is one indexed query; both are NULL while nothing is live.
    """

    __tablename__ = "resource"
    __table_args__ = (
        CheckConstraint(
            "(audience_token IS NULL) = (available_at IS NULL)", name="live_has_audience_and_date"
        ),
        Index("ix_resource_shelf", "audience_token", "available_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[Kind] = mapped_column(stored(Kind))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    audience_token: Mapped[str | None] = mapped_column(String(40))
    available_at: Mapped[datetime | None] = mapped_column(index=True)
    """When others may first see the live revision: its publication or its release date."""
    first_available_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    views: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0, index=True)
    class_uses: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of others than its authors, as far as they are not hidden."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[User] = relationship(lazy="raise")
    school: Mapped[School] = relationship(lazy="raise")
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="resource", lazy="raise", order_by="Revision.number"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Revision(Base):
    """One version of a resource's description and files; it is the revision that is reviewed."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("resource_id", "number"),
        CheckConstraint("(state = 'in_review') = (stage IS NOT NULL)", name="review_has_stage"),
        CheckConstraint(
            "state NOT IN ('published', 'superseded') OR published_at IS NOT NULL",
            name="published_has_date",
        ),
        CheckConstraint(
            "state NOT IN ('published', 'superseded') OR basis IN ('review', 'import')",
            name="published_on_some_ground",
        ),
        CheckConstraint(
            "state IN ('draft', 'changes_requested') OR rights_declared_at IS NOT NULL",
            name="submitted_with_rights",
        ),
        CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_has_date"
        ),
        Index(
            "uq_revision_live",
            "resource_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "uq_revision_open",
            "resource_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'in_review', 'changes_requested')"),
            postgresql_where=text("state IN ('draft', 'in_review', 'changes_requested')"),
        ),
        Index("ix_revision_inbox", "state", "stage", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), index=True)
    number: Mapped[int]
    state: Mapped[State] = mapped_column(stored(State), default=State.DRAFT)
    stage: Mapped[Stage | None] = mapped_column(stored(Stage))
    title: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    school_stage: Mapped[str] = mapped_column(String(40), default="")
    subject: Mapped[str] = mapped_column(String(40), default="", index=True)
    volume: Mapped[str] = mapped_column(String(40), default="")
    edition: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(120), default="")
    keywords: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(12), default="zh-Hans")
    licence: Mapped[str] = mapped_column(String(40), default="")
    audience: Mapped[Audience] = mapped_column(stored(Audience), default=Audience.ALLIANCE)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id"), index=True)
    release_on: Mapped[date | None]
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Any: JSON, texts by section
    text: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    basis: Mapped[str | None] = mapped_column(String(12))
    """``review`` when reviewers approved it, ``import`` when a collection was admitted."""
    endorsed_at: Mapped[tuple[str, ...]] = mapped_column(Codes(), default=())
    """The stages whose school or alliance stands behind it: ``domain.endorsement``."""
    rights_declared_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    available_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    resource: Mapped[Resource] = relationship(back_populates="revisions", lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")
    grade_rows: Mapped[list["RevisionGrade"]] = relationship(
        cascade="all, delete-orphan", order_by="RevisionGrade.id", lazy="selectin"
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="revision",
        cascade="all, delete-orphan",
        order_by="Attachment.position",
        lazy="raise",
    )

    co_author_rows: Mapped[list["CoAuthor"]] = relationship(
        viewonly=True, lazy="raise", order_by="CoAuthor.id"
    )

    # Two people deciding at once: the second one gets StaleDataError, not a lost update.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

    @property
    def grades(self) -> tuple[str, ...]:
        return tuple(row.grade for row in self.grade_rows)

    @property
    def authors(self) -> list[str]:
        """The names under the title, the owner's first; ``load_revision`` loads them."""
        return [self.resource.owner.name, *(row.user.name for row in self.co_author_rows)]


class RevisionGrade(Base):
    """A grade that a revision is for; a table of its own so that a shelf is one indexed join."""

    __tablename__ = "revision_grade"
    __table_args__ = (UniqueConstraint("revision_id", "grade"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    grade: Mapped[str] = mapped_column(String(40), index=True)


class Attachment(Base):
    """A named file of a revision; its bytes are a blob that others may share."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), index=True
    )
    blob_key: Mapped[str] = mapped_column(ForeignKey("blob.key"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    created_at: Mapped[datetime]

    revision: Mapped[Revision] = relationship(back_populates="attachments", lazy="raise")
    blob: Mapped["Blob"] = relationship(lazy="raise")


class Playing(StrEnum):
    """Whether browsers can play a film or a sound."""

    AS_IT_IS = "as_it_is"
    PREPARING = "preparing"
    """Another file is being made of it that they can play."""
    MADE = "made"
    """That file is there: a rendition of kind ``film``."""
    IMPOSSIBLE = "impossible"


class Recognition(StrEnum):
    """Whether text was looked for in the pictures of a file, by the extra ``ocr``."""

    WAITING = "waiting"
    """The worker is at it, or will be; what it found so far is there."""
    FOUND = "found"
    NOTHING = "nothing"


class Blob(Base):
    """Bytes kept once, named by their SHA-256, and what was found inside.

    ``inspected_at`` is NULL until the background job has looked; ``trouble`` then says why there is
    no preview or no text, in the words of ``resource_hub.files``.
    """

    __tablename__ = "blob"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(120))
    family: Mapped[str] = mapped_column(String(20))
    pages: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration: Mapped[float | None] = mapped_column(Float)
    """Of a film or a sound, in seconds."""
    codecs: Mapped[str | None] = mapped_column(String(80))
    """Of a film or a sound: ``h264, aac``."""
    playing: Mapped[str | None] = mapped_column(String(12))
    """A word of ``Playing``; NULL for what is neither, and before anybody has looked."""
    trouble: Mapped[str | None] = mapped_column(String(24))
    thumbnail_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Another blob of the storage, a WebP picture; it has no row of its own."""
    macros: Mapped[bool] = mapped_column(default=False, server_default=false())
    findings: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """Numbers of people in its text: ``[what, place, label, masked]``; Any: place may be None."""
    inspected_by: Mapped[int] = mapped_column(default=0, server_default="0")
    """Which generation of readers looked into it: ``resource_hub.files.READERS``."""
    recognition: Mapped[str | None] = mapped_column(String(12))
    """A word of ``Recognition``; NULL for what has text of its own, and where nobody looks."""
    recognised_pages: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many pages have been looked at so far."""
    virus: Mapped[str | None] = mapped_column(String(200))
    """What the virus scanner found; NULL: nothing, or it has not looked (``scanned_at``)."""
    scanned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    inspected_at: Mapped[datetime | None]

    text: Mapped["BlobText | None"] = relationship(
        lazy="raise", cascade="all, delete-orphan", uselist=False
    )


class BlobText(Base):
    """The words inside a blob, at most 200,000 characters; apart, so that lists never load them."""

    __tablename__ = "blob_text"

    blob_key: Mapped[str] = mapped_column(
        ForeignKey("blob.key", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
    places: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # Any: an int, two words
    """Where each page, slide or sheet begins: ``[offset, kind, label]``, in rising order; empty for
    formats without them, and for what was inspected before the hub kept this."""
    listing: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Any: a number, names and sizes
    """Of an archive: ``{"total": how many, "members": [[name, bytes], …]}``."""
