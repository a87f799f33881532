"""Where things stand on a slide, and what a shape inherits from its layout and its master."""

from collections.abc import Iterator
from dataclasses import dataclass

from resource_hub.files.typesetting.package import EMU
from resource_hub.files.typesetting.tree import Node

_TITLES = {"title", "ctrTitle"}
_DEGREE = 60_000
_FARTHEST = 20_000.0  # points; whoever says more is mistaken


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle on a slide, in points, turned by degrees."""

    x: float
    y: float
    width: float
    height: float
    turn: float = 0


@dataclass(frozen=True, slots=True)
class Move:
    """From coordinates inside a group to those of the slide."""

    x: float = 0
    y: float = 0
    across: float = 1
    down: float = 1

    def frame(self, xfrm: Node | None) -> Frame | None:
        """A frame as the slide sees it; None where its place is not told."""
        offset, extent = (xfrm.child("off"), xfrm.child("ext")) if xfrm else (None, None)
        if xfrm is None or offset is None or extent is None:
            return None
        x, y = offset.number("x") or 0, offset.number("y") or 0
        wide, high = extent.number("cx") or 0, extent.number("cy") or 0
        turn = ((xfrm.number("rot") or 0) / _DEGREE) % 360
        found = (
            self.x + x / EMU * self.across,
            self.y + y / EMU * self.down,
            wide / EMU * self.across,
            high / EMU * self.down,
        )
        if any(abs(each) > _FARTHEST for each in found):
            return None
        return Frame(*found, turn)

    def inside(self, xfrm: Node | None) -> "Move":
        """For what stands in a group."""
        group = self.frame(xfrm)
        offset, extent = (xfrm.child("chOff"), xfrm.child("chExt")) if xfrm else (None, None)
        if group is None or offset is None or extent is None:
            return self
        wide, high = (extent.number("cx") or 0) / EMU, (extent.number("cy") or 0) / EMU
        across, down = group.width / wide if wide else 1, group.height / high if high else 1
        x, y = (offset.number("x") or 0) / EMU, (offset.number("y") or 0) / EMU
        return Move(group.x - x * across, group.y - y * down, across, down)


def placeholder(shape: Node) -> tuple[str, str] | None:
    """Kind and index of the placeholder that a shape fills, if it fills one."""
    for each in shape:
        found = each.child("nvPr", "ph") if each.tag.startswith("nv") else None
        if found is not None:
            return found.get("type", "body"), found.get("idx", "0")
    return None


def is_title(kind: tuple[str, str] | None) -> bool:
    return kind is not None and kind[0] in _TITLES


def like(kind: tuple[str, str], parts: list[Node | None]) -> Iterator[Node]:
    """The shapes of layout and master that stand for the same placeholder."""
    for part in parts:
        shapes = list(part.all("sp", "pic")) if part else []
        kinds = [placeholder(shape) for shape in shapes]
        same = [s for s, k in zip(shapes, kinds, strict=True) if k and k[1] == kind[1] != "0"]
        same = same or [
            s for s, k in zip(shapes, kinds, strict=True) if k and _alike(k[0], kind[0])
        ]
        yield from same[:1]


def _alike(one: str, other: str) -> bool:
    if one in _TITLES:
        return other in _TITLES
    return one == other or {one, other} <= {"body", "obj", "subTitle"}
