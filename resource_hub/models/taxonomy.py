"""The terms of the taxonomy, editable in the administration."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.domain.taxonomy import Scheme
from resource_hub.models.base import Base, Codes, stored


class TermRow(Base):
    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("scheme", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(stored(Scheme))
    code: Mapped[str] = mapped_column(String(40))
    zh_hans: Mapped[str] = mapped_column(String(60))
    zh_hant: Mapped[str] = mapped_column(String(60))
    en: Mapped[str] = mapped_column(String(60))
    stages: Mapped[tuple[str, ...]] = mapped_column(Codes())
    colour: Mapped[int] = mapped_column(default=0)
    position: Mapped[int]
    hidden: Mapped[bool] = mapped_column(default=False)
