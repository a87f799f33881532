"""Charts as SVG: bars, stacked bars and lines, drawn by pure functions, with a table beside each.

They hold no script and no style attribute, so that the strictest policy of a page lets them be, and
take the colour of their text from the page. Colour never stands alone: values are written at the
bars, lines differ in dashes and marks. A legend says the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from unicodedata import east_asian_width

from resource_hub.catalogue.plain import one_line

COLOURS = ("#1f6f5c", "#d9a441", "#4a6fa5", "#8a4f7d", "#7d8a94", "#b5533c")
"""The accent first; neighbours differ in lightness as well, for the colour-blind and for paper."""
_DASHES = ("", "7 4", "2 3", "9 3 2 3", "4 2", "1 2")
_HAIRLINE = "#c9c4b8"
_FONTS = (
    "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif"
)
WIDTH, NARROW = 640, 420
"""Of a chart in print, and on a page that is read on a telephone, too."""
_SIZE = 14  # of letters; everything is in pixels of a chart of that width
_BAR, _GAP, _BETWEEN = 16, 3, 14
_LEGEND = 30
_NAMES = 170  # at most, for the names at the left
_VALUES = 52  # for the value at the end of a bar
_PLOT = 220  # height of a line chart


@dataclass(frozen=True, slots=True)
class Series:
    """What is counted, and its value for each of the chart's names; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows: its title, what it is about (schools, months), and the series."""

    title: str
    names: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The text alternative: a row for each name, a cell for each series."""
        columns = [[_number(value) for value in each.values] for each in self.series]
        return list(zip(self.names, *columns, strict=True))


def largest(chart: Chart, count: int, rest: str) -> Chart:
    """The ``count`` names with most of the first series; all others as one that ``rest`` names."""
    if len(chart.names) <= count + 1:
        return chart
    first = chart.series[0].values
    order = sorted(range(len(chart.names)), key=lambda at: (-(first[at] or 0), at))
    kept, others = sorted(order[:count], key=order.index), order[count:]
    return Chart(
        chart.title,
        (*(chart.names[at] for at in kept), rest),
        tuple(
            Series(
                each.name,
                (*(each.values[at] for at in kept), sum(each.values[at] or 0 for at in others)),
            )
            for each in chart.series
        ),
    )


def bar_chart(chart: Chart, *, ink: str = "currentColor", width: int = WIDTH) -> str:
    """Bars from left to right, a group of them for each name; the value stands at each end.

    Args:
        ink: Colour of the letters; a page says ``currentColor``, print says which.
        width: At least ``NARROW``.
    """
    left = _name_room(chart)
    scale = (width - left - _VALUES) / (_most(chart) or 1)
    group = len(chart.series) * (_BAR + _GAP) - _GAP
    parts, top = list(_legend(chart)), _below_legend(chart)
    for at, name in enumerate(chart.names):
        parts.append(_name(name, left, top + group / 2))
        for number, each in enumerate(chart.series):
            y, value = top + number * (_BAR + _GAP), each.values[at]
            long = (value or 0) * scale
            parts += (
                _rect(left, y, max(long, 1), _BAR, COLOURS[number % len(COLOURS)]),
                _text(left + long + 6, y + _BAR / 2, _number(value) or "–"),
            )
        top += group + _BETWEEN
    return _drawing(chart, top - _BETWEEN + 4, parts, ink, width)


def stacked_chart(chart: Chart, *, ink: str = "currentColor", width: int = WIDTH) -> str:
    """One bar for each name, its series one after the other; their sum stands at the end."""
    left = _name_room(chart)
    sums = [sum(each.values[at] or 0 for each in chart.series) for at in range(len(chart.names))]
    scale = (width - left - _VALUES) / (max(sums, default=0) or 1)
    parts, top, bar = list(_legend(chart)), _below_legend(chart), _BAR + 6
    for at, name in enumerate(chart.names):
        parts.append(_name(name, left, top + bar / 2))
        x = float(left)
        for number, each in enumerate(chart.series):
            long = (each.values[at] or 0) * scale
            colour = COLOURS[number % len(COLOURS)]
            if long:
                parts.append(_rect(x, top, max(long - 1, 1), bar, colour))
            words = _number(each.values[at])
            if long > _width(words) + 8:
                parts.append(_text(x + long / 2, top + bar / 2, words, "middle", _on(colour)))
            x += long
        parts.append(_text(x + 6, top + bar / 2, _number(sums[at])))
        top += bar + _BETWEEN
    return _drawing(chart, top - _BETWEEN + 4, parts, ink, width)


def line_chart(chart: Chart, *, ink: str = "currentColor", width: int = WIDTH) -> str:
    """A line for each series, the names from left to right; it breaks where a value is missing."""
    steps = _steps(_most(chart))
    left, top = max(_width(_number(step)) for step in steps) + 12, _below_legend(chart) + 8
    room, highest = width - left - 24, steps[-1] or 1
    apart = room / max(len(chart.names) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return left + at * apart, top + _PLOT * (1 - value / highest)

    parts = list(_legend(chart))
    for step in steps:
        _, y = place(0, step)
        parts += (
            f'<path d="M{left:g} {y:.1f}H{width - 16}" stroke="{_HAIRLINE}"/>',
            _text(left - 8, y, _number(step), "end"),
        )
    every = ceil(len(chart.names) * (max(map(_width, chart.names), default=0) + 12) / room) or 1
    free = 0.0  # from here on: the last name ends where its mark stands, and may need more room
    for at in range(0, len(chart.names), every):
        x, _ = place(at, 0)
        anchor = "middle" if 0 < at < len(chart.names) - 1 else ("end" if at else "start")
        wide = _width(chart.names[at])
        begins = x - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        if begins >= free:
            free = begins + wide + 11.9
            parts.append(_text(x, top + _PLOT + 18, chart.names[at], anchor))
    for number, each in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        for piece in _pieces(each.values):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in piece))
            parts.append(
                f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"'
                f' stroke-dasharray="{_DASHES[number % len(_DASHES)] or "none"}"/>'
            )
            parts += (_mark(*place(*point), number) for point in piece)
    return _drawing(chart, top + _PLOT + 32, parts, ink, width)


def _pieces(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Runs of values that are there, each with its place."""
    piece: list[tuple[int, float]] = []
    for at, value in enumerate((*values, None)):
        if value is not None:
            piece.append((at, value))
        elif piece:
            yield piece
            piece = []


def _steps(most: float) -> list[float]:
    """Round numbers from 0 to at least ``most``: four to six of them."""
    if most <= 0:
        return [0, 1]
    rough = most / 5
    power = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    step = max(step, 1) if most == int(most) else step
    return [round(step * number, 6) for number in range(ceil(most / step) + 1)]


def _most(chart: Chart) -> float:
    return max((value or 0 for each in chart.series for value in each.values), default=0)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}".removesuffix(".0")


def _width(text: str) -> float:
    """About how wide it is in print: full-width characters are as wide as high."""
    return sum(_SIZE if east_asian_width(one) in "WF" else _SIZE * 0.58 for one in text)


def _cut(text: str, room: float) -> str:
    text = one_line(text)
    if _width(text) <= room:
        return text
    while text and _width(text) > room - _SIZE:
        text = text[:-1]
    return f"{text}…"


def _name_room(chart: Chart) -> float:
    return min(max((_width(one_line(name)) for name in chart.names), default=0) + 10, _NAMES)


def _name(name: str, left: float, y: float) -> str:
    return _text(left - 8, y, _cut(name, left - 8), "end")


def _below_legend(chart: Chart) -> float:
    return _LEGEND if len(chart.series) > 1 else 2


def _legend(chart: Chart) -> Iterator[str]:
    x = 2.0
    for number, each in enumerate(chart.series if len(chart.series) > 1 else ()):
        yield _mark(x + 7, 10, number)
        yield _text(x + 20, 10, each.name)
        x += 20 + _width(each.name) + 24


def _mark(x: float, y: float, number: int) -> str:
    """A circle, a square, a diamond: marks of lines and of the legend."""
    colour = COLOURS[number % len(COLOURS)]
    if number % 3 == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'
    if number % 3 == 1:
        return _rect(x - 5, y - 5, 10, 10, colour)
    points = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
    return f'<polygon points="{points}" fill="{colour}"/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    size = f'width="{width:.1f}" height="{height:g}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{colour}"/>'


def _on(colour: str) -> str:
    """White on dark, ink on light."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#1f2933" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"  # noqa: PLR2004 - where either can be read


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = "") -> str:
    """Words whose middle is at ``y``; not by dominant-baseline, which few programs know."""
    colour = f' fill="{fill}"' if fill else ""
    place = f'x="{x:.1f}" y="{y + _SIZE * 0.36:.1f}" text-anchor="{anchor}"'
    return f"<text {place}{colour}>{escape(one_line(words), quote=False)}</text>"


def _drawing(chart: Chart, height: float, parts: Sequence[str], ink: str, width: int) -> str:
    """The whole drawing; ``aria-label`` holds the title, the table beside it the values."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {ceil(height)}" role="img"'
        f' aria-label="{escape(one_line(chart.title))}" font-family="{_FONTS}"'
        f' font-size="{_SIZE}" fill="{ink}">{"".join(parts)}</svg>'
    )
