"""Tiny films and sounds, made in code."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
from PIL import Image, ImageDraw

RATE = 48_000
BEAT = 1_024  # samples of a frame of sound


def stripes(number: int) -> Image.Image:
    """A picture on which something can be seen, another one for each number."""
    picture = Image.new("RGB", (160, 90), "white")
    draw = ImageDraw.Draw(picture)
    for x in range(number % 16, 160, 16):
        draw.rectangle((x, 0, x + 7, 90), fill=(20, 60, 180))
    return picture


def black(number: int) -> Image.Image:
    del number
    return Image.new("RGB", (160, 90), "black")


@dataclass(frozen=True)
class Film:
    """What to make; the container follows from the name."""

    name: str = "film.mp4"
    video: str = "libx264"
    audio: str = ""
    frames: int = 30
    rate: Fraction = Fraction(10)
    size: tuple[int, int] = (160, 90)
    pixels: str = "yuv420p"
    picture: Callable[[int], Image.Image] = stripes
    rotation: int = 0
    moments: tuple[int, ...] = ()
    """When each picture is shown, in thousandths of a second, where the rate is not even."""
    options: dict[str, str] = field(default_factory=dict)
    """Of the encoder of pictures."""
    muxer: dict[str, str] = field(default_factory=dict)
    pixel_shape: Fraction | None = None
    sample_rate: int = RATE

    def write(self, folder: Path) -> Path:
        """Make the film in ``folder``; as many seconds of sound as of pictures."""
        path = folder / self.name
        with av.open(str(path), "w", options=self.muxer) as container:
            shown = self._add_video(container) if self.video else None
            heard = self._add_audio(container) if self.audio else None
            if shown is not None:
                for frame in self._pictures():
                    container.mux(shown.encode(frame))
                container.mux(shown.encode(None))
            if heard is not None:
                for sound in self._tones(heard):
                    container.mux(heard.encode(sound))
                container.mux(heard.encode(None))
        return path

    @property
    def seconds(self) -> float:
        return float(self.frames / self.rate)

    def _add_video(self, container: av.container.OutputContainer) -> av.VideoStream:
        preset = {"preset": "ultrafast"} if self.video == "libx264" else {}
        stream = container.add_stream(self.video, rate=self.rate, options=preset | self.options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = self.size
        stream.pix_fmt = self.pixels
        if self.moments:
            stream.codec_context.time_base = Fraction(1, 1000)
        if self.pixel_shape:
            stream.codec_context.sample_aspect_ratio = self.pixel_shape
        if self.rotation:
            stream.set_display_rotation(self.rotation)
        return stream

    def _add_audio(self, container: av.container.OutputContainer) -> av.AudioStream:
        stream = container.add_stream(self.audio, rate=self.sample_rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        stream.bit_rate = 64_000
        return stream

    def _pictures(self) -> Iterator[av.VideoFrame]:
        for number in range(self.frames):
            picture = self.picture(number).resize(self.size)
            frame = av.VideoFrame.from_image(picture).reformat(format=self.pixels)  # type: ignore[no-untyped-call]  # untyped in PyAV
            if self.moments:
                frame.pts, frame.time_base = self.moments[number], Fraction(1, 1000)
            else:
                frame.pts, frame.time_base = number, 1 / self.rate
            yield frame

    def _tones(self, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
        size = stream.codec_context.frame_size or BEAT
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=self.sample_rate
        )
        for at in range(0, round(self.seconds * self.sample_rate) - size + 1, size):
            frame = av.AudioFrame(format="s16", layout="mono", samples=size)
            wave = (
                round(8_000 * math.sin((at + n) * 2 * math.pi * 440 / self.sample_rate))
                for n in range(size)
            )
            frame.planes[0].update(
                b"".join(value.to_bytes(2, "little", signed=True) for value in wave)
            )
            frame.sample_rate = self.sample_rate
            frame.pts, frame.time_base = at, Fraction(1, self.sample_rate)
            yield from resampler.resample(frame)


def record_with_cover(folder: Path) -> Path:
    """A song of one second with the picture of its record inside."""
    path = folder / "song.mp3"
    cover = BytesIO()
    stripes(0).save(cover, "PNG")
    plain = Film("plain.mp3", video="", audio="mp3", frames=10).write(folder)
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        sound = target.add_stream_from_template(source.streams.audio[0])
        picture = target.add_stream("png", rate=1)
        assert isinstance(picture, av.VideoStream)
        picture.width, picture.height, picture.pix_fmt = 160, 90, "rgb24"
        picture.disposition = av.stream.Disposition.attached_pic
        packet = av.Packet(cover.getvalue())
        packet.stream, packet.pts, packet.dts, packet.time_base = picture, 0, 0, Fraction(1, 90_000)
        target.mux(packet)
        for piece in source.demux(source.streams.audio[0]):
            if piece.dts is not None:
                piece.stream = sound
                target.mux(piece)
    return path
