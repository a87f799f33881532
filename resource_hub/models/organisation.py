"""Schools, alliances, and which school belongs to which alliance."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.taxonomy import AllianceKind
from resource_hub.models.base import Base, stored


class Standing(StrEnum):
    CORE = "core"
    MEMBER = "member"


class School(Base):
    """A school; its code is stable and appears in addresses."""

    __tablename__ = "school"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="school", lazy="raise")


class Alliance(Base):
    __tablename__ = "alliance"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[AllianceKind] = mapped_column(stored(AllianceKind))
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="alliance", lazy="raise")


class Membership(Base):
    """A school in an alliance, as its core school or as a member."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("alliance_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    standing: Mapped[Standing] = mapped_column(stored(Standing))
    since: Mapped[datetime]

    alliance: Mapped[Alliance] = relationship(back_populates="memberships", lazy="raise")
    school: Mapped[School] = relationship(back_populates="memberships", lazy="raise")
