"""What the hub learns about a file, and the troubles that it may have with it."""

from dataclasses import dataclass
from enum import StrEnum

from resource_hub.files.types import FileType

READERS = 3
"""The generation of the readers. Raise it when they find more than before: the hub then looks again
at every file that an older generation looked into."""

MAX_TEXT = 200_000
"""Characters of text that are kept of one file."""

THUMBNAIL_BOX = 640
"""Longest side of a thumbnail, in pixels."""


MAX_SECONDS = 24 * 3600.0
"""A film that claims to be longer has a wrong number in it."""

MAX_LISTED = 1_000
"""Names that are kept of one archive."""


class PlaceKind(StrEnum):
    """What a file consists of."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Part:
    """A page, slide, sheet or subtitle: it reaches from ``start`` to the next part's start.

    Attributes:
        label: The number, from 1, of a page or slide; the name of a sheet; the whole seconds from
            the beginning of a film.
        start: Offset into the text, in characters.
    """

    kind: PlaceKind
    label: str
    start: int

    @property
    def place(self) -> str:
        """Such as ``page 3``, ``slide 2``, ``sheet 成绩``."""
        return f"{self.kind} {self.label}"


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive, or a folder when its name ends in a slash; ``size`` in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What an archive holds: the first ``MAX_LISTED`` members, and how many there are."""

    members: tuple[Member, ...]
    total: int


class PersonalData(StrEnum):
    """What belongs to one person: a number, or where somebody took a photograph."""

    IDENTITY_CARD = "identity_card"
    MOBILE_PHONE = "mobile_phone"
    PLACE_TAKEN = "place_taken"


@dataclass(frozen=True, slots=True)
class Finding:
    """A number of a person, and where it stands.

    Attributes:
        place: What ``label`` counts or names; None where the file knows no places.
        masked: The first three and the last two signs, stars between them; empty of a place.
    """

    what: PersonalData
    place: PlaceKind | None
    label: str
    masked: str


class Trouble(StrEnum):
    """Why a file has no text or no picture; it is kept as it is all the same."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    KILLED = "killed"
    NO_TEXT = "no_text"
    UNSUPPORTED = "unsupported"
    CLOSED_ARCHIVE = "closed_archive"
    STRAY_NAMES = "stray_names"


SENTENCES: dict[Trouble, str] = {
    Trouble.EMPTY: "This file is empty: choose the file again and upload it anew.",
    Trouble.ENCRYPTED: (
        "This file asks for a password, so nobody can preview it or search inside: "
        "save it without a password and upload it again."
    ),
    Trouble.DAMAGED: (
        "This file is damaged or was cut short: open it on your computer, "
        "and if it opens, save it anew and upload it again."
    ),
    Trouble.TOO_LARGE: (
        "What is inside this file is too large to be previewed or searched: "
        "make its pictures or tables smaller, or divide it."
    ),
    Trouble.TOO_SLOW: (
        "Reading this file took too long, so part of it cannot be previewed or searched: "
        "divide it, or save it as PDF."
    ),
    Trouble.KILLED: (
        "Reading this file failed, so part of it cannot be previewed or searched: "
        "save it anew, or as PDF, and upload it again."
    ),
    Trouble.NO_TEXT: (
        "There is no text in this file, only pictures, so it cannot be searched inside: "
        "describe it well in its summary and keywords."
    ),
    Trouble.UNSUPPORTED: (
        "Files of this type have no preview and cannot be searched inside: "
        "they can be downloaded as they are, and a PDF beside them helps readers."
    ),
    Trouble.CLOSED_ARCHIVE: (
        "What is inside an archive of this type is neither listed nor searched: "
        "pack it as ZIP, or upload the files themselves."
    ),
    Trouble.STRAY_NAMES: (
        "Names inside this archive lead out of its own folder, as in archives that do harm: "
        "pack the files anew and upload that."
    ),
}
"""One sentence per trouble for the author, in English (message ids)."""

MISNAMED = (
    "The name of this file ends in an extension that does not fit what is inside: "
    "give it the right one, or people may not be able to open it."
)
"""What an author is told of a file whose ``file_type.misnamed`` is true (a message id)."""

PLACE_TAKEN = (
    "This photograph says where it was taken (GPS). The pictures that the hub shows of it do not, "
    "but whoever downloads it can read it: take the place out and upload it again, unless everyone "
    "may know it."
)
"""What an author is told of a file with such a finding (a message id)."""

MACROS = (
    "There are macros in this file, small programs that other computers will refuse or warn of: "
    "save it without macros, or as PDF, unless the lesson needs them."
)
"""What an author is told of a file whose ``file_type.macros`` is true (a message id)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is inside a file.

    Attributes:
        text: At most ``MAX_TEXT`` characters, without control characters other than tab and
            line feed.
        parts: In the order of the text; none where the format knows no places.
        pages: Pages of a PDF, slides of a presentation, sheets of a workbook.
        width: Of a picture or film as it is seen, in pixels; likewise ``height``.
        duration: Of a film or sound, in seconds, where something says.
        video_codec: In FFmpeg's short words such as ``h264``; empty for none. Likewise
            ``audio_codec``.
        playable: Whether browsers play it as it is; None for what is neither film nor sound.
        thumbnail: A WebP picture that fits a square of ``THUMBNAIL_BOX`` pixels, without metadata.
        listing: Of an archive; its names are its text too.
        findings: Numbers of people in the text, the place in a photograph.
        trouble: Why something is missing; what was found before is here nevertheless.
    """

    file_type: FileType
    text: str = ""
    parts: tuple[Part, ...] = ()
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    video_codec: str = ""
    audio_codec: str = ""
    playable: bool | None = None
    thumbnail: bytes | None = None
    listing: Listing | None = None
    findings: tuple[Finding, ...] = ()
    trouble: Trouble | None = None
