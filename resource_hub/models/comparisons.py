"""Which pages of two files look different; made in the background, for whoever judges a change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class PageComparison(Base):
    """The pages of one blob beside those of another; may be thrown away and is made again.

    ``made_at`` is NULL until the job has compared them.
    """

    __tablename__ = "page_comparison"
    __table_args__ = (UniqueConstraint("before_key", "after_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    before_key: Mapped[str] = mapped_column(ForeignKey("blob.key", ondelete="CASCADE"))
    after_key: Mapped[str] = mapped_column(ForeignKey("blob.key", ondelete="CASCADE"), index=True)
    pages: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    """``[before, after, [[x, y, width, height], …]]``: numbers of pages, None where there is none,
    and what is different in thousandths of the newer page. Any: as said."""
    made_at: Mapped[datetime | None]
