"""What a later version changes, in words: names of fields, values, and states of a resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.differences import Difference
from resource_hub.domain.errors import N_
from resource_hub.domain.matched_files import FileChange
from resource_hub.edge.words import day, label
from resource_hub.services.queries.changes import Changes
from resource_hub.services.queries.standings import Standing

FIELD_LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "summary": N_("Summary"),
    "school_stage": N_("Stage of school"),
    "subject": N_("Subject"),
    "grades": N_("Grades"),
    "volume": N_("Volume"),
    "edition": N_("Edition"),
    "unit": N_("Unit"),
    "keywords": N_("Keywords"),
    "language": N_("Language"),
    "licence": N_("Licence"),
    "audience": N_("Who may see it"),
    "alliance_id": N_("Alliance"),
    "release_on": N_("Release date"),
    "text": N_("Text"),
    "source": N_("Source"),
    "kind": N_("Kind"),
}

_SCHEMES = {
    "school_stage": "school_stage",
    "subject": "subject",
    "grades": "grade",
    "volume": "volume",
    "edition": "edition",
    "language": "language",
    "licence": "licence",
    "audience": "audience",
    "kind": "kind",
}

MOST_NAMES = 5
"""Files that a summary names."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is different, in a line or two, and where all of it stands."""

    since: str
    """What it is compared with."""
    lines: list[str]
    """Fields, then files; empty when nothing is different."""
    url: str


def summary_of(changes: Changes) -> Summary | None:
    """None for a first version: there is nothing to compare it with."""
    if changes.base is None:
        return None
    counted = [
        (FileChange.ADDED, _("added")),
        (FileChange.REMOVED, _("removed")),
        (FileChange.REPLACED, _("replaced")),
        (FileChange.RENAMED, _("renamed")),
    ]
    lines = []
    if changes.fields:
        names = [field_label(each.field) for each in changes.fields]
        lines.append(_("Description: %(fields)s", fields=_(", ").join(names)))
    for change, word in counted:
        names = [file.name for file in changes.files if file.change is change]
        if names:
            more = f" + {len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
            said = _(", ").join(names[:MOST_NAMES]) + more
            lines.append(_("Files %(what)s: %(names)s", what=word, names=said))
    return Summary(standing_words(changes.base), lines, changes_url(changes))


def changes_url(changes: Changes, **more: Any) -> str:  # Any: values of the address
    """The page of these changes; ``more`` are parts of its address."""
    return url_for(
        "changes.show",
        public_id=changes.resource.public_id,
        number=changes.target.number,
        since=changes.base.code if changes.base else None,
        to=changes.target.submission_id,
        **more,
    )


def standing_words(standing: Standing) -> str:
    """A state of a resource: which version and round, and why one would compare with it."""
    if standing.round is None:
        words = _("Version %(number)s", number=standing.number)
    else:
        words = _(
            "Version %(number)s, round %(round)s", number=standing.number, round=standing.round
        )
    notes = [
        _("public now") if standing.is_live else "",
        _("approved by you") if standing.is_approved else "",
    ]
    said = _(", ").join(filter(None, notes))
    return _("%(what)s (%(note)s)", what=words, note=said) if said else str(words)


def field_label(name: str) -> str:
    """What a field is called on the form."""
    if name.startswith("section_"):
        return label(name.removeprefix("section_"), "section")
    return str(_(FIELD_LABELS[name]))


def field_value(difference: Difference, value: object) -> str:
    """A value as its field shows it: a label, a list, a day, or the text itself."""
    if value is None or value == "":
        return ""
    if difference.field == "alliance_id":
        return str(_("another one than before"))
    if isinstance(value, date):
        return day(value)
    scheme = _SCHEMES.get(difference.field)
    if isinstance(value, tuple):
        return "、".join(label(each, scheme) if scheme else str(each) for each in value)
    return label(value, scheme) if scheme else str(value)


def file_change_word(change: FileChange) -> str:
    """What happened to a file."""
    words = {
        FileChange.ADDED: _("added"),
        FileChange.REMOVED: _("removed"),
        FileChange.REPLACED: _("replaced"),
        FileChange.RENAMED: _("renamed"),
        FileChange.SAME: _("unchanged"),
    }
    return str(words[change])


def counted(changes: Changes) -> list[str]:
    """How much is different, for the head of the page."""
    fields, files = len(changes.fields), len(changes.files)
    return [
        ngettext("%(num)s field", "%(num)s fields", fields) if fields else "",
        ngettext("%(num)s file", "%(num)s files", files) if files else "",
    ]
