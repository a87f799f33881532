"""The text of a shape on a slide, with the sizes, bullets and colours that it inherits."""

from collections.abc import Iterator

from resource_hub.files.typesetting.blocks import Align, Block, Cell, Paragraph, Run, Table
from resource_hub.files.typesetting.colours import Colours
from resource_hub.files.typesetting.numbering import count_in
from resource_hub.files.typesetting.package import colour, letters, literal, plain_bullet
from resource_hub.files.typesetting.shapes import is_title
from resource_hub.files.typesetting.tables import grid
from resource_hub.files.typesetting.tree import Node

_ALIGN: dict[str, Align] = {"ctr": "center", "r": "right", "just": "justify", "dist": "justify"}
_SIZE = 18.0  # points, where nothing says another
_FORMS = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
          "romanUc": "upperRoman", "ea1ChsPeriod": "chineseCounting",
          "circleNumDbPlain": "decimalEnclosedCircle"}  # fmt: skip
_MOST_ROWS = 100


class Inherited:
    """What holds for the text of a shape: its own styles, its layout's, its master's."""

    def __init__(
        self,
        shape: Node,
        others: list[Node],
        master: Node | None,
        colours: Colours,
        kind: tuple[str, str] | None,
    ) -> None:
        self.colours = colours
        bodies = [each.child("txBody") for each in (shape, *others)]
        self._styles = [body.child("lstStyle") for body in bodies if body]
        section = "titleStyle" if is_title(kind) else "bodyStyle" if kind else "otherStyle"
        self._styles.append(master.child(section) if master else None)
        properties = [body.child("bodyPr") for body in bodies if body]
        self.anchor = next((p.get("anchor") for p in properties if p and p.get("anchor")), "")
        shrunk = properties[0].child("normAutofit") if properties and properties[0] else None
        share = shrunk.number("fontScale") if shrunk else None
        self.share = (share or 100_000) / 100_000
        reference = shape.child("style", "fontRef")
        self.ink = colours.of(reference)

    def properties(self, own: Node | None, level: int) -> list[Node]:
        """What is said about a paragraph, the nearest first."""
        found = [style.child(f"lvl{level + 1}pPr") for style in self._styles if style]
        return [each for each in (own, *found) if each is not None]


def paragraphs(body: Node | None, inherited: Inherited) -> Iterator[Paragraph]:
    """The paragraphs of a shape or a cell."""
    counted: dict[int, int] = {}
    for node in body or ():
        if node.tag == "p":
            yield _paragraph(node, inherited, counted)


def slide_table(node: Node, inherited: Inherited) -> Table:
    """A table on a slide."""
    widths = [each.number("w") or 0 for each in (node.child("tblGrid") or ())]
    rows = [each for each in node if each.tag == "tr"][:_MOST_ROWS]
    return grid([list(_cells(row, inherited)) for row in rows], widths)


def _cells(row: Node, inherited: Inherited) -> Iterator[tuple[Cell, bool]]:
    for column, node in enumerate(each for each in row if each.tag == "tc"):
        if node.get("hMerge") in {"1", "true"}:
            continue
        blocks: list[Block] = list(paragraphs(node.child("txBody"), inherited))
        columns = max(1, int(node.number("gridSpan") or 1))
        yield Cell(column, 0, blocks, columns), node.get("vMerge") in {"1", "true"}


def _paragraph(node: Node, inherited: Inherited, counted: dict[int, int]) -> Paragraph:
    own = node.child("pPr")
    level = int((own.number("lvl") if own else 0) or 0)
    said = inherited.properties(own, level)
    runs = [_run(each, said, inherited) for each in node if each.tag in {"r", "br", "fld"}]
    runs += [Run(literal(t.text)) for each in node if "m" in each.tag for t in _formula(each)]
    made = Paragraph([run for run in runs if run.text], indent=min(level, 5))
    made.align = _ALIGN.get(next((n.get("algn") for n in said if n.get("algn")), ""), "left")
    made.size = _size(None, said, inherited)
    if made.text.strip():
        made.mark = _mark(said, level, counted)
    else:
        counted.clear()
    return made


def _formula(node: Node) -> list[Node]:
    return list(node.all("t")) if node.tag in {"AlternateContent", "m", "oMathPara"} else []


def _run(node: Node, said: list[Node], inherited: Inherited) -> Run:
    if node.tag == "br":
        return Run("\n")
    own = node.child("rPr")
    properties = [each for each in (own, *(n.child("defRPr") for n in said)) if each]
    bold = next((each.get("b") for each in properties if each.get("b")), "")
    lined = own.get("u", "none") if own else "none"
    raised = (own.number("baseline") if own else 0) or 0
    inks = (inherited.colours.fill(each) for each in properties)
    ink = (
        inherited.colours.fill(own) or inherited.ink or next((each for each in inks if each), None)
    )
    text = node.child("t")
    return Run(
        literal(text.text) if text else "",
        bold=bold in {"1", "true"},
        underlined=lined != "none",
        raised=1 if raised > 0 else -1 if raised < 0 else 0,
        size=_size(own, said, inherited),
        colour=ink if ink and colour(ink[1:]) else None,
    )


def _size(own: Node | None, said: list[Node], inherited: Inherited) -> float | None:
    for each in (own, *(node.child("defRPr") for node in said)):
        size = each.number("sz") if each else None
        if size:
            return letters(size / 100 * inherited.share)
    return letters(_SIZE * inherited.share)


def _mark(said: list[Node], level: int, counted: dict[int, int]) -> str:
    for deeper in [each for each in counted if each > level]:
        del counted[deeper]
    for node in said:
        for each in node:
            if each.tag == "buNone":
                return ""
            if each.tag == "buChar":
                return plain_bullet(each.get("char"))
            if each.tag == "buAutoNum":
                start = int(each.number("startAt") or 1)
                counted[level] = counted.get(level, start - 1) + 1
                form = each.get("type")
                known = next((_FORMS[name] for name in _FORMS if form.startswith(name)), form)
                return count_in(known, counted[level]) + ("" if "circle" in form else ".")
    return ""
