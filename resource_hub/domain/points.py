"""Figures of what people contribute, and the points that an alliance's rule gives for them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from resource_hub.domain.errors import N_, Problem


class Figure(StrEnum):
    """What is counted; the rules are told in docs/explanation/figures.md."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    FIRST_TIME = "first_time"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CO_AUTHORED = "co_authored"
    REVIEWS = "reviews"
    IN_TIME = "in_time"
    USED = "used"
    TAUGHT = "taught"
    POSTS = "posts"


FIGURE_LABELS: Mapping[Figure, str] = {
    Figure.SUBMITTED: N_("Works submitted"),
    Figure.ACCEPTED: N_("Works accepted"),
    Figure.FIRST_TIME: N_("Accepted in the first round"),
    Figure.REJECTED: N_("Works rejected"),
    Figure.WITHDRAWN: N_("Works withdrawn"),
    Figure.CO_AUTHORED: N_("Accepted as co-author"),
    Figure.REVIEWS: N_("Reviews done"),
    Figure.IN_TIME: N_("Reviews in time"),
    Figure.USED: N_("Downloads by others"),
    Figure.TAUGHT: N_("Used in class by others"),
    Figure.POSTS: N_("Posts in discussions"),
}

MOST_POINTS = 10_000
"""Tenths of a point: what one piece may count, and what a figure may come to."""
OPEN_DAYS = range(1, 61)
"""Days for which teachers look at their figures before anybody may fix them."""
USUAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is counted: a piece in the list behind a figure."""

    figure: Figure
    alliance_id: int
    school_id: int
    person_id: int
    resource_id: int
    """0: a post in a thread that is about no resource."""
    revision_id: int | None = None
    """None: it is about the resource as a whole."""
    on: date | None = None
    """The day on which it counts; None: all over the period."""
    number: int = 1
    """More than one only of downloads."""
    rounds: int | None = None
    """Of an accepted work: after how many rounds."""
    days: int | None = None
    """Of a review: working days from being given it; None: it was never given."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Items added up."""

    counts: Mapping[Figure, int] = field(default_factory=dict)
    rounds: int = 0
    """Of all accepted works together."""
    days: int = 0
    """Working days of the reviews that were given to somebody."""
    timed: int = 0
    """How many these are."""

    def __getitem__(self, figure: Figure) -> int:
        return self.counts.get(figure, 0)

    @property
    def mean_rounds(self) -> float | None:
        """Rounds that an accepted work needed."""
        accepted = self[Figure.ACCEPTED]
        return round(self.rounds / accepted, 1) if accepted else None

    @property
    def mean_days(self) -> float | None:
        """Working days that a review took."""
        return round(self.days / self.timed, 1) if self.timed else None


def tally(items: Iterable[Item]) -> Tally:
    """Add up; items of several people give what they did together."""
    counts: Counter[Figure] = Counter()
    rounds = days = timed = 0
    for item in items:
        counts[item.figure] += item.number
        if item.figure is Figure.ACCEPTED:
            rounds += item.rounds or 0
        if item.figure is Figure.REVIEWS and item.days is not None:
            days += item.days
            timed += 1
    return Tally(dict(counts), rounds, days, timed)


@dataclass(frozen=True, slots=True)
class Worth:
    """What each piece of a figure counts, in tenths of a point, and what all come to at most."""

    figure: Figure
    each: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Which figures count how much; those that it does not name count nothing."""

    worths: tuple[Worth, ...]
    open_days: int = USUAL_DAYS
    """So long teachers look at their figures before anybody may fix them."""


USUAL_RULE = PointsRule(
    (
        Worth(Figure.ACCEPTED, 50),
        Worth(Figure.FIRST_TIME, 10),
        Worth(Figure.CO_AUTHORED, 20),
        Worth(Figure.REVIEWS, 10),
        Worth(Figure.IN_TIME, 5),
        Worth(Figure.USED, 1, 100),
        Worth(Figure.TAUGHT, 20, 200),
        Worth(Figure.POSTS, 5, 50),
    )
)
"""Until an alliance has decided on its own. A lesson weighs as much as twenty downloads, as it does
wherever works stand by their use."""


def points(found: Tally, rule: PointsRule) -> int:
    """The points of one person, in tenths."""
    return sum(_worth(found[each.figure], each) for each in rule.worths)


def _worth(number: int, worth: Worth) -> int:
    whole = number * worth.each
    return whole if worth.most is None else min(whole, worth.most)


def tenths(text: str) -> int:
    """What somebody typed as points, in tenths.

    Raises:
        ValueError: it is no number, or has more than one decimal.
    """
    whole, point, part = text.strip().replace("。", ".").replace("，", ".").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 4):  # noqa: PLR2004 - MOST_POINTS
        raise ValueError(text)
    if point and not (part.isascii() and part.isdigit() and len(part) == 1):
        raise ValueError(text)
    return int(whole) * 10 + int(part or 0)


def typed_rule(typed: Mapping[str, str]) -> tuple[PointsRule, list[Problem]]:
    """A rule as it was typed: ``accepted`` and ``accepted_most`` and so on, and ``open_days``.

    An empty or zero worth leaves the figure out; without a most there is none.
    """
    problems: list[Problem] = []
    worths = []
    for figure in Figure:
        each = _typed(typed, figure.value, problems) or 0
        most = _typed(typed, f"{figure.value}_most", problems)
        if each:
            worths.append(Worth(figure, each, most))
    days = typed.get("open_days", "").strip()
    known = days.isascii() and days.isdigit() and int(days) in OPEN_DAYS
    if not known:
        sentence = N_("Write a number of days from %(first)s to %(last)s.")
        first, last = OPEN_DAYS[0], OPEN_DAYS[-1]
        problems.append(Problem("open_days", sentence, {"first": first, "last": last}))
    return PointsRule(tuple(worths), int(days) if known else USUAL_DAYS), problems


def _typed(typed: Mapping[str, str], name: str, problems: list[Problem]) -> int | None:
    text = typed.get(name, "").strip()
    if not text:
        return None
    try:
        found = tenths(text)
    except ValueError:
        problems.append(Problem(name, N_("Write points as a number, such as 5 or 0.5.")))
        return None
    if found > MOST_POINTS:
        sentence = N_("At most %(most)s points.")
        problems.append(Problem(name, sentence, {"most": MOST_POINTS // 10}))
    return found
