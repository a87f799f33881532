"""Files of which only the text is known, set as a document or as slides."""

import re
from collections.abc import Iterator
from itertools import groupby

from resource_hub.files.facts import Facts
from resource_hub.files.typesetting.blocks import (
    Block,
    Box,
    Document,
    Paragraph,
    Run,
    Slide,
    Slides,
)
from resource_hub.files.typesetting.package import literal
from resource_hub.files.typesetting.workbooks import rows_as_table

_MOST_CHARACTERS = 80_000  # fifty pages
_MOST_TABLE_ROWS = 300
_LONGEST_LINE = 4_000
_HEADING = re.compile(r"(#{1,4}) +(.*)")
_CHAPTER = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节課课讲講单單]).{0,24}"
)
_SLIDE = (960.0, 540.0)  # points
_TITLE = (48.0, 30.0, 864.0, 84.0)
_BODY = (60.0, 130.0, 840.0, 380.0)
_LONGEST_TITLE = 40


def text_document(text: str, *, marked_up: bool = False) -> Document:
    """Lines as paragraphs, lines with tabs as tables.

    Args:
        text: As ``Gathering`` gathers it.
        marked_up: Lines that begin with ``#`` are headings.
    """
    lines = [line[:_LONGEST_LINE] for line in text[:_MOST_CHARACTERS].split("\n")]
    return Document(list(_blocks(lines, marked_up=marked_up)))


def text_slides(facts: Facts, *, first: int, last: int) -> Slides:
    """A slide for each part, whose first line is taken for its title."""
    count = max(facts.pages or 0, len(facts.parts))
    made = Slides(*_SLIDE, first=first, count=count)
    ends = [part.start for part in facts.parts[1:]] + [len(facts.text)]
    texts = {
        part.label: facts.text[part.start : end].strip()
        for part, end in zip(facts.parts, ends, strict=True)
    }
    for number in range(first, min(last, count) + 1):
        made.slides.append(_slide(texts.get(str(number), "")))
    return made


def _blocks(lines: list[str], *, marked_up: bool) -> Iterator[Block]:
    for tabbed, group in groupby(lines, key=lambda line: "\t" in line):
        together = list(group)
        if tabbed and len(together) > 1:
            yield rows_as_table([line.split("\t") for line in together[:_MOST_TABLE_ROWS]])
            continue
        for line in filter(str.strip, together):
            yield _paragraph(line, marked_up=marked_up)


def _paragraph(line: str, *, marked_up: bool) -> Paragraph:
    heading = _HEADING.fullmatch(line.strip()) if marked_up else None
    if heading:
        return Paragraph([Run(literal(heading.group(2)))], level=len(heading.group(1)))
    if _CHAPTER.fullmatch(line.strip()):
        return Paragraph([Run(literal(line.strip()))], level=4)
    return Paragraph([Run(literal(line.rstrip()))])


def _slide(text: str) -> Slide:
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return Slide()
    made, rest = Slide(), lines
    if len(lines[0]) <= _LONGEST_TITLE:
        title = Paragraph([Run(literal(lines[0].strip()))], align="center")
        made.boxes.append(Box(*_TITLE, [title], anchor="horizon", title=True))
        rest = lines[1:]
    if rest:
        body = [Paragraph([Run(literal(line.strip()), size=24.0)], size=24.0) for line in rest]
        made.boxes.append(Box(*_BODY, list(body)))
    return made
