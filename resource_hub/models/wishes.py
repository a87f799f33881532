"""What teachers wish for: the wish, who may see it, and who wishes it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.wishes import WishState
from resource_hub.models.base import Base, stored
from resource_hub.models.people import User
from resource_hub.models.resource import Resource


class Wish(Base):
    """Something that was looked for in vain; one wish, however many wish it."""

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answer_id IS NOT NULL)", name="answer_is_named"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_date"),
        CheckConstraint("text <> ''", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(40), default="")
    grade: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[WishState] = mapped_column(stored(WishState), default=WishState.OPEN, index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"), index=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    answer: Mapped[Resource | None] = relationship(lazy="raise")
    audience: Mapped[list["WishAudience"]] = relationship(
        back_populates="wish", cascade="all, delete-orphan", lazy="raise"
    )
    wishers: Mapped[list["Wisher"]] = relationship(
        back_populates="wish", cascade="all, delete-orphan", lazy="raise", order_by="Wisher.id"
    )


class WishAudience(Base):
    """One of the audience tokens of a wish: ``alliance:3``, or ``school:12`` where there is none.

    ``open_key`` is the wish folded, with subject and grade, as long as it is open: whoever wishes
    the same within the same alliance joins it.
    """

    __tablename__ = "wish_audience"
    __table_args__ = (UniqueConstraint("wish_id", "token"), UniqueConstraint("token", "open_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(String(40))
    open_key: Mapped[str | None] = mapped_column(String(300))

    wish: Mapped[Wish] = relationship(back_populates="audience", lazy="raise")


class Wisher(Base):
    """A person who wishes it, with a few words of their own; the first one made the wish."""

    __tablename__ = "wisher"
    __table_args__ = (UniqueConstraint("wish_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    wish: Mapped[Wish] = relationship(back_populates="wishers", lazy="raise")
    person: Mapped[User] = relationship(lazy="raise")
