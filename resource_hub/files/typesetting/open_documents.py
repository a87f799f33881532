"""An odt or odp as a manuscript: the same as of Office, in the words of OpenDocument."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable, open_office
from resource_hub.files.typesetting.blocks import (
    Align,
    Block,
    Box,
    Cell,
    Document,
    Paragraph,
    Picture,
    Run,
    Slide,
    Slides,
    Table,
)
from resource_hub.files.typesetting.open_styles import Look, over, own_look, points
from resource_hub.files.typesetting.package import literal
from resource_hub.files.typesetting.pictures import Pictures
from resource_hub.files.typesetting.tables import grid
from resource_hub.files.typesetting.tree import Node, read_tree

_ALIGN: dict[str, Align] = {"center": "center", "end": "right", "right": "right"}
_SPACES = {"tab": "\u2003", "line-break": "\n"}
_SKIPPED = {"annotation", "tracked-changes", "ruby-text", "note", "notes", "forms", "title", "desc"}
_SHAPES = {"custom-shape", "rect", "ellipse", "frame", "polygon", "path"}
_USUAL = (794.0, 595.0)  # points: a slide of 28 by 21 cm
_ANCESTORS = 12
_DEEPEST = 3  # headings below this are set like text
_MOST_SPACES, _MOST_CELLS, _MOST_ROWS = 80, 60, 400


def read_open_document(stream: BinaryIO, pictures: Pictures) -> Document:
    """Read the body of an odt; raises ``Unreadable`` when there is none."""
    with open_office(stream) as packed:
        reader = _Reader(packed, pictures)
        body = reader.body("text")
        return Document(list(reader.blocks(body)), size=reader.look("Standard").size or 12.0)


def read_open_slides(stream: BinaryIO, pictures: Pictures, *, first: int, last: int) -> Slides:
    """Read the slides ``first`` to ``last`` of an odp, from 1; raises ``Unreadable``."""
    with open_office(stream) as packed:
        reader = _Reader(packed, pictures)
        pages = [each for each in reader.body("presentation") if each.tag == "page"]
        master = pages[0].get("master-page-name") if pages else ""
        made = Slides(*reader.page_size(master), first=first, count=len(pages))
        for page in pages[first - 1 : last]:
            made.slides.append(Slide(list(reader.boxes(page)), reader.look_of(page).fill or None))
        return made


class _Reader:
    """Reads one file: its styles first, then what stands in it."""

    def __init__(self, packed: zipfile.ZipFile, pictures: Pictures) -> None:
        self._packed, self._pictures = packed, pictures
        self._content = read_tree(packed, "content.xml")
        try:
            self._common = read_tree(packed, "styles.xml")
        except Unreadable:
            self._common = Node("", {})
        self._styles = {
            node.get("name"): node
            for tree in (self._common, self._content)
            for node in tree.all("style")
        }
        self._looks: dict[str, Look] = {}

    def body(self, kind: str) -> Node:
        found = self._content.child("body", kind)
        if found is None:
            raise Unreadable(Trouble.DAMAGED)
        return found

    def page_size(self, master: str) -> tuple[float, float]:
        """Width and height of the slides of a master, in points."""
        masters = self._common.all("master-page")
        layout = next(
            (each.get("page-layout-name") for each in masters if each.get("name") == master), ""
        )
        for each in self._common.all("page-layout"):
            properties = each.child("page-layout-properties")
            if each.get("name") == layout and properties is not None:
                width, height = (
                    points(properties.get(f"page-{side}")) or 0 for side in ("width", "height")
                )
                if min(width, height) > _USUAL[1] / 8:
                    return width, height
        return _USUAL

    def look(self, name: str) -> Look:
        """How a style looks, with what it inherits."""
        if name not in self._looks:
            self._looks[name] = self._found(name)
        return self._looks[name]

    def look_of(self, node: Node) -> Look:
        return self.look(node.get("style-name") or node.get("text-style-name"))

    def _found(self, name: str) -> Look:
        look, seen = Look(), set[str]()
        while name in self._styles and name not in seen and len(seen) < _ANCESTORS:
            seen.add(name)
            own = own_look(self._styles[name])
            look = Look(
                look.size or own.size,
                own.bold if look.bold is None else look.bold,
                own.underlined if look.underlined is None else look.underlined,
                look.ink or own.ink,
                look.align or own.align,
                own.fill if look.fill is None else look.fill,
            )
            name = self._styles[name].get("parent-style-name")
        return look

    def blocks(self, node: Node, *, indent: int = 0, mark: str = "") -> Iterator[Block]:
        for each in node:
            if each.tag in {"p", "h"}:
                yield from self._paragraph(each, indent, mark)
                mark = ""
            elif each.tag == "list":
                for item in each:
                    yield from self.blocks(item, indent=min(indent + 1, 5), mark="•")
            elif each.tag == "table":
                yield self._table(each)
            elif each.tag == "frame":
                yield from self._frame(each)
            elif each.tag not in _SKIPPED:
                yield from self.blocks(each, indent=indent, mark=mark)

    def _paragraph(self, node: Node, indent: int, mark: str) -> Iterator[Block]:
        look = self.look_of(node)
        level = int(node.number("outline-level") or 1) if node.tag == "h" else 0
        beside: list[Block] = []
        runs = [run for run in self._runs(node, look, beside) if run.text]
        made = Paragraph(
            runs,
            level=level if level <= _DEEPEST else 0,
            mark="" if node.tag == "h" else mark,
            indent=max(0, indent - 1),
            align=_ALIGN.get(look.align, "left"),
            size=look.size,
        )
        if made.text.strip() or not beside:
            yield made
        yield from beside

    def _runs(self, node: Node, look: Look, beside: list[Block]) -> Iterator[Run]:
        for each in node.content:
            if isinstance(each, str):
                yield _run(each, look)
            elif each.tag in _SPACES:
                yield _run(_SPACES[each.tag], look)
            elif each.tag == "s":
                count = min(int(each.number("c") or 1), _MOST_SPACES)
                yield _run("\u00a0" * count, look)
            elif each.tag == "frame":
                beside += self._frame(each)
            elif each.tag == "span":
                yield from self._runs(each, over(look, self.look_of(each)), beside)
            elif each.tag not in _SKIPPED:
                yield from self._runs(each, look, beside)

    def _frame(self, node: Node) -> Iterator[Block]:
        """What a frame in a text holds: a picture, or a text box."""
        for each in node:
            if each.tag == "image" and self._keep(each):
                width = points(node.get("width"))
                yield Picture(each.get("href"), width if width and width > 0 else None)
                return
            if each.tag == "text-box":
                yield from self.blocks(each)
            elif each.tag == "table":
                yield self._table(each)

    def _keep(self, image: Node) -> bool:
        href = image.get("href")
        return self._pictures.take_member(self._packed, href.removeprefix("./"), called=href)

    def _table(self, node: Node) -> Table:
        rows = [list(self._cells(row)) for row in node.all("table-row")]
        return grid(rows[:_MOST_ROWS])

    def _cells(self, row: Node) -> Iterator[tuple[Cell, bool]]:
        column = 0
        for node in row:
            if node.tag not in {"table-cell", "covered-table-cell"}:
                continue
            again = min(int(node.number("number-columns-repeated") or 1), _MOST_CELLS)
            columns = max(1, int(node.number("number-columns-spanned") or 1))
            if node.tag == "covered-table-cell":
                # It lies beneath the cell beside it, or the one above: that one knows.
                yield Cell(column, 0), True
                column += again
                continue
            for _ in range(again):
                yield Cell(column, 0, list(self.blocks(node)), columns), False
                column += 1

    def boxes(self, page: Node) -> Iterator[Box]:
        """What stands on a slide, in its place."""
        for each in page:
            if each.tag == "g":
                yield from self.boxes(each)
            elif each.tag in _SHAPES:
                yield from self._box(each)

    def _box(self, node: Node) -> Iterator[Box]:
        place = [points(node.get(name)) for name in ("x", "y", "width", "height")]
        x, y, width, height = ((each or 0.0) for each in place)
        if width <= 0:
            return
        image = node.child("image")
        if image is not None and node.child("table") is None:
            if self._keep(image):
                yield Box(x, y, width, height, [Picture(image.get("href"), width, height)])
            return
        title = node.get("class") in {"title", "subtitle"}
        inside = list(self.blocks(node)) if node.tag != "frame" else list(self._frame(node))
        look = self.look_of(node)
        if look.size is None and title:
            look = replace(look, size=36.0)
        words = [
            block for block in inside if not isinstance(block, Paragraph) or block.text.strip()
        ]
        fill = None if node.child("table") else look.fill or None
        if words or fill:
            yield Box(
                x, y, width, height,
                blocks=words, title=title, fill=fill, anchor="horizon" if title else "top",
                rounded=node.tag == "ellipse",
            )  # fmt: skip


def _run(text: str, look: Look) -> Run:
    return Run(
        literal(text),
        bold=bool(look.bold),
        underlined=bool(look.underlined),
        size=look.size,
        colour=look.ink,
    )
