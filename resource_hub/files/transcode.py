"""Make of a film or a sound another file that every browser plays; the original stays as it is."""

from __future__ import annotations  # PyAV's packets are generic for type checkers alone

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from resource_hub.files.browsers import Recipe, Wrap, recipe
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.media import MediaFacts, film_stream, media_facts, open_media, streams_of
from resource_hub.files.tracks import Copied, Picture, Sound, Track

Progress = Callable[[float], None]
"""Told now and then how many seconds of the film are done."""

_MUXER = {
    # The index first, so that a film begins to play before all of it has arrived.
    Wrap.MP4: ("mp4", {"movflags": "faststart"}),
    Wrap.WEBM: ("webm", {"cues_to_front": "1"}),
}
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Numbers of errors for which the film is not to blame."""

_BACKWARDS = 1.0  # seconds that a clock may go back before it counts as set anew
_LOST = 0.1  # share of the duration that a copy may lack
_FIRST = 50  # packets in which the first picture is looked for


@dataclass(frozen=True, slots=True)
class Made:
    """A file that browsers play.

    Attributes:
        wrap: Its container.
        encoded: Something was encoded anew; else all was copied.
    """

    wrap: Wrap
    encoded: bool
    seconds: float
    width: int | None
    height: int | None

    @property
    def media_type(self) -> str:
        return f"{'video' if self.width else 'audio'}/{self.wrap}"


def make_playable(source: Path, target: Path, *, progress: Progress = lambda _: None) -> Made:
    """Copy what browsers understand into another container, and encode the rest.

    Pictures become H.264 of at most 1280 × 720 (held upright 720 × 1280), 30 a second, 2.5 Mbit/s;
    sound becomes AAC in at most two channels. Where a copy turns out to be incomplete, everything
    is encoded.

    Args:
        target: Written anew.

    Raises:
        Unreadable: nothing in ``source`` can be decoded.
        FFmpegError: the disk is full.
    """
    with open_media(source) as container:
        streams = streams_of(container, source)
        wanted = recipe(streams)
    # Every second line at a time: players of films comb that out, browsers do not.
    if wanted.copy_video and any(one.interlaced_frame for one in _first_pictures(source)):
        wanted = Recipe(Wrap.MP4, copy_video=False, copy_audio=wanted.copy_audio)
    if wanted.copy_video or wanted.copy_audio:
        expected = media_facts(source).duration
        try:
            _write(source, target, wanted, progress)
            made = media_facts(target)
        except (FFmpegError, Unreadable, ValueError):
            made = None
        if made is not None and _is_complete(made, expected):
            return _made(made, wanted)
    wanted = Recipe(Wrap.MP4, copy_video=False, copy_audio=False)
    try:
        _write(source, target, wanted, progress)
    except (FFmpegError, ValueError) as error:
        if getattr(error, "errno", None) in NO_ROOM:
            raise
        raise Unreadable(Trouble.DAMAGED) from error
    return _made(media_facts(target), wanted)


def _made(facts: MediaFacts, wanted: Recipe) -> Made:
    copied = wanted.copy_video or not facts.video_codec, wanted.copy_audio or not facts.audio_codec
    return Made(
        wrap=wanted.wrap,
        encoded=not all(copied),
        seconds=facts.duration or 0.0,
        width=facts.width,
        height=facts.height,
    )


def _is_complete(made: MediaFacts, expected: float | None) -> bool:
    if not made.playable or not made.whole or not made.duration:
        return False
    return expected is None or made.duration >= expected * (1 - _LOST) - 1


def _write(source: Path, target: Path, wanted: Recipe, progress: Progress) -> None:
    muxer, options = _MUXER[wanted.wrap]
    first = next(iter(_first_pictures(source)), None)
    with (
        open_media(source) as film,
        av.open(str(target), "w", format=muxer, options=options) as made,
    ):
        tracks: dict[int, Track] = {}
        picture = film_stream(film)
        if picture is not None and wanted.copy_video:
            tracks[picture.index] = Copied(made, picture)
        elif picture is not None and first is not None:
            picture.thread_type = "AUTO"
            tracks[picture.index] = Picture(made, picture, first)
        for sound in film.streams.audio[:1]:
            if sound.codec_context is not None:
                copied = wanted.copy_audio
                tracks[sound.index] = Copied(made, sound) if copied else Sound(made, sound)
        if not tracks:
            raise Unreadable(Trouble.UNSUPPORTED)
        clock = _Clock(film)
        for packet in film.demux([film.streams[index] for index in sorted(tracks)]):
            if packet.size == 0:
                continue
            clock.set_right(packet)
            progress(clock.now)
            made.mux(list(tracks[packet.stream_index].take(packet)))
        for track in tracks.values():
            made.mux(list(track.take(None)))


class _Clock:
    """Makes the film begin at 0 and never go back, also where films were simply joined."""

    def __init__(self, film: InputContainer) -> None:
        self._shift = -(film.start_time or 0) / 1_000_000
        self._last: dict[int, float] = {}
        self.now = 0.0

    def set_right(self, packet: Packet[Stream]) -> None:
        """Move the times of ``packet``."""
        base = packet.time_base
        said = packet.dts if packet.dts is not None else packet.pts
        if said is None or not base:
            return
        at = float(said * base) + self._shift
        before = self._last.get(packet.stream_index, at)
        if at < before - _BACKWARDS:
            self._shift += before - at
            at = before
        self._last[packet.stream_index] = at
        self.now = max(self.now, at)
        ticks = round(self._shift / base)
        packet.dts = None if packet.dts is None else packet.dts + ticks
        packet.pts = None if packet.pts is None else packet.pts + ticks


def _first_pictures(source: Path) -> list[VideoFrame]:
    """The first that can be decoded, one or a few at once.

    The film is opened for it once more: not every container can go back to its beginning.
    """
    found: list[VideoFrame] = []
    with open_media(source) as film:
        stream = film_stream(film)
        if stream is None:
            return []
        for number, packet in enumerate(film.demux(stream)):
            try:
                found += stream.decode(packet)
            except (FFmpegError, EOFError):
                continue
            if found or number > _FIRST:
                break
    return found
