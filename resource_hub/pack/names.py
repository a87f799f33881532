"""File names that FAT32, exFAT and Windows take, with their Chinese kept."""

import re
import unicodedata

LONGEST = 80
"""UTF-16 units of a name; with the folders before it a path stays far below Windows' 260."""

_FORBIDDEN = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff'
    r"\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)
"""What Windows refuses, and signs that nobody sees or that turn the end of a name around."""

_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_ENDING = re.compile(r"\.[0-9A-Za-z]{1,8}$")


def safe_name(name: str) -> str:
    """Give a name that can be written on any stick; the ending stays, so that it opens.

    Case does not matter there, so names that differ by it alone must lie in folders of their own.
    """
    clean = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" ").rstrip(". ")
    clean = clean or "_"
    if _RESERVED.fullmatch(clean):
        clean = f"_{clean}"
    ending = found[0] if (found := _ENDING.search(clean)) else ""
    stem = clean[: len(clean) - len(ending)]
    while _width(stem) + _width(ending) > LONGEST:
        stem = stem[:-1]
    return f"{stem.rstrip('. ') or '_'}{ending}"


def file_path(key: str, name: str) -> str:
    """Where a file lies in a pack: a folder named by its content, so names never meet."""
    return f"files/{key[:2]}/{key[:20]}/{safe_name(name)}"


def picture_path(key: str) -> str:
    return f"pictures/{key[:2]}/{key[:20]}.webp"


def data_path(name: str, key: str) -> str:
    """A piece of the lists or of the index: a new content has a new name."""
    return f"data/{name}-{key[:12]}.js"


def _width(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
