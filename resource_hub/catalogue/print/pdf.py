"""An issue as PDF: volumes set one after the other, each by its own process, bound into one."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

from resource_hub.catalogue.data import EntryData, IssueData
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.print.manuscript import Pages, Placed, headings, manuscript
from resource_hub.catalogue.print.pictures import of_entries, of_issue
from resource_hub.catalogue.print.setting import ISSUE, MANUSCRIPT, VOLUME
from resource_hub.catalogue.print.stitching import bind
from resource_hub.catalogue.print.volumes import Volume, volumes

MOST_ENTRIES = 700
"""Set at once: typst takes about 430 kB an entry with a picture while it sets them."""
_SECONDS = 300.0
"""For one run of typst; 700 entries take two on a quiet machine."""
_ABOVE = 10.0
"""Points by which typst lets a bookmark lead above its heading."""


class NotSet(RuntimeError):
    """typst did not set the pages; its message says why. A mistake of ours, not of the data."""


def as_pdf(
    issue: IssueData,
    labels: Labels,
    *,
    thumbnails: Mapping[str, bytes],
    cover: bytes | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    most: int = MOST_ENTRIES,
) -> bytes:
    """The issue, A4: one cover, one contents, pages numbered from the cover to the last.

    Args:
        thumbnails: Pictures by the hash that an entry names; a missing or a broken one is drawn.
        cover: A picture for the cover; without it, or with a broken one, it is drawn.
        progress: Told how much is done, and of how much: an entry counts when its pictures are
            ready and once more when it is set.
        most: Entries that are set at once.

    Raises:
        NotSet: typst could not set it.
    """
    parts = volumes(issue, labels, most)
    total, done = 2 * len(issue.all_entries) or 1, 0

    def illustrated(part: Volume) -> tuple[Path, dict[str, str]]:
        folder = top / str(part.number)
        folder.mkdir()
        return folder, dict(of_entries(folder, _shown(issue, part), thumbnails))

    # The pictures of a volume are made while typst, another process, sets the one before.
    with tempfile.TemporaryDirectory(prefix="hub-issue-") as name, ThreadPoolExecutor(1) as ahead:
        top = Path(name)
        coming = ahead.submit(illustrated, parts[0])
        book = _Book(issue, labels, top, cover)
        if len(parts) > 1:
            book.leave_room(parts)
        for part in parts:
            folder, pictures = coming.result()
            if part.number < part.total:
                coming = ahead.submit(illustrated, parts[part.number])
            done += len(part.rows)
            progress(done, total)
            book.add(part, folder, pictures)
            done += len(part.rows)
            progress(min(done, total), total)
        return book.bound()


def _shown(issue: IssueData, part: Volume) -> tuple[EntryData, ...]:
    """The entries of a volume; the first one shows the highlights, too."""
    if part.number > 1:
        return part.entries
    wanted = {each.public_id for each in issue.highlights}
    wanted -= {entry.public_id for entry in part.entries}
    return (*part.entries, *(it for it in issue.all_entries if it.public_id in wanted))


@dataclass(slots=True)
class _Book:
    """An issue whose volumes are set one after the other; a single one is set whole.

    Attributes:
        front: How many pages stand before the volumes. It is known before they are set, because
            a page number takes the same room in the contents whatever it is.
        leaves: How many pages the volumes have so far.
    """

    issue: IssueData
    labels: Labels
    top: Path
    cover: bytes | None
    front: int = 0
    leaves: int = 0
    placed: list[Placed] = field(default_factory=list)
    volumes: list[Path] = field(default_factory=list)

    def leave_room(self, parts: Iterable[Volume]) -> None:
        """Set the front once, with all headings on one page, to see how many pages it has."""
        openings = [it for part in parts for it in headings(self.issue, self.labels, part)]
        placed = tuple(Placed(opening, 0, 0.0) for opening in openings)
        trial = self._set(self.top, Pages(None, leaves=1, placed=placed))
        self.front = _pages(trial) - 1

    def add(self, part: Volume, folder: Path, pictures: Mapping[str, str]) -> None:
        """Set a volume; ``folder`` has its pictures, which are removed."""
        if part.total == 1:
            self.volumes.append(self._set(folder, Pages(part), pictures))
            return
        first = self.front + self.leaves + 1
        made = self._set(folder, Pages(part, front=False, first=first), pictures)
        openings, places = headings(self.issue, self.labels, part), list(_bookmarks(made))
        if len(openings) != len(places):
            raise NotSet(f"{len(openings)} headings have {len(places)} bookmarks")
        self.placed += [
            Placed(opening, self.leaves + page, below)
            for opening, (page, below) in zip(openings, places, strict=True)
        ]
        self.leaves += _pages(made)
        self.volumes.append(made.rename(self.top / f"{part.number}.pdf"))
        shutil.rmtree(folder)

    def bound(self) -> bytes:
        if self.front == 0:
            return self.volumes[0].read_bytes()
        frame = self._set(self.top, Pages(None, leaves=self.leaves, placed=tuple(self.placed)))
        if _pages(frame) != self.front + self.leaves:
            raise NotSet("the contents came out longer or shorter than was expected")
        whole = self.top / "whole.pdf"
        with whole.open("wb") as target:
            volumes = (volume.read_bytes() for volume in self.volumes)
            bind(frame.read_bytes(), volumes, target, front=self.front)
        return whole.read_bytes()

    def _set(self, folder: Path, pages: Pages, pictures: Mapping[str, str] | None = None) -> Path:
        of_cover = of_issue(folder, self.issue, self.cover) if pages.front else ()
        words = manuscript(self.issue, self.labels, pages, {**(pictures or {}), **dict(of_cover)})
        (folder / MANUSCRIPT).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        return _set(folder, ISSUE)


def _pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _bookmarks(path: Path) -> Iterator[tuple[int, float]]:
    """Of each heading the page, from 0, and how far below its top it stands, in points."""
    with pypdfium2.PdfDocument(path) as document:
        for mark in document.get_toc():
            place = mark.get_dest()
            page = place.get_index()
            _, (_, top, *_) = place.get_view()
            yield page, document[page].get_height() - top + _ABOVE


def set_folder(folder: Path, template: str) -> bytes:
    """The pages of a folder with a manuscript and pictures, set in a process of its own.

    Args:
        template: Of this package, such as ``issue.typ``.

    Raises:
        NotSet: typst could not set it.
    """
    return _set(folder, template).read_bytes()


def _set(folder: Path, template: str) -> Path:
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
    return folder / VOLUME
