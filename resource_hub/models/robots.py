"""Group robots of an alliance, and how an issue went out: to its people, and to its groups."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.domain.robots import CardTopic, Service
from resource_hub.models.base import Base, stored


class RobotRow(Base):
    """A robot of one group, as an editor set it up. Address and secret are shown to nobody."""

    __tablename__ = "robot"
    __table_args__ = (UniqueConstraint("alliance_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    service: Mapped[Service] = mapped_column(stored(Service))
    name: Mapped[str] = mapped_column(String(60))
    """Of the group, such as 全体教师."""
    address: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text, default="")
    tells_rounds: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether the group wants cards of discussion rounds, beside those of issues."""
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]


class Posting(Base):
    """One card of an issue or of its round, for one group; a removed robot leaves its name.

    A posting that was begun and neither sent nor refused was on its way when its worker ended: the
    group may have it or not, so it is not posted again by itself.
    """

    __tablename__ = "posting"
    __table_args__ = (UniqueConstraint("issue_id", "robot_id", "topic", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    robot_id: Mapped[int | None] = mapped_column(
        ForeignKey("robot.id", ondelete="SET NULL"), index=True
    )
    robot_name: Mapped[str] = mapped_column(String(60))
    topic: Mapped[CardTopic] = mapped_column(
        stored(CardTopic), default=CardTopic.ISSUE, server_default=CardTopic.ISSUE
    )
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of a round: its ``sequence`` by then, for it may be moved more than once. Of an issue: 0."""
    promised_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    """What the service said last, if it did not take it."""
    is_refused: Mapped[bool] = mapped_column(default=False)
    """It will not take it, however often it is tried."""
    dropped_at: Mapped[datetime | None]
    """When its turn came and it was no longer so, or no longer wanted."""

    @property
    def may_be_repeated(self) -> bool:
        """Refused for good, or begun long since and never heard of again."""
        is_settled = self.sent_at is not None or self.dropped_at is not None
        return not is_settled and (self.is_refused or self.begun_at is not None)


class IssueNotice(Base):
    """The notice by which one person was told of an issue; its mail is in ``letter``."""

    __tablename__ = "issue_notice"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True
    )
    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, index=True
    )
