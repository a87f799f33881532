"""The month's catalogue: which month, what belongs into it, and in which order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from resource_hub.domain.errors import N_, Invalid, Problem


class Change(StrEnum):
    """Why a resource stands in an issue."""

    NEW = "new"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"


class IssueEdition(StrEnum):
    """For whom an edition of an issue is."""

    PUBLIC = "public"
    ALLIANCE = "alliance"


IN_ORDER = tuple(Change)
"""The parts of an issue: what is new, then what was updated, what is gone at the end."""

CHANGE_LABELS = {
    Change.NEW: N_("New"),
    Change.UPDATED: N_("Updated"),
    Change.WITHDRAWN: N_("Withdrawn"),
}

FIRST_YEAR, LAST_YEAR = 1970, 9_998
"""The years in which every month has a first moment and a next month."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the hub's calendar, written ``2026-10``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``YYYY-MM``.

        Raises:
            Invalid: it is not a month.
        """
        match = _MONTH.fullmatch(text.strip())
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise Invalid([Problem("month", N_("Write the month as YYYY-MM, such as 2026-10."))])
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, moment: datetime, zone: tzinfo) -> "Month":
        local = moment.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    def start(self, zone: tzinfo) -> datetime:
        """The first moment of the month in ``zone``, as UTC."""
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)

    def end(self, zone: tzinfo) -> datetime:
        """The first moment of the following month, as UTC."""
        return self.next.start(zone)


@dataclass(frozen=True, slots=True)
class Version:
    """One published revision of a resource, as far as the calendar is concerned."""

    number: int
    published_at: datetime
    available_at: datetime
    """When others could first see it: its publication, or its release date."""
    withdrawn_at: datetime | None = None
    here: bool = True
    """Whether it stood on the shelf in question; else on that of another alliance, or of a school
    alone."""


def stood_before(history: Sequence[Version], moment: datetime) -> Version | None:
    """The version of a resource that stood on the shelf just before ``moment``, or None.

    A version that was replaced or withdrawn before its release date never stood. Withdrawing any
    version takes the resource down, until a newer one is published.
    """
    released = [
        version
        for version in history
        if version.available_at < moment
        and not any(
            later.number > version.number and later.published_at <= version.available_at
            for later in history
        )
    ]
    if not released:
        return None
    last = max(released, key=lambda version: version.number)
    taken_down = any(
        version.number >= last.number
        and version.withdrawn_at is not None
        and version.withdrawn_at < moment
        for version in history
    )
    return None if taken_down or not last.here else last


def change_between(
    start: datetime, end: datetime, history: Sequence[Version]
) -> tuple[Change, Version] | None:
    """How a resource is listed in an issue that covers ``start`` up to ``end``; None: not at all.

    An issue is the difference between two shelves: whoever applies all issues in turn to an empty
    shelf has the shelf of today. So what came and went in between is not listed.
    """
    before, after = stood_before(history, start), stood_before(history, end)
    if before == after:
        return None
    if after is None:
        return (Change.WITHDRAWN, before) if before is not None else None
    return (Change.NEW if before is None else Change.UPDATED), after


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of an issue, with what its place is decided by; smaller stands first."""

    change: Change
    subject_position: int
    grade_position: int
    school_name: str
    title: str
    public_id: str
    rank: int | None = None
    """Where the editor put it within its subject, grade and school."""


def in_order(entries: Iterable[Listed]) -> list[Listed]:
    """Group by change, subject, grade and school; in a group as the editor had it.

    What the editor did not move follows by title, then id: always the same.
    """
    return sorted(
        entries,
        key=lambda entry: (
            IN_ORDER.index(entry.change),
            entry.subject_position,
            entry.grade_position,
            entry.school_name,
            (entry.rank is None, entry.rank or 0),
            entry.title,
            entry.public_id,
        ),
    )
