"""Remarks of reviewers, each anchored to a place of the work."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.anchors import AnchorKind
from resource_hub.domain.remarks import Weight
from resource_hub.domain.review import Stage
from resource_hub.models.base import Base, stored
from resource_hub.models.people import User
from resource_hub.models.review import Submission


class Remark(Base):
    """What one reviewer says of one place, and what the author answers.

    A file is named by its bytes and its name, not by a row: the author may replace it meanwhile.
    ``words`` and ``picture`` tell what the place held, see ``domain.anchors.Witness``.
    """

    __tablename__ = "remark"
    __table_args__ = (
        CheckConstraint("writer_id <> author_id", name="not_on_own_work"),
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint("(filename = '') <> (field = '')", name="on_a_file_or_a_field"),
        CheckConstraint("(filename = '') = (blob_key IS NULL)", name="file_has_bytes"),
        CheckConstraint(
            "(kind <> 'page' OR (page > 0 AND filename <> ''))"
            " AND (kind = 'second') = (second IS NOT NULL)"
            " AND (kind = 'passage') = (quote <> '')"
            " AND (kind <> 'field' OR field <> '')",
            name="place_fits_its_kind",
        ),
        CheckConstraint(
            "(rect_left IS NULL AND rect_top IS NULL AND rect_width IS NULL"
            " AND rect_height IS NULL) OR (kind = 'page' AND rect_left >= 0 AND rect_top >= 0"
            " AND rect_width > 0 AND rect_height > 0)",
            name="rectangle_is_on_a_page",
        ),
        CheckConstraint(
            "released_at IS NOT NULL OR (answered_at IS NULL AND done_at IS NULL AND answer = '')",
            name="answered_once_sent",
        ),
        Index("ix_remark_submission_id_stage", "submission_id", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    stage: Mapped[Stage] = mapped_column(stored(Stage))
    writer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    weight: Mapped[Weight] = mapped_column(stored(Weight))
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[AnchorKind] = mapped_column(stored(AnchorKind))
    filename: Mapped[str] = mapped_column(String(200), default="")
    blob_key: Mapped[str | None] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(40), default="")
    page: Mapped[int | None]
    """Of a page, and of a passage in a file that has pages."""
    rect_left: Mapped[float | None] = mapped_column(Float)
    rect_top: Mapped[float | None] = mapped_column(Float)
    rect_width: Mapped[float | None] = mapped_column(Float)
    rect_height: Mapped[float | None] = mapped_column(Float)
    """The part of the page, in fractions of its width and height."""
    second: Mapped[float | None] = mapped_column(Float)
    start: Mapped[int | None]
    """Of a passage: its first character in the text."""
    quote: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(String(64), default="")
    picture: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    """When the author was given it, with a decision; NULL: the writer's own until then."""
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    submission: Mapped[Submission] = relationship(lazy="raise")
    writer: Mapped[User] = relationship(lazy="raise", foreign_keys=[writer_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so
