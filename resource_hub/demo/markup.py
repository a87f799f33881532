"""The small markup in which the contents of the demo's files are written.

A line that starts with ``#`` or ``##`` is a heading, ``-`` a point of a list, ``|`` a row of a
table (the first row is its head), ``!`` the name of a drawing; every other line is a paragraph.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    words: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    words: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; the first row is its head."""

    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    name: str


Block = Heading | Paragraph | Point | Rows | Drawing


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading of the first level: a slide, a sheet."""

    title: str
    blocks: tuple[Block, ...]


def blocks(content: str) -> list[Block]:
    """Take the text apart, line by line."""
    found: list[Block] = []
    rows: list[tuple[str, ...]] = []
    for line in [*(line.strip() for line in content.splitlines()), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if rows:
            found.append(Rows(tuple(rows)))
            rows = []
        if line:
            found.append(_block(line))
    return found


def _block(line: str) -> Block:
    mark, _, words = line.partition(" ")
    match mark:
        case "#" | "##":
            return Heading(words, len(mark))
        case "-":
            return Point(words)
        case "!":
            return Drawing(words)
        case _:
            return Paragraph(line)


def parts(content: str) -> Iterator[Part]:
    """Group the blocks under their headings of the first level."""
    title, under = "", list[Block]()
    for block in blocks(content):
        if isinstance(block, Heading) and block.level == 1:
            if title:
                yield Part(title, tuple(under))
            title, under = block.words, []
        else:
            under.append(block)
    yield Part(title, tuple(under))
