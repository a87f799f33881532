"""Which resources find room in a pack, and which are left out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from resource_hub.pack.data import Before, LeftOut, PackIssue, PackResource, Selection, Stored

LARGEST_FILE = (1 << 32) - 1
"""Bytes; FAT32, the format of most sticks, takes no larger file."""

FRAME = 1 << 20
"""Bytes kept free for the pages themselves, at least twice of what they need."""

_PER_RESOURCE, _PER_FILE, _PER_CHARACTER = 4096, 512, 16
"""Bytes that lists, checksums and index need, at most: beside its texts, and for each of them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes in, in the order in which it was taken, and what does not."""

    taken: tuple[PackResource, ...]
    left_out: tuple[LeftOut, ...]


def choose(
    resources: Sequence[PackResource],
    *,
    room: int | None = None,
    most_used_first: bool = False,
    there: Collection[str] = (),
    characters: Mapping[int, int] | None = None,
) -> Chosen:
    """Take what fits, whole resources, the newest or the most used first.

    A resource that is too large does not keep smaller ones behind it out. Bytes that several share
    count once.

    Args:
        room: bytes of the whole pack; None is without limit, less than 0 takes nothing.
        there: keys that are on the stick already: they cost nothing.
        characters: how many are searched of each resource, by its id.
    """
    ordered = sorted(resources, key=lambda one: (-one.available_at.timestamp(), -one.resource_id))
    if most_used_first:
        ordered.sort(key=lambda one: -one.uses)
    kept = set(there)
    taken: list[PackResource] = []
    left_out: list[LeftOut] = []
    used = FRAME
    for one in ordered:
        parts = {part.key: part.size for part in parts_of(one)}
        if max(parts.values(), default=0) > LARGEST_FILE:
            left_out.append(LeftOut(one.title, one.public_id, sum(parts.values()), "file_size"))
            continue
        size = _PER_RESOURCE + _PER_CHARACTER * (characters or {}).get(one.resource_id, 0)
        size += sum(_PER_FILE + parts[key] for key in parts.keys() - kept)
        if room is not None and used + size > room:
            left_out.append(LeftOut(one.title, one.public_id, sum(parts.values()), "room"))
            continue
        used += size
        kept |= parts.keys()
        taken.append(one)
    return Chosen(tuple(taken), tuple(left_out))


def room_left(
    selection: Selection, before: Before | None, issues: Iterable[PackIssue]
) -> int | None:
    """Bytes for resources, when what is on the stick and the printed issues have theirs."""
    if not selection.max_size:
        return None
    there = before.contents if before else {}
    printed = {part.key: part.size for part in print_of(issues) if part.key not in there}
    return selection.max_size - sum(there.values()) - sum(printed.values())


def print_of(issues: Iterable[PackIssue]) -> Iterator[Stored]:
    """The issues as they are printed, as far as they have been."""
    for issue in issues:
        if issue.pdf is not None and issue.pdf.original.size <= LARGEST_FILE:
            yield issue.pdf.original


def parts_of(resource: PackResource) -> Iterator[Stored]:
    """Everything of a resource that is copied: files, or the films made of them, and pictures."""
    if resource.cover is not None:
        yield resource.cover
    for file in resource.files:
        yield file.film or file.original
        yield from file.pages
        if file.poster is not None:
            yield file.poster
