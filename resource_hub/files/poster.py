"""The picture that stands for a film: one on which something can be seen."""

import math
from collections.abc import Iterator
from contextlib import suppress

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from resource_hub.files.facts import THUMBNAIL_BOX

_SHARES = (0.1, 0.3, 0.5, 0.7, 0.0)
"""Where to look, as shares of the duration: films begin with black and end with names."""

_LIVELY = 10.0
"""Standard deviation of the light, of 255, from which on a picture shows something."""

_PATIENCE = 250  # frames that are decoded in a row, where jumping leads to nothing lively
_STRIDE = 10  # frames between two looks then
_FAULTS = 50  # packets that may be damaged in a row
_GLANCE = (64, 64)


def poster(
    container: InputContainer, stream: VideoStream, seconds: float | None
) -> tuple[Image.Image, int]:
    """Choose a picture of a film.

    Args:
        seconds: The duration, if known.

    Returns:
        RGB, upright, with square pixels, fitting a square of ``THUMBNAIL_BOX``; and by how many
        degrees it had to be turned. The liveliest of those looked at, if all of them are nearly of
        one colour.

    Raises:
        ValueError: not one picture can be decoded.
    """
    best: tuple[float, VideoFrame] | None = None
    for frame in _candidates(container, stream, seconds):
        life = _liveliness(frame)
        if best is None or life > best[0]:
            best = (life, frame)
        if life >= _LIVELY:
            break
    if best is None:
        raise ValueError("There is no picture in this film.")
    return upright(best[1], stream), best[1].rotation


def _candidates(
    container: InputContainer, stream: VideoStream, seconds: float | None
) -> Iterator[VideoFrame]:
    if seconds:
        for share in _SHARES:
            with suppress(FFmpegError):
                container.seek(int(seconds * share * 1_000_000))
                yield from _frames(container, stream, most=1)
        with suppress(FFmpegError):
            container.seek(0)
    for number, frame in enumerate(_frames(container, stream, most=_PATIENCE)):
        if number % _STRIDE == 0:
            yield frame


def _frames(container: InputContainer, stream: VideoStream, *, most: int) -> Iterator[VideoFrame]:
    """Up to ``most`` pictures from here on, leaving out what is damaged."""
    given = faults = 0
    for packet in container.demux(stream):
        try:
            frames = stream.decode(packet)
        except FFmpegError:
            faults += 1
            if faults > _FAULTS:
                return
            continue
        faults = 0
        for frame in frames:
            yield frame
            given += 1
            if given == most:
                return


def _liveliness(frame: VideoFrame) -> float:
    if frame.is_corrupt:
        return -1.0
    width, height = _GLANCE
    small = frame.reformat(width=width, height=height, format="gray").to_image()  # type: ignore[no-untyped-call]  # untyped in PyAV
    return float(ImageStat.Stat(small).stddev[0])


def upright(frame: VideoFrame, stream: VideoStream) -> Image.Image:
    """The picture as a person sees it, small: turned, and with square pixels."""
    width, height = size_as_seen(frame.width, frame.height, stream, rotation=0)
    scale = min(1.0, THUMBNAIL_BOX / max(width, height))
    picture: Image.Image = frame.reformat(
        width=max(1, round(width * scale)), height=max(1, round(height * scale)), format="rgb24"
    ).to_image()  # type: ignore[no-untyped-call]  # untyped in PyAV
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def size_as_seen(width: int, height: int, stream: VideoStream, *, rotation: int) -> tuple[int, int]:
    """Width and height in square pixels, after turning by ``rotation`` degrees."""
    ratio = stream.sample_aspect_ratio
    # A pixel eight times as wide as high is no film, but a wrong number.
    if ratio and ratio != 1 and abs(math.log(ratio)) < math.log(8):
        width = max(1, round(width * ratio))
    return (height, width) if rotation % 180 else (width, height)
