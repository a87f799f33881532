"""What a new version changes, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from resource_hub.domain.differences import Difference
from resource_hub.domain.errors import N_
from resource_hub.edge.words import day, label
from resource_hub.services.queries.submission_page import SubmissionPage

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
}

SHORT = 120
"""Characters up to which the old and the new text both stand on the page."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field that differs; ``before`` and ``after`` are empty when they are too long to show."""

    label: str
    before: str = ""
    after: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the live version."""

    fields: list[ChangedField] = field(default_factory=list)
    files: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """What happened (added, removed, replaced) and to which files."""

    def __bool__(self) -> bool:
        return bool(self.fields or self.files)


def difference_words(page: SubmissionPage) -> Changes:
    """The differences of a later version in the reader's language; empty for a first version."""
    files = page.file_differences
    happened = [
        (_("Added"), files.added),
        (_("Removed"), files.removed),
        (_("Replaced by other content"), files.replaced),
    ]
    return Changes(
        fields=[_changed(difference) for difference in page.differences],
        files=[(word, names) for word, names in happened if names],
    )


def _changed(difference: Difference) -> ChangedField:
    name = _field_label(difference.field)
    if difference.field == "alliance_id":
        return ChangedField(name, detail=_("another one than before"))
    before, after = _shown(difference, difference.before), _shown(difference, difference.after)
    if not before:
        words = _("was empty, has %(number)s characters now", number=len(after))
        return ChangedField(name, after=after) if len(after) <= SHORT else ChangedField(
            name, detail=words
        )  # fmt: skip
    if not after:
        return ChangedField(name, detail=_("is empty now"))
    if max(len(before), len(after)) <= SHORT:
        return ChangedField(name, before, after)
    words = _("%(before)s characters before, %(after)s now", before=len(before), after=len(after))
    return ChangedField(name, detail=words)


def _field_label(field_name: str) -> str:
    if field_name.startswith("section_"):
        return label(field_name.removeprefix("section_"), "section")
    return str(_(FIELD_LABELS[field_name]))


def _shown(difference: Difference, value: object) -> str:
    """A value as its field shows it: a label, a list, a day, or the text itself."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return day(value)
    scheme = _SCHEMES.get(difference.field)
    if isinstance(value, tuple):
        return "、".join(label(each, scheme) if scheme else str(each) for each in value)
    return label(value, scheme) if scheme else str(value)
