"""A pptx as a manuscript: what stands where on each slide, its sizes and its colours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from resource_hub.files.office import slides_in_order
from resource_hub.files.typesetting.blocks import (
    Anchor,
    Box,
    Picture,
    Slide,
    Slides,
)
from resource_hub.files.typesetting.colours import Colours
from resource_hub.files.typesetting.package import EMU, Package
from resource_hub.files.typesetting.pictures import Crop, Pictures
from resource_hub.files.typesetting.shapes import Frame, Move, is_title, like, placeholder
from resource_hub.files.typesetting.slide_text import Inherited, paragraphs, slide_table
from resource_hub.files.typesetting.tree import Node

_USUAL = (960.0, 540.0)  # points
_SIDES = (72.0, 4_000.0)  # points
_HIDDEN = {"dt", "ftr", "sldNum", "hdr"}  # placeholders that say what every slide says
_ANCHORS: dict[str, Anchor] = {"ctr": "horizon", "b": "bottom"}
_MOST_BOXES = 300  # on one slide
_ROUND = {"ellipse", "roundRect", "flowChartTerminator", "wedgeRoundRectCallout", "cloud"}


def read_slides(stream: BinaryIO, pictures: Pictures, *, first: int, last: int) -> Slides:
    """Read the slides ``first`` to ``last``, from 1; raises ``Unreadable``."""
    with Package(stream) as package:
        main = package.main(r"ppt/presentation\d*\.xml")
        tree = package.tree(main)
        size = tree.child("sldSz") if tree else None
        width, height = _size(size)
        order = slides_in_order(package.packed, package.names)
        made = Slides(width, height, first=first, count=len(order))
        masters: dict[str | None, Colours] = {}
        for name in order[first - 1 : last]:
            slide = _Slide(package, name, pictures, masters)
            made.slides.append(slide.read(width, height))
        return made


def _size(node: Node | None) -> tuple[float, float]:
    found = [(node.number(side) or 0) / EMU for side in ("cx", "cy")] if node else []
    least, most = _SIDES
    if len(found) != len(_USUAL) or not all(least <= side <= most for side in found):
        return _USUAL
    return found[0], found[1]


@dataclass(slots=True)
class _Part:
    """A slide, its layout or its master: its tree and what it refers to."""

    tree: Node | None
    relations: dict[str, tuple[str, str]]


class _Slide:
    """Reads one slide, with what its layout and master put behind it."""

    def __init__(
        self,
        package: Package,
        name: str,
        pictures: Pictures,
        masters: dict[str | None, Colours],
    ) -> None:
        self._package, self._pictures = package, pictures
        layout = package.related(name, "/slideLayout")
        master = package.related(layout, "/slideMaster") if layout else None
        if master not in masters:
            masters[master] = Colours(package, master)
        self._colours = masters[master]
        self._slide, self._layout, self._master = (
            _Part(package.tree(part), package.relations(part)) if part else _Part(None, {})
            for part in (name, layout, master)
        )

    def read(self, width: float, height: float) -> Slide:
        made = Slide()
        for part in (self._slide, self._layout, self._master):
            background = part.tree.child("cSld", "bg") if part.tree else None
            if background is not None:
                self._paint(made, background, part, (width, height))
                break
        behind = [self._layout] if _shows_master(self._layout) else []
        behind = [self._master, *behind] if _shows_master(self._layout) else [self._layout]
        for part in behind if _shows_master(self._slide) else []:
            made.boxes += self._boxes(part, own=False)
        made.boxes += self._boxes(self._slide, own=True)
        del made.boxes[_MOST_BOXES:]
        return made

    def _paint(self, made: Slide, background: Node, part: _Part, size: tuple[float, float]) -> None:
        properties = background.child("bgPr")
        made.fill = self._colours.fill(properties) or self._colours.of(background.child("bgRef"))
        blip = properties.child("blipFill", "blip") if properties else None
        if blip is not None:
            frame = Frame(0, 0, *size)
            made.boxes += self._picture(blip, frame, part, None)

    def _boxes(self, part: _Part, *, own: bool) -> Iterator[Box]:
        shapes = part.tree.child("cSld", "spTree") if part.tree else None
        if shapes is not None:
            yield from self._inside(shapes, Move(), part, own=own)

    def _inside(self, node: Node, move: Move, part: _Part, *, own: bool) -> Iterator[Box]:
        for each in node:
            if each.tag == "grpSp":
                inner = move.inside(each.child("grpSpPr", "xfrm"))
                yield from self._inside(each, inner, part, own=own)
            elif each.tag == "AlternateContent":
                chosen = each.child("Choice") or each.child("Fallback")
                if chosen is not None:
                    yield from self._inside(chosen, move, part, own=own)
            elif own or placeholder(each) is None:
                yield from self._thing(each, move, part)

    def _thing(self, node: Node, move: Move, part: _Part) -> Iterator[Box]:
        kind = placeholder(node)
        if kind is not None and kind[0] in _HIDDEN:
            return
        others = list(like(kind, [self._layout.tree, self._master.tree])) if kind else []
        properties = [each.child("spPr") for each in (node, *others)]
        frames = (move.frame(each.child("xfrm") if each else None) for each in properties)
        frame = next((each for each in frames if each), None)
        if node.tag == "graphicFrame":
            yield from self._graphic(node, move.frame(node.child("xfrm")) or frame, part)
        elif frame is not None and node.tag == "pic":
            blip = node.child("blipFill", "blip")
            yield from self._picture(blip, frame, part, node.child("blipFill", "srcRect"))
        elif frame is not None and node.tag == "sp":
            yield from self._shape(node, others, frame, part)

    def _shape(self, node: Node, others: list[Node], frame: Frame, part: _Part) -> Iterator[Box]:
        properties, kind = node.child("spPr"), placeholder(node)
        blip = properties.child("blipFill", "blip") if properties else None
        if blip is not None:
            yield from self._picture(blip, frame, part, None)
        style = node.child("style")
        master = self._master.tree.child("txStyles") if self._master.tree else None
        inherited = Inherited(node, others, master, self._colours, kind)
        blocks = list(paragraphs(node.child("txBody"), inherited))
        fill, line = self._surface(properties, style)
        if not any(block.text.strip() for block in blocks):
            blocks = []
        if not blocks and fill is None and line is None:
            return
        shape = properties.child("prstGeom") if properties else None
        yield Box(
            frame.x, frame.y, frame.width, frame.height,
            blocks=list(blocks),
            anchor=_ANCHORS.get(inherited.anchor, "top"),
            title=is_title(kind),
            fill=fill,
            line=line,
            rounded=shape is not None and shape.get("prst") in _ROUND,
            turn=frame.turn,
        )  # fmt: skip

    def _surface(
        self, properties: Node | None, style: Node | None
    ) -> tuple[str | None, str | None]:
        """What a shape is filled with, and its outline."""
        fill, line = self._colours.fill(properties), None
        outline = properties.child("ln") if properties else None
        if outline is not None:
            line = self._colours.fill(outline)
        reference = style.child("fillRef") if style else None
        bare = properties is not None and properties.child("noFill") is not None
        if fill is None and not bare and reference is not None and reference.number("idx"):
            fill = self._colours.of(reference)
        free = properties is not None and properties.child("custGeom") is not None
        # A free form is seldom a rectangle: better nothing than a large wrong colour.
        return (None, None) if free else (fill, line)

    def _picture(
        self, blip: Node | None, frame: Frame, part: _Part, cut: Node | None
    ) -> Iterator[Box]:
        _, name = part.relations.get(blip.reference("embed") if blip else "", ("", ""))
        crop = _crop(cut)
        if name and self._package.keep(self._pictures, name, crop):
            picture = Picture(crop.named(name), frame.width, frame.height)
            yield Box(frame.x, frame.y, frame.width, frame.height, [picture], turn=frame.turn)

    def _graphic(self, node: Node, frame: Frame | None, part: _Part) -> Iterator[Box]:
        """A table, or a diagram as it was drawn last."""
        if frame is None:
            return
        table = next(node.all("tbl"), None)
        if table is not None:
            inherited = Inherited(node, [], None, self._colours, None)
            blocks = [slide_table(table, inherited)]
            yield Box(frame.x, frame.y, frame.width, frame.height, list(blocks))
            return
        for picture in node.all("blip"):  # what an embedded object looks like
            yield from self._picture(picture, frame, part, None)
        if next(node.all("relIds"), None) is not None:
            for kind, target in part.relations.values():
                drawn = self._package.tree(target) if kind.endswith("/diagramDrawing") else None
                shapes = drawn.child("spTree") if drawn else None
                if shapes is not None:
                    moved = Move(frame.x, frame.y)
                    yield from self._inside(shapes, moved, _Part(drawn, {}), own=True)


def _shows_master(part: _Part) -> bool:
    return part.tree is None or part.tree.get("showMasterSp", "1") not in {"0", "false"}


def _crop(cut: Node | None) -> Crop:
    if cut is None:
        return Crop()
    sides = ((cut.number(side) or 0) / 100_000 for side in ("l", "t", "r", "b"))
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in sides)
    return Crop(left, top, right, bottom) if left + right < 1 and top + bottom < 1 else Crop()
