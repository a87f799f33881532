"""What pages are set from: runs of text in paragraphs, tables and pictures, as typst gets them."""

from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "center", "right", "justify"]
Anchor = Literal["top", "horizon", "bottom"]
"""Where text stands in its box; typst calls the middle horizon."""


@dataclass(slots=True)
class Run:
    """A piece of text in one look. Control characters are gone, line feeds are line breaks."""

    text: str
    bold: bool = False
    underlined: bool = False
    raised: int = 0  # 1: superscript, -1: subscript
    size: float | None = None  # points
    colour: str | None = None  # such as "#cc0000"


@dataclass(slots=True)
class Paragraph:
    """A paragraph.

    Attributes:
        level: Of a heading, from 1; 0 for ordinary text.
        mark: What stands in front of it: a bullet, a number.
        indent: Steps to the right, of a list inside a list.
        first_line: Whether the first line stands in by two characters, as Chinese texts do.
        size: Of runs that have none, in points.
    """

    runs: list[Run] = field(default_factory=list)
    level: int = 0
    mark: str = ""
    indent: int = 0
    first_line: bool = False
    align: Align = "left"
    size: float | None = None
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(slots=True)
class Picture:
    """A picture, by the name under which ``Pictures`` keeps it; its size in points where known."""

    name: str
    width: float | None = None
    height: float | None = None
    kind: str = "picture"


@dataclass(slots=True)
class Cell:
    """A cell of a table at a column and row, from 0; cells never overlap."""

    column: int
    row: int
    blocks: list["Block"] = field(default_factory=list)
    columns: int = 1
    rows: int = 1
    right: bool = False  # numbers stand on the right


@dataclass(slots=True)
class Table:
    """A table; ``widths`` are shares of the room for each column."""

    widths: list[float]
    rows: int
    cells: list[Cell] = field(default_factory=list)
    header: bool = False  # the first row is a heading, repeated on each page
    kind: str = "table"


Block = Paragraph | Picture | Table


@dataclass(slots=True)
class Box:
    """Something on a slide, in points from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    blocks: list[Block] = field(default_factory=list)
    anchor: Anchor = "top"
    title: bool = False
    fill: str | None = None
    line: str | None = None
    rounded: bool = False
    turn: float = 0  # degrees, clockwise


@dataclass(slots=True)
class Slide:
    """One page of a presentation."""

    boxes: list[Box] = field(default_factory=list)
    fill: str | None = None


@dataclass(slots=True)
class Document:
    """Blocks that flow over pages.

    Attributes:
        size: Letters of ordinary text, in points.
        wide: Pages lie on their side.
    """

    blocks: list[Block] = field(default_factory=list)
    size: float = 10.5
    wide: bool = False
    kind: str = "document"


@dataclass(slots=True)
class Sheets:
    """The sheets of a workbook: name and table of each, on wide pages."""

    sheets: list[tuple[str, Table]] = field(default_factory=list)
    size: float = 9
    kind: str = "sheets"


@dataclass(slots=True)
class Slides:
    """A presentation; ``first`` is the number of the first slide in ``slides``."""

    width: float
    height: float
    slides: list[Slide] = field(default_factory=list)
    first: int = 1
    count: int = 0
    kind: str = "slides"


Manuscript = Document | Sheets | Slides
