"""The invitation to a discussion round, for a calendar: iCalendar (RFC 5545).

Times are written in UTC, which every calendar shows in its owner's zone; so the file needs no
definition of zones, and none can be wrong. The same round keeps its UID, and what changed counts
``SEQUENCE`` up: taken in again, the entry in the calendar moves instead of standing there twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from resource_hub.catalogue.plain import one_line, printable

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LINE = 75
"""Octets of a line, RFC 5545 section 3.1."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What stands in the invitation.

    Attributes:
        uid: The same for ever, and unlike that of any other event.
        sequence: How often the invitation was changed.
        changed_at: When it was, the last time.
        alarm: What the calendar says a day before the end; empty: nothing.
        is_cancelled: Calendars that know how take the event out (RFC 5546, section 3.2.5).
    """

    uid: str
    sequence: int
    changed_at: datetime
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str
    place: str
    address: str
    host: str
    alarm: str = ""
    is_cancelled: bool = False


def as_ical(event: CalendarEvent) -> bytes:
    """The file; the same event gives the same bytes."""
    return b"".join(_folded(line) for line in _lines(event))


def _lines(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//resource-hub//discussion round//EN"
    yield "CALSCALE:GREGORIAN"
    if event.is_cancelled:
        yield "METHOD:CANCEL"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"CREATED:{_utc(event.created_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    yield f"DTEND:{_utc(event.ends_at)}"
    yield f"SUMMARY:{_text(one_line(event.title))}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.place:
        yield f"LOCATION:{_text(one_line(event.place))}"
    yield f"CONTACT:{_text(one_line(event.host))}"
    yield f"URL:{event.address}"
    if event.is_cancelled:  # the method asks for an organiser; the address of the page is one
        yield f'ORGANIZER;CN="{_named(event.host)}":{event.address}'
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"  # it lasts for days, in which people do other things too
    if event.alarm and not event.is_cancelled:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(event.alarm)}")
        yield from ("TRIGGER;RELATED=END:-P1D", "END:VALARM")
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _text(words: str) -> str:
    return printable(words).translate(_ESCAPES)


def _named(words: str) -> str:
    """Within quotes, which nothing escapes: RFC 5545, section 3.2."""
    return one_line(printable(words)).replace('"', "'")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """Lines of 75 octets at most; never within a character."""
    parts: list[bytes] = []
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > _LINE - bool(parts):
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
