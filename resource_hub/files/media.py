"""How long a film or a sound is, how large, in which codecs; whether browsers play it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from resource_hub.files.browsers import Streams, is_playable
from resource_hub.files.facts import MAX_SECONDS, Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.poster import poster, size_as_seen
from resource_hub.files.preview import shrink_picture, webp

MAX_SIDE = 16_384  # pixels

CONTAINERS: dict[str, str] = {
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "matroska,webm": "mkv",
    "avi": "avi",
    "asf": "wmv",
    "flv": "flv",
    "mpeg": "mpg",
    "mpegvideo": "mpg",
    "mpegts": "ts",
    "rm": "rm",
    "mp3": "mp3",
    "wav": "wav",
    "aac": "aac",
    "ogg": "ogg",
    "flac": "flac",
    "ape": "ape",
    "amr": "amr",
}
"""What FFmpeg calls them, and what the hub calls them. No other format is opened: playlists and
the like make FFmpeg read further files."""

_GUARDED = {
    "format_whitelist": ",".join(CONTAINERS),
    "protocol_whitelist": "file",
}
_COUNTED = {"aac", "mpg", "amr"}
"""Formats without any duration inside: FFmpeg guesses, the hub counts."""

_CUT_SHORT = 0.9  # share of the duration up to which something must be found


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What is known of a film or a sound.

    Attributes:
        duration: In seconds, more than 0 and at most ``MAX_SECONDS``; None where nothing says.
        width: As it is seen (turned as the camera says, with square pixels), in pixels; None for a
            sound. Likewise ``height``.
        video_codec: In FFmpeg's short words such as ``h264``; empty for none. Likewise
            ``audio_codec``.
        playable: Browsers play it as it is.
        whole: False where the end is missing.
        poster: A WebP picture, upright: of the film, or the cover of a record.
    """

    duration: float | None
    width: int | None
    height: int | None
    video_codec: str
    audio_codec: str
    playable: bool
    whole: bool = True
    poster: bytes | None = None


def media_facts(path: Path) -> MediaFacts:
    """Everything about a film or a sound; raises ``Unreadable`` for what is neither."""
    return list(media_facts_in_steps(path))[-1]


def media_facts_in_steps(path: Path) -> Iterator[MediaFacts]:
    """Yield first what is read from the index, then whether it is whole, then the poster.

    Raises:
        Unreadable: the bytes are neither, or their index is missing.
    """
    try:
        yield from _in_steps(path)
    except FFmpegError as error:
        raise Unreadable(Trouble.DAMAGED) from error


def _in_steps(path: Path) -> Iterator[MediaFacts]:
    with open_media(path) as container:
        film = film_stream(container)
        streams = streams_of(container, path)
        if not streams.video and not streams.audio:
            raise Unreadable(Trouble.UNSUPPORTED)
        duration = _duration(container, counted=streams.container in _COUNTED)
        width, height = _size(film) if film else (None, None)
        facts = MediaFacts(
            duration=duration,
            width=width,
            height=height,
            video_codec=streams.video,
            audio_codec=streams.audio,
            playable=is_playable(streams),
        )
        yield facts
        if duration and streams.container not in _COUNTED:
            facts = replace(facts, whole=_reaches(container, duration))
            yield facts
        with suppress(FFmpegError, ValueError, Unreadable):
            yield _with_poster(facts, container, film)


def open_media(path: Path) -> InputContainer:
    """Open a film or a sound, and nothing that would lead to other files or to the network.

    Raises:
        Unreadable: it is neither, or its index is missing.
    """
    try:
        return av.open(f"file:{path}", options=_GUARDED, metadata_errors="replace")
    except FFmpegError as error:
        raise Unreadable(Trouble.DAMAGED) from error


def film_stream(container: InputContainer) -> VideoStream | None:
    """The moving picture; the cover of a record is none."""
    for stream in container.streams.video:
        still = stream.disposition & (
            av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
        )
        if not still and _has_decoder(stream) and _is_sane(stream):
            return stream
    return None


def streams_of(container: InputContainer, path: Path) -> Streams:
    """What the file consists of; a stream that nothing here decodes counts as none."""
    film = film_stream(container)
    sound = next((one for one in container.streams.audio if _has_decoder(one)), None)
    return Streams(
        container=_container(container, path),
        video=film.codec_context.codec.canonical_name if film else "",
        audio=sound.codec_context.codec.canonical_name if sound else "",
        pixels=(film.codec_context.pix_fmt or "") if film else "",
    )


def _has_decoder(stream: Any) -> bool:  # Any: PyAV's classes of streams share no type that says so
    return getattr(stream, "codec_context", None) is not None


def _is_sane(stream: VideoStream) -> bool:
    context = stream.codec_context
    return 0 < context.width <= MAX_SIDE and 0 < context.height <= MAX_SIDE


def _container(container: InputContainer, path: Path) -> str:
    name = CONTAINERS[container.format.name]
    if name == "mp4":
        # QuickTime keeps things in MP4 that browsers do not look for; it has no brand or its own.
        brand = container.metadata.get("major_brand", "")
        return "mov" if brand in {"", "qt  "} else "mp4"
    if name == "mkv":
        with path.open("rb") as stream:
            return "webm" if b"webm" in stream.read(128) else "mkv"
    return name


def _size(film: VideoStream) -> tuple[int, int]:
    context = film.codec_context
    return size_as_seen(context.width, context.height, film, rotation=0)


def _duration(container: InputContainer, *, counted: bool) -> float | None:
    seconds = None
    if container.duration and not counted:
        seconds = container.duration / 1_000_000
    if seconds is None:
        seconds = _end(container)
        container.seek(0)
    return round(seconds, 3) if seconds and 0 < seconds <= MAX_SECONDS else None


def _end(container: InputContainer) -> float:
    """Seconds from the beginning to where the last packet from here on ends."""
    begin = (container.start_time or 0) / 1_000_000
    end = 0.0
    with suppress(FFmpegError):
        for packet in container.demux():
            if packet.pts is not None and packet.time_base:
                last = (packet.pts + (packet.duration or 0)) * packet.time_base
                end = max(end, float(last) - begin)
    return end


def _reaches(container: InputContainer, duration: float) -> bool:
    """Whether there is anything near the end: a cut file has its index, but not its rest."""
    # Where jumping leads nowhere, for want of an index or of its target, all is gone through.
    for share in (0.95, 0.0):
        with suppress(FFmpegError):
            container.seek(int(duration * share * 1_000_000))
        if _end(container) >= duration * _CUT_SHORT - 1:
            return True
    return False


def _with_poster(
    facts: MediaFacts, container: InputContainer, film: VideoStream | None
) -> MediaFacts:
    if film is None:
        return replace(facts, poster=_cover_of_record(container))
    film.codec_context.thread_count = 1  # a second one costs more memory than it saves time
    picture, rotation = poster(container, film, facts.duration)
    facts = replace(facts, poster=webp(picture))
    if rotation % 180:
        return replace(facts, width=facts.height, height=facts.width)
    return facts


def _cover_of_record(container: InputContainer) -> bytes | None:
    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            container.seek(0)
            for packet in container.demux(stream):
                if packet.size:
                    return shrink_picture(BytesIO(bytes(packet)))[2]
    return None
