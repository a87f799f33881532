"""Subtitles of films, SubRip or WebVTT in any encoding: what is said from which second on."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from resource_hub.files.charset import text_encoding
from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering, clean
from resource_hub.files.guard import MIB, Unreadable

FORMATS = frozenset({"srt", "vtt"})
"""Codes, and extensions, of what is read here."""

MAX_BYTES = 4 * MIB
"""More is no subtitles: a film of three hours has 200 kB."""

MAX_CUES = 20_000
_MAX_HOURS = 100
_SUFFIXES = 3  # parts of a name that may say in which language, as in 月相.zh.srt

# 00:01:20,500 --> 00:01:23,000; WebVTT may leave out the hours and puts a dot.
_TIMES = re.compile(
    r"^\s*((?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?)\s*-->\s*"
    r"((?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?)(?:\s|$)"
)
# <i>, </font>, <00:01:20.500> and {\an8} say how, not what.
_TAGS = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
# SubRip has no sign for a bare < but itself: a<b and c>d is mathematics, not a tag. The first = is
# the one: to try each of 200 in turn would keep the web busy for half a minute.
_SUBRIP_TAGS = re.compile(
    r"</?(?:[bisu]|em|strong|br)\s*/?>|</?(?:font|span|p)(?:\s[^<>=\n]{0,200}=[^<>\n]{0,200})?>"
    r"|\{\\[^{}\n]{0,200}\}",
    re.IGNORECASE,
)
_WEBVTT = "WEBVTT"


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown from ``start`` to ``end``, in seconds; several lines, no tags."""

    start: float
    end: float
    text: str


def is_subtitles(filename: str) -> bool:
    """Whether a file calls itself subtitles."""
    return PurePath(filename).suffix.lower().removeprefix(".") in FORMATS


def belongs_to(subtitles: str, film: str) -> bool:
    """Whether both names begin alike, a language left aside: 月相.zh.srt goes with 月相.mp4."""
    wanted = PurePath(film.casefold()).stem
    stem = PurePath(subtitles.casefold())
    for _ in range(_SUFFIXES):
        stem = PurePath(stem.stem)
        if str(stem) == wanted:
            return True
    return False


def read_subtitles(raw: bytes) -> tuple[Cue, ...]:
    """Read SubRip or WebVTT, whatever the file is called; only their tags differ.

    Returns:
        In the order of their beginnings; those without words, or that end before they begin, are
        left out. At most ``MAX_CUES``.

    Raises:
        Unreadable: it is too large, no text, or nothing in it has times.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    codec = text_encoding(raw)
    if codec is None:
        raise Unreadable(Trouble.DAMAGED)
    text = clean(raw.decode(codec, "replace"))
    tags = _TAGS if text.lstrip("\ufeff").startswith(_WEBVTT) else _SUBRIP_TAGS
    cues = sorted(_cues(text.split("\n"), tags), key=lambda cue: cue.start)
    if not cues:
        raise Unreadable(Trouble.DAMAGED)
    return tuple(cues)


def to_webvtt(cues: Iterable[Cue]) -> str:
    """Write what browsers show; nothing in the words can be taken for a tag or a time."""
    blocks = [
        f"{_clock(cue.start)} --> {_clock(cue.end)}\n{html.escape(cue.text, quote=False)}"
        for cue in cues
    ]
    return "\n\n".join([_WEBVTT, *blocks]) + "\n"


def gather_subtitles(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather what is said, each piece with its second as its place."""
    stream.seek(0)
    for cue in read_subtitles(stream.read(MAX_BYTES + 1)):
        gathering.add(cue.text, PlaceKind.SECOND, str(int(cue.start)))


def _cues(lines: Sequence[str], tags: re.Pattern[str]) -> list[Cue]:
    """Words follow their times up to an empty line, or to the number of the next ones."""
    found: list[Cue] = []
    at = 0
    while at < len(lines) and len(found) < MAX_CUES:
        times = _TIMES.match(lines[at])
        at += 1
        if times is None:
            continue
        said: list[str] = []
        while at < len(lines) and lines[at].strip() and not _TIMES.match(lines[at]):
            said.append(lines[at])
            at += 1
        if at < len(lines) and _TIMES.match(lines[at]) and said and said[-1].strip().isdigit():
            said.pop()  # the next number, where the empty line between them is missing
        start, end = _seconds(times[1]), _seconds(times[2])
        text = "\n".join(filter(None, (_words(line, tags) for line in said)))
        if text and start < end <= _MAX_HOURS * 3600:
            found.append(Cue(start, end, text))
    return found


def _words(line: str, tags: re.Pattern[str]) -> str:
    return html.unescape(tags.sub("", line)).replace("-->", "→").strip()


def _seconds(said: str) -> float:
    *hours, minutes, seconds = said.replace(",", ".").split(":")
    return round((int(hours[0]) if hours else 0) * 3600 + int(minutes) * 60 + float(seconds), 3)


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
