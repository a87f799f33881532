"""The days off of a year, where an administrator has changed what came with the hub."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class HolidayYear(Base):
    """One year; ``off`` are days or stretches of days, ``worked`` weekends at work."""

    __tablename__ = "holiday_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    off: Mapped[list[str]]
    worked: Mapped[list[str]]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so
