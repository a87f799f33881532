"""What is remembered so that nothing is lost or comes twice: checks, faults, bytes, quotas."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base, stored


class AskedBy(StrEnum):
    NIGHT = "night"
    COMMAND = "command"


class FaultKind(StrEnum):
    DAMAGED = "damaged"
    """The bytes are not those that the name promises."""
    MISSING = "missing"
    """The database knows the bytes, the storage does not."""
    UNREADABLE = "unreadable"
    """The storage has them and does not give them."""
    DATABASE = "database"
    INDEX = "index"


class Verification(Base):
    """One reading of every blob, night after night; at most one is unfinished.

    ``cursor`` is the key of the last blob that was read, so that whoever goes on begins there;
    ``holder`` says who reads just now, as long as ``lease_until`` has not passed.
    """

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (turn IS NOT NULL)", name="finished_frees_turn"),
        CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name="held_until_when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by: Mapped[AskedBy] = mapped_column(stored(AskedBy))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    turn: Mapped[int | None] = mapped_column(unique=True, default=1)
    """1 while it is unfinished, then NULL: so that there are never two."""
    cursor: Mapped[str] = mapped_column(String(64), default="")
    holder: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None]
    files: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes that were read."""
    unused_files: Mapped[int] = mapped_column(default=0)
    """Bytes that nothing uses. No fault: they go by themselves, after a time of grace."""
    unused_size: Mapped[int] = mapped_column(BigInteger, default=0)

    faults: Mapped[list["Fault"]] = relationship(
        back_populates="verification",
        lazy="raise",
        order_by="Fault.id",
        cascade="all, delete-orphan",
    )


class Fault(Base):
    """Something that a verification found wrong; ``key`` is empty if it is not about one blob."""

    __tablename__ = "fault"

    id: Mapped[int] = mapped_column(primary_key=True)
    verification_id: Mapped[int] = mapped_column(
        ForeignKey("verification.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[FaultKind] = mapped_column(stored(FaultKind))
    key: Mapped[str] = mapped_column(String(64), default="", index=True)
    detail: Mapped[str] = mapped_column(Text, default="")
    repaired_at: Mapped[datetime | None]

    verification: Mapped[Verification] = relationship(back_populates="faults", lazy="raise")


class UnusedBlob(Base):
    """Bytes that nothing uses, since when that is known; who uses them again removes the row."""

    __tablename__ = "unused_blob"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(index=True)


class Tick(Base):
    """Periodic work that was promised: once per key, such as ``verify:2026-10-12``."""

    __tablename__ = "tick"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class StickSubmission(Base):
    """A submission that came on a stick and became a resource: once, whoever takes it in."""

    __tablename__ = "stick_submission"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What the page of the pack called it."""
    public_id: Mapped[str] = mapped_column(String(12))
    """The resource that it became; no foreign key: a discarded draft comes back no second time."""
    at: Mapped[datetime]


class SchoolQuota(Base):
    """The room of a school that has its own figure; every other school has that of the settings."""

    __tablename__ = "school_quota"
    __table_args__ = (CheckConstraint("size >= 0", name="not_negative"),)

    school_id: Mapped[int] = mapped_column(
        ForeignKey("school.id", ondelete="CASCADE"), primary_key=True
    )
    size: Mapped[int] = mapped_column(BigInteger)
    """In bytes; 0 means without limit."""
