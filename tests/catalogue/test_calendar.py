"""The invitation as calendars of others read it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from resource_hub.catalogue.calendar import CalendarEvent, as_ical

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENT = CalendarEvent(
    uid="round-7@hub.example.edu.cn",
    sequence=2,
    changed_at=datetime(2026, 11, 1, 3, 4, 5, tzinfo=UTC),
    created_at=datetime(2026, 10, 31, 3, 4, 5, tzinfo=UTC),
    starts_at=datetime(2026, 11, 2, 8, 0, tzinfo=SHANGHAI),
    ends_at=datetime(2026, 11, 16, 21, 0, tzinfo=SHANGHAI),
    title="城乡联盟 2026年第10期研讨",
    description="先读，再试；然后说一说, 好吗?\n\n1. 分数的初步认识\n2. C:\\课件 𠮷" + "很长" * 60,
    place="腾讯会议; 123,456",
    address="https://hub.example.edu.cn/catalogue/2026-10/1/round",
    host="王敏",
    alarm="研讨还有一天结束。",
)


def read(event: CalendarEvent) -> Event:
    """The one event of the file, as a stranger's program reads it."""
    calendar = Calendar.from_ical(as_ical(event))
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert len(found) == 1
    assert isinstance(found[0], Event)
    return found[0]


def test_what_goes_in_comes_out() -> None:
    event = read(EVENT)
    assert (str(event["UID"]), event.decoded("SEQUENCE")) == (EVENT.uid, 2)
    assert str(event["SUMMARY"]) == EVENT.title
    assert str(event["DESCRIPTION"]) == EVENT.description
    assert str(event["LOCATION"]) == EVENT.place
    assert (str(event["URL"]), str(event["CONTACT"])) == (EVENT.address, "王敏")
    assert event.decoded("DTSTAMP") == EVENT.changed_at


def test_times_are_the_same_moments_in_every_zone() -> None:
    event = read(EVENT)
    starts, ends = event.decoded("DTSTART"), event.decoded("DTEND")
    assert (starts, ends) == (EVENT.starts_at, EVENT.ends_at)
    assert starts.utcoffset() == timedelta(0)
    assert f"{starts.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == "2026-11-02 08:00"
    berlin = replace(
        EVENT, starts_at=datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    )
    assert read(berlin).decoded("DTSTART") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_calendar_warns_a_day_before_the_end() -> None:
    alarms = [part for part in read(EVENT).subcomponents if isinstance(part, Alarm)]
    assert [(alarm.decoded("TRIGGER"), alarm["TRIGGER"].params["RELATED"]) for alarm in alarms] == [
        (timedelta(days=-1), "END")
    ]
    assert read(replace(EVENT, alarm="")).subcomponents == []


def test_lines_have_75_octets_at_most_and_break_between_characters() -> None:
    content = as_ical(EVENT)
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert all(line.decode() is not None for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_nobody_adds_a_line_of_their_own() -> None:
    event = read(
        replace(EVENT, title="课\r\nATTENDEE:mailto:x@y", place="a\nb", description="c\x00d")
    )
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]) == "课 ATTENDEE:mailto:x@y"
    assert (str(event["LOCATION"]), str(event["DESCRIPTION"])) == ("a b", "cd")
