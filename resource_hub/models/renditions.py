"""Pictures and films made from a file, so that anyone can look inside with a browser."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base, stored


class RenditionKind(StrEnum):
    PAGE = "page"
    """A page or slide as a picture."""
    FILM = "film"
    """A film or sound that every browser plays."""
    POSTER = "poster"
    """A film's still picture."""


class Rendition(Base):
    """Something made from a blob. Its bytes are in the storage and have no blob row of their own.

    It may be thrown away at any time, with its bytes: it is made again when it is wanted.
    """

    __tablename__ = "rendition"
    __table_args__ = (
        UniqueConstraint("blob_key", "kind", "number", "variant"),
        CheckConstraint("(kind = 'page') = (number > 0)", name="pages_are_numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    blob_key: Mapped[str] = mapped_column(ForeignKey("blob.key", ondelete="CASCADE"))
    kind: Mapped[RenditionKind] = mapped_column(stored(RenditionKind))
    number: Mapped[int] = mapped_column(default=0)
    """The page, from 1; 0 for all else."""
    variant: Mapped[str] = mapped_column(String(12), default="")
    """``small`` or ``large`` of a page, else empty."""
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Of the bytes in the storage. Two renditions may share them: empty pages look alike."""
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    approximate: Mapped[bool] = mapped_column(default=False)
    """Made of the file's text and pictures alone: its own layout is different."""
    made_at: Mapped[datetime]


class Preview(Base):
    """That pages were made of a blob, how many there are, or why there are none."""

    __tablename__ = "preview"
    __table_args__ = (CheckConstraint("pages IS NULL OR pages >= 0", name="pages_are_counted"),)

    blob_key: Mapped[str] = mapped_column(
        ForeignKey("blob.key", ondelete="CASCADE"), primary_key=True
    )
    pages: Mapped[int | None]
    """How many there are to show; NULL while only the first ones were laid out."""
    trouble: Mapped[str | None] = mapped_column(String(24))
    """Why there are none, in the codes of ``resource_hub.files``."""
    made_at: Mapped[datetime]
