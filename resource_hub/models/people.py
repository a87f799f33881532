"""Accounts, appointments to roles, and sign-ins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.people import Role
from resource_hub.models.base import Base, Codes, stored
from resource_hub.models.organisation import Alliance, School


class User(Base):
    """A person with an account. ``account`` and ``email`` are kept in lower case."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(60), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    subjects: Mapped[tuple[str, ...]] = mapped_column(Codes())
    grades: Mapped[tuple[str, ...]] = mapped_column(Codes())
    language: Mapped[str] = mapped_column(String(12), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    school: Mapped[School | None] = relationship(lazy="raise")
    appointments: Mapped[list["Appointed"]] = relationship(
        back_populates="user", lazy="raise", cascade="all, delete-orphan", order_by="Appointed.id"
    )


class Appointed(Base):
    """A role that a person holds in a school, in an alliance, or in the hub as a whole."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("school_id IS NULL OR alliance_id IS NULL", name="one_organisation"),
        CheckConstraint(
            "(role = 'administrator') = (school_id IS NULL AND alliance_id IS NULL)",
            name="administrators_serve_the_hub",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(stored(Role))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id"), index=True)
    subjects: Mapped[tuple[str, ...]] = mapped_column(Codes(), default=())
    stages: Mapped[tuple[str, ...]] = mapped_column(Codes(), default=())

    user: Mapped[User] = relationship(back_populates="appointments", lazy="raise")
    school: Mapped[School | None] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")


class SignIn(Base):
    """One browser that is signed in; the cookie holds the token, the table only its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SignInFailure(Base):
    """A failed sign-in, by account and by address; in the database, so all web processes count."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
