"""What stands in a volume of the printed issue: every word said, every code turned into one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from resource_hub.catalogue.data import EntryData, IssueData, Section, sections
from resource_hub.catalogue.figures import figures
from resource_hub.catalogue.labels import Labels, badge_word, date_words, issue_words, month_words
from resource_hub.catalogue.plain import one_line, printable
from resource_hub.catalogue.table import grade_words
from resource_hub.domain.errors import N_

Words = dict[str, object]
_INK = "#1f2933"
_SUMMARY = 160
"""Characters of a summary that are printed; the QR code leads to the rest."""
_LONG_WORD = re.compile(r"[!-~\u00a1-\u1fff]{30,}")
_WORDS = {
    "contents": N_("Contents"),
    "preface": N_("Preface"),
    "highlights": N_("Recommended this month"),
    "updated": N_("Updated resources"),
    "withdrawn": N_("Withdrawn resources"),
    "asked_for": N_("Asked for"),
    "asked_by": N_("Asked by"),
    "figures": N_("Figures of the month"),
    "errata": N_("Errata"),
    "nothing": N_("No resources were published this month."),
    "volumes": N_("Volumes of this issue"),
    "online": N_("This issue on line"),
}


@dataclass(frozen=True, slots=True)
class Volume:
    """A part of an issue that is printed as one file.

    Attributes:
        number: From 1; the first one has the preface, the last one the lists and figures.
        names: Of what each volume holds, the same in all of them.
    """

    number: int
    sections: tuple[Section, ...]
    names: tuple[str, ...]

    @property
    def entries(self) -> tuple[EntryData, ...]:
        return tuple(entry for section in self.sections for entry in section.entries)


def volumes(issue: IssueData, labels: Labels, most: int) -> tuple[Volume, ...]:
    """Whole subjects together as long as a volume has at most ``most`` entries.

    A subject that is larger is divided. An issue without entries is one volume.
    """
    groups: list[list[EntryData]] = [[]]
    for section in sections(issue.entries):
        found = section.entries
        if groups[-1] and len(groups[-1]) + len(found) > most:
            groups.append([])
        while len(found) > most:
            groups[-1] += found[:most]
            found = found[most:]
            groups.append([])
        groups[-1] += found
    parts = [sections(group) for group in groups]
    names = tuple(
        labels.say(N_(", ")).join(labels.label(each.subject, "subject") for each in part)
        for part in parts
    )
    return tuple(Volume(number, part, names) for number, part in enumerate(parts, start=1))


def manuscript(
    issue: IssueData, labels: Labels, volume: Volume, pictures: Mapping[str, str]
) -> Words:
    """Everything that ``issue.typ`` prints, as JSON knows it.

    Args:
        pictures: Name of the file of a picture, by its hash; and of a code, by its address.
    """
    say = labels.say
    first, last = volume.number == 1, volume.number == len(volume.names)
    by_id = {entry.public_id: entry for entry in issue.all_entries}
    said = {key: say(words) for key, words in _WORDS.items()}
    running = say(N_("Running number %(number)s")) % {"number": issue.running_number or "–"}
    return {
        "language": labels.language,
        "words": said,
        "alliance": _breakable(one_line(issue.alliance)),
        "title": _breakable(one_line(issue.title)),
        "issue": issue_words(labels, issue.month),
        "running": running if issue.running_number else say(N_("Draft")),
        "month": month_words(labels, issue.month),
        "published": date_words(labels, issue.published_at) if issue.published_at else "",
        "count": say(N_("%(count)s resources")) % {"count": len(issue.all_entries)},
        "address": issue.address,
        "cover": pictures.get("cover"),
        "code": pictures.get(issue.address),
        "volume": _volume_words(labels, volume),
        "volumes": list(volume.names) if len(volume.names) > 1 else [],
        "preface": _paragraphs(issue.preface) if first else [],
        "highlights": [
            {
                **_entry(by_id[each.public_id], labels, pictures),
                "words": _breakable(printable(each.words)),
            }
            for each in issue.highlights
            if first and each.public_id in by_id
        ],
        "sections": [_section(each, labels, pictures) for each in volume.sections],
        "updated": [_entry(it, labels, pictures) for it in issue.updated if last],
        "withdrawn": [_entry(it, labels, pictures) for it in issue.withdrawn if last],
        "asked_for": [
            {
                "text": _breakable(one_line(each.text)),
                "about": _joined(
                    labels.label(each.subject, "subject") if each.subject else "",
                    labels.label(each.grade, "grade") if each.grade else "",
                ),
                "people": each.people,
            }
            for each in issue.asked_for
            if last
        ],
        "figures": [
            {
                "title": each.whole.title,
                "svg": each.svg(ink=_INK),
                "table": [list(row) for row in (each.head, *each.whole.rows)],
            }
            for each in (figures(issue.figures, labels) if last else ())
        ],
        "errata": [
            {
                "date": date_words(labels, each.at),
                "resource": each.public_id,
                "words": _breakable(printable(each.words)),
            }
            for each in issue.errata
            if first
        ],
    }


def _volume_words(labels: Labels, volume: Volume) -> str:
    if len(volume.names) == 1:
        return ""
    words = labels.say(N_("Volume %(number)s: %(name)s"))
    return words % {"number": volume.number, "name": volume.names[volume.number - 1]}


def _section(section: Section, labels: Labels, pictures: Mapping[str, str]) -> Words:
    return {
        "subject": labels.label(section.subject, "subject"),
        "count": len(section.entries),
        "grades": [
            {
                "grade": labels.label(grade.grade, "grade")
                if grade.grade
                else labels.say(N_("For no grade in particular")),
                "schools": [
                    {
                        "school": _breakable(one_line(school.school)),
                        "entries": [
                            _entry(it, labels, pictures, below_school=True) for it in school.entries
                        ],
                    }
                    for school in grade.schools
                ],
            }
            for grade in section.grades
        ],
    }


def _entry(
    entry: EntryData, labels: Labels, pictures: Mapping[str, str], *, below_school: bool = False
) -> Words:
    summary = one_line(entry.summary)
    summary = summary if len(summary) <= _SUMMARY else f"{summary[:_SUMMARY]}…"
    return {
        "id": entry.public_id,
        "title": _breakable(one_line(entry.title)) or entry.public_id,
        "kind": labels.label(entry.kind, "kind"),
        "subject": labels.label(entry.subject, "subject"),
        "about": _joined(
            labels.label(entry.kind, "kind"),
            grade_words(entry, labels),
            "" if below_school else _breakable(one_line(entry.school)),
            _breakable(one_line(entry.author)),
            badge_word(labels, entry.badge),
        ),
        "summary": _breakable(summary),
        "revision": entry.revision,
        "address": entry.address,
        "picture": pictures.get(entry.thumbnail or ""),
        "code": pictures.get(entry.address),
    }


def _breakable(text: str) -> str:
    """Words that are wider than a column may break anywhere."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(found[0]), text)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _paragraphs(text: str) -> list[str]:
    return [_breakable(line.strip()) for line in printable(text).split("\n") if line.strip()]
