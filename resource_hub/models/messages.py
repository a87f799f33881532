"""What author and reviewers say to each other about a submission."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.submissions import Stage
from resource_hub.models.base import Base, stored
from resource_hub.models.people import User
from resource_hub.models.review import Submission


class Message(Base):
    """One message of the thread, in Markdown; never changed afterwards.

    ``stage`` is where the submission stood then: see ``domain.thread``.
    """

    __tablename__ = "message"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    speaker_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(lazy="raise")
    speaker: Mapped[User] = relationship(lazy="raise")
    answers: Mapped["Message | None"] = relationship(lazy="raise", remote_side="Message.id")
