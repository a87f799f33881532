"""A document as an engine keeps it, to give it back as it came; what an answer shows stands first.

Every answer reads twenty of them, and most of a document is not shown.
"""

import json
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from search_index.base import IndexDocument, Place


class Shown(NamedTuple):
    """What of a document an answer may show; see ``IndexDocument`` for each."""

    resource_id: int
    title: str
    summary: str
    keywords: tuple[str, ...]
    unit: str
    author: str
    school: str
    places: tuple[Place, ...]
    body: str


_BETWEEN = "\0"  # stands in no JSON
_FIRST = ("resource_id", "title", "summary", "keywords", "unit", "author", "school")
_REST = tuple(
    field.name for field in fields(IndexDocument) if field.name not in {*_FIRST, "places", "body"}
)
_FIRST_OF, _REST_OF = attrgetter(*_FIRST), attrgetter(*_REST)
_LISTS = ("alliances", "grades", "formats")


def snapshot(document: IndexDocument) -> bytes:
    """Write ``document`` down, in UTF-8: two rows of values as JSON, then the body."""
    places = [(p.start, p.file, p.kind, p.label) for p in document.places]
    first = _WRITER.encode([*_FIRST_OF(document), places])
    rest = _WRITER.encode(_REST_OF(document))
    return _BETWEEN.join((first, rest, document.body)).encode(errors="replace")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


_READER = json.JSONDecoder()
_WRITER = json.JSONEncoder(ensure_ascii=False, default=_plain, separators=(",", ":"))


def shown_of(written: bytes) -> Shown:
    """Read from a snapshot what an answer shows."""
    first, _rest, body = written.split(_BETWEEN.encode(), 2)
    return _shown(first, body)


def document_of(written: bytes) -> IndexDocument:
    """Read back what ``snapshot`` wrote."""
    first, rest, body = written.split(_BETWEEN.encode(), 2)
    found = _shown(first, body)._asdict() | dict(zip(_REST, json.loads(rest), strict=True))
    for name in _LISTS:
        found[name] = tuple(found[name])
    found["visible_to"] = frozenset(found["visible_to"])
    found["published_at"] = datetime.fromisoformat(found["published_at"])
    return IndexDocument(**found)


def _shown(first: bytes, body: bytes) -> Shown:
    # The decoder itself: json.loads first asks which encoding the bytes are in.
    resource_id, title, summary, keywords, unit, author, school, places = _READER.decode(
        first.decode()
    )
    return Shown(
        resource_id,
        title,
        summary,
        tuple(keywords),
        unit,
        author,
        school,
        tuple(Place(*place) for place in places),
        body.decode(),
    )
