"""How long decisions took, in medians; what is public never tells a single person's speed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Float, Select, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from resource_hub.domain.review import DECISIONS
from resource_hub.models import Review, Revision, Submission

Key = TypeVar("Key")

FEWEST_DECISIONS = 5
FEWEST_PEOPLE = 3
"""Of two, each could work out how fast the other is."""


@dataclass(frozen=True, slots=True)
class Median:
    """Of ``number`` times, half took at most ``days``."""

    number: int
    days: float

    @property
    def whole_days(self) -> int:
        """Rounded up, so that "within so many days" is true; at least 1."""
        return max(1, ceil(round(self.days, 3)))


@dataclass(frozen=True, slots=True)
class SubjectSpeed:
    subject: str
    median: Median


def subject_speeds(session: Session, *, since: datetime) -> Sequence[SubjectSpeed]:
    """By subject, from submission to decision, the most decisions first; two queries.

    Subjects with few decisions, or that few people decided, are left out.
    """
    conditions = [
        Submission.outcome.in_(DECISIONS),
        Submission.closed_at >= since,
        Revision.subject != "",
    ]
    days = days_between(session, Submission.opened_at, Submission.closed_at)
    found = medians(
        session,
        select(Revision.subject.label("key"), days.label("days"))
        .join(Submission.revision)
        .where(*conditions),
    )
    rows = session.execute(
        select(Revision.subject, func.count(Review.reviewer_id.distinct()))
        .select_from(Submission)
        .join(Submission.revision)
        .join(Submission.reviews)
        .where(*conditions)
        .group_by(Revision.subject)
    )
    enough = {subject for subject, people in rows if people >= FEWEST_PEOPLE}
    shown = [
        SubjectSpeed(subject, median)
        for subject, median in found.items()
        if subject in enough and median.number >= FEWEST_DECISIONS
    ]
    return sorted(shown, key=lambda each: (-each.median.number, each.subject))


def medians(
    session: Session,
    times: Select[Key, Any],  # Any: days, as the database counts them
) -> Mapping[Key, Median]:
    """By ``key`` of the statement, the median of its ``days``; one query, two rows a key."""
    every = times.subquery()
    rank = func.row_number().over(partition_by=every.c.key, order_by=every.c.days)
    number = func.count().over(partition_by=every.c.key)
    ranked = select(
        every.c.key, every.c.days, rank.label("rank"), number.label("number")
    ).subquery()
    # The middle one of an odd number, the middle two of an even number.
    in_the_middle = (ranked.c.rank * 2).between(ranked.c.number, ranked.c.number + 2)
    rows = session.execute(
        select(ranked.c.key, ranked.c.number, func.avg(ranked.c.days))
        .where(in_the_middle)
        .group_by(ranked.c.key, ranked.c.number)
    )
    return {key: Median(count, float(days)) for key, count, days in rows}


def days_between(
    session: Session,
    start: InstrumentedAttribute[datetime],
    end: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> ColumnElement[Any]:  # Any: a float or a decimal, as the database counts
    """Days and their fractions from one moment to another; each database has its own words."""
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(end) - func.julianday(start)
    return cast(extract("epoch", end - start), Float) / 86_400
