"""Rows of cells as a table in which every cell has its place and none overlaps another."""

from collections.abc import Iterable, Sequence

from resource_hub.files.typesetting.blocks import Cell, Paragraph, Table
from resource_hub.files.typesetting.package import is_pale

_MOST_COLUMNS = 60


def grid(rows: Sequence[Iterable[tuple[Cell, bool]]], widths: Sequence[float] = ()) -> Table:
    """Put cells into a grid; those that continue the cell above make it higher.

    Args:
        rows: Cells with their columns and spans, and whether each only continues the one above.
        widths: Of the columns, in any unit; missing ones get the mean.
    """
    table = Table([], len(rows))
    taken: dict[tuple[int, int], Cell] = {}
    for number, row in enumerate(rows):
        for cell, goes_on in row:
            _on_paper(cell)
            above = taken.get((cell.column, number - 1)) if goes_on else None
            if above is not None and _is_free_below(taken, above, cell, number):
                above.rows = number - above.row + 1
                _take(taken, above, number)
            elif cell.column < _MOST_COLUMNS and (cell.column, number) not in taken:
                cell.row = number
                cell.columns = _room(taken, cell, number)
                table.cells.append(cell)
                _take(taken, cell, number)
    count = max((column + 1 for column, _ in taken), default=1)
    table.widths = _shares(list(widths[:count]), count)
    return table


def _on_paper(cell: Cell) -> None:
    """Cells are white here: what was written in white becomes black."""
    for block in cell.blocks:
        for run in block.runs if isinstance(block, Paragraph) else ():
            run.colour = None if is_pale(run.colour) else run.colour


def _take(taken: dict[tuple[int, int], Cell], cell: Cell, row: int) -> None:
    for column in range(cell.column, cell.column + cell.columns):
        taken[column, row] = cell


def _is_free_below(taken: dict[tuple[int, int], Cell], above: Cell, cell: Cell, row: int) -> bool:
    """Whether the cell above can grow down to this row."""
    columns = range(above.column, above.column + above.columns)
    return above.column == cell.column and not any((each, row) in taken for each in columns)


def _room(taken: dict[tuple[int, int], Cell], cell: Cell, row: int) -> int:
    """How many columns the cell gets: fewer than it wants where another is in the way."""
    most = min(cell.columns, _MOST_COLUMNS - cell.column)
    return next((n for n in range(1, most) if (cell.column + n, row) in taken), most)


def _shares(widths: list[float], count: int) -> list[float]:
    known = [width for width in widths if width > 0]
    mean = sum(known) / len(known) if known else 1.0
    whole = [width if width > 0 else mean for width in widths]
    whole += [mean] * (count - len(whole))
    return [max(width, mean / 10) for width in whole]
