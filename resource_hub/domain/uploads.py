"""What may be uploaded, and how a file's name is kept."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from resource_hub.domain.errors import N_, TooLarge

MAX_NAME = 160


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """All sizes in bytes; see DESIGN section 8."""

    file: int
    revision: int
    files: int
    unpublished: int


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
    mib = 1024 * 1024
    if size > limits.file:
        raise TooLarge(
            N_("One file may have %(limit)s MiB; this one is larger."), limit=limits.file // mib
        )
    if files + 1 > limits.files:
        raise TooLarge(
            N_("One resource may have %(limit)s files; pack some into one."), limit=limits.files
        )
    if revision + size > limits.revision:
        raise TooLarge(
            N_("All files of a resource together may have %(limit)s MiB."),
            limit=limits.revision // mib,
        )
    if unpublished + size > limits.unpublished:
        raise TooLarge(
            N_("Your unpublished work may have %(limit)s MiB; discard old drafts first."),
            limit=limits.unpublished // mib,
        )
