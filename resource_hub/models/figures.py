"""Figures for appraisal: rules of points, dates of terms, what was fixed, objections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base
from resource_hub.models.people import User


class PointsRuleRow(Base):
    """One version of an alliance's rule; never changed: a new one is valid from its day on."""

    __tablename__ = "points_rule"
    __table_args__ = (UniqueConstraint("alliance_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    number: Mapped[int]
    """Counts the versions of the alliance, from 1."""
    valid_from: Mapped[date]
    rule: Mapped[dict[str, Any]]  # Any: domain.points.PointsRule as JSON
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SchoolYear(Base):
    """On which days the two terms of a school year begin, where it is not the usual ones."""

    __tablename__ = "school_year"

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[date]
    second: Mapped[date]


class Objection(Base):
    """What a teacher says against the own figures of a period, and the answer."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("note <> ''", name="says_something"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"
        ),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answer_says_something"),
        CheckConstraint("answered_by_id <> person_id", name="not_answered_by_oneself"),
        Index(
            "uq_objection_open",
            "alliance_id",
            "school_id",
            "period",
            "person_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    period: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")


class Statement(Base):
    """The figures of a school in an alliance over a period, fixed: never changed afterwards."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("alliance_id", "school_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    period: Mapped[str] = mapped_column(String(12))
    covers_from: Mapped[date]
    covers_to: Mapped[date]
    """The last day."""
    content: Mapped[str] = mapped_column(Text)
    """``catalogue.statement.StatementData`` as canonical JSON."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``content`` in UTF-8."""
    fixed_at: Mapped[datetime]
    fixed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    fixed_by: Mapped[User | None] = relationship(lazy="raise")


class StatementFile(Base):
    """A statement as a workbook, or as PDF to sign; written once for each script."""

    __tablename__ = "statement_file"
    __table_args__ = (UniqueConstraint("statement_id", "format", "script"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    format: Mapped[str] = mapped_column(String(12))
    script: Mapped[str] = mapped_column(String(12))
    blob_hash: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
