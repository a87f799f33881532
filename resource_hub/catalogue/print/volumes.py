"""An issue cut into volumes: as many of its rows as typst sets at once within the memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from resource_hub.catalogue.data import EntryData, IssueData, Section, sections
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.plain import one_line
from resource_hub.domain.catalogue import Change
from resource_hub.domain.errors import N_

CHAPTERS = {
    Change.UPDATED: N_("Updated resources"),
    Change.WITHDRAWN: N_("Withdrawn resources"),
}
"""What stands in one chapter after the subjects of what is new."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A heading; ``level`` is 1 for a chapter."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """An entry where it is printed.

    Attributes:
        openings: Headings that stand right above it, the outermost first.
        chapter: The heading of level 1 that it stands below, near or far.
        tint: Of its subject; counts the subjects of its chapter.
    """

    entry: EntryData
    openings: tuple[Opening, ...]
    chapter: str
    tint: int


@dataclass(frozen=True, slots=True)
class Volume:
    """A part of an issue that is set at once: the last ``number`` is ``total``.

    The first one has the highlights, the last one what was asked for and the figures.

    Attributes:
        goes_on: Title of the chapter that the volume before began; empty where a chapter opens.
    """

    number: int
    total: int
    rows: tuple[Row, ...]

    @property
    def goes_on(self) -> str:
        first = self.rows[0] if self.rows else None
        opens = first is None or (bool(first.openings) and first.openings[0].level == 1)
        return "" if first is None or opens else first.chapter

    @property
    def entries(self) -> tuple[EntryData, ...]:
        return tuple(row.entry for row in self.rows)


def volumes(issue: IssueData, labels: Labels, most: int) -> tuple[Volume, ...]:
    """Whole subjects together as long as a volume has at most ``most`` rows of any kind.

    A subject that is larger is divided. An issue without entries is one volume.
    """
    parts: list[list[Row]] = [[]]
    for rows in _subjects(issue, labels):
        if parts[-1] and len(parts[-1]) + len(rows) > most:
            parts.append([])
        for first in range(0, len(rows), most):
            if first:
                parts.append([])
            parts[-1] += rows[first : first + most]
    return tuple(
        Volume(number, len(parts), tuple(part)) for number, part in enumerate(parts, start=1)
    )


def _subjects(issue: IssueData, labels: Labels) -> Iterator[list[Row]]:
    """The rows of each subject: of what is new, then of each other chapter."""
    for tint, section in enumerate(sections(issue.entries)):
        subject = labels.label(section.subject, "subject")
        yield list(_rows(section, labels, [Opening(1, subject)], subject, tint))
    for change, entries in (
        (Change.UPDATED, issue.updated),
        (Change.WITHDRAWN, issue.withdrawn),
    ):
        chapter = labels.say(CHAPTERS[change])
        above = [Opening(1, chapter)]
        for tint, section in enumerate(sections(entries)):
            above.append(Opening(2, labels.label(section.subject, "subject")))
            yield list(_rows(section, labels, above, chapter, tint))
            above = []


def _rows(
    section: Section, labels: Labels, above: Iterable[Opening], chapter: str, tint: int
) -> Iterator[Row]:
    """One level deeper for each heading above; there are never more than three."""
    openings = list(above)
    level = openings[-1].level + 1
    for grade in section.grades:
        word = labels.label(grade.grade, "grade") if grade.grade else ""
        openings.append(Opening(level, word or labels.say(N_("For no grade in particular"))))
        for school in grade.schools:
            if level == 2:  # noqa: PLR2004 - below the grade of what is new
                openings.append(Opening(3, one_line(school.school)))
            for entry in school.entries:
                yield Row(entry, tuple(openings), chapter, tint)
                openings = []
