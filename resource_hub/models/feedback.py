"""What people make of a resource: stars, and that they used it in class."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base
from resource_hub.models.discussion import Post


class Rating(Base):
    """The stars that one person gives; who wrote the resource gives none."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five_stars"),
        CheckConstraint("person_id <> owner_id", name="not_on_own_work"),
    )

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """Of the resource."""
    stars: Mapped[int]
    at: Mapped[datetime]
    """Of the latest change."""


class ClassUse(Base):
    """Somebody used a resource in class; its post is what is answered, reported or hidden.

    ``counts`` is false where an author of the resource did: that is told, and not counted.
    """

    __tablename__ = "class_use"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    grade: Mapped[str] = mapped_column(String(40))
    held_on: Mapped[date]
    worked: Mapped[str] = mapped_column(Text, default="")
    changed: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[bool]

    post: Mapped[Post] = relationship(lazy="raise")
