"""Which pages of two works look the same, and how much of both works they are.

A page is known by its print, see ``files.page_print``. What is the same page in another dress is a
few bits apart, different pages are 76 or more, unless they have one background: ``page_look``
tells those apart. Cut into 16 bands, two prints that differ in at most 15 bits have at least one
band in common, and of those that differ in 32, four of five have: a look into an index by the
bands' values finds them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from resource_hub.domain.similarity import ALIKE_ANYWAY, ALIKE_NEW, ALIKE_OLD

BANDS, BAND_BITS = 16, 16

MAY_BE_SAME = 48
"""Bits, of 256, in which the prints of one page in two dresses may differ."""

LEAST_PAGES = 3
"""That must look the same, unless they are half of the new work: a picture of the textbook that
two lessons show is no copy of the lesson."""

MOST_PAIRS = 40
"""Pairs of pages that are told."""


@dataclass(frozen=True, slots=True, order=True)
class PageOf:
    """A page of a file, which is named by its bytes."""

    key: str
    number: int


@dataclass(frozen=True, slots=True)
class PagePair:
    """Two pages that look the same."""

    new: PageOf
    old: PageOf
    distance: int


@dataclass(frozen=True, slots=True)
class SamePages:
    """How much of two works looks the same: shares from 0 to 1 of the pages that are not blank."""

    of_new: float = 0.0
    of_old: float = 0.0
    taken: int = 0
    """Pages of the new work that stand in the old one."""
    pairs: tuple[PagePair, ...] = ()
    """Each page of the new work once, in its order; pages of the same file, byte by byte, are not
    among them."""

    @property
    def is_alike(self) -> bool:
        """Whether people should be told."""
        if self.of_new >= ALIKE_OLD:
            return True
        enough = self.taken >= LEAST_PAGES
        return enough and (self.of_new >= ALIKE_NEW or self.of_old >= ALIKE_OLD)

    @property
    def percent(self) -> int:
        """What people are told: the greater share."""
        old = self.of_old if self.taken >= LEAST_PAGES else 0.0
        return int(max(self.of_new, old) * 100)


def bands(bits: int) -> Sequence[int]:
    """The parts of a print by which it is found: each with its place, so that they do not mix."""
    mask = (1 << BAND_BITS) - 1
    return [band << BAND_BITS | bits >> band * BAND_BITS & mask for band in range(BANDS)]


def distance(one: int, other: int) -> int:
    """In how many bits two prints differ."""
    return (one ^ other).bit_count()


def same_pages(
    new: Sequence[PageOf],
    old_pages: int,
    pairs: Iterable[PagePair],
    *,
    shared: Collection[PageOf] = (),
    formulas: Collection[PageOf] = (),
) -> SamePages:
    """Count what two works share.

    Args:
        new: All pages of the new work.
        old_pages: How many the old one has.
        pairs: Pages that look the same; any number for each page.
        shared: Pages of ``new`` in files that the old work has too, byte by byte.
        formulas: Pages of ``new`` that many works have. They count for nothing on either side,
            unless nearly the whole of one work stands in the other.
    """
    best: dict[PageOf, PagePair] = {}
    in_old, old_formulas = set[PageOf](), set[PageOf]()
    for pair in sorted(pairs, key=lambda each: (each.distance, each.old)):
        best.setdefault(pair.new, pair)
        in_old.add(pair.old)
        if pair.new in formulas:
            old_formulas.add(pair.old)
    in_new = best.keys() | shared
    told = tuple(best[page] for page in new if page in best)[:MOST_PAIRS]
    whole = SamePages(
        _share(len(in_new), len(new)),
        _share(len(in_old) + len(shared), old_pages),
        len(in_new),
        told,
    )
    if not formulas or max(whole.of_new, whole.of_old) >= ALIKE_ANYWAY:
        return whole
    own = [page for page in new if page not in formulas]
    same = [page for page in own if page in in_new]
    still = len(in_old - old_formulas) + sum(page not in formulas for page in shared)
    return SamePages(
        _share(len(same), len(own)),
        _share(still, old_pages - len(old_formulas)),
        len(same),
        tuple(pair for pair in told if pair.new not in formulas),
    )


def _share(part: int, whole: int) -> float:
    return min(part / whole, 1.0) if whole > 0 else 0.0
