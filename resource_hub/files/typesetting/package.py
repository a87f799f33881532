"""What documents and slides of Office have in common: parts that refer to each other, and units."""

import re
import zipfile
from typing import BinaryIO, Self

from resource_hub.files.gathering import clean
from resource_hub.files.guard import Unreadable, open_office
from resource_hub.files.office import main_part, names_of, relations_of
from resource_hub.files.typesetting.pictures import WHOLE, Crop, Pictures
from resource_hub.files.typesetting.tree import Node, read_tree

EMU = 12_700  # English metric units in a point
TWIPS = 20  # in a point
_COLOUR = re.compile(r"[0-9a-fA-F]{6}")
# Which no font of ours has; boxes in their place would be worse than nothing.
_EMOJI = re.compile("[\U0001f000-\U0001faff\ufe0e\ufe0f\u200d]+")
# Which is as wide as a Chinese character otherwise.
_APOSTROPHE = re.compile("(?<=[A-Za-z])\u2019(?=[A-Za-z])")
_SPACES = re.compile(" {2,}")
_PRIVATE = re.compile("[\ue000-\uf8ff]|^[lnqupvØü§]$")
_PALE = 0xD8  # of 255, the darkest of red, green and blue
_LARGEST, _SMALLEST = 96.0, 5.0  # points


class Package:
    """An Office file of zipped XML, opened for reading its parts as trees.

    Use it as a context manager.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.packed: zipfile.ZipFile = open_office(stream)
        self.names = names_of(self.packed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.packed.close()

    def main(self, pattern: str) -> str:
        """The name of the main part."""
        real = main_part(self.packed, self.names, pattern)
        return real.replace("\\", "/").lstrip("/")

    def tree(self, name: str) -> Node | None:
        """A part as a tree, or None where there is none or it is damaged."""
        try:
            return read_tree(self.packed, self.names[name])
        except (Unreadable, KeyError):
            return None

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Id -> type and name of what a part refers to; nothing where the list is damaged."""
        try:
            return relations_of(self.packed, self.names, name)
        except Unreadable:
            return {}

    def related(self, name: str, kind: str) -> str | None:
        """The name of the first part of a kind (the end of its type) that ``name`` refers to."""
        found = (target for each, target in self.relations(name).values() if each.endswith(kind))
        return next((target for target in found if target in self.names), None)

    def keep(self, pictures: Pictures, name: str, crop: Crop = WHOLE) -> bool:
        """Keep a picture of this file; False where it cannot be shown."""
        return name in self.names and pictures.take_member(
            self.packed, self.names[name], crop, called=name
        )


def literal(text: str) -> str:
    """Text without what is no character; several spaces stay so many, they may be a blank to fill.

    typst makes one of several spaces, but not of those that do not break.
    """
    kept = _EMOJI.sub("", clean(text)).replace("\t", "\u2003")
    kept = _APOSTROPHE.sub("'", kept)
    return _SPACES.sub(lambda found: "\u00a0" * len(found.group()), kept)


def plain_bullet(mark: str) -> str:
    """A bullet that every font has, for those of Symbol and Wingdings."""
    return _PRIVATE.sub("•", mark)[:2] or "•"


def colour(written: str) -> str | None:
    """``FF0000`` as ``#ff0000``; None for ``auto`` and the like."""
    return f"#{written.lower()}" if _COLOUR.fullmatch(written) else None


def is_pale(ink: str | None) -> bool:
    """Whether letters of this colour cannot be read on white paper."""
    return ink is not None and min(int(ink[at : at + 2], 16) for at in (1, 3, 5)) > _PALE


def letters(points: float | None) -> float | None:
    """A size of letters that can be set, in points."""
    return None if points is None or points <= 0 else min(max(points, _SMALLEST), _LARGEST)
