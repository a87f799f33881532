"""Uploads on their way: whose, for which draft, how far, and how the file is known again."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base
from resource_hub.models.people import User
from resource_hub.models.resource import Attachment, Blob, Revision


class Upload(Base):
    """A file that arrives in pieces; only its owner may touch it.

    ``id`` is the name that the storage gave it. ``received`` is what the storage had when the last
    connection ended: enough for a page, while the storage alone knows the truth. A finished one
    stays until it expires, so that a sender who did not hear the answer can ask again.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("size IS NULL OR size > 0", name="has_bytes"),
        CheckConstraint("received >= 0", name="not_negative"),
        CheckConstraint("blob_key IS NULL OR size IS NOT NULL", name="finished_has_size"),
        Index("ix_upload_unfinished", "owner_id", "revision_id", "blob_key"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), index=True
    )
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)
    """In bytes; NULL while its sender has not said it."""
    first: Mapped[str] = mapped_column(String(64), default="")
    last: Mapped[str] = mapped_column(String(64), default="")
    whole: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 in hex of the first and last MiB and of all, as the sender said; empty: not said."""
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    blob_key: Mapped[str | None] = mapped_column(ForeignKey("blob.key"), index=True)
    attachment_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id", ondelete="SET NULL"), index=True
    )

    owner: Mapped[User] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
    blob: Mapped[Blob | None] = relationship(lazy="raise")
    attachment: Mapped[Attachment | None] = relationship(lazy="raise")
