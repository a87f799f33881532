"""A docx as a manuscript: headings, paragraphs, lists, tables and pictures in their order."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.typesetting.blocks import (
    Align,
    Block,
    Cell,
    Document,
    Paragraph,
    Picture,
    Run,
    Table,
)
from resource_hub.files.typesetting.numbering import Numbering
from resource_hub.files.typesetting.package import (
    EMU,
    TWIPS,
    Package,
    colour,
    is_pale,
    letters,
    literal,
)
from resource_hub.files.typesetting.pictures import Pictures
from resource_hub.files.typesetting.styles import Look, Styles, look_of, switched_on
from resource_hub.files.typesetting.tables import grid
from resource_hub.files.typesetting.tree import Node

# The old form beside the new one, readings above characters, what was deleted, and properties.
_SKIPPED = {"Fallback", "rt", "del", "moveFrom", "pPr", "rPr", "tblPr", "sectPr", "instrText"}
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\u2003", "ptab": "\u2003", "noBreakHyphen": "-"}
_ALIGN: dict[str, Align] = {
    "center": "center", "right": "right", "end": "right",
    "both": "justify", "distribute": "justify",
}  # fmt: skip
_DEEPEST = 3  # headings below this are set like text
_WIDEST = 6_000.0  # points; beyond it a size is a mistake
_MOST_ROWS = 400


def read_document(stream: BinaryIO, pictures: Pictures) -> Document:
    """Read the body of a docx; raises ``Unreadable`` when there is none."""
    with Package(stream) as package:
        main = package.main(r"word/document\d*\.xml")
        tree = package.tree(main)
        body = tree.child("body") if tree else None
        if body is None:
            raise Unreadable(Trouble.DAMAGED)
        reader = _Reader(package, main, pictures)
        page = next((each.child("pgSz") for each in body.all("sectPr")), None)
        blocks = list(reader.blocks(body))
        wide = page is not None and page.get("orient") == "landscape"
        return Document(blocks, size=reader.styles.size, wide=wide)


class _Reader:
    """Reads blocks of one document; it counts the lists as it goes."""

    def __init__(self, package: Package, main: str, pictures: Pictures) -> None:
        self._package = package
        self._pictures = pictures
        self._relations = package.relations(main)
        self._numbering = Numbering(package, main)
        self.styles = Styles(package, main)

    def blocks(self, node: Node) -> Iterator[Block]:
        for each in node:
            if each.tag == "p":
                yield from self._paragraph(each)
            elif each.tag == "tbl":
                yield self._table(each)
            elif each.tag not in _SKIPPED:
                yield from self.blocks(each)  # a content control, or something that was inserted

    def _paragraph(self, node: Node) -> Iterator[Block]:
        named = node.child("pPr", "pStyle")
        style, own = self.styles.look(named.get("val") if named else ""), look_of(node)
        made = Paragraph(
            level=_shown_level(own.level or style.level),
            first_line=own.first_line or style.first_line,
            align=_ALIGN.get(own.align or style.align, "left"),
            size=style.size,
        )
        numbering = own.numbering or style.numbering
        if numbering:
            made.mark = literal(self._numbering.mark(*numbering))
            made.indent = min(numbering[1], 5) if made.mark else 0
        beside: list[Block] = []
        made.runs = _joined(self._runs(node, style, beside))
        if made.text.strip() or made.mark or not beside:
            yield made
        yield from beside

    def _runs(self, node: Node, style: Look, beside: list[Block]) -> Iterator[Run]:
        """The runs of a paragraph; its pictures and text boxes go to ``beside``."""
        for each in node:
            if each.tag == "r":
                yield from self._run(each, style, beside)
            elif each.tag == "t":  # of a formula
                yield Run(literal(each.text))
            elif each.tag not in _SKIPPED:
                yield from self._runs(each, style, beside)

    def _run(self, node: Node, style: Look, beside: list[Block]) -> Iterator[Run]:
        properties = node.child("rPr") or Node("rPr", {})
        if switched_on(properties.child("vanish")):
            return
        size, ink = properties.child("sz"), properties.child("color")
        points = size.number("val") if size else None
        raised = properties.child("vertAlign")
        bold = properties.child("b")
        like = Run(
            "",
            bold=switched_on(bold) if bold is not None else style.bold,
            underlined=switched_on(properties.child("u")),
            raised={"superscript": 1, "subscript": -1}.get(raised.get("val") if raised else "", 0),
            size=letters(points / 2 if points else None),
            colour=_ink(ink.get("val")) if ink else None,
        )
        for text in self._pieces(node, beside):
            yield Run(text, like.bold, like.underlined, like.raised, like.size, like.colour)

    def _pieces(self, node: Node, beside: list[Block]) -> Iterator[str]:
        for each in node:
            if each.tag == "t":
                yield literal(each.text)
            elif each.tag in _BREAKS:
                yield "" if each.get("type") == "page" else _BREAKS[each.tag]
            elif each.tag in {"drawing", "pict", "object", "AlternateContent"}:
                beside += self._drawn(each)
            elif each.tag == "ruby":
                yield "".join(literal(t.text) for t in (each.child("rubyBase") or each).all("t"))

    def _drawn(self, node: Node) -> Iterator[Block]:
        """The pictures of a drawing, and what stands in its text boxes."""
        extent = next(node.all("extent"), None)
        width = extent.number("cx") if extent else None
        for each in _without_fallback(node, {"blip", "imagedata", "txbxContent"}):
            if each.tag == "txbxContent":
                yield from self.blocks(each)
                continue
            target = self._relations.get(each.reference("embed") or each.reference("id"), ("", ""))
            if self._package.keep(self._pictures, target[1]):
                points = width / EMU if width and 0 < width < _WIDEST * EMU else None
                yield Picture(target[1], points)

    def _table(self, node: Node) -> Table:
        widths = [each.number("w") or 0 for each in (node.child("tblGrid") or ())]
        rows = [
            list(self._cells(row)) for row in _rows(node, "tr", {"sdt", "sdtContent", "customXml"})
        ]
        return grid(rows[:_MOST_ROWS], [width / TWIPS for width in widths])

    def _cells(self, row: Node) -> Iterator[tuple[Cell, bool]]:
        """Cells, each with whether it only continues the one above."""
        skipped = row.child("trPr", "gridBefore")
        column = int((skipped.number("val") if skipped else 0) or 0)
        for node in _rows(row, "tc", {"sdt", "sdtContent", "customXml"}):
            span, merged = node.child("tcPr", "gridSpan"), node.child("tcPr", "vMerge")
            columns = max(1, int((span.number("val") if span else 1) or 1))
            goes_on = merged is not None and merged.get("val", "continue") == "continue"
            blocks = [] if goes_on else list(self._inside(node))
            yield Cell(column, 0, blocks, columns), goes_on
            column += columns

    def _inside(self, cell: Node) -> Iterator[Block]:
        """Blocks of a cell; the room is narrow, so nothing stands in."""
        blocks = list(self.blocks(cell))
        while blocks and isinstance(blocks[-1], Paragraph) and not blocks[-1].text:
            blocks.pop()
        yield from blocks


def _rows(node: Node, tag: str, through: set[str]) -> Iterator[Node]:
    for each in node:
        if each.tag == tag:
            yield each
        elif each.tag in through:
            yield from _rows(each, tag, through)


def _without_fallback(node: Node, tags: set[str]) -> Iterator[Node]:
    for each in node:
        if each.tag in tags:
            yield each
        elif each.tag != "Fallback":
            yield from _without_fallback(each, tags)


def _ink(written: str) -> str | None:
    """The colour of letters; what is white stood on a shade that is not drawn here."""
    found = colour(written)
    return None if is_pale(found) else found


def _shown_level(level: int) -> int:
    return level if level <= _DEEPEST else 0


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours that look alike become one: Word cuts sentences into many."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        before = joined[-1] if joined else None
        alike = before is not None and (
            (before.bold, before.underlined, before.raised, before.size, before.colour)
            == (run.bold, run.underlined, run.raised, run.size, run.colour)
        )
        if before is not None and alike:
            before.text += run.text
        else:
            joined.append(run)
    return joined
