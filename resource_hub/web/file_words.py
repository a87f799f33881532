"""What a page says of a file: its type in a word, its icon, and why there is no preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext

from resource_hub.domain.errors import N_
from resource_hub.edge.durations import clock
from resource_hub.files import (
    MACROS,
    MISNAMED,
    PLACE_TAKEN,
    SENTENCES,
    TYPES,
    Family,
    PersonalData,
    Trouble,
    is_misnamed,
)
from resource_hub.models import Attachment, Blob, Playing, Recognition
from resource_hub.web.finding_words import said_of_file
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

VIRUS = N_(
    "A virus was found in this file (%(virus)s), so nobody can fetch it:"
    " remove it, clean your computer, and upload a good one."
)

PATIENCE = timedelta(minutes=10)
"""After this a page no longer waits for the inspection of a file."""

RECOGNISED: Mapping[str | None, str] = {
    Recognition.WAITING: N_(
        "There is no text in this file, only pictures: the text in them is being recognised, "
        "page by page. You need not wait."
    ),
    Recognition.FOUND: N_(
        "The text of this file was recognised in its pictures and may hold errors. "
        "People find the file by it."
    ),
    Recognition.NOTHING: N_(
        "No text could be recognised in the pictures of this file, so it cannot be searched "
        "inside: describe it well in its summary and keywords."
    ),
}
"""What an author is told of a file in whose pictures text is looked for."""

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
    extent: str
    """How long and how large: 3:20 · 1280×720; empty for what has no such thing."""
    url: str
    note: str
    """For its author: what is amiss with it, and what to do."""
    thumbnail_url: str | None
    show_as: str
    """``picture``, ``film`` or ``sound`` when a browser can show it, else empty."""
    show_url: str
    is_pending: bool
    """Nobody has looked into it yet, or its text is being recognised."""
    findings: tuple[str, ...]
    """For its author and its reviewers: numbers of people in it, and where, never in full."""


def shown_file(attachment: Attachment, public_id: str, now: datetime) -> ShownFile:
    """Describe one attachment, its blob loaded, in the reader's language."""
    blob = attachment.blob
    family = _family_as_met(blob)
    pending = blob.inspected_at is None or blob.recognition == Recognition.WAITING
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
        type_word=type_word(blob.format, family),
        extent=shown_extent(blob),
        url=url_for("files.download", **where),
        note=_note(attachment),
        thumbnail_url=thumbnail_url(blob.thumbnail_key),
        show_as=_show_as(attachment, family),
        show_url=show_url(attachment, public_id),
        is_pending=pending and now - blob.created_at < PATIENCE,
        findings=said_of_file(attachment.filename, blob.findings),
    )


def icon_of(blob: Blob) -> str:
    """Name of the icon of a file."""
    return _ICONS[_family_as_met(blob)]


def _family_as_met(blob: Blob) -> Family:
    """What a reader meets: an MP4 without a picture is a sound."""
    family = Family(blob.family)
    was_read = blob.duration is not None
    is_sound = family is Family.VIDEO and was_read and film_or_sound(blob) == "sound"
    return Family.AUDIO if is_sound else family


def type_word(code: str, family: Family | None = None) -> str:
    """A type of file in the reader's language: Slides PPTX, PDF; an unknown one as it is.

    Args:
        family: What it is, where that is not what files of its type usually are.
    """
    kind = TYPES.get(code)
    if kind is None:
        return code
    word = str(gettext(FAMILY_LABELS[family or kind.family]))
    return word if code in _SAYS_ENOUGH else f"{word} {code.upper()}"


def thumbnail_url(key: str | None) -> str | None:
    """Where the small picture is, or None when there is none."""
    return url_for("files.thumbnail", key=key) if key else None


def shown_extent(blob: Blob) -> str:
    """How long a film or a sound is, and how large a film or a picture: 3:20 · 1280×720."""
    said = [clock(blob.duration)] if blob.duration else []
    if blob.width and blob.height:
        said.append(f"{blob.width}×{blob.height}")
    return " · ".join(said)


def show_url(attachment: Attachment, public_id: str) -> str:
    """Where browsers get what they can show: the file itself, or what was made of it for them."""
    where: dict[str, Any] = {  # Any: as above
        "public_id": public_id,
        "attachment_id": attachment.id,
    }
    if attachment.blob.playing == Playing.MADE:
        return url_for("films.film", **where)
    return url_for("files.download", **where, filename=attachment.filename, inline=1)


def _show_as(attachment: Attachment, family: Family) -> str:
    blob = attachment.blob
    if family in {Family.VIDEO, Family.AUDIO}:
        return film_or_sound(blob) if can_be_played(blob) else ""
    if family is Family.IMAGE and blob.format in SHOWN:
        return "picture" if blob.size <= _PICTURE_AS_IT_IS and not blob.trouble else ""
    return ""


def can_be_played(blob: Blob) -> bool:
    """Whether there is something that browsers play.

    What nobody has looked into yet is believed to be what its format promises.
    """
    if blob.playing is None:
        return blob.format in SHOWN
    return blob.playing == Playing.MADE or (
        blob.playing == Playing.AS_IT_IS and blob.format in SHOWN
    )


def film_or_sound(blob: Blob) -> str:
    """``film`` or ``sound``; a container of films that holds a sound alone is a sound."""
    is_heard_only = blob.playing is not None and blob.width is None
    return "film" if Family(blob.family) is Family.VIDEO and not is_heard_only else "sound"


def _note(attachment: Attachment) -> str:
    blob = attachment.blob
    said = []
    if blob.virus:
        said.append(gettext(VIRUS, virus=blob.virus))
    if sentence := _about_text(blob):
        said.append(gettext(sentence))
    if is_misnamed(attachment.filename, blob.format):
        said.append(gettext(MISNAMED))
    if blob.macros:
        said.append(gettext(MACROS))
    if any(what == PersonalData.PLACE_TAKEN for what, *_ in blob.findings):
        said.append(gettext(PLACE_TAKEN))
    return " ".join(said)


def _about_text(blob: Blob) -> str | None:
    """What is amiss with its content. Nobody misses text in a picture: found, it is told."""
    if blob.trouble == Trouble.NO_TEXT or blob.recognition == Recognition.FOUND:
        return RECOGNISED.get(blob.recognition) or SENTENCES[Trouble.NO_TEXT]
    return SENTENCES[Trouble(blob.trouble)] if blob.trouble else None
