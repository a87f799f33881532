"""Write a pack: first what is large, then the lists that name it, then the checksums."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace

from resource_hub.pack.app import pages
from resource_hub.pack.data import (
    Before,
    Cover,
    Labels,
    LeftOut,
    PackIssue,
    PackResource,
    Reader,
    Stored,
    Unobtainable,
    Wording,
)
from resource_hub.pack.index import PackIndex
from resource_hub.pack.lists import detail_of, head_of, issue_of
from resource_hub.pack.names import data_path
from resource_hub.pack.places import Places
from resource_hub.pack.readme import readme
from resource_hub.pack.scripts import Plain, plain, script
from resource_hub.pack.selection import parts_of, print_of
from resource_hub.pack.sinks import Sink

FORMAT = 1
"""Of the data on the stick; the pages of the same pack always know it."""

HEADS, DETAILS = 1000, 40
"""Resources in one file of the lists, and of the descriptions."""

THREADS = 2
"""Files copied at a time: while one is hashed, the other is read."""

SUMS = "SHA256SUMS"

LEFTOVERS = "no-longer-needed.txt"
"""What a delta leaves behind on the stick: it is in no list any more and may be deleted."""

Progress = Callable[[int], None]
"""Is told how many bytes have been copied so far."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a pack, in the order in which lists show it."""

    cover: Cover
    resources: Sequence[PackResource]
    left_out: Sequence[LeftOut]
    issues: Sequence[PackIssue]
    wording: Wording
    labels: Labels
    colours: Mapping[str, int]
    """Of subjects: 1-16."""
    offered: Mapping[str, Mapping[str, Sequence[str]]]
    """What a submission may choose from, by scheme: code → the stages of school that have it."""
    index: PackIndex
    """Of the same resources in the same order."""
    before: Before | None = None
    """What is on the stick; the pack is then a delta to it."""


@dataclass(slots=True)
class Written:
    """What came of it; sizes in bytes."""

    files: int = 0
    size: int = 0
    unreadable: list[str] = field(default_factory=list)
    """Titles of resources of which a file is damaged or missing in the hub's storage."""


def bytes_to_copy(
    resources: Iterable[PackResource],
    before: Before | None = None,
    issues: Iterable[PackIssue] = (),
) -> int:
    """How far progress will go."""
    places = Places(before)
    parts = {part.key: part.size for one in resources for part in parts_of(one)}
    parts |= {part.key: part.size for part in print_of(issues)}
    return sum(size for key, size in parts.items() if not places.is_there(key))


def write_pack(contents: Contents, sink: Sink, read: Reader, progress: Progress) -> Written:
    """Write the whole pack, or with ``before`` what has to be copied over the one on the stick."""
    return _Writer(contents, sink, read).write(progress)


class _Writer:
    def __init__(self, contents: Contents, sink: Sink, read: Reader) -> None:
        self._contents = contents
        self._sink = sink
        self._read = read
        self._places = Places(contents.before)
        self._sums: dict[str, tuple[str, int]] = {}
        """Of all that the stick holds afterwards and that its pages use: path → SHA-256, size."""
        self._written = Written()
        self._bad: set[str] = set()

    def write(self, progress: Progress) -> Written:
        resources = self._contents.resources
        self._copy(resources, progress)
        if self._bad:
            resources = [self._without_bad(one) for one in resources]
        manifest = self._manifest(resources)
        for path, page in sorted(pages().items()):
            self._put(path, page)
        self._put("README.txt", readme(self._contents.cover, self._contents.wording))
        if self._contents.before is not None:
            gone = sorted(self._contents.before.sums.keys() - self._sums.keys())
            self._put(LEFTOVERS, "".join(f"{path}\r\n" for path in gone).encode())
        sums = [[path, *self._sums[path]] for path in sorted(self._sums)]
        manifest["sums"] = self._data("sums", sums)
        self._put("data/manifest.js", script("data/manifest.js", manifest))
        lines = [f"{self._sums[path][0]}  {path}\n" for path in sorted(self._sums)]
        self._put(SUMS, "".join(lines).encode())
        return self._written

    def _copy(self, resources: Sequence[PackResource], progress: Progress) -> None:
        wanted: dict[str, tuple[str, Stored]] = {}
        for one in resources:
            for path, part in self._parts(one):
                wanted.setdefault(part.key, (path, part))
        for issue in self._contents.issues:
            if issue.pdf is not None:
                path, part = self._places.of_file(issue.pdf), issue.pdf.original
                wanted.setdefault(part.key, (path, part))
        done = 0
        with ThreadPoolExecutor(THREADS) as pool:
            for (path, part), digest in zip(
                wanted.values(), pool.map(self._copied, wanted.values()), strict=True
            ):
                done += part.size
                progress(done)
                if digest != part.key:
                    self._bad.add(part.key)
                    continue
                self._sums[path] = (part.key, part.size)
                if not self._places.is_there(part.key):
                    self._written.files += 1
                    self._written.size += part.size

    def _copied(self, wanted: tuple[str, Stored]) -> str:
        path, part = wanted
        if self._places.is_there(part.key):
            return part.key
        try:
            with self._read(part.key) as source:
                return self._sink.copy(path, source)
        except Unobtainable:
            return ""

    def _parts(self, one: PackResource) -> Iterator[tuple[str, Stored]]:
        for file in one.files:
            yield self._places.of_file(file), file.film or file.original
        pictures = [one.cover, *(p for file in one.files for p in (*file.pages, file.poster))]
        for picture in filter(None, pictures):
            yield self._places.of_picture(picture), picture

    def _without_bad(self, one: PackResource) -> PackResource:
        """What could not be copied does not stand in the lists."""
        sound = tuple(
            replace(
                file,
                pages=tuple(page for page in file.pages if page.key not in self._bad),
                poster=self._sound(file.poster),
            )
            for file in one.files
            if (file.film or file.original).key not in self._bad
        )
        if len(sound) < len(one.files):
            self._written.unreadable.append(one.title)
        return replace(one, files=sound, cover=self._sound(one.cover))

    def _with_sound_print(self, issue: PackIssue) -> PackIssue:
        is_bad = issue.pdf is not None and issue.pdf.original.key in self._bad
        return replace(issue, pdf=None) if is_bad else issue

    def _sound(self, picture: Stored | None) -> Stored | None:
        return None if picture is None or picture.key in self._bad else picture

    def _manifest(self, resources: Sequence[PackResource]) -> dict[str, Plain]:
        """Write the lists, and say where they are."""
        contents, cover = self._contents, self._contents.cover
        zone = cover.built_at.tzinfo
        heads = [head_of(one, self._places, zone) for one in resources]
        details = [detail_of(one, self._places) for one in resources]
        languages = {
            locale: self._data(
                f"words-{locale}", {"say": words, "label": contents.labels.get(locale, {})}
            )
            for locale, words in contents.wording.items()
        }
        return {
            "format": FORMAT,
            "id": cover.pack_id,
            "sequence": cover.sequence,
            "built_at": cover.built_at.isoformat(timespec="minutes"),
            "school": cover.school_name,
            "hub": cover.hub_address,
            "language": cover.language,
            "languages": languages,
            "selection": asdict(cover.selection),
            "colours": dict(contents.colours),
            "offered": {
                scheme: {code: list(stages) for code, stages in terms.items()}
                for scheme, terms in contents.offered.items()
            },
            "count": len(resources),
            "heads": [self._data("heads", part) for part in _parted(heads, HEADS)],
            "details": [self._data("details", part) for part in _parted(details, DETAILS)],
            "per_details": DETAILS,
            "search": {
                "frame": self._data("search", contents.index.frame()),
                "shards": [self._data("terms", part) for part in contents.index.shards()],
            },
            "issues": [
                [issue.month, issue.number, self._data("issue", issue_of(issue, self._places))]
                for issue in map(self._with_sound_print, contents.issues)
            ],
            "steps": [*(contents.before.steps if contents.before else ()), self._step()],
            "left_out": [
                [one.title, one.public_id, one.size, one.reason] for one in contents.left_out
            ],
        }

    def _step(self) -> str:
        """A mark that this pack was copied onto the stick: a delta before it may be missing."""
        cover = self._contents.cover
        mark = [cover.pack_id, cover.sequence, cover.built_at.isoformat()]
        return self._data(f"step-{cover.sequence}", mark)

    def _data(self, name: str, content: Plain) -> str:
        """A script of data; the page asks for it by the path that is returned."""
        key = hashlib.sha256(plain(content).encode("utf-8", "replace")).hexdigest()
        path = data_path(name, key)
        self._put(path, script(path, content))
        return path

    def _put(self, path: str, content: bytes) -> None:
        if path in self._sums and path.startswith("data/"):
            return  # two shards of the same content, nearly always none, are one file
        known = self._contents.before.sums.get(path) if self._contents.before else None
        digest = hashlib.sha256(content).hexdigest()
        self._sums[path] = (digest, len(content))
        if known == (digest, len(content)):
            return
        self._sink.write(path, content)
        self._written.files += 1
        self._written.size += len(content)


def _parted(rows: Sequence[Plain], most: int) -> list[Sequence[Plain]]:
    return [rows[start : start + most] for start in range(0, len(rows), most)]


__all__ = ["SUMS", "Contents", "Written", "bytes_to_copy", "write_pack"]
