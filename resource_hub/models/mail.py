"""Which mails a person wants, and which were sent: no mail goes out twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.domain.telling import How, Topic
from resource_hub.models.base import Base, stored


class MailChoice(Base):
    """What a person chose for one topic; without a row it is as usual."""

    __tablename__ = "mail_choice"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[Topic] = mapped_column(stored(Topic), primary_key=True)
    how: Mapped[How] = mapped_column(stored(How))


class Letter(Base):
    """One mail, written down before it goes out; ``key`` says which, such as ``notice:12``.

    A letter without ``sent_at`` and without ``refusal`` was on its way when its worker ended: the
    server may have it or not, so it is not sent again.
    """

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(Text, default="")
    """What the server said that will not take it, ever."""


class LetterNotice(Base):
    """A notice that stands in a letter."""

    __tablename__ = "letter_notice"

    letter_id: Mapped[int] = mapped_column(
        ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True
    )
    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, index=True
    )
