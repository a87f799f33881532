"""What the styles of OpenDocument say: sizes, colours, fills."""

from dataclasses import dataclass

from resource_hub.files.typesetting.package import colour, letters
from resource_hub.files.typesetting.tree import Node

_POINTS = {"cm": 28.3465, "mm": 2.83465, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_LARGEST = 4_000.0  # points


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says; None, and no align, follow from its parent; no fill is ``""``."""

    size: float | None = None
    bold: bool | None = None
    underlined: bool | None = None
    ink: str | None = None
    align: str = ""
    fill: str | None = None


def points(written: str) -> float | None:
    """A length such as ``2.5cm`` in points, or None."""
    for unit, factor in _POINTS.items():
        if written.endswith(unit):
            try:
                return min(max(float(written.removesuffix(unit)) * factor, -_LARGEST), _LARGEST)
            except ValueError:
                return None
    return None


def own_look(style: Node) -> Look:
    text = style.child("text-properties") or Node("", {})
    paragraph = style.child("paragraph-properties") or Node("", {})
    drawn = next(
        (each for each in style if each.tag in {"graphic-properties", "drawing-page-properties"}),
        Node("", {}),
    )
    weight, line = text.get("font-weight"), text.get("text-underline-style")
    filled = drawn.get("fill")
    return Look(
        letters(points(text.get("font-size"))),
        weight == "bold" if weight else None,
        line != "none" if line else None,
        colour(text.get("color").removeprefix("#")),  # white on a slide may be right
        paragraph.get("text-align"),
        (colour(drawn.get("fill-color").removeprefix("#")) if filled == "solid" else "")
        if filled
        else None,
    )


def over(under: Look, above: Look) -> Look:
    return Look(
        above.size or under.size,
        under.bold if above.bold is None else above.bold,
        under.underlined if above.underlined is None else above.underlined,
        above.ink or under.ink,
    )
