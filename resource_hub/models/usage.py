"""How often a resource was opened, downloaded and used in class, month by month."""

from datetime import date

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


class DownloadOfDay(Base):
    """Who fetched files of a resource today: a person is one download a day, however many clicks.

    The night forgets it; what stays is the number, without a name.
    """

    __tablename__ = "download_of_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
