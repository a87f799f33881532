"""A page of what waits, with the figures beside every filter: what the lists of the inbox show.

Both come with one statement, which gathers what waits once: that is what costs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from resource_hub.domain.review import Stage
from resource_hub.domain.taxonomy import Kind
from resource_hub.services.queries.queues import (
    RANKS,
    Queue,
    Sought,
    Whose,
    place_in,
    sifted,
    waiting_rows,
)
from resource_hub.services.queries.shelf import Paging

FURTHEST = 1_000_000
"""No page beyond this is asked of the database, whose numbers end somewhere."""


class Heap(NamedTuple):
    """How many submissions are alike in all that one filters by."""

    subject: str
    kind: Kind
    stage: Stage
    whose: Whose
    is_late: bool
    number: int

    def fits(self, sought: Sought) -> bool:
        return (
            (not sought.subject or sought.subject == self.subject)
            and (sought.kind is None or sought.kind is self.kind)
            and (sought.stage is None or sought.stage is self.stage)
            and (sought.whose is None or sought.whose is self.whose)
            and (self.is_late or not sought.late)
        )


@dataclass(frozen=True, slots=True)
class Heaps:
    """The figures beside every filter; all come from the same rows."""

    heaps: Sequence[Heap]

    def number(self, sought: Sought) -> int:
        return sum(heap.number for heap in self.heaps if heap.fits(sought))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of what is sought, in its order, and the figures of all that waits."""

    heaps: Heaps
    paging: Paging
    numbers: Sequence[int]
    """Of the submissions."""


def heaps(session: Session, queue: Queue) -> Heaps:
    """How much of what waits; one query, whose answer grows with the subjects alone."""
    found = session.execute(_sums(waiting_rows(queue).subquery("waiting")))
    return _heaps(tuple(row) for row in found)


def sheet(session: Session, queue: Queue, sought: Sought, *, page: int, per_page: int) -> Sheet:
    """A page of the queue; one query. Beyond the last page stands the last page again."""
    rows = waiting_rows(queue).cte("waiting")
    sums = _sums(rows).add_columns(null().label("id"))
    *others, _id = order = place_in(rows, sought.order)
    shown = (
        sifted(rows, sought)
        .add_columns(*others)
        .order_by(*order)
        .offset(_offset(rows, sought, min(max(page, 1), FURTHEST), per_page))
        .limit(per_page)
        .subquery("shown")
    )
    row = func.row_number().over(order_by=place_in(shown, sought.order))
    empty = [null() for _ in sums.selected_columns[:-2]]
    both: CompoundSelect[Any] = union_all(sums, select(*empty, row, shown.c.id))  # Any: as in _sums
    found = session.execute(both).all()
    total = _heaps(tuple(each[:-1]) for each in found if each.id is None)
    listed = sorted((each[-2], each.id) for each in found if each.id is not None)
    paging = Paging.fit(page, per_page, total.number(sought))
    return Sheet(total, paging, [number for _place, number in listed])


_PILES = list(product(Whose, (False, True)))


def _sums(rows: FromClause) -> Select[Any]:  # Any: columns unpacked from a tuple have no types
    """A row for all that are alike in subject, kind and stage, with a sum for each of ``_PILES``.

    Rows are dear: SQLite lets go of the interpreter at each, and other pages take their turn.
    """
    alike = (rows.c.subject, rows.c.kind, rows.c.stage)
    sums = [
        func.count(case((and_(rows.c.whose == RANKS[whose], rows.c.is_late == int(late)), 1)))
        for whose, late in _PILES
    ]
    return select(*alike, *sums).group_by(*alike)


def _heaps(found: Iterable[tuple[Any, ...]]) -> Heaps:  # Any: columns of a row
    return Heaps(
        [
            Heap(subject, kind, stage, whose, late, number)
            for subject, kind, stage, *sums in sorted(found)
            for (whose, late), number in zip(_PILES, sums, strict=True)
            if number
        ]
    )


def _offset(rows: FromClause, sought: Sought, page: int, per_page: int) -> ScalarSelect[int]:
    """Where the page begins, or the last one if that is before it."""
    wanted = (page - 1) * per_page
    last = (func.count() - 1) // per_page * per_page
    begin = case((last < wanted, last), else_=wanted)
    return sifted(rows, sought).with_only_columns(begin).select_from(rows).scalar_subquery()
