"""The month's catalogue: which month, what belongs into it, and in which order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from resource_hub.domain.errors import N_, Invalid, Problem


class Change(StrEnum):
    """Why a resource stands in an issue."""

    NEW = "new"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"


CHANGE_LABELS = {
    Change.NEW: N_("New"),
    Change.UPDATED: N_("Updated"),
    Change.WITHDRAWN: N_("Withdrawn"),
}

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
        if match is None or int(match[1]) < 1:
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

    def start(self, zone: tzinfo) -> datetime:
        """The first moment of the month in ``zone``, as UTC."""
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)

    def end(self, zone: tzinfo) -> datetime:
        """The first moment of the following month, as UTC."""
        return self.next.start(zone)


@dataclass(frozen=True, slots=True)
class Happening:
    """What one resource went through up to the end of an issue."""

    first_available_at: datetime
    """When others could first see it."""
    last_available_at: datetime
    """When others could first see the revision that stood at the end."""
    withdrawn_at: datetime | None = None
    """When the revision that stood last was taken down."""


def change_in(start: datetime, end: datetime, happening: Happening) -> Change | None:
    """How ``happening`` is listed in an issue that covers ``start`` to ``end``; None: not at all.

    What came and went in between is not listed: nobody can have got used to it.
    """
    fresh = start <= happening.first_available_at < end
    if happening.withdrawn_at is not None and happening.withdrawn_at < end:
        gone_just_now = happening.withdrawn_at >= start and not fresh
        return Change.WITHDRAWN if gone_just_now else None
    if fresh:
        return Change.NEW
    return Change.UPDATED if start <= happening.last_available_at < end else None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of an issue, with what its place is decided by; smaller stands first."""

    change: Change
    subject_position: int
    grade_position: int
    school_name: str
    title: str
    public_id: str


def in_order(entries: Iterable[Listed]) -> list[Listed]:
    """Group by subject, grade and school; within a group by title, then id: always the same."""
    return sorted(
        entries,
        key=lambda entry: (
            list(Change).index(entry.change) if entry.change is Change.WITHDRAWN else 0,
            entry.subject_position,
            entry.grade_position,
            entry.school_name,
            entry.title,
            entry.public_id,
        ),
    )
