"""Which fields of two descriptions are different."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from resource_hub.domain.description import Description
from resource_hub.domain.taxonomy import Section


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as it was; ``section_`` and its code for a part of a lesson plan."""

    field: str
    before: object
    after: object


def differences(before: Description, after: Description) -> list[Difference]:
    """The fields that differ, in the order of the form."""
    found = []
    for field in dataclasses.fields(Description):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name == "sections":
            found += _section_differences(old, new)
        elif old != new:
            found.append(Difference(field.name, old, new))
    return found


def _section_differences(
    before: Mapping[Section, str], after: Mapping[Section, str]
) -> list[Difference]:
    return [
        Difference(f"section_{section}", before.get(section, ""), after.get(section, ""))
        for section in Section
        if before.get(section, "") != after.get(section, "")
    ]


SMALL = frozenset({"title", "summary", "keywords", "release_on"})
"""Fields that may change in the fast lane; a later version has no release date, see ``go_live``."""


def is_small(
    before: Description,
    after: Description,
    files_before: Iterable[tuple[str, str]],
    files_after: Iterable[tuple[str, str]],
) -> bool:
    """Whether title, summary and keywords are all that may differ, and no file does.

    Files are names and keys, in their order.
    """
    return list(files_before) == list(files_after) and all(
        difference.field in SMALL for difference in differences(before, after)
    )
