"""Which films and sounds browsers play as they are, and how the others can be helped."""

from dataclasses import dataclass
from enum import StrEnum

_EIGHT_BITS = {"yuv420p", "yuvj420p"}
"""How H.264 must keep its colours: browsers, and the chips of old machines, know no other way."""

_IN_MP4 = {"h264", "vp9", "av1"}
_HEARD_IN_MP4 = {"aac", "mp3"}
_IN_WEBM = {"vp8", "vp9", "av1"}
_HEARD_IN_WEBM = {"vorbis", "opus"}
_SOUNDS = {
    "mp3": {"mp3"},
    "wav": {"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"},
    "aac": {"aac"},
    "ogg": {"vorbis", "opus", "flac"},
    "flac": {"flac"},
    "mp4": {"aac", "mp3"},
    "webm": _HEARD_IN_WEBM,
}


class Wrap(StrEnum):
    """The container that a film or sound is put into for the browser."""

    MP4 = "mp4"
    WEBM = "webm"


@dataclass(frozen=True, slots=True)
class Streams:
    """What a file of film or sound consists of; names as FFmpeg gives them.

    Attributes:
        container: A key of ``TYPES``: ``mp4``, ``mov``, ``webm``, ``mkv``, ``mp3`` and so on.
        video: Codec of the picture, empty for none; likewise ``audio``.
        pixels: How the picture keeps its colours.
    """

    container: str
    video: str
    audio: str
    pixels: str = ""

    @property
    def has_fitting_colours(self) -> bool:
        return self.video != "h264" or self.pixels in _EIGHT_BITS


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a file that browsers play; what is not copied is encoded anew."""

    wrap: Wrap
    copy_video: bool
    copy_audio: bool


def is_playable(streams: Streams) -> bool:
    """Whether the browsers of the last five years play it without help."""
    if not streams.video:
        return streams.audio in _SOUNDS.get(streams.container, set())
    if streams.container == "mp4":
        fits = streams.video in _IN_MP4 and streams.audio in _HEARD_IN_MP4 | {"", "opus", "flac"}
        return fits and streams.has_fitting_colours
    if streams.container == "webm":
        return streams.video in _IN_WEBM and streams.audio in _HEARD_IN_WEBM | {""}
    return False


def recipe(streams: Streams) -> Recipe:
    """Copy what fits: that takes seconds and loses nothing. The rest becomes H.264 and AAC."""
    if streams.video in _IN_WEBM and streams.audio in _HEARD_IN_WEBM | {""}:
        return Recipe(Wrap.WEBM, copy_video=True, copy_audio=True)
    return Recipe(
        Wrap.MP4,
        copy_video=streams.video in _IN_MP4 and streams.has_fitting_colours,
        copy_audio=streams.audio in _HEARD_IN_MP4,
    )
