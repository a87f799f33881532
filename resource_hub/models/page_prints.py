"""How the pages of files look, so that a page is found again that has no words."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class PrintedFile(Base):
    """That the pages of a file were looked at, all that can be drawn; it may have none."""

    __tablename__ = "printed_file"

    blob_key: Mapped[str] = mapped_column(
        ForeignKey("blob.key", ondelete="CASCADE"), primary_key=True
    )
    method: Mapped[int]
    """Of the prints: see ``files.page_print.METHOD``."""
    made_at: Mapped[datetime]


class PagePrint(Base):
    """The print of one page that is not blank: see ``files.page_print``."""

    __tablename__ = "page_print"
    __table_args__ = (UniqueConstraint("blob_key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    blob_key: Mapped[str] = mapped_column(ForeignKey("printed_file.blob_key", ondelete="CASCADE"))
    number: Mapped[int]
    """From 1."""
    bits: Mapped[str] = mapped_column(String(64))
    """256 bits as hexadecimal digits."""
    look: Mapped[str] = mapped_column(Text, deferred=True)
    """A small picture, see ``files.page_look``; read only of pages whose bits are alike."""


class PageBand(Base):
    """A part of a print, by its value: what shares one is a look into the primary key."""

    __tablename__ = "page_band"
    __table_args__ = ({"sqlite_with_rowid": False},)

    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The bits, and which of the bands they are: see ``domain.page_likeness.bands``."""
    print_id: Mapped[int] = mapped_column(
        ForeignKey("page_print.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
