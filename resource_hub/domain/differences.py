"""What is different between two versions of a resource."""

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


@dataclass(frozen=True, slots=True)
class FileDifferences:
    """Names of files; ``replaced`` ones have the same name and other bytes."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.replaced)


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


def file_differences(
    before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]
) -> FileDifferences:
    """Compare two lists of files, each a name and the key of its bytes.

    A file that was only renamed counts as one removed and one added.
    """
    old, new = list(before), list(after)
    kept = set(old) & set(new)
    gone = [name for name, key in old if (name, key) not in kept]
    come = [name for name, key in new if (name, key) not in kept]
    return FileDifferences(
        added=tuple(name for name in come if name not in gone),
        removed=tuple(name for name in gone if name not in come),
        replaced=tuple(name for name in come if name in gone),
    )
