"""What a page says of a file: its type in a word, its icon, and why there is no preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext

from resource_hub.domain.errors import N_
from resource_hub.files import MISNAMED, SENTENCES, TYPES, Family, Trouble
from resource_hub.models import Attachment
from resource_hub.web.sending import SHOWN

FAMILY_LABELS: Mapping[Family, str] = {
    Family.DOCUMENT: N_("Document"),
    Family.SLIDES: N_("Slides"),
    Family.SHEET: N_("Sheet"),
    Family.PDF: N_("PDF"),
    Family.IMAGE: N_("Picture"),
    Family.VIDEO: N_("Video"),
    Family.AUDIO: N_("Sound"),
    Family.TEXT: N_("Text"),
    Family.WEB: N_("Web page"),
    Family.ARCHIVE: N_("Archive"),
    Family.OTHER: N_("File"),
}

_ICONS: Mapping[Family, str] = {
    Family.DOCUMENT: "text",
    Family.SLIDES: "slides",
    Family.SHEET: "sheet",
    Family.PDF: "text",
    Family.IMAGE: "picture",
    Family.VIDEO: "film",
    Family.AUDIO: "sound",
    Family.TEXT: "text",
    Family.WEB: "globe",
    Family.ARCHIVE: "archive",
    Family.OTHER: "file",
}

PATIENCE = timedelta(minutes=10)
"""After this a page no longer waits for the inspection of a file."""

_SAYS_ENOUGH = {"pdf", "other", "office"}
_PICTURE_AS_IT_IS = 3_000_000
# Larger pictures are shown by their thumbnail, in bytes.


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as the ``file_list`` macro and the previews want it."""

    id: int
    name: str
    size: int
    type: str
    """Name of an icon."""
    type_word: str
    url: str
    note: str
    """For its author: why it has no preview or cannot be searched, or that its name is wrong."""
    thumbnail_url: str | None
    show_as: str
    """``picture``, ``film`` or ``sound`` when a browser can show it, else empty."""
    show_url: str
    is_pending: bool
    """Nobody has looked into it yet."""


def shown_file(attachment: Attachment, public_id: str, now: datetime) -> ShownFile:
    """Describe one attachment, its blob loaded, in the reader's language."""
    blob = attachment.blob
    family = Family(blob.family)
    pending = blob.inspected_at is None
    where: dict[str, Any] = {  # Any: the values of an address
        "public_id": public_id,
        "attachment_id": attachment.id,
        "filename": attachment.filename,
    }
    return ShownFile(
        id=attachment.id,
        name=attachment.filename,
        size=blob.size,
        type=_ICONS[family],
        type_word=type_word(blob.format),
        url=url_for("files.download", **where),
        note=_note(attachment),
        thumbnail_url=thumbnail_url(blob.thumbnail_key),
        show_as=_show_as(attachment, family),
        show_url=url_for("files.download", **where, inline=1),
        is_pending=pending and now - blob.created_at < PATIENCE,
    )


def type_word(code: str) -> str:
    """A type of file in the reader's language: Slides PPTX, PDF; an unknown one as it is."""
    kind = TYPES.get(code)
    if kind is None:
        return code
    word = str(gettext(FAMILY_LABELS[kind.family]))
    return word if code in _SAYS_ENOUGH else f"{word} {code.upper()}"


def thumbnail_url(key: str | None) -> str | None:
    """Where the small picture is, or None when there is none."""
    return url_for("files.thumbnail", key=key) if key else None


def _show_as(attachment: Attachment, family: Family) -> str:
    blob = attachment.blob
    if blob.format not in SHOWN:
        return ""
    if family is Family.IMAGE:
        return "picture" if blob.size <= _PICTURE_AS_IT_IS and not blob.trouble else ""
    return {Family.VIDEO: "film", Family.AUDIO: "sound"}.get(family, "")


def _note(attachment: Attachment) -> str:
    blob = attachment.blob
    said = []
    if blob.trouble:
        said.append(gettext(SENTENCES[Trouble(blob.trouble)]))
    if blob.misnamed:
        said.append(gettext(MISNAMED))
    return " ".join(said)
