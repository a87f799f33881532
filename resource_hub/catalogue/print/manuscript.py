"""What stands on the pages of a printed issue: every word said, every code turned into one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from resource_hub.catalogue.data import EntryData, IssueData
from resource_hub.catalogue.figures import figures
from resource_hub.catalogue.labels import Labels, badge_word, date_words, issue_words, month_words
from resource_hub.catalogue.plain import one_line, printable
from resource_hub.catalogue.print.volumes import Opening, Row, Volume
from resource_hub.catalogue.table import grade_words
from resource_hub.domain.catalogue import Change
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
    "asked_for": N_("Asked for"),
    "asked_by": N_("Asked by"),
    "figures": N_("Figures of the month"),
    "errata": N_("Errata"),
    "nothing": N_("No resources were published this month."),
    "online": N_("This issue on line"),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A heading of a volume that is set: where it came to stand.

    Attributes:
        leaf: Page of what follows the contents, from 0.
        below: The top of the page, in points.
    """

    opening: Opening
    leaf: int
    below: float


@dataclass(frozen=True, slots=True)
class Pages:
    """Which pages are set in one run: all of them, those of a volume, or those in front.

    Attributes:
        volume: With its rows, or None: the cover, the preface and the contents alone.
        front: Whether the cover, the preface and the contents are there.
        first: Number of the first page.
        leaves: Empty pages after the contents, for the volumes ...
        placed: ... and the headings on them, from which the contents and the bookmarks are made.
    """

    volume: Volume | None
    front: bool = True
    first: int = 1
    leaves: int = 0
    placed: tuple[Placed, ...] = ()


def headings(issue: IssueData, labels: Labels, volume: Volume) -> tuple[Opening, ...]:
    """Those of a volume in order, as ``issue.typ`` sets them: what the contents list."""
    found = [opening for row in volume.rows for opening in row.openings]
    if volume.number == 1 and _highlights(issue):
        found.insert(0, Opening(1, labels.say(_WORDS["highlights"])))
    for there, key in ((issue.asked_for, "asked_for"), (figures(issue.figures, labels), "figures")):
        if volume.number == volume.total and there:
            found.append(Opening(1, labels.say(_WORDS[key])))
    return tuple(found)


def manuscript(
    issue: IssueData, labels: Labels, pages: Pages, pictures: Mapping[str, str]
) -> Words:
    """Everything that ``issue.typ`` prints, as JSON knows it.

    Args:
        pictures: Name of the file of a picture, by its hash; and of a code, by its address.
    """
    say, volume = labels.say, pages.volume
    running = say(N_("Running number %(number)s")) % {"number": issue.running_number or "–"}
    leaves: list[list[Words]] = [[] for _ in range(pages.leaves)]
    for each in pages.placed:
        leaves[each.leaf].append({**_heading(each.opening), "below": each.below})
    return {
        "language": labels.language,
        "words": {key: say(words) for key, words in _WORDS.items()},
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
        "front": pages.front,
        "first": pages.first,
        "subjects": len({entry.subject for entry in issue.entries}),
        "preface": _paragraphs(issue.preface),
        "errata": [
            {
                "date": date_words(labels, each.at),
                "resource": each.public_id,
                "words": _breakable(printable(each.words)),
            }
            for each in issue.errata
        ],
        "leaves": leaves,
        "body": None if volume is None else _body(issue, labels, volume, pictures),
    }


def _body(issue: IssueData, labels: Labels, volume: Volume, pictures: Mapping[str, str]) -> Words:
    first, last = volume.number == 1, volume.number == volume.total
    return {
        "goes_on": _breakable(volume.goes_on),
        "nothing": not issue.all_entries,
        "highlights": [
            {**_entry(entry, labels, pictures), "words": _breakable(printable(words))}
            for entry, words in (_highlights(issue) if first else ())
        ],
        "rows": [_row(each, labels, pictures) for each in volume.rows],
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
    }


def _highlights(issue: IssueData) -> list[tuple[EntryData, str]]:
    by_id = {entry.public_id: entry for entry in issue.all_entries}
    chosen = (each for each in issue.highlights if each.public_id in by_id)
    return [(by_id[each.public_id], each.words) for each in chosen]


def _heading(opening: Opening) -> Words:
    return {"level": opening.level, "title": _breakable(opening.title)}


def _row(row: Row, labels: Labels, pictures: Mapping[str, str]) -> Words:
    is_new = row.entry.change is Change.NEW
    return {
        "headings": [_heading(each) for each in row.openings],
        "entry": _entry(row.entry, labels, pictures, below_school=is_new),
        "tint": row.tint,
        "brief": row.entry.change is Change.WITHDRAWN,
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
