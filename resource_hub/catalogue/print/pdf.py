"""An issue as PDF: pictures made fit, volumes set one after the other, each in its own process."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from resource_hub.catalogue.data import EntryData, IssueData
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.print.manuscript import Volume, manuscript, volumes
from resource_hub.catalogue.print.pictures import COVER, THUMBNAIL, for_print
from resource_hub.catalogue.print.qr import qr_png
from resource_hub.catalogue.print.setting import ISSUE, MANUSCRIPT, VOLUME

MOST_ENTRIES = 700
"""Of a volume: typst takes about 430 kB an entry with a picture while it sets them."""
_SECONDS = 300.0
"""For one volume; 700 entries take two on a quiet machine."""


class NotSet(RuntimeError):
    """typst did not set the pages; its message says why. A mistake of ours, not of the data."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A volume as PDF. ``name`` is empty for an issue in one volume, else what the volume holds."""

    number: int
    name: str
    content: bytes


def as_pdf(
    issue: IssueData,
    labels: Labels,
    *,
    thumbnails: Mapping[str, bytes],
    cover: bytes | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    most: int = MOST_ENTRIES,
) -> Iterator[Printed]:
    """The volumes of an issue, A4, one after the other.

    Args:
        thumbnails: Pictures by the hash that an entry names; a missing or a broken one is drawn.
        cover: A picture for the cover; without it, or with a broken one, it is drawn.
        progress: Told how much is done, and of how much: an entry counts when its pictures are
            ready and once more when its volume is set.
        most: Entries of a volume.

    Raises:
        NotSet: typst could not set it.
    """
    parts = volumes(issue, labels, most)
    total, done = 2 * len(issue.all_entries) or 1, 0
    for part in parts:
        last = part.number == len(parts)
        shown = part.entries + ((issue.updated + issue.withdrawn) if last else ())
        if part.number == 1:
            wanted = {each.public_id for each in issue.highlights} - {it.public_id for it in shown}
            illustrated = (*shown, *(it for it in issue.all_entries if it.public_id in wanted))
        else:
            illustrated = shown
        with tempfile.TemporaryDirectory(prefix="hub-issue-") as name:
            folder = Path(name)
            pictures = dict(_pictures(folder, illustrated, thumbnails))
            pictures |= _of_issue(folder, issue, cover)
            done += len(shown)
            progress(done, total)
            words = manuscript(issue, labels, part, pictures)
            (folder / MANUSCRIPT).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
            content = set_folder(folder, ISSUE)
        done += len(shown)
        progress(min(done, total), total)
        yield Printed(part.number, _name(part), content)


def _name(part: Volume) -> str:
    return part.names[part.number - 1] if len(part.names) > 1 else ""


def _pictures(
    folder: Path, entries: Iterable[EntryData], thumbnails: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    """Write what the entries show; gives the hash or address of each and the name of its file."""
    entries = tuple(entries)
    hashes = sorted({it.thumbnail for it in entries if it.thumbnail})

    def made_fit(key: str) -> bytes | None:
        found = thumbnails.get(key)
        return None if found is None else for_print(found, THUMBNAIL)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        made = pool.map(made_fit, hashes)
        for number, (key, content) in enumerate(zip(hashes, made, strict=True)):
            if content is not None:
                (folder / f"{number}.jpg").write_bytes(content)
                yield key, f"{number}.jpg"
    for number, address in enumerate(sorted({entry.address for entry in entries})):
        if (name := _code(folder, f"{number}.png", address)) is not None:
            yield address, name


def _of_issue(folder: Path, issue: IssueData, cover: bytes | None) -> Iterator[tuple[str, str]]:
    if cover is not None and (content := for_print(cover, COVER)) is not None:
        (folder / "cover.jpg").write_bytes(content)
        yield "cover", "cover.jpg"
    if (name := _code(folder, "issue.png", issue.address)) is not None:
        yield issue.address, name


def _code(folder: Path, name: str, address: str) -> str | None:
    try:
        content = qr_png(address)
    except ValueError:
        return None  # no camera reads a code so large; the address stands beside it
    (folder / name).write_bytes(content)
    return name


def set_folder(folder: Path, template: str) -> bytes:
    """The pages of a folder with a manuscript and pictures, set in a process of its own.

    Args:
        template: Of this package, such as ``issue.typ``.

    Raises:
        NotSet: typst could not set it.
    """
    program = "resource_hub.catalogue.print.setting"
    command = [sys.executable, "-m", program, str(folder), template]
    try:
        ran = subprocess.run(  # noqa: S603 - our own program
            command, check=False, capture_output=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"it was not done after {_SECONDS:.0f} seconds") from error
    if ran.returncode != 0:
        raise NotSet(ran.stderr.decode("utf-8", "replace")[-2_000:] or f"ended by {ran.returncode}")
    return (folder / VOLUME).read_bytes()
