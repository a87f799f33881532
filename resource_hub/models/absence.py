"""When people are away, so that nothing to review goes to them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class Absence(Base):
    """A leave from one day to another, both counted, in the hub's time zone; it ends by itself."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="in_order"),
        Index("ix_absence_days", "user_id", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    """For colleagues who look after the reviews: who stands in, or how to reach the person."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime]
