"""The picture and the sound of a film on their way into another file: copied, or encoded anew."""

from __future__ import annotations  # PyAV's packets are generic for type checkers alone

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.filter import Graph
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.poster import size_as_seen

LONG_SIDE, SHORT_SIDE = 1280, 720
"""What an encoded film fits, in pixels: enough for a projector, and for a weak line."""

_SLOWEST, _FASTEST = 10, 30  # pictures a second
_TICKS = 90_000  # a second, for films of an uneven pace
_FAULTS = 2_000  # damaged packets in a row
_ENCODER = {"preset": "veryfast", "crf": "23", "maxrate": "2500k", "bufsize": "5000k", "g": "120"}
"""H.264 as old tablets decode it; at most 2.5 Mbit/s; a jump lands within four seconds."""

_AAC_RATES = {8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000}
_AAC_BITS = {1: 96_000, 2: 128_000}  # a second, by channels


Frame = TypeVar("Frame", VideoFrame, AudioFrame)


class Track(Protocol):
    """Takes the packets of one stream, gives those of the other file; ``None`` is the end."""

    def take(self, packet: Packet[Stream] | None) -> Iterator[Packet[Stream]]: ...


class Copied:
    """The same packets in another container."""

    def __init__(self, target: OutputContainer, source: Stream) -> None:
        self._stream = target.add_stream_from_template(source)

    def take(self, packet: Packet[Stream] | None) -> Iterator[Packet[Stream]]:
        # The last packet that a container gives is an empty one.
        if packet is not None and packet.size and packet.dts is not None:
            packet.stream = self._stream
            yield packet


class Picture:
    """A film in H.264: upright, square pixels, no combs, 8 bits, at most 30 pictures a second."""

    def __init__(self, target: OutputContainer, source: VideoStream, first: VideoFrame) -> None:
        """Choose the size by the first picture: it tells how the telephone was held."""
        self._source = source
        self._decoding = _Decoding(source.decode)
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None
        self._last = -1
        self._rate = _pace(source)
        seen = size_as_seen(first.width, first.height, source, rotation=first.rotation)
        self._size = fitted(*seen)
        self._encoder = target.add_stream("libx264", rate=self._rate, options=_ENCODER)
        self._encoder.width, self._encoder.height = self._size
        self._encoder.pix_fmt = "yuv420p"
        self._encoder.codec_context.time_base = Fraction(1, _TICKS)

    def take(self, packet: Packet[Stream] | None) -> Iterator[Packet[Stream]]:
        for frame in self._decoding.frames(packet):
            yield from self._encoded(frame)
        if packet is None:
            yield from self._pull(None)
            yield from self._encoder.encode(None)

    def _encoded(self, frame: VideoFrame) -> Iterator[Packet[Stream]]:
        if frame.pts is None:
            return
        shape = (frame.width, frame.height, frame.format.name)
        if self._graph is None or shape != self._shape:
            if self._graph is not None:
                yield from self._pull(None)
            self._graph, self._shape = self._laid_out(frame), shape
        yield from self._pull(frame)

    def _laid_out(self, frame: VideoFrame) -> Graph:
        """The steps from a picture as it was decoded to one as it is encoded."""
        width, height = self._size
        graph = Graph()
        steps = [
            graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=self._source.time_base,
            )
        ]
        steps += [graph.add(name, values) for name, values in _turning(frame.rotation)]
        if frame.interlaced_frame:
            steps.append(graph.add("yadif", "deint=interlaced"))
        steps.append(graph.add("scale", f"{width}:{height}:out_range=tv"))
        steps.append(graph.add("setsar", "1"))
        steps.append(graph.add("format", "yuv420p"))
        # At an even pace: of an uneven one, players show the last pictures wrongly or not at all.
        steps.append(graph.add("fps", str(self._rate)))
        steps.append(graph.add("buffersink"))
        graph.link_nodes(*steps).configure()
        return graph

    def _pull(self, frame: VideoFrame | None) -> Iterator[Packet[Stream]]:
        if self._graph is None:
            return
        self._graph.vpush(frame)
        while True:
            try:
                ready = self._graph.vpull()
            except (BlockingIOError, EOFError):  # it wants more, or has no more
                return
            at = -1
            if ready.pts is not None and ready.time_base:
                at = round(ready.pts * ready.time_base * _TICKS)
            if at <= self._last:
                continue  # two pictures at the same moment
            self._last = at
            ready.pts, ready.time_base = at, Fraction(1, _TICKS)
            ready.pict_type = 0  # the encoder decides itself which pictures are whole
            yield from self._encoder.encode(ready)


class Sound:
    """A sound in AAC, in one or two channels."""

    def __init__(self, target: OutputContainer, source: AudioStream) -> None:
        context = source.codec_context
        rate = context.sample_rate if context.sample_rate in _AAC_RATES else 48_000
        channels = 1 if context.channels == 1 else 2
        layout = "mono" if channels == 1 else "stereo"
        self._encoder = target.add_stream("aac", rate=rate)
        self._encoder.layout = layout
        self._encoder.bit_rate = _AAC_BITS[channels]
        self._resampler = av.AudioResampler(
            format="fltp", layout=layout, rate=rate, frame_size=1_024
        )
        self._decoding = _Decoding(source.decode)

    def take(self, packet: Packet[Stream] | None) -> Iterator[Packet[Stream]]:
        for frame in self._decoding.frames(packet):
            yield from self._encoded(frame)
        if packet is None:
            yield from self._encoded(None)
            yield from self._encoder.encode(None)

    def _encoded(self, frame: AudioFrame | None) -> Iterator[Packet[Stream]]:
        for ready in self._resampler.resample(frame):
            yield from self._encoder.encode(ready)


class _Decoding(Generic[Frame]):
    """Decodes and leaves out what is damaged, as players do."""

    def __init__(self, decode: Callable[[Packet[Stream] | None], list[Frame]]) -> None:
        self._decode: Callable[[Packet[Stream] | None], list[Frame]] = decode
        self._faults = 0

    def frames(self, packet: Packet[Stream] | None) -> list[Frame]:
        try:
            frames = self._decode(packet)
        except (FFmpegError, EOFError) as error:
            self._faults += 1
            if self._faults > _FAULTS:
                raise Unreadable(Trouble.DAMAGED) from error
            return []
        if frames:
            self._faults = 0
        return frames


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size that a film is encoded in: both even, never larger than it is."""
    long, short = max(width, height), min(width, height)
    scale = min(1.0, LONG_SIDE / long, SHORT_SIDE / short)
    return 2 * max(1, round(width * scale / 2)), 2 * max(1, round(height * scale / 2))


def _pace(source: VideoStream) -> Fraction:
    """Pictures a second of the new film."""
    rate = source.average_rate or source.guessed_rate or Fraction(_FASTEST)
    return min(max(Fraction(rate).limit_denominator(1001), Fraction(_SLOWEST)), Fraction(_FASTEST))


def _turning(rotation: int) -> list[tuple[str, str]]:
    """Filters that turn a picture by ``rotation`` degrees against the clock."""
    quarter = round(rotation / 90) % 4
    return {
        0: [],
        1: [("transpose", "cclock")],
        2: [("hflip", ""), ("vflip", "")],
        3: [("transpose", "clock")],
    }[quarter]
