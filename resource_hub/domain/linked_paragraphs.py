"""Two texts as paragraphs of tokens, and which paragraphs of the one go with which of the other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from resource_hub.domain.alignment import Block, common_blocks

LEAST_SHARE = 0.3
"""Of the shorter of two paragraphs that they must have in common to be compared."""

LONG_FLOW = 8
"""Tokens in common, but for breaks of lines, that link the paragraphs they pass through."""

MOST_SPACES = 6
"""Spaces and breaks between two stretches that are still one flow."""

_CJK = "\u2e80-\u2fff\u3005-\u3007\u3021-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = f"[^\\W{_CJK}\U00020000-\U0003ffff][\u0300-\u036f]*"
_TOKENS = re.compile(
    rf"\n|[^\S\n]+|\d+(?:[.,]\d+)+|(?:{_WORD})+(?:['’](?:{_WORD})+)*|.[\u0300-\u036f\ufe00-\ufe0f]*",
    re.DOTALL,
)


def tokens_of(text: str) -> list[str]:
    """The units of comparison; together they are the text."""
    return _TOKENS.findall(text)


@dataclass(slots=True)
class Paragraph:
    """Tokens from ``start`` up to ``end``; ``weight`` counts those that are no space."""

    start: int
    end: int
    weight: int


class Texts:
    """Two texts as tokens, each distinct token a character, and both in paragraphs."""

    def __init__(self, before: str, after: str) -> None:
        self.old, self.new = tokens_of(before), tokens_of(after)
        codes: dict[str, str] = {}
        for token in (*self.old, *self.new):
            codes.setdefault(token, chr(len(codes)))
        self.blocks = common_blocks(
            "".join(map(codes.__getitem__, self.old)), "".join(map(codes.__getitem__, self.new))
        )
        self.old_paragraphs, self.new_paragraphs = _paragraphs(self.old), _paragraphs(self.new)


def _paragraphs(tokens: Sequence[str]) -> list[Paragraph]:
    found = []
    start = weight = 0
    for number, each in enumerate(tokens):
        weight += not each.isspace()
        if each == "\n":
            found.append(Paragraph(start, number + 1, weight))
            start, weight = number + 1, 0
    if start < len(tokens):
        found.append(Paragraph(start, len(tokens), weight))
    return found


Link = tuple[int, int, list[Block]]
"""Numbers of an old and a new paragraph, and the blocks in common."""


class Group(NamedTuple):
    """Paragraphs that hang together: from which and up to which, of both texts."""

    olds: tuple[int, int]
    news: tuple[int, int]
    blocks: list[Block]


def linked(texts: Texts) -> list[Link]:
    """Pairs of paragraphs with enough in common, in rising order."""
    found: list[Link] = []
    cut = list(_cut_at_paragraphs(texts))
    flows = _flows(texts, [block for _old, _new, block in cut])
    numbered = zip(cut, flows, strict=True)
    for (old, new), group in groupby(numbered, key=lambda each: each[0][:2]):
        fragments = list(group)
        blocks = [block for (_old, _new, block), _flow in fragments]
        least = min(texts.old_paragraphs[old].weight, texts.new_paragraphs[new].weight)
        shared = sum(_weight(texts, block) for block in blocks)
        flow = max(weight for _fragment, weight in fragments)
        is_enough = shared >= LEAST_SHARE * least or flow >= LONG_FLOW
        if (shared and is_enough) or _is_whole(texts, old, new, blocks):
            found.append((old, new, blocks))
    return found


def _weight(texts: Texts, block: Block) -> int:
    """Tokens of a block that are no space."""
    tokens = texts.old[block.before : block.before + block.length]
    return sum(not token.isspace() for token in tokens)


def _flows(texts: Texts, blocks: list[Block]) -> list[int]:
    """Of each block the weight of the run it is in, where only spaces and breaks are between."""
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and _follows(texts, runs[-1][-1], block):
            runs[-1].append(block)
        else:
            runs.append([block])
    return [
        weight
        for run in runs
        for weight in [sum(_weight(texts, block) for block in run)] * len(run)
    ]


def _follows(texts: Texts, first: Block, second: Block) -> bool:
    between = (
        texts.old[first.before + first.length : second.before]
        + texts.new[first.after + first.length : second.after]
    )
    return len(between) <= MOST_SPACES and all(token.isspace() for token in between)


def _is_whole(texts: Texts, old: int, new: int, blocks: list[Block]) -> bool:
    """Whether the two paragraphs are the same, however short or empty."""
    first, second = texts.old_paragraphs[old], texts.new_paragraphs[new]
    length = first.end - first.start
    return len(blocks) == 1 and blocks[0].length == length == second.end - second.start


def _cut_at_paragraphs(texts: Texts) -> Iterator[tuple[int, int, Block]]:
    old, new = 0, 0
    for block in texts.blocks:
        before, after, left = block
        while left:
            while texts.old_paragraphs[old].end <= before:
                old += 1
            while texts.new_paragraphs[new].end <= after:
                new += 1
            step = min(
                left,
                texts.old_paragraphs[old].end - before,
                texts.new_paragraphs[new].end - after,
            )
            yield old, new, Block(before, after, step)
            before, after, left = before + step, after + step, left - step


def groups_of(links: list[Link]) -> Iterator[Group]:
    """Runs of paragraphs that hang together, in rising order."""
    group: list[Link] = []
    for link in links:
        if group and link[0] > group[-1][0] and link[1] > group[-1][1]:
            yield _run(group)
            group = []
        group.append(link)
    if group:
        yield _run(group)


def _run(group: list[Link]) -> Group:
    return Group(
        (group[0][0], group[-1][0] + 1),
        (group[0][1], group[-1][1] + 1),
        [block for _old, _new, blocks in group for block in blocks],
    )
