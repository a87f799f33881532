"""What a reviewer writes before deciding, and the sentences that a reviewer uses again."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class HalfWritten(Base):
    """An opinion that is being written, one row for each window that wrote another text."""

    __tablename__ = "half_written"
    __table_args__ = (UniqueConstraint("submission_id", "reviewer_id", "window"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    window: Mapped[str] = mapped_column(String(32))
    """Which page wrote it last: a random word that the page got when it was opened."""
    turn: Mapped[int] = mapped_column(default=1)
    """Grows with each save: a window that read an earlier turn does not write over a later one."""
    content: Mapped[dict[str, Any]]  # Any: JSON, see ``services.opinions.Written``
    saved_at: Mapped[datetime]


class OwnSentence(Base):
    """A sentence that a reviewer puts into opinions by a button; nobody else sees it."""

    __tablename__ = "own_sentence"
    __table_args__ = (
        CheckConstraint("field IN ('strengths', 'comment', 'hidden')", name="field_is_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
