"""What searches leave behind: those that found nothing, and the words that administrators add."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base, stored
from resource_hub.models.people import User


class FruitlessSearch(Base):
    """What was looked for in vain in one month, and how often; by whom is not kept."""

    __tablename__ = "fruitless_search"
    __table_args__ = (
        UniqueConstraint("month", "query"),
        CheckConstraint("times > 0", name="happened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    """``2026-10``, of the hub's calendar."""
    query: Mapped[str] = mapped_column(String(100))
    """Folded as search compares it, and cut."""
    times: Mapped[int]
    last_at: Mapped[datetime]


class WordKind(StrEnum):
    WORD = "word"
    SYNONYMS = "synonyms"


class SearchWord(Base):
    """A word that search keeps whole, or words that mean the same, as ``教案 = 教学设计``."""

    __tablename__ = "search_word"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint(
            "(kind = 'synonyms') = (text <> replace(text, '=', ''))", name="synonyms_are_several"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordKind] = mapped_column(stored(WordKind))
    text: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    """Folded, and synonyms in order: what is the same to search is there once."""
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """NULL: the person at the hub's command line."""
    added_at: Mapped[datetime]

    added_by: Mapped[User | None] = relationship(lazy="raise")
