"""How often a resource was opened, downloaded and used in class, month by month."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class MonthOfUse(Base):
    """What a resource was used in one month of the hub's calendar, such as ``2026-10``."""

    __tablename__ = "month_of_use"

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[str] = mapped_column(String(7), primary_key=True, index=True)
    views: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0)
    class_uses: Mapped[int] = mapped_column(default=0, server_default="0")
