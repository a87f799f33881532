"""Small readings of what people wrote: lists in a cell, names of files, languages."""

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

from resource_hub.domain.description import MAX_KEYWORD
from resource_hub.domain.taxonomy import Language
from resource_hub.files import EXTENSIONS, TYPES, Family
from resource_hub.files.types import extension_of

_BETWEEN = re.compile(r"[,，;；、|/\n]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BLANKS = re.compile(r"\s+")


def family(path: Path) -> Family:
    """What the name of a file promises."""
    codes = EXTENSIONS.get(extension_of(path.name), ())
    return TYPES[codes[0]].family if codes else Family.OTHER


def one_line(text: str) -> str:
    """The text with every run of blanks and line ends as one blank."""
    return _BLANKS.sub(" ", text).strip()


def parts(cell: str) -> list[str]:
    """The words of a cell that holds several, however they are parted."""
    words = [one_line(word) for word in _BETWEEN.split(cell)]
    if len(words) == 1 and len(words[0]) > MAX_KEYWORD // 2:
        words = words[0].split()
    return [word for word in words if word]


def readable_name(name: str) -> str:
    """A file's name as a person reads it, whatever bytes it has on the disk.

    Archives made on Windows leave names in GB18030, which are no text on other systems.
    """
    raw = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def guessed_language(text: str) -> Language:
    """English without any Chinese character, traditional when one in thirty is only used there."""
    sample = "".join(_HAN.findall(text[:2_000]))[:300]
    if not sample:
        return Language.ENGLISH if text.strip() else Language.SIMPLIFIED
    simplified = str(_to_simplified().convert(sample))
    changed = sum(a != b for a, b in zip(sample, simplified, strict=False))
    return Language.TRADITIONAL if changed * 30 >= len(sample) else Language.SIMPLIFIED
