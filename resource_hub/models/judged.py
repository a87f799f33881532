"""What reviewers had before them: each round keeps a copy of the description and of the files."""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.models.base import Base
from resource_hub.models.resource import Blob


class JudgedCopy(Base):
    """The revision as it was submitted in one round; its author goes on writing, this stays.

    It is written in the transaction of the submission, and never changed. A round that its author
    took back before anybody had decided has none.
    """

    __tablename__ = "judged_copy"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    description: Mapped[dict[str, Any]]  # Any: the words of services.judged_copies
    files: Mapped[list["JudgedFile"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="JudgedFile.position"
    )


class JudgedFile(Base):
    """A file of such a copy; its bytes are kept as long as it is here."""

    __tablename__ = "judged_file"
    __table_args__ = (UniqueConstraint("submission_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("judged_copy.submission_id", ondelete="CASCADE")
    )
    blob_key: Mapped[str] = mapped_column(ForeignKey("blob.key"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    """From 0, in the order of the files."""

    blob: Mapped[Blob] = relationship(lazy="raise")
