"""What may be uploaded, how a file's name is kept, and how a file is known again before it came."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from resource_hub.domain.errors import N_, HubError, Invalid, Problem, TooLarge, WrongState
from resource_hub.domain.file_policy import TAKES_ALL, FilePolicy
from resource_hub.domain.quotas import NO_QUOTAS, Quotas

MAX_NAME = 160

MIB = 1024 * 1024

EDGE = MIB
"""Bytes at either end of a file whose SHA-256 is told before it travels."""

WHOLE_BELOW = 200 * MIB
"""Of a smaller file the SHA-256 of the whole is told as well."""

PATIENCE = timedelta(days=7)
"""So long an unfinished upload waits for its next bytes."""

_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


class UploadMoved(WrongState):
    """Bytes were sent for another place than where the upload ends."""

    code = "upload-moved"
    title = N_("Not at this moment")


class UploadTaken(WrongState):
    """A newer connection goes on with this upload."""

    code = "upload-taken"
    title = N_("Not at this moment")


class UploadDamaged(HubError):
    """What arrived is not what its sender meant; it was thrown away."""

    code = "upload-damaged"
    title = N_("It arrived damaged")


class LineBroken(HubError):
    """The sender fell silent or went away; what arrived is kept."""

    code = "line-broken"
    title = N_("The line broke")


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """All sizes in bytes; see DESIGN section 8. ``refused`` are extensions in lower case."""

    file: int
    revision: int
    files: int
    unpublished: int
    quotas: Quotas = NO_QUOTAS
    refused: frozenset[str] = frozenset()
    policy: FilePolicy = TAKES_ALL


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said of a file before its bytes travel.

    ``size`` is None when it is not known yet. The fingerprints are SHA-256 in lower-case hex, or
    empty: of the first and the last MiB (of all of a smaller file), and of the whole.
    """

    filename: str
    size: int | None
    first: str = ""
    last: str = ""
    whole: str = ""

    @classmethod
    def of(
        cls, filename: str, size: int | None, *, first: str = "", last: str = "", whole: str = ""
    ) -> "Announcement":
        """Clean the name; what is no fingerprint is left out, it is a help and no duty.

        Raises:
            Invalid: the file is empty.
        """
        name = clean_filename(filename)
        if size is not None and size <= 0:
            raise Invalid([Problem("files", N_("“%(name)s” is empty."), {"name": name})])
        prints = [text if _HEX.fullmatch(text) else "" for text in (first, last, whole)]
        return cls(name, size, *prints)

    def is_same_file(self, other: "Announcement") -> bool:
        """Whether both speak of the same file, as far as can be told; its name does not count."""
        if self.size is None or self.size != other.size:
            return False
        if not (self.first and self.last):
            return False
        if self.whole and other.whole and self.whole != other.whole:
            return False
        return (self.first, self.last) == (other.first, other.last)


def clean_filename(raw: str) -> str:
    """Keep the name that a teacher gave, without folders, controls, or tricks with direction.

    The result has at most ``MAX_NAME`` characters, extension kept, and is never empty.
    """
    name = unicodedata.normalize("NFC", raw.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(
        character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    ).strip(" .")
    path = PurePosixPath(kept or "file")
    return path.stem[: MAX_NAME - len(path.suffix[:20])] + path.suffix[:20]


def check_type(limits: UploadLimits, filename: str) -> None:
    """Refuse a file by the end of its name; what is really in it is looked at later.

    Raises:
        Invalid: files of this kind are not taken, in a sentence that names the ending.
    """
    ending = PurePosixPath(filename).suffix.lower().removeprefix(".")
    if ending in limits.refused:
        raise Invalid(
            [
                Problem(
                    "files",
                    N_("Files that end in .%(ending)s are not taken here."),
                    {"ending": ending},
                )
            ]
        )


def check_size(limits: UploadLimits, size: int) -> None:
    """Refuse a file that is larger than any may be.

    Raises:
        TooLarge: in a sentence that names the limit.
    """
    if size > limits.file:
        raise TooLarge(
            N_("One file may have %(limit)s MiB; this one is larger."), limit=limits.file // MIB
        )


def check_room(
    limits: UploadLimits, *, size: int, files: int, revision: int, unpublished: int
) -> None:
    """Refuse what does not fit.

    Args:
        size: bytes of the new file.
        files: how many the revision has already; ``revision``: their bytes.
        unpublished: bytes of everything that the person has not published yet.

    Raises:
        TooLarge: in a sentence that names the limit.
    """
    check_size(limits, size)
    if files + 1 > limits.files:
        raise TooLarge(
            N_("One resource may have %(limit)s files; pack some into one."), limit=limits.files
        )
    if revision + size > limits.revision:
        raise TooLarge(
            N_("All files of a resource together may have %(limit)s MiB."),
            limit=limits.revision // MIB,
        )
    if unpublished + size > limits.unpublished:
        raise TooLarge(
            N_("Your unpublished work may have %(limit)s MiB; discard old drafts first."),
            limit=limits.unpublished // MIB,
        )
