"""A sheet to draw on, with smooth lines: it is twice as large inside as it comes out."""

from collections.abc import Sequence
from math import atan2, cos, pi, sin

from PIL import Image, ImageDraw

from resource_hub.demo.lettering import letters

Point = tuple[float, float]
PAPER, INK, GREY = "#fffdf7", "#22303c", "#9aa7b1"
RED, BLUE, GREEN, GOLD, VIOLET = "#c8553d", "#2f6f9f", "#3f8f5b", "#e0a030", "#7a5ba6"
_FINER = 2


class Easel:
    """Coordinates, widths and sizes are in dots; y grows downwards.

    A dot is ``zoom`` pixels wide in the finished picture: drawn for a movie, printed larger.
    """

    def __init__(self, width: int, height: int, *, paper: str = PAPER, zoom: int = 1) -> None:
        self._scale = _FINER * zoom
        self._image = Image.new("RGB", (width * self._scale, height * self._scale), paper)
        self._pen = ImageDraw.Draw(self._image)

    def line(self, points: Sequence[Point], colour: str = INK, width: float = 3) -> None:
        self._pen.line(self._larger(points), colour, round(width * self._scale), joint="curve")

    def dashes(self, start: Point, end: Point, colour: str = GREY, width: float = 2) -> None:
        steps = max(2, int(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 // 12) * 2)
        for step in range(0, steps, 2):
            self.line(
                [between(start, end, step / steps), between(start, end, (step + 1) / steps)],
                colour,
                width,
            )

    def arrow(self, start: Point, end: Point, colour: str = INK, width: float = 3) -> None:
        self.line([start, end], colour, width)
        angle = atan2(end[1] - start[1], end[0] - start[0])
        barbs = [
            (end[0] - 14 * cos(angle + turn), end[1] - 14 * sin(angle + turn))
            for turn in (pi / 7, -pi / 7)
        ]
        self.polygon([end, *barbs], fill=colour, outline=colour)

    def polygon(
        self, points: Sequence[Point], fill: str | None = None, outline: str = INK, width: float = 2
    ) -> None:
        if fill:
            self._pen.polygon(self._larger(points), fill)
        self.line([*points, points[0]], outline, width)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str | None) -> None:
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill)

    def circle(
        self, centre: Point, radius: float, fill: str | None = None, outline: str | None = INK
    ) -> None:
        x, y = centre
        corners = self._larger([(x - radius, y - radius), (x + radius, y + radius)])
        self._pen.ellipse(corners, fill, outline, 2 * self._scale)

    def sector(self, centre: Point, radius: float, start: float, end: float, fill: str) -> None:
        """A slice between two angles in degrees, clockwise from three o'clock."""
        # Pillow's own slices take ten times as long as a polygon with enough corners.
        corners = max(2, round(abs(end - start) / 6))
        rim = [
            around(centre, radius, start + (end - start) * corner / corners)
            for corner in range(corners + 1)
        ]
        self.polygon([centre, *rim], fill, width=1)

    def words(
        self, place: Point, words: str, size: int = 28, colour: str = INK, anchor: str = "mm"
    ) -> None:
        """Write ``words`` so that ``place`` is their middle, or what ``anchor`` (Pillow's) says."""
        x, y = place
        at = (x * self._scale, y * self._scale)
        self._pen.text(at, words, colour, letters(size * self._scale), anchor)

    def _larger(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._scale, y * self._scale) for x, y in points]

    def finish(self) -> Image.Image:
        return self._image.reduce(_FINER)


def between(start: Point, end: Point, share: float) -> Point:
    """The point ``share`` of the way from one to the other, 0 to 1."""
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def around(centre: Point, radius: float, degrees: float) -> Point:
    """The point at an angle, clockwise from three o'clock as y grows downwards."""
    angle = degrees * pi / 180
    return (centre[0] + radius * cos(angle), centre[1] + radius * sin(angle))
