"""Text out of PowerPoint's binary files: ppt, and Kingsoft's dps, which is the same.

The layout is that of [MS-PPT]: one stream of records inside records. A slide's text stands in its
drawing, or, for titles and outlines of older files, in the list of the document.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable
from resource_hub.files.ole import open_ole, read_ole_stream

_DOCUMENT, _SLIDE, _SLIDE_FACTS, _NOTES = 1000, 1006, 1007, 1008
_LIST, _LISTED = 4080, 1011  # the list of slides (or notes), and the mark before each in it
_WIDE_TEXT, _NARROW_TEXT = 4000, 4008
_EDIT, _PLACES = 4085, 6002  # the last time of saving, and where things lie since then
_MACROS = 1024  # whether there is a program, at 4
_SHAPE_OPTIONS, _WORD_ART = 0xF00B, 0xC0C0
_LOCKED = 0xF3D1C4DF
_OF_SLIDES, _OF_NOTES = 0, 2
_MAX_DEPTH = 64
_MAX_EDITS = 4_096
_FULL = 1 << 20  # characters of one slide


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the stream: what it is, and from where to where its content reaches."""

    kind: int
    instance: int
    start: int
    end: int
    holds_records: bool


@dataclass(slots=True)
class _Listed:
    """A slide or a page of notes as the document lists it."""

    place: int
    number: int
    texts: list[str] = field(default_factory=list)


def read_ppt(stream: BinaryIO, gathering: Gathering) -> tuple[int, bool]:
    """Gather each slide with its notes.

    Returns:
        How many slides there are, and whether there are macros.

    Raises:
        Unreadable: it is damaged, or asks for a password.
    """
    with open_ole(stream) as ole:
        data = read_ole_stream(ole, "PowerPoint Document")
        user = read_ole_stream(ole, "Current User") if ole.exists("Current User") else b""
    if len(user) >= 20 and struct.unpack_from("<I", user, 12)[0] == _LOCKED:  # noqa: PLR2004 - an atom
        raise Unreadable(Trouble.ENCRYPTED)
    places = _places(data, user)
    tops = [each for each in _records(data, 0, len(data)) if each.kind in {_DOCUMENT, _SLIDE}]
    documents = [record for record in tops if record.kind == _DOCUMENT]
    if not documents:
        raise Unreadable(Trouble.DAMAGED)
    document = documents[-1]
    lists = [each for each in _records(data, document.start, document.end) if each.kind == _LIST]
    slides = _listed(data, lists, _OF_SLIDES)
    notes = {each.number: each for each in _listed(data, lists, _OF_NOTES)}
    found = [(each, _record_at(data, places.get(each.place), _SLIDE)) for each in slides]
    if not any(slide for _, slide in found):
        # Where things lie is lost: the slides stand in the stream all the same.
        found += [(_Listed(0, 0), top) for top in tops if top.kind == _SLIDE]
    for number, (listed, slide) in enumerate(found, start=1):
        if gathering.full:
            break
        texts = [*listed.texts, *_texts(data, slide)]
        beside = notes.get(_notes_of(data, slide))
        if beside is not None:
            texts += _texts(data, _record_at(data, places.get(beside.place), _NOTES))
        gathering.add("\n".join(filter(None, texts)), PlaceKind.SLIDE, str(number))
    return len(found), any(_has_macros(data, record) for record in _all_of(data, document))


def _records(data: bytes, start: int, end: int) -> Iterator[Record]:
    """The records that follow each other from ``start``; ends where they make no sense."""
    while start + 8 <= end:
        head, kind, length = struct.unpack_from("<HHI", data, start)
        start += 8
        if length > end - start:
            return
        yield Record(kind, head >> 4, start, start + length, head & 0xF == 0xF)  # noqa: PLR2004 - version
        start += length


def _all_of(data: bytes, record: Record | None) -> Iterator[Record]:
    """All records inside a record, at any depth, in their order."""
    if record is None:
        return
    waiting = [_records(data, record.start, record.end)]
    while waiting:
        inner = next(waiting[-1], None)
        if inner is None:
            waiting.pop()
            continue
        yield inner
        if inner.holds_records and len(waiting) < _MAX_DEPTH:
            waiting.append(_records(data, inner.start, inner.end))


def _record_at(data: bytes, place: int | None, kind: int) -> Record | None:
    if place is None:
        return None
    record = next(_records(data, place, len(data)), None)
    return record if record is not None and record.kind == kind else None


def _places(data: bytes, user: bytes) -> dict[int, int]:
    """Id of a slide or page of notes -> where it lies; what was saved last counts."""
    found: dict[int, int] = {}
    at = struct.unpack_from("<I", user, 16)[0] if len(user) >= 20 else 0  # noqa: PLR2004 - an atom
    seen = set[int]()
    while at and at not in seen and len(seen) < _MAX_EDITS:
        seen.add(at)
        edit = _record_at(data, at, _EDIT)
        if edit is None or edit.end - edit.start < 16:  # noqa: PLR2004 - two positions at 8
            break
        at, listing = struct.unpack_from("<II", data, edit.start + 8)
        table = _record_at(data, listing, _PLACES)
        if table is None:
            break
        words = struct.unpack_from(f"<{(table.end - table.start) // 4}I", data, table.start)
        reading = iter(words)
        for word in reading:
            first, count = word & 0xFFFFF, word >> 20
            for number, place in zip(range(first, first + count), reading, strict=False):
                found.setdefault(number, place)
    return found


def _listed(data: bytes, lists: list[Record], which: int) -> list[_Listed]:
    """The slides, or the notes, of these lists in their order, with the texts in the lists."""
    found: list[_Listed] = []
    for listing in lists:
        if listing.instance != which:
            continue
        for record in _records(data, listing.start, listing.end):
            if record.kind == _LISTED and record.end - record.start >= 16:  # noqa: PLR2004 - id at 12
                place, _, _, number = struct.unpack_from("<4I", data, record.start)
                found.append(_Listed(place, number))
            elif found and (text := _text_of(data, record)):
                found[-1].texts.append(text)
    return found


def _texts(data: bytes, record: Record | None) -> list[str]:
    found, length = [], 0
    for inner in _all_of(data, record):
        if text := _text_of(data, inner):
            found.append(text)
            length += len(text)
            if length > _FULL:
                break
    return found


def _text_of(data: bytes, record: Record) -> str:
    """The text of a record that is one, else nothing; a lone star stands for the slide's number."""
    if record.kind == _WIDE_TEXT:
        text = data[record.start : record.end].decode("utf-16-le", "replace")
    elif record.kind == _NARROW_TEXT:
        text = data[record.start : record.end].decode("latin-1")
    elif record.kind == _SHAPE_OPTIONS:
        text = _word_art(data, record)
    else:
        return ""
    return "" if text.strip() == "*" else text


def _word_art(data: bytes, record: Record) -> str:
    """The words of a decorated heading, which are an option of its shape."""
    at, after = record.start, record.start + 6 * record.instance
    while at + 6 <= min(after, record.end) and after <= record.end:
        option, size = struct.unpack_from("<HI", data, at)
        if option == _WORD_ART:
            return data[after : min(after + size, record.end)].decode("utf-16-le", "replace")
        at += 6
        # The content of large options stands after all options, in their order.
        if option & 0x8000:
            after += size
    return ""


def _has_macros(data: bytes, record: Record) -> bool:
    if record.kind != _MACROS or record.end - record.start < 8:  # noqa: PLR2004 - two numbers
        return False
    return bool(struct.unpack_from("<I", data, record.start + 4)[0])


def _notes_of(data: bytes, slide: Record | None) -> int:
    """The number of the page of notes that belongs to a slide, or 0."""
    if slide is None:
        return 0
    for record in _records(data, slide.start, slide.end):
        if record.kind == _SLIDE_FACTS and record.end - record.start >= 20:  # noqa: PLR2004 - id at 16
            return int(struct.unpack_from("<I", data, record.start + 16)[0])
    return 0
