"""An issue of the catalogue as one value: what every format of it is made from.

Codes (``math``, ``g3``, ``lesson_plan``) stay codes; each format brings the words for them. The
canonical JSON of an issue is the same bytes for the same data, today and next year.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from resource_hub.catalogue.records import CAME_LATER, as_plain, from_plain
from resource_hub.domain.catalogue import Change
from resource_hub.domain.catalogue import IssueEdition as IssueEdition  # noqa: PLC0414 - every word of this data can be had from here
from resource_hub.domain.endorsement import Badge

SCHEMA = "resource-hub/issue/1"
"""Stands in every data file; ``docs/reference/issue.schema.json`` describes it."""


@dataclass(frozen=True, slots=True)
class EntryData:
    """One resource in an issue, as it was when the issue was built.

    Attributes:
        grades: Codes, in the order of the taxonomy; the first decides the section.
        stage: Code of the stage of school.
        revision: Number of the revision.
        address: Absolute, of the resource's page.
        thumbnail: SHA-256 of its picture, or None.
        badge: Who stands behind it; None for what was withdrawn, and in issues from before there
            were badges.
    """

    public_id: str
    title: str
    kind: str
    stage: str
    subject: str
    grades: tuple[str, ...]
    school: str
    author: str
    summary: str
    revision: int
    change: Change
    address: str
    thumbnail: str | None = None
    badge: Badge | None = field(default=None, metadata=CAME_LATER)


@dataclass(frozen=True, slots=True)
class Highlight:
    """An entry that the editor puts first, with a few words why."""

    public_id: str
    words: str


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Something that people look for and the hub does not have; the codes may be empty."""

    text: str
    subject: str
    grade: str
    people: int
    address: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """A mistake in a published issue, mended beside it; ``public_id`` is empty for the whole."""

    at: datetime
    words: str
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came in and what was decided, of one school (by name), subject (code) or month.

    Attributes:
        days: From submission to the last decision, on average; None where nothing was decided.
    """

    name: str
    submitted: int
    accepted: int
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """A resource that many opened or used in the month."""

    public_id: str
    title: str
    address: str
    times: int


@dataclass(frozen=True, slots=True)
class FiguresData:
    """Statistics of the month; ``months`` are the latest ones as ``2026-10``, oldest first."""

    submitted: int = 0
    accepted: int = 0
    days: float | None = None
    by_school: tuple[Tally, ...] = ()
    by_subject: tuple[Tally, ...] = ()
    most_used: tuple[Used, ...] = ()
    months: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueData:
    """One edition of the issue of one month of one alliance.

    Attributes:
        month: Such as ``2026-10``.
        running_number: Counts the alliance's issues from 1; None as long as it is a draft.
        address: Absolute and permanent.
        covers_from, covers_to, published_at: Aware; shown in the zone they carry.
        entries: What is new, in the order in which it is printed.
        updated, withdrawn: In order, too.
    """

    alliance: str
    month: str
    running_number: int | None
    title: str
    preface: str
    edition: IssueEdition
    address: str
    covers_from: datetime
    covers_to: datetime
    published_at: datetime | None
    highlights: tuple[Highlight, ...] = ()
    entries: tuple[EntryData, ...] = ()
    updated: tuple[EntryData, ...] = ()
    withdrawn: tuple[EntryData, ...] = ()
    asked_for: tuple[AskedFor, ...] = ()
    figures: FiguresData = field(default_factory=FiguresData)
    errata: tuple[Erratum, ...] = ()

    @property
    def year(self) -> int:
        return int(self.month[:4])

    @property
    def number(self) -> int:
        """In its year: 2026年第10期 is the issue of October."""
        return int(self.month[5:])

    @property
    def all_entries(self) -> tuple[EntryData, ...]:
        """New, updated, withdrawn: the numbering of the formats."""
        return self.entries + self.updated + self.withdrawn


@dataclass(frozen=True, slots=True)
class OfSchool:
    school: str
    entries: tuple[EntryData, ...]


@dataclass(frozen=True, slots=True)
class OfGrade:
    """``grade`` is empty for what is for no grade in particular."""

    grade: str
    schools: tuple[OfSchool, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A subject with its grades, and their schools."""

    subject: str
    grades: tuple[OfGrade, ...]

    @property
    def entries(self) -> tuple[EntryData, ...]:
        return tuple(
            entry for grade in self.grades for school in grade.schools for entry in school.entries
        )


def sections(entries: Iterable[EntryData]) -> tuple[Section, ...]:
    """Subject → grade → school, each in the order of its first entry."""
    tree: dict[str, dict[str, dict[str, list[EntryData]]]] = {}
    for entry in entries:
        grade = entry.grades[0] if entry.grades else ""
        grades = tree.setdefault(entry.subject, {})
        grades.setdefault(grade, {}).setdefault(entry.school, []).append(entry)
    return tuple(
        Section(
            subject,
            tuple(
                OfGrade(grade, tuple(OfSchool(name, tuple(own)) for name, own in schools.items()))
                for grade, schools in grades.items()
            ),
        )
        for subject, grades in tree.items()
    )


def to_json(issue: IssueData) -> bytes:
    """The canonical data file: sorted keys, UTF-8, a line end at the end; same data, same bytes."""
    return written({"schema": SCHEMA, **as_object(issue)})


def as_object(issue: IssueData) -> dict[str, object]:
    """The issue as JSON knows it, with its number in the year."""
    return {**as_plain(issue), "year": issue.year, "number": issue.number}


def written(content: dict[str, object]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")  # half a character of two cannot be written


def from_json(content: bytes) -> IssueData:
    """Read a data file again; what it says beside the issue (words for codes) is passed over.

    Raises:
        ValueError: it is no such file, and where it is not.
    """
    found = json.loads(content)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise ValueError(f"not a data file of the catalogue: no schema {SCHEMA}")
    return from_plain(IssueData, found)
