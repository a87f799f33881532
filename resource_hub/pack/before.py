"""Read what is on a stick already: from its folder, or from the ZIP that was sent to the school."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.pack.data import Before, Selection
from resource_hub.pack.scripts import Plain

MANIFEST = "data/manifest.js"

LARGEST = 64 << 20
"""Bytes of a list that is read; that of a hundred thousand files is 15 MB."""

_GIVEN = re.compile(r'pack\.give\("[^"]+",(.*)\);\s*', re.DOTALL)
_OURS = re.compile(r"(?:files|pictures|data|app)/[^\\:\0]+|[\w-]+(?:\.\w+)?")
_KEY = re.compile(r"[0-9a-f]{64}")


def read_before(path: Path) -> Before:
    """What the pack at ``path`` holds.

    Raises:
        Invalid: there is no pack, or it cannot be read.
    """
    try:
        manifest = _given(_text(path, MANIFEST))
        sums = _given(_text(path, str(manifest["sums"])))
        return Before(
            pack_id=str(manifest["id"]),
            sequence=int(manifest["sequence"]),
            selection=_selection(manifest["selection"]),
            sums={
                str(name): (str(digest), int(size))
                for name, digest, size in sums
                if _is_ours(str(name)) and _KEY.fullmatch(str(digest))
            },
            steps=tuple(str(step) for step in manifest["steps"] if _is_ours(str(step))),
        )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        sentence = N_("“%(name)s” is no pack, or a part of it is missing: name its folder or ZIP.")
        raise Invalid([Problem("update", sentence, {"name": path.name})]) from error


def _text(path: Path, name: str) -> str:
    if not _is_ours(name):
        raise ValueError(name)
    if path.is_dir():
        with (path / name).open("rb") as source:
            return source.read(LARGEST).decode()
    with zipfile.ZipFile(path) as archive, archive.open(name) as source:
        return source.read(LARGEST).decode()


def _given(text: str) -> Plain:
    found = _GIVEN.fullmatch(text)
    if found is None:
        raise ValueError("no script of data")
    return json.loads(found[1])


def _selection(said: Mapping[str, Plain]) -> Selection:
    return Selection(
        school_code=str(said["school_code"]),
        login=str(said["login"]),
        subjects=tuple(map(str, said["subjects"])),
        grades=tuple(map(str, said["grades"])),
        since=str(said["since"]),
        max_size=int(said["max_size"]),
        most_used_first=bool(said["most_used_first"]),
    )


def _is_ours(name: str) -> bool:
    return _OURS.fullmatch(name) is not None and ".." not in name.split("/")
