"""The forms of review: every wording that was ever used, and which one each kind uses now."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from resource_hub.models.base import Base


class FormText(Base):
    """One wording of the form, named by its SHA-256; never changed, so a review keeps its own."""

    __tablename__ = "form_text"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]]  # Any: JSON, see ``domain.review_form.Form.to_json``


class FormChoice(Base):
    """Which wording is in use for a kind of resource; no row: the one for all kinds, or shipped."""

    __tablename__ = "form_choice"
    __table_args__ = (CheckConstraint("kind <> ''", name="kind_is_named"),)

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    """A kind of resource, or ``all``."""
    digest: Mapped[str] = mapped_column(ForeignKey("form_text.digest"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """NULL: the person at the hub's command line."""
