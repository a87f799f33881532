"""What goes into a pack, as plain data; ``services.packing`` reads it from the tables."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

Reader = Callable[[str], AbstractContextManager[BinaryIO]]
"""Opens the bytes of a key, such as ``Storage.open``."""


class Unobtainable(Exception):
    """The bytes of a key cannot be read; what a reader raises."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that can be read: ``key`` is their SHA-256, ``size`` in bytes."""

    key: str
    size: int


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a resource, and what was made of it so that a browser can show it."""

    name: str
    original: Stored
    format: str
    family: str
    pages: tuple[Stored, ...] = ()
    """The first pages as pictures, as far as they have been made."""
    total_pages: int | None = None
    plays: bool = False
    """A browser plays the file as it is."""
    film: Stored | None = None
    """What was made of a film or sound so that browsers play it; it then stands for the file."""
    film_ending: str = ""
    poster: Stored | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class PackResource:
    """A resource as it stands on the shelf of the receiving school; codes, not labels."""

    resource_id: int
    public_id: str
    revision: int
    kind: str
    title: str
    summary: str
    language: str
    school_stage: str
    subject: str
    grades: tuple[str, ...]
    volume: str
    edition: str
    unit: str
    keywords: tuple[str, ...]
    licence: str
    source: str
    sections: tuple[tuple[str, str], ...]
    text: str
    school_code: str
    school_name: str
    author_name: str
    available_at: datetime
    uses: int
    """Views, downloads, and uses in class, which weigh more."""
    class_uses: int
    badge: str
    """What stands behind it, of ``domain.endorsement.Badge``."""
    cover: Stored | None
    files: tuple[PackFile, ...]


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A line of a month's issue; what was withdrawn stands there without an address."""

    public_id: str
    change: str
    title: str
    summary: str
    kind: str
    subject: str
    grades: tuple[str, ...]
    school_name: str
    author_name: str


@dataclass(frozen=True, slots=True)
class PackErratum:
    """A mistake in an issue, mended beside it; ``public_id`` is empty for the whole."""

    day: date
    words: str
    public_id: str


@dataclass(frozen=True, slots=True)
class PackIssue:
    """An issue of the catalogue as the receiving school may read it."""

    month: str
    number: int
    published_on: date
    preface: str
    entries: tuple[PackEntry, ...]
    highlights: tuple[tuple[str, str], ...] = ()
    """What the editor puts first: the number of an entry, and a few words why."""
    errata: tuple[PackErratum, ...] = ()
    pdf: PackFile | None = None
    """As it was frozen; None where it has not been written yet."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for; a delta asks for the same again."""

    school_code: str = ""
    """Of the receiving school; empty: what everyone may see."""
    login: str = ""
    """Of the person whose view it is, where no school was named."""
    subjects: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    since: str = ""
    """The month from whose issue on."""
    max_size: int = 0
    """Bytes of the whole pack; 0: no limit."""
    most_used_first: bool = False
    """What is taken first when there is no room for all; else what is newest."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is on the stick that a delta is for."""

    pack_id: str
    sequence: int
    selection: Selection
    sums: Mapping[str, tuple[str, int]]
    """Path on the stick → SHA-256 and size."""
    steps: tuple[str, ...]
    """Paths of the marks that the pack and its deltas left, oldest first."""

    @property
    def contents(self) -> Mapping[str, int]:
        """By key: the size of the files and pictures that are there."""
        return {
            digest: size
            for path, (digest, size) in self.sums.items()
            if path.startswith(("files/", "pictures/"))
        }


@dataclass(frozen=True, slots=True)
class Cover:
    """What a pack says about itself."""

    pack_id: str
    sequence: int
    built_at: datetime
    school_name: str
    hub_address: str
    language: str
    """Locale of the pages for a browser that asks for none of theirs."""
    selection: Selection


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A resource that has no place in the pack; ``reason`` is ``room`` or ``file_size``."""

    title: str
    public_id: str
    size: int
    reason: str


Wording = Mapping[str, Mapping[str, str]]
"""By locale: sentence in English → as it is said there."""

Labels = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By locale, by scheme: code → word."""
