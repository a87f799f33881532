"""Who is too close to a work to judge it: who wrote it too, and mentors and their mentees."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base
from resource_hub.models.people import User


class CoAuthor(Base):
    """Somebody who wrote a version too; its owner alone changes and submits it."""

    __tablename__ = "co_author"
    __table_args__ = (UniqueConstraint("revision_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)

    user: Mapped[User] = relationship(lazy="raise")


class MentorPair(Base):
    """A mentor and a mentee (师徒): neither judges what the other wrote."""

    __tablename__ = "mentor_pair"
    __table_args__ = (
        UniqueConstraint("mentor_id", "mentee_id"),
        CheckConstraint("mentor_id <> mentee_id", name="of_two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]

    mentor: Mapped[User] = relationship(foreign_keys=mentor_id, lazy="raise")
    mentee: Mapped[User] = relationship(foreign_keys=mentee_id, lazy="raise")
