"""What the styles of a document say about its paragraphs."""

import re
from dataclasses import dataclass

from resource_hub.files.typesetting.package import Package, letters
from resource_hub.files.typesetting.tree import Node

_HEADING = re.compile(r"(?:heading|标题|標題)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|標題", re.IGNORECASE)
_DEEPEST = 9
_ANCESTORS = 12
DEFAULT_SIZE = 10.5  # points: 五号, what Word and WPS begin with


@dataclass(frozen=True, slots=True)
class Look:
    """Of a paragraph; what is None follows from elsewhere."""

    level: int = 0
    size: float | None = None
    bold: bool = False
    align: str = ""
    numbering: tuple[str, int] | None = None
    first_line: bool = False


class Styles:
    """The styles of a document by id, each with what it inherits."""

    def __init__(self, package: Package, main: str) -> None:
        part = package.related(main, "/styles")
        tree = package.tree(part) if part else None
        self._nodes: dict[str, Node] = {}
        self._looks: dict[str, Look] = {}
        self._default = ""
        for node in tree or ():
            if node.tag == "style" and node.get("type", "paragraph") == "paragraph":
                self._nodes[node.get("styleId")] = node
                if node.get("default") in {"1", "true"}:
                    self._default = node.get("styleId")
        defaults = tree.child("docDefaults", "rPrDefault", "rPr", "sz") if tree else None
        size = defaults.number("val") if defaults else None
        self.size = self.look("").size or letters(size / 2 if size else None) or DEFAULT_SIZE

    def look(self, style: str) -> Look:
        """How paragraphs of a style look; ``""`` is the style of those that name none."""
        style = style or self._default
        if style not in self._looks:
            self._looks[style] = self._found(style)
        return self._looks[style]

    def _found(self, style: str) -> Look:
        look, seen = Look(), set[str]()
        while style in self._nodes and style not in seen and len(seen) < _ANCESTORS:
            seen.add(style)
            node = self._nodes[style]
            look = _joined(look, look_of(node), _level_by_name(node))
            based = node.child("basedOn")
            style = based.get("val") if based else ""
        return look


def _joined(own: Look, inherited: Look, level: int) -> Look:
    return Look(
        own.level or inherited.level or level,
        own.size or inherited.size,
        own.bold or inherited.bold,
        own.align or inherited.align,
        own.numbering or inherited.numbering,
        own.first_line or inherited.first_line,
    )


def look_of(node: Node) -> Look:
    """What a style, or a paragraph by itself, says about its look."""
    outline = node.child("pPr", "outlineLvl")
    level = outline.number("val") if outline else None
    size = node.child("rPr", "sz")
    points = size.number("val") if size else None
    align = node.child("pPr", "jc")
    return Look(
        int(level) + 1 if level is not None and 0 <= level < _DEEPEST else 0,
        letters(points / 2 if points else None),
        switched_on(node.child("rPr", "b")),
        align.get("val") if align else "",
        _numbering(node),
        _stands_in(node),
    )


def switched_on(node: Node | None) -> bool:
    """Whether a property such as bold is there and not switched off."""
    return node is not None and node.get("val", "1") not in {"0", "false", "off", "none"}


def _level_by_name(node: Node) -> int:
    named = node.child("name")
    name = named.get("val") if named else ""
    if found := _HEADING.fullmatch(name):
        return int(found.group(1))
    return 1 if _TITLE.fullmatch(name) else 0


def _numbering(node: Node) -> tuple[str, int] | None:
    number = node.child("pPr", "numPr", "numId")
    if number is None:
        return None
    level = node.child("pPr", "numPr", "ilvl")
    return number.get("val"), int((level.number("val") if level else 0) or 0)


def _stands_in(node: Node) -> bool:
    indent = node.child("pPr", "ind")
    if indent is None:
        return False
    return (indent.number("firstLineChars") or indent.number("firstLine") or 0) > 0
