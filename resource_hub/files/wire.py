"""Facts as an answer of the workshop's child, and back."""

from dataclasses import replace

from resource_hub.files.answers import Answer
from resource_hub.files.facts import (
    MAX_LISTED,
    MAX_SECONDS,
    MAX_TEXT,
    Facts,
    Finding,
    Listing,
    Member,
    Part,
    PersonalData,
    PlaceKind,
    Trouble,
)
from resource_hub.files.personal_data import MAX_FINDINGS
from resource_hub.files.types import TYPES

MAX_WORD = 32
"""Characters of the name of a codec."""


def pack(facts: Facts) -> Answer:
    """Write facts as JSON, with the thumbnail's bytes beside it."""
    listing = facts.listing
    said = {
        "code": facts.file_type.code,
        "misnamed": facts.file_type.misnamed,
        "encrypted": facts.file_type.encrypted,
        "macros": facts.file_type.macros,
        "text": facts.text,
        "parts": [[part.kind, part.label, part.start] for part in facts.parts],
        "pages": facts.pages,
        "width": facts.width,
        "height": facts.height,
        "duration": facts.duration,
        "video_codec": facts.video_codec,
        "audio_codec": facts.audio_codec,
        "playable": facts.playable,
        "listing": listing and [listing.total, [[m.name, m.size] for m in listing.members]],
        "findings": [[each.what, each.place, each.label, each.masked] for each in facts.findings],
        "trouble": facts.trouble,
    }
    return Answer(said, facts.thumbnail or b"")


def unpack(answer: Answer) -> Facts:
    """Read facts; raises ``ValueError`` for anything odd.

    The child reads hostile files, so what it says is believed only as far as it fits.
    """
    try:
        return _believed(answer)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("This is no message of a workshop.") from error


def _believed(answer: Answer) -> Facts:
    said, thumbnail = answer.facts, answer.data or None
    if thumbnail is not None and (thumbnail[:4], thumbnail[8:12]) != (b"RIFF", b"WEBP"):
        raise ValueError("A thumbnail is a WebP picture.")
    file_type = replace(
        TYPES[said["code"]],
        misnamed=bool(said["misnamed"]),
        encrypted=bool(said["encrypted"]),
        macros=bool(said["macros"]),
    )
    return Facts(
        file_type=file_type,
        text=str(said["text"])[:MAX_TEXT],
        parts=tuple(
            Part(PlaceKind(kind), str(label), int(start)) for kind, label, start in said["parts"]
        ),
        pages=_number(said["pages"]),
        width=_number(said["width"]),
        height=_number(said["height"]),
        duration=_seconds(said["duration"]),
        video_codec=str(said["video_codec"])[:MAX_WORD],
        audio_codec=str(said["audio_codec"])[:MAX_WORD],
        playable=None if said["playable"] is None else bool(said["playable"]),
        thumbnail=thumbnail,
        listing=_listing(*said["listing"]) if said["listing"] else None,
        findings=tuple(
            Finding(
                PersonalData(what), PlaceKind(place) if place else None, str(label), str(masked)
            )
            for what, place, label, masked in said["findings"][:MAX_FINDINGS]
        ),
        trouble=Trouble(said["trouble"]) if said["trouble"] else None,
    )


def _listing(total: int, members: list[tuple[str, int]]) -> Listing:
    kept = tuple(Member(str(name), int(size)) for name, size in members[:MAX_LISTED])
    return Listing(kept, int(total))


def _seconds(said: float | None) -> float | None:
    return float(said) if said is not None and 0 < said <= MAX_SECONDS else None


def _number(said: int | None) -> int | None:
    return None if said is None else int(said)
