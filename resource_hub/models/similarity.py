"""What works are compared by, what was found, and what the author says to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base, stored
from resource_hub.models.resource import Resource, Revision


class WorkPrint(Base):
    """The print of a revision that is published or in review: see ``domain.similarity.Print``."""

    __tablename__ = "work_print"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    method: Mapped[int]
    tokens: Mapped[int]
    shingles: Mapped[int]
    reach: Mapped[float] = mapped_column(Float)
    made_at: Mapped[datetime]


class WorkValue(Base):
    """One value of a print: who has it is one look into the primary key, however many works."""

    __tablename__ = "work_value"
    __table_args__ = ({"sqlite_with_rowid": False},)

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )


class Comparison(Base):
    """That a revision was compared, as it was then: ``digest`` names its words and files."""

    __tablename__ = "comparison"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    digest: Mapped[str] = mapped_column(String(64))
    compared_at: Mapped[datetime]


class FoundAlike(Base):
    """Another work that is like a revision: which version of it, and how much of both is the same.

    The shares are those of ``domain.similarity.Likeness``.
    """

    __tablename__ = "found_alike"
    __table_args__ = (
        UniqueConstraint("revision_id", "other_id"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_is_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    percent: Mapped[int]
    of_new: Mapped[float] = mapped_column(Float)
    of_old: Mapped[float] = mapped_column(Float)
    same_files: Mapped[list[str]]
    """Names, in the revision, of the files whose bytes are also files of the other."""
    same_pages: Mapped[list[list[Any]]] = mapped_column(
        JSON, default=list
    )  # Any: JSON has no types
    """Pages that look the same: blob and number in the revision, blob and number in the other."""

    other: Mapped[Revision] = relationship(lazy="raise", foreign_keys=[other_id])


class Relation(StrEnum):
    """What the author says of a work that is like the own one."""

    NEW_VERSION = "new_version"
    DERIVED = "derived"
    """The other one is credited on both pages."""
    DIFFERENT = "different"


class Kinship(Base):
    """What the author of a revision says of another resource that is like it."""

    __tablename__ = "kinship"
    __table_args__ = (
        UniqueConstraint("revision_id", "other_id"),
        CheckConstraint("relation <> 'different' OR why <> ''", name="different_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("resource.id", ondelete="CASCADE"), index=True)
    relation: Mapped[Relation] = mapped_column(stored(Relation))
    why: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime]

    other: Mapped[Resource] = relationship(lazy="raise")
