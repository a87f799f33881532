"""Invitations of people from outside to judge one submission."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.submissions import Stage
from resource_hub.models.base import Base, stored
from resource_hub.models.people import User
from resource_hub.models.review import Submission


class Invitation(Base):
    """One person asked to judge one submission at one stage, by a link of their own.

    The link's token is made of the hub's key and ``nonce``; the table knows it by its hash alone.
    ``guest`` stands for the person in the tables: without address, school or password.
    """

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_submission", "submission_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    guest_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    nonce: Mapped[str] = mapped_column(String(43))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    inviter_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(lazy="raise")
    guest: Mapped[User] = relationship(lazy="raise", foreign_keys=[guest_id])
    inviter: Mapped[User] = relationship(lazy="raise", foreign_keys=[inviter_id])
