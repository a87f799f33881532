"""What the workshop and its child say to each other: JSON and bytes, never pickles."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resource_hub.files.facts import Trouble

LENGTH = 4
"""Bytes that say how long a message is, most significant first."""

MAX_MESSAGE = 32 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that an order brought to light.

    Attributes:
        facts: What JSON can say. It comes from a process that reads hostile files: believe it
            only as far as it fits.
        data: Bytes that go with it, a picture for instance; likewise.
    """

    facts: Mapping[str, Any]  # Any: JSON has no types
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class End:
    """The last word about an order, and why it could not be carried out, if so.

    Attributes:
        trouble: What ails the file.
        errno: What ails the hub, as the system numbers it; 0 for nothing.
    """

    trouble: Trouble | None = None
    errno: int = 0


def write_message(said: Answer | End) -> bytes:
    """Write an answer or the end of all answers, with its length in front."""
    data = b""
    if isinstance(said, End):
        head: dict[str, Any] = {"end": True}  # Any: JSON
        head |= {"trouble": said.trouble, "errno": said.errno}
    else:
        head, data = {"facts": dict(said.facts)}, said.data
    # JSON on one line holds no line feed, so the first one is where the bytes begin.
    body = json.dumps(head).encode() + b"\n" + data
    return len(body).to_bytes(LENGTH, "big") + body


def read_message(body: bytes) -> Answer | End:
    """Read what ``write_message`` wrote, less the length; ``ValueError`` for anything odd."""
    line, _, data = body.partition(b"\n")
    head = json.loads(line)
    facts = head.get("facts") if isinstance(head, dict) else None
    if isinstance(facts, dict):
        return Answer(facts, data)
    if isinstance(head, dict) and head.get("end") is True:
        trouble, number = head.get("trouble"), head.get("errno")
        return End(Trouble(trouble) if trouble else None, number if type(number) is int else 0)
    raise ValueError("This is no message of a workshop.")
