"""A submission that a school without a line wrote onto the stick: a ZIP with a manifest.

It comes from outside: what is not exactly as the pack's own page writes it is refused, before
anything of it is written anywhere.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.pack.names import safe_name
from resource_hub.pack.scripts import Plain

MANIFEST = "submission.json"
WHAT = "resource-hub submission"
FORMAT = 1

LARGEST_MANIFEST = 2 << 20
"""Bytes; a text of 200,000 characters and all else fits three times."""

_CHUNK = 1 << 20
_ID = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[0-9a-f]{64}")
_PATH = re.compile(r"files/[1-9][0-9]?/[^/\\\0]{1,255}")
_ENCRYPTED = 0x1

FOREIGN = N_("“%(name)s” is no submission as the pack's page writes it; nothing was taken in.")
DAMAGED = N_("“%(name)s” was damaged on its way: save the submission onto the stick again.")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a submission as its manifest announces it."""

    name: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What was written; ``cells`` by the names of the columns of an import."""

    submission_id: str
    email: str
    author: str
    rights_declared: bool
    cells: Mapping[str, str]
    files: tuple[SentFile, ...]


_CELLS = ("title", "kind", "stage", "subject", "summary", "text", "keywords", "licence", "audience")


def is_submission(path: Path) -> bool:
    """Whether a file is a ZIP that says it is a submission; whether it is sound is seen later."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def read_submission(path: Path, *, most_files: int, most_bytes: int) -> Submission:
    """Read and check everything but the bytes of the files.

    Raises:
        Invalid: it is damaged, or not what the page writes.
    """
    try:
        with path.open("rb") as source, zipfile.ZipFile(source) as archive:
            members = _checked(archive, path.stat().st_size, most_files, most_bytes)
            with archive.open(MANIFEST) as inside:
                said = json.loads(inside.read(LARGEST_MANIFEST).decode())
        found = _submission(said)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile) as error:
        raise Invalid([Problem("file", FOREIGN, {"name": path.name})]) from error
    announced = {file.path: file.size for file in found.files}
    there = {name: member.file_size for name, member in members.items() if name != MANIFEST}
    if announced != there or len(found.files) != len(announced):
        raise Invalid([Problem("file", FOREIGN, {"name": path.name})])
    return found


def unpack(path: Path, submission: Submission, folder: Path) -> tuple[Path, ...]:
    """Write the files below ``folder``, under names of our own making; each is compared.

    Raises:
        Invalid: a file is not what was announced; nothing of it remains.
    """
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            for number, file in enumerate(submission.files):
                place = folder / str(number) / safe_name(file.name)
                place.parent.mkdir()
                with archive.open(file.path) as source, place.open("xb") as target:
                    digest = _copied(source, target, file.size)  # type: ignore[arg-type]  # a member is read as a file, zipfile says IO[bytes]
                if digest != file.sha256:
                    raise Invalid([Problem("file", DAMAGED, {"name": path.name})])
                found.append(place)
    except (OSError, zipfile.BadZipFile) as error:
        raise Invalid([Problem("file", DAMAGED, {"name": path.name})]) from error
    return tuple(found)


def _copied(source: BinaryIO, target: BinaryIO, size: int) -> str:
    digest, left = hashlib.sha256(), size
    while left and (chunk := source.read(min(_CHUNK, left))):
        digest.update(chunk)
        target.write(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _checked(
    archive: zipfile.ZipFile, size: int, most_files: int, most_bytes: int
) -> Mapping[str, zipfile.ZipInfo]:
    """The members; stored as they are, so that none is larger than what arrived.

    That their sizes together fit into the file keeps out members that share their bytes.
    """
    found = {member.filename: member for member in archive.infolist()}
    sound = (
        len(archive.infolist()) == len(found) <= most_files + 1
        and sum(member.file_size for member in found.values()) <= min(size, most_bytes)
        and found[MANIFEST].file_size <= LARGEST_MANIFEST
        and all(
            member.compress_type == zipfile.ZIP_STORED
            and member.compress_size == member.file_size
            and not member.flag_bits & _ENCRYPTED
            and (name == MANIFEST or _is_plain(name))
            for name, member in found.items()
        )
    )
    if not sound:
        raise ValueError("not as the page writes it")
    return found


def _is_plain(name: str) -> bool:
    return _PATH.fullmatch(name) is not None and name.rpartition("/")[2] not in {".", ".."}


def _submission(said: Plain) -> Submission:
    if said["what"] != WHAT or said["format"] != FORMAT or not _ID.fullmatch(said["id"]):
        raise ValueError("another format")
    resource = said["resource"]
    cells = {name: _text(resource[name]) for name in _CELLS if resource[name]}
    return Submission(
        submission_id=said["id"],
        email=_text(said["author"]["email"]).strip().lower(),
        author=_text(said["author"]["name"]),
        rights_declared=said["rights_declared"] is True,
        cells=cells | {"grades": ",".join(map(_text, resource["grades"]))},
        files=tuple(map(_file, said["files"])),
    )


def _file(said: Plain) -> SentFile:
    file = SentFile(_text(said["name"]), _text(said["path"]), said["size"], said["sha256"])
    if type(file.size) is not int or not _KEY.fullmatch(file.sha256):
        raise ValueError("no size, no sum")
    return file


def _text(value: Plain) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
