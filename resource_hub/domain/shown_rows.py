"""A difference as a page shows it: the old beside the new, what stays folded away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from resource_hub.domain.text_differences import Op, Piece, Row, RowKind

AROUND = 1
"""Unchanged paragraphs that stand before and after a change."""

LEAST_FOLD = 3
"""Unchanged paragraphs from which it is worth folding them away."""

LONG = 160
"""Characters of a stretch that stays, from which its middle is left out."""

LONGEST_ROW = 1_500
"""Characters of a row, beyond which it is shown as several."""

MARKED = {Op.DROP, Op.PUT}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the page.

    ``kind`` is that of the row, or ``replaced`` where something unlike stands in its place, or
    ``fold``, which leaves out ``paragraphs``. What stays is in ``left`` alone.
    """

    kind: str
    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    paragraphs: int = 0

    @property
    def length(self) -> int:
        return sum(len(piece.text) for piece in (*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows that fit into the room there was; ``left_out`` counts further rows with changes."""

    rows: Sequence[ShownRow] = field(default_factory=list)
    left_out: int = 0


def in_brief(rows: Sequence[Row], room: int) -> Shown:
    """What is different and a little around it, up to about ``room`` characters."""
    shown: list[ShownRow] = []
    used = left_out = 0
    for row in _beside(_folded(rows)):
        if used >= room:
            left_out += row.kind not in {"same", "spacing", "fold"}
            continue
        short = ShownRow(row.kind, _cut(row.left), _cut(row.right), row.paragraphs)
        if short.length > LONGEST_ROW:
            short, *rest = _parts(short)
            left_out += bool(rest)
        shown.append(short)
        used += short.length
    return Shown(shown, left_out)


def in_full(rows: Sequence[Row], room: int) -> list[list[ShownRow]]:
    """Everything, unfolded, in parts of about ``room`` characters; one part at least."""
    parts: list[list[ShownRow]] = [[]]
    used = 0
    for row in _beside(rows):
        for piece in _parts(row):
            if used >= room:
                parts.append([])
                used = 0
            parts[-1].append(piece)
            used += piece.length
    return parts


def _folded(rows: Sequence[Row]) -> Iterator[Row | int]:
    """The rows; a number stands for so many that stay and are not near a change."""
    runs = [list(run) for _key, run in groupby(rows, key=lambda row: row.is_different)]
    for number, run in enumerate(runs):
        if run[0].is_different:
            yield from run
            continue
        head = AROUND if number else 0
        tail = AROUND if number + 1 < len(runs) else 0
        if len(run) - head - tail < LEAST_FOLD and len(runs) > 1:
            yield from run
        else:
            yield from run[:head]
            yield len(run) - head - tail
            yield from run[len(run) - tail :]


def _beside(rows: Iterable[Row | int]) -> Iterator[ShownRow]:
    """Old and new in two columns; paragraphs that went stand beside those that came instead."""
    gone: list[Row] = []
    for row in rows:
        if isinstance(row, Row) and row.kind is RowKind.REMOVED:
            gone.append(row)
        elif isinstance(row, Row) and row.kind is RowKind.ADDED and gone:
            yield ShownRow("replaced", gone.pop(0).pieces, row.pieces)
        else:
            yield from (ShownRow("removed", left.pieces) for left in gone)
            gone = []
            yield ShownRow("fold", paragraphs=row) if isinstance(row, int) else _alone(row)
    yield from (ShownRow("removed", left.pieces) for left in gone)


def _alone(row: Row) -> ShownRow:
    if row.kind is RowKind.CHANGED:
        return ShownRow("changed", *_columns(row.pieces))
    if row.kind is RowKind.MOVED_HERE:
        return ShownRow("moved_here", (), _columns(row.within)[1])
    if row.kind is RowKind.ADDED:
        return ShownRow("added", (), row.pieces)
    if row.kind is RowKind.SPACING:
        return ShownRow("spacing", _columns(row.pieces)[1])
    return ShownRow(row.kind.value, row.pieces)


def _columns(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    return (
        tuple(piece for piece in pieces if piece.op is not Op.PUT),
        tuple(piece for piece in pieces if piece.op is not Op.DROP),
    )


def _cut(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Without the middle of long stretches that stay beside a change."""
    if not any(piece.op in MARKED for piece in pieces):
        return pieces
    return tuple(
        Piece(Op.KEEP, f"{piece.text[: LONG // 2]} … {piece.text[-LONG // 2 :]}")
        if piece.op is Op.KEEP and len(piece.text) > LONG
        else piece
        for piece in pieces
    )


def _parts(row: ShownRow) -> list[ShownRow]:
    """The row, or several where it is too long for one."""
    if row.length <= LONGEST_ROW:
        return [row]
    left, right = list(_chunks(row.left)), list(_chunks(row.right))
    count = max(len(left), len(right))
    return [
        ShownRow(row.kind, left[i] if i < len(left) else (), right[i] if i < len(right) else ())
        for i in range(count)
    ]


def _chunks(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Runs of pieces of half the longest row each."""
    size = LONGEST_ROW // 2
    chunk: list[Piece] = []
    used = 0
    for piece in pieces:
        text = piece.text
        while text:
            taken = text[: size - used]
            chunk.append(Piece(piece.op, taken))
            text, used = text[len(taken) :], used + len(taken)
            if used == size:
                yield tuple(chunk)
                chunk, used = [], 0
    if chunk:
        yield tuple(chunk)
