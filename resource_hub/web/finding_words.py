"""Numbers of people in a file, in words: where each stands, and what it is, never in full."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from resource_hub.domain.errors import N_
from resource_hub.files import PersonalData, PlaceKind
from resource_hub.files.personal_data import findings as numbers_of_people
from resource_hub.models import Revision

_WHAT: Mapping[PersonalData, str] = {
    PersonalData.IDENTITY_CARD: N_("the number of an identity card (%(masked)s)"),
    PersonalData.MOBILE_PHONE: N_("a mobile phone number (%(masked)s)"),
}
_WHERE: Mapping[str, str] = {
    PlaceKind.PAGE: N_("Page %(label)s: %(found)s"),
    PlaceKind.SLIDE: N_("Slide %(label)s: %(found)s"),
    PlaceKind.SHEET: N_("Sheet %(label)s: %(found)s"),
    "name": N_("In its name: %(found)s"),
    "second": N_("At %(label)s: %(found)s"),
    "": N_("In the text: %(found)s"),
}
_MOST = 6  # lines; whoever has a list of a class sees that it is one


def said_findings(findings: Sequence[Sequence[Any]]) -> tuple[str, ...]:  # Any: one may be None
    """A line for each finding as ``Blob.findings`` keeps it, and one for those that are left out.

    In the reader's language; no line where nothing was found. Where a photograph was taken is
    no number: its author reads of it in the note of the file.
    """
    findings = [each for each in findings if each[0] != PersonalData.PLACE_TAKEN]
    lines = [
        gettext(
            _WHERE.get(place or "", _WHERE[""]),
            label=label,
            found=gettext(_WHAT[PersonalData(what)], masked=masked),
        )
        for what, place, label, masked in findings[:_MOST]
    ]
    if len(findings) > _MOST:
        lines.append(gettext(N_("And %(count)s more."), count=len(findings) - _MOST))
    return tuple(lines)


def said_of_file(
    filename: str, findings: Sequence[Sequence[Any]]
) -> tuple[str, ...]:  # Any: as above
    """The same for what a file is called and what is in it."""
    in_name = [(each.what, "name", "", each.masked) for each in numbers_of_people(filename)]
    return said_findings([*in_name, *findings])


def said_of_own_text(revision: Revision) -> tuple[str, ...]:
    """The same for what the author wrote into the form."""
    written = (
        revision.title,
        revision.summary,
        *revision.keywords,
        revision.source,
        revision.text,
        *map(str, revision.sections.values()),
    )
    return said_findings(
        [
            (each.what, each.place, each.label, each.masked)
            for each in numbers_of_people("\n\n".join(written))
        ]
    )
