"""What stands in an issue beside its entries: highlights, wishes, errata, and its files."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.domain.catalogue import IssueEdition
from resource_hub.models.base import Base, stored


class Highlighted(Base):
    """A resource that the editor puts first, with a few words; it outlives building again."""

    __tablename__ = "highlight"
    __table_args__ = (UniqueConstraint("issue_id", "public_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    position: Mapped[int]
    public_id: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")


class Asked(Base):
    """A wish that was open when the issue's time ended, as it was then; for the alliance alone."""

    __tablename__ = "asked_for"
    __table_args__ = (UniqueConstraint("issue_id", "wish_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    position: Mapped[int]
    wish_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(40))
    people: Mapped[int]


class IssueErratum(Base):
    """A mistake in a published issue, said beside it; never changed, never deleted."""

    __tablename__ = "erratum"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    public_id: Mapped[str] = mapped_column(String(12), default="")
    """Of the entry that is mended; empty: the issue as a whole."""
    words: Mapped[str] = mapped_column(Text)


class Artefact(Base):
    """A file of a published issue: written once, for one edition, format and script.

    ``errata`` says how many errata it knows: with each new one, files are added beside the first.
    """

    __tablename__ = "artefact"
    __table_args__ = (UniqueConstraint("issue_id", "edition", "format", "script", "errata"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    edition: Mapped[IssueEdition] = mapped_column(stored(IssueEdition))
    format: Mapped[str] = mapped_column(String(24))
    script: Mapped[str] = mapped_column(String(12), default="")
    """Such as ``zh-Hans``; empty where the file has no words of the hub."""
    errata: Mapped[int] = mapped_column(default=0)
    blob_hash: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
