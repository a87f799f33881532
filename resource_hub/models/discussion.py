"""What people say to each other about resources and in rounds: one kind of thread for both."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.discussion import PostKind
from resource_hub.models.base import Base, stored
from resource_hub.models.catalogue import Issue
from resource_hub.models.people import User
from resource_hub.models.resource import Resource


class Thread(Base):
    """A conversation about a resource (its comments), in an issue's round, or both.

    A resource has one standing thread, that of its comments; and one in each round at most. A free
    thread of a round is about no resource and has a title.
    """

    __tablename__ = "thread"
    __table_args__ = (
        CheckConstraint("resource_id IS NOT NULL OR issue_id IS NOT NULL", name="has_a_place"),
        CheckConstraint("resource_id IS NOT NULL OR title <> ''", name="free_one_has_a_title"),
        CheckConstraint("(locked_at IS NULL) = (locked_by_id IS NULL)", name="locked_by_somebody"),
        Index(
            "uq_thread_standing",
            "resource_id",
            unique=True,
            sqlite_where=text("issue_id IS NULL"),
            postgresql_where=text("issue_id IS NULL"),
        ),
        UniqueConstraint("issue_id", "resource_id"),
        Index("ix_thread_resource_id", "resource_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id", ondelete="CASCADE"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(120), default="")
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    concluded: Mapped[str] = mapped_column(Text, default="")
    """What it came to, for the minutes; empty: nothing yet."""
    version: Mapped[int] = mapped_column(default=1)

    resource: Mapped[Resource | None] = relationship(lazy="raise")
    issue: Mapped[Issue | None] = relationship(lazy="raise")
    opened_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[opened_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Post(Base):
    """One thing that one person said, in Markdown; never changed afterwards, but hidden.

    ``form_key`` names the form that it came from: pressed twice, it is one post. Hidden by its own
    author it is taken back, which needs no reason.
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("text <> '' OR kind <> 'comment'", name="says_something"),
        CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by_id IS NULL)"
            " AND (hidden_at IS NOT NULL OR hidden_reason = '')"
            " AND (hidden_at IS NULL OR hidden_reason <> '' OR hidden_by_id = author_id)",
            name="hidden_with_a_reason",
        ),
        UniqueConstraint("author_id", "form_key"),
        Index("ix_post_thread_id_id", "thread_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    kind: Mapped[PostKind] = mapped_column(stored(PostKind), default=PostKind.COMMENT)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reply_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    form_key: Mapped[str] = mapped_column(String(40))
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    hidden_reason: Mapped[str] = mapped_column(Text, default="")

    thread: Mapped[Thread] = relationship(lazy="raise")
    author: Mapped[User] = relationship(lazy="raise", foreign_keys=[author_id])
    reply_to: Mapped["Post | None"] = relationship(lazy="raise", remote_side="Post.id")


class PostPicture(Base):
    """A picture of a post, made small and without what the camera wrote into it."""

    __tablename__ = "post_picture"
    __table_args__ = (UniqueConstraint("post_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Of a WebP picture in the storage."""
    width: Mapped[int]
    height: Mapped[int]


class Mention(Base):
    """Whom a post names with an @, as far as they may read it."""

    __tablename__ = "mention"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    person: Mapped[User] = relationship(lazy="raise")


class ThreadMute(Base):
    """A person wants no notices of a thread, but those that name them."""

    __tablename__ = "thread_mute"

    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PostReport(Base):
    """Somebody finds that a post should be looked at; ``settled_at``: a moderator has."""

    __tablename__ = "post_report"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="says_why"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_one"),
    )

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
