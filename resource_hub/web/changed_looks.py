"""Pages that look different, the old beside the new, with what differs marked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import url_for

from resource_hub.domain.errors import WrongState
from resource_hub.domain.matched_files import FileChange
from resource_hub.edge.current import reading, writing
from resource_hub.models import PageComparison
from resource_hub.services.comparisons import (
    Keys,
    comparable,
    comparisons,
    promise_comparisons,
)
from resource_hub.services.queries.changes import ChangedFile, Changes, SideFile
from resource_hub.services.queries.previews import Page, pages_of

MOST_SHOWN = 6
"""Pages of one file that stand on the page."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of one side; ``regions`` in thousandths of it are marked."""

    number: int
    url: str
    width: int
    height: int
    view_url: str | None
    regions: Sequence[Sequence[int]] = ()


@dataclass(frozen=True, slots=True)
class Looks:
    """What is known of the looks of a file; ``is_ready``: its pages have been compared."""

    is_ready: bool = False
    pages: Sequence[tuple[ShownPage | None, ShownPage | None]] = ()
    more: int = 0
    """Different pages that do not stand here."""


def looks_of_changes(changes: Changes) -> Mapping[str, Looks]:
    """By file; what nobody has asked for yet is promised. Two queries."""
    files = {key: file for key, file in keyed(changes.files) if _has_looks(file)}
    pairs = {key: keys for key, file in files.items() if (keys := _keys(file))}
    known = comparisons(reading(), pairs.values())
    pages = pages_of(reading(), {key for keys in pairs.values() for key in keys})
    found = {
        key: _looks(changes, files[key], known.get(keys), pages) for key, keys in pairs.items()
    }
    missing = set(pairs.values()) - known.keys()
    if missing:
        with suppress(WrongState), writing() as uow:  # somebody else asked at this very moment
            promise_comparisons(uow, missing)
    return found


def keyed(files: Sequence[ChangedFile]) -> Iterator[tuple[str, ChangedFile]]:
    """Each file with its name in an address."""
    for file in files:
        before = file.before.blob.key[:12] if file.before else ""
        after = file.after.blob.key[:12] if file.after else ""
        yield f"{before}-{after}", file


def _has_looks(file: ChangedFile) -> bool:
    return (
        file.change is FileChange.REPLACED
        and file.before is not None
        and file.after is not None
        and comparable(file.before.blob, file.after.blob)
    )


def _keys(file: ChangedFile) -> Keys | None:
    if file.before is None or file.after is None:
        return None
    return file.before.blob.key, file.after.blob.key


def _looks(
    changes: Changes,
    file: ChangedFile,
    row: PageComparison | None,
    pages: Mapping[str, Sequence[Page]],
) -> Looks:
    if row is None or row.made_at is None:
        return Looks()
    different = [
        (before, after, regions)
        for before, after, regions in row.pages
        if regions or before is None or after is None
    ]
    return Looks(
        is_ready=True,
        pages=[
            (
                _shown(changes, file.before, before, pages),
                _shown(changes, file.after, after, pages, regions),
            )
            for before, after, regions in different[:MOST_SHOWN]
        ],
        more=max(0, len(different) - MOST_SHOWN),
    )


def _shown(
    changes: Changes,
    side: SideFile | None,
    number: int | None,
    pages: Mapping[str, Sequence[Page]],
    regions: Sequence[Sequence[int]] = (),
) -> ShownPage | None:
    if side is None or number is None:
        return None
    page = next((each for each in pages.get(side.blob.key, ()) if each.number == number), None)
    if page is None:
        return None
    public_id, view = changes.resource.public_id, None
    if side.attachment_id is not None:
        where: dict[str, Any] = {  # Any: values of an address
            "public_id": public_id,
            "attachment_id": side.attachment_id,
        }
        url = url_for("viewer.page_picture", **where, number=number, variant="large")
        view = url_for("viewer.show", **where, page=number)
    else:
        url = url_for(
            "changes.judged_picture",
            public_id=public_id,
            number=changes.revision.number,
            judged_id=side.judged_id,
            page=number,
        )
    return ShownPage(number, url, page.large.width, page.large.height, view, regions)
