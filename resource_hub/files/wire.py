"""Facts as bytes between the workshop and its child: JSON, never pickles."""

import base64
import json
from dataclasses import replace
from typing import Any

from resource_hub.files.facts import MAX_TEXT, Facts, Part, PlaceKind, Trouble
from resource_hub.files.types import TYPES

LENGTH = 4
"""Bytes that say how long a message is, most significant first."""

MAX_MESSAGE = 8 * 1024 * 1024  # bytes


def pack(facts: Facts, *, final: bool) -> bytes:
    """Write facts, and whether they are the last about this file, with their length in front."""
    body = json.dumps(
        {
            "final": final,
            "code": facts.file_type.code,
            "misnamed": facts.file_type.misnamed,
            "encrypted": facts.file_type.encrypted,
            "text": facts.text,
            "parts": [[part.kind, part.label, part.start] for part in facts.parts],
            "pages": facts.pages,
            "width": facts.width,
            "height": facts.height,
            "thumbnail": base64.b64encode(facts.thumbnail).decode() if facts.thumbnail else None,
            "trouble": facts.trouble,
        }
    ).encode()
    return len(body).to_bytes(LENGTH, "big") + body


def unpack(body: bytes) -> tuple[Facts, bool]:
    """Read facts, and whether they are the last; raises ``ValueError`` for anything odd.

    The child reads hostile files, so what it says is believed only as far as it fits.
    """
    try:
        return _believed(json.loads(body))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("This is no message of a workshop.") from error


def _believed(said: dict[str, Any]) -> tuple[Facts, bool]:  # JSON has no types yet
    thumbnail = base64.b64decode(said["thumbnail"]) if said["thumbnail"] else None
    if thumbnail is not None and (thumbnail[:4], thumbnail[8:12]) != (b"RIFF", b"WEBP"):
        raise ValueError("A thumbnail is a WebP picture.")
    file_type = replace(
        TYPES[said["code"]], misnamed=bool(said["misnamed"]), encrypted=bool(said["encrypted"])
    )
    facts = Facts(
        file_type=file_type,
        text=str(said["text"])[:MAX_TEXT],
        parts=tuple(
            Part(PlaceKind(kind), str(label), int(start)) for kind, label, start in said["parts"]
        ),
        pages=_number(said["pages"]),
        width=_number(said["width"]),
        height=_number(said["height"]),
        thumbnail=thumbnail,
        trouble=Trouble(said["trouble"]) if said["trouble"] else None,
    )
    return facts, bool(said["final"])


def _number(said: int | None) -> int | None:
    return None if said is None else int(said)
