"""What is different between two texts: paragraph by paragraph, inside them word by word.

Chinese is compared by the character, other scripts by the word. Paragraphs are lines. Two of them
are compared with each other when they have enough in common; what was split, joined or broken into
other lines stands together in one row. A paragraph that went elsewhere is recognised. Whatever is
found, it is exact: ``before_of`` and ``after_of`` give back both texts, ``applied`` makes the one
of the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from resource_hub.domain.alignment import Block
from resource_hub.domain.linked_paragraphs import Texts, groups_of, linked
from resource_hub.domain.moved_paragraphs import moved

LONGEST_ISLAND = 3
"""Tokens in common that are not worth showing between two longer changes."""


class Op(StrEnum):
    KEEP = "keep"
    DROP = "drop"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that stays, goes or comes."""

    op: Op
    text: str


class RowKind(StrEnum):
    SAME = "same"
    SPACING = "spacing"
    """Nothing but spaces and breaks of lines is different."""
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    MOVED_AWAY = "moved_away"
    """The paragraph stands elsewhere now."""
    MOVED_HERE = "moved_here"


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs that belong together; as a rule one of each text.

    ``pieces`` say what to do with the old text at this place. Of what was moved here, ``within``
    compares it with where it stood; else it is empty.
    """

    kind: RowKind
    pieces: tuple[Piece, ...]
    within: tuple[Piece, ...] = ()

    @property
    def is_different(self) -> bool:
        return self.kind not in {RowKind.SAME, RowKind.SPACING}


def differences(before: str, after: str) -> list[Row]:
    """Both texts in rows, in the order of both."""
    return _rows(Texts(before, after))


def before_of(rows: Iterable[Row]) -> str:
    """The old text."""
    return "".join(p.text for row in rows for p in row.pieces if p.op is not Op.PUT)


def after_of(rows: Iterable[Row]) -> str:
    """The new text."""
    return "".join(p.text for row in rows for p in row.pieces if p.op is not Op.DROP)


def applied(rows: Iterable[Row], text: str) -> str:
    """Carry out the difference on ``text``.

    Raises:
        ValueError: it is not the text that the difference was made from.
    """
    place = 0
    made = []
    for piece in (piece for row in rows for piece in row.pieces):
        if piece.op is not Op.PUT:
            if not text.startswith(piece.text, place):
                raise ValueError(f"this difference does not fit at character {place}")
            place += len(piece.text)
        if piece.op is not Op.DROP:
            made.append(piece.text)
    if place != len(text):
        raise ValueError("this difference is of a shorter text")
    return "".join(made)


def _rows(texts: Texts) -> list[Row]:
    """Paragraphs that are linked stand together; the others were removed, added or moved."""
    rows: list[Row] = []
    old, new = 0, 0
    for olds, news, blocks in groups_of(linked(texts)):
        rows += _alone(texts, old, olds[0], new, news[0])
        rows.append(_together(texts, olds, news, blocks))
        old, new = olds[1], news[1]
    rows += _alone(texts, old, len(texts.old_paragraphs), new, len(texts.new_paragraphs))
    return _with_moves(rows)


def _alone(texts: Texts, old: int, old_end: int, new: int, new_end: int) -> list[Row]:
    """Paragraphs without a partner at this place."""
    gone = [
        Row(RowKind.REMOVED, (Piece(Op.DROP, "".join(texts.old[each.start : each.end])),))
        for each in texts.old_paragraphs[old:old_end]
    ]
    come = [
        Row(RowKind.ADDED, (Piece(Op.PUT, "".join(texts.new[each.start : each.end])),))
        for each in texts.new_paragraphs[new:new_end]
    ]
    return gone + come


def _together(
    texts: Texts, olds: tuple[int, int], news: tuple[int, int], blocks: list[Block]
) -> Row:
    """One row out of paragraphs that hang together."""
    start, end = texts.old_paragraphs[olds[0]].start, texts.old_paragraphs[olds[1] - 1].end
    other, last = texts.new_paragraphs[news[0]].start, texts.new_paragraphs[news[1] - 1].end
    pieces = _pieces(texts.old, texts.new, blocks, (start, end), (other, last))
    return Row(_kind(pieces), pieces)


def _kind(pieces: tuple[Piece, ...]) -> RowKind:
    if all(piece.op is Op.KEEP for piece in pieces):
        return RowKind.SAME
    if all(piece.op is Op.KEEP or piece.text.isspace() for piece in pieces):
        return RowKind.SPACING
    return RowKind.CHANGED


def _pieces(
    old: Sequence[str],
    new: Sequence[str],
    blocks: list[Block],
    olds: tuple[int, int],
    news: tuple[int, int],
) -> tuple[Piece, ...]:
    """What stays, goes and comes between these tokens."""
    found: list[Piece] = []
    before, after = olds[0], news[0]
    for block in (*_without_islands(blocks, olds, news), Block(olds[1], news[1], 0)):
        found += _changed(old[before : block.before], new[after : block.after])
        before, after = block.before + block.length, block.after + block.length
        found.append(Piece(Op.KEEP, "".join(old[block.before : before])))
    return tuple(_joined(found))


def _changed(gone: Sequence[str], come: Sequence[str]) -> list[Piece]:
    """What goes and what comes, but for the tokens that begin or end both."""
    most = min(len(gone), len(come))
    head = next((i for i in range(most) if gone[i] != come[i]), most)
    most -= head
    tail = next((i for i in range(most) if gone[-1 - i] != come[-1 - i]), most)
    return [
        Piece(Op.KEEP, "".join(gone[:head])),
        Piece(Op.DROP, "".join(gone[head : len(gone) - tail])),
        Piece(Op.PUT, "".join(come[head : len(come) - tail])),
        Piece(Op.KEEP, "".join(gone[len(gone) - tail :])),
    ]


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and none beside another of its kind."""
    for op, run in groupby((piece for piece in pieces if piece.text), key=lambda each: each.op):
        yield Piece(op, "".join(piece.text for piece in run))


def _without_islands(
    blocks: list[Block], olds: tuple[int, int], news: tuple[int, int]
) -> list[Block]:
    """Blocks, but for a few tokens that are alike by chance between two longer changes."""
    joined: list[Block] = []
    for block in blocks:
        if joined and _touches(joined[-1], block):
            first = joined.pop()
            joined.append(Block(first.before, first.after, first.length + block.length))
        else:
            joined.append(block)
    kept: list[Block] = []
    for number, block in enumerate(joined):
        following = joined[number + 1] if number + 1 < len(joined) else Block(olds[1], news[1], 0)
        previous = kept[-1] if kept else Block(olds[0], news[0], 0)
        change_before = _distance(previous, block)
        change_after = _distance(block, following)
        if block.length > LONGEST_ISLAND or block.length >= min(change_before, change_after):
            kept.append(block)
    return kept


def _touches(first: Block, second: Block) -> bool:
    return (
        first.before + first.length == second.before and first.after + first.length == second.after
    )


def _distance(first: Block, second: Block) -> int:
    """Tokens between two blocks, in the text where there are more."""
    return max(
        second.before - first.before - first.length, second.after - first.after - first.length
    )


def _with_moves(rows: list[Row]) -> list[Row]:
    """Recognise among what went and what came the paragraphs that only moved."""
    gone = {i: row.pieces[0].text for i, row in enumerate(rows) if row.kind is RowKind.REMOVED}
    come = {i: row.pieces[0].text for i, row in enumerate(rows) if row.kind is RowKind.ADDED}
    for old, new in moved(gone, come):
        rows[old] = Row(RowKind.MOVED_AWAY, rows[old].pieces)
        rows[new] = Row(RowKind.MOVED_HERE, rows[new].pieces, _compared(gone[old], come[new]))
    return rows


def _compared(before: str, after: str) -> tuple[Piece, ...]:
    if before == after:
        return (Piece(Op.KEEP, before),)
    texts = Texts(before, after)
    whole = (0, len(texts.old)), (0, len(texts.new))
    return _pieces(texts.old, texts.new, texts.blocks, *whole)
