"""An issue of the catalogue as a file: CSV for spreadsheets, JSON for programs.

The same issue in the same language gives the same bytes, today and next year.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from resource_hub.domain.catalogue import CHANGE_LABELS
from resource_hub.domain.errors import N_
from resource_hub.models import Entry, Issue

_FORMULA = "=+-@＝＋－＠"
"""A cell that begins with one of these is run by spreadsheets; so are tabs and line ends."""


@dataclass(frozen=True, slots=True)
class Labels:
    """How codes and headings are said, and where a resource is found; the edge brings both."""

    label: Callable[[str, str], str]
    """Of a code in a scheme: ``label("math", "subject")``."""
    say: Callable[[str], str]
    """Of a sentence in English."""
    public_url: str
    """The hub's address, without a slash at the end."""


COLUMNS = (
    N_("No."), N_("Change"), N_("Title"), N_("Kind"), N_("Stage of school"), N_("Subject"),
    N_("Grades"), N_("School"), N_("Author"), N_("Summary"), N_("Version"), N_("Address"),
)  # fmt: skip


def as_csv(entries: Sequence[Entry], labels: Labels) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read it; one line for each entry."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([labels.say(column) for column in COLUMNS])
    for number, entry in enumerate(entries, start=1):
        cells = (
            str(number),
            labels.say(CHANGE_LABELS[entry.change]),
            entry.title,
            labels.label(entry.kind.value, "kind"),
            labels.label(entry.school_stage, "school_stage"),
            labels.label(entry.subject, "subject"),
            labels.say(", ").join(labels.label(grade, "grade") for grade in entry.grades),
            entry.school_name,
            entry.author_name,
            entry.summary,
            str(entry.revision_number),
            _address(entry, labels),
        )
        writer.writerow([harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """The cell as text: what a spreadsheet would run as a formula gets an apostrophe before it."""
    start = cell.lstrip(" \u3000\ufeff")[:1]
    runs = start and (start in _FORMULA or start in "\t\r\n")
    return f"'{cell}" if runs else cell


def as_json(issue: Issue, entries: Sequence[Entry], labels: Labels) -> bytes:
    """One object: ``issue``, ``entries`` with codes, and ``labels`` that say the codes."""
    changes = {entry.change for entry in entries}
    words = {
        "change": {change.value: labels.say(CHANGE_LABELS[change]) for change in sorted(changes)}
    }
    codes: dict[str, set[str]] = {
        "kind": {entry.kind.value for entry in entries},
        "school_stage": {entry.school_stage for entry in entries},
        "subject": {entry.subject for entry in entries},
        "grade": {grade for entry in entries for grade in entry.grades},
    }
    for scheme, used in codes.items():
        words[scheme] = {code: labels.label(code, scheme) for code in sorted(used)}
    content = {
        "issue": {
            "month": issue.month,
            "number": issue.number,
            "covers_from": _moment(issue.covers_from),
            "covers_to": _moment(issue.covers_to),
            "published_at": _moment(issue.published_at),
            "preface": issue.preface,
        },
        "entries": [
            {
                "number": number,
                "change": entry.change.value,
                "public_id": entry.public_id,
                "version": entry.revision_number,
                "url": _address(entry, labels),
                "title": entry.title,
                "summary": entry.summary,
                "kind": entry.kind.value,
                "school_stage": entry.school_stage,
                "subject": entry.subject,
                "grades": list(entry.grades),
                "school": entry.school_name,
                "author": entry.author_name,
            }
            for number, entry in enumerate(entries, start=1)
        ],
        "labels": words,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _address(entry: Entry, labels: Labels) -> str:
    return f"{labels.public_url}/r/{entry.public_id}"


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds")
