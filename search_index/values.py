"""Values with signs in them: days and ranges, words that are nearly so, words with a star."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from search_index import analysis
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.tree import All, Any, Node, Occurs

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")
_RANGE = re.compile(r"(.*?)(?:\.\.+|…+|至|~)(.*)")
_NEAR = re.compile(r"([^~]{2,})~([1-9]?)")
_IDLE = re.compile(r"\w+(?:\?\w+|[~^][\d.]+)+")
_LETTERS = f"[^\\W_{analysis.IDEOGRAPHS}]*"
_LETTERS_AND_STARS = re.compile(f"{_LETTERS}(?:\\*+{_LETTERS})+")

_LONG_WORD = 6
"""From so many letters on two of them may differ, else one."""

MOST_STARS = 3
"""Stars within a word; more are read as spaces: each multiplies what a comparison may take."""

_LONGEST_PATTERN = 32  # letters and stars; tantivy takes patterns up to some size only
_LONGEST_NEAR = 8
_FIRST, _LAST = date(1, 1, 1).toordinal(), date(9999, 12, 31).toordinal()


class Near(NamedTuple):
    """Words as they may be misspelt, and what to show: with the number that was typed, if any."""

    words: tuple[Literal, ...]
    shown: str


def is_anything(value: str) -> bool:
    return value.strip("*") == "" and value != ""


def is_special(text: str) -> bool:
    """Say whether ``text`` has signs that keep it from being a plain word."""
    return "*" in text or near(text) is not None


def ends(value: str) -> tuple[str, str]:
    """Split ``a..b`` into its ends; a single value is both."""
    parts = _RANGE.fullmatch(value)
    return (parts[1].strip(), parts[2].strip()) if parts else (value, value)


def is_range(value: str) -> bool:
    return _RANGE.fullmatch(value) is not None


def days(value: str) -> tuple[int, int] | None:
    """Read ``2026``, ``2026-03``, ``2026-03-01``, ``2026年3月`` or a range of them, open or not.

    Gives the ordinals of the first and the last day, or None if it is no such thing.
    """
    return days_between(*ends(value))


def days_between(
    first: str, last: str, without: tuple[bool, bool] = (False, False)
) -> tuple[int, int] | None:
    """Read two days, months or years as ``days`` does; ``without`` leaves out either of them."""
    if not first and not last:
        return None
    begin = _first_and_last(first) if first else (_FIRST, _FIRST)
    finish = _first_and_last(last) if last else (_LAST, _LAST)
    if not (begin and finish):
        return None
    return begin[1] + 1 if without[0] else begin[0], finish[0] - 1 if without[1] else finish[1]


def _first_and_last(value: str) -> tuple[int, int] | None:
    found = _DAY.fullmatch(fold(value))
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        begin = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        finish = date(begin.year, last_month, day or monthrange(begin.year, last_month)[1])
    except ValueError:
        return None
    return begin.toordinal(), finish.toordinal()


def near(value: str) -> Near | None:
    """Read ``word~`` or ``word~2``; None if there is no such sign.

    Of ideographs one may be another whatever the number, of letters two may differ at most.
    """
    found = _NEAR.fullmatch(value)
    if not found:
        return None
    words = []
    for run in analysis.runs(fold(found[1])):
        allowed = 1 if is_ideographic(run) else 2
        most = min(int(found[2] or (allowed if len(run) >= _LONG_WORD else 1)), allowed)
        if len(run) > 1:
            words.append(Literal(run, tuple(analysis.pairs(run)), distance=most))
        else:
            words.append(literal(run))
    used = max((word.distance for word in words), default=0) if found[2] else ""
    return Near(tuple(words), f"{found[1]}~{used}")


def pieces(value: str) -> list[str]:
    """Part ``value`` at signs that mean nothing within it, for they are searched as words.

    Those are a star between ideographs, ? between words, ^ or ~ before a number that ends them.
    """
    if _IDLE.fullmatch(value) and not _NEAR.fullmatch(value):
        return [piece for piece in re.split(r"[?~^.]", value) if piece]
    if "*" not in value.strip("*") or _LETTERS_AND_STARS.fullmatch(fold(value)):
        return [value]
    return [piece for piece in value.split("*") if piece] or [value]


def wildcard(value: str) -> tuple[Literal, ...] | None:
    """Read a word with stars in it; ideographs match inside longer words anyway."""
    if "*" not in value:
        return None
    found: list[Literal] = []
    for piece in re.sub(r"\*+", "*", fold(value)).split():
        readable = len(piece) <= _LONGEST_PATTERN and piece.strip("*").count("*") <= MOST_STARS
        if readable and _LETTERS_AND_STARS.fullmatch(piece) and piece.strip("*"):
            stem = piece.rstrip("*")
            inner = "*" in stem
            found.append(Literal(piece if inner else stem, (stem,), prefix=not inner))
        else:
            found += [literal(run) for run in analysis.runs(piece)]
    return tuple(found)


def place_of(wanted: Literal, field: str | None) -> Node:
    """Say where a literal of the language has to occur.

    Stems are of no use where letters are compared one by one: there, whole words are looked at.
    """
    if wanted.distance and is_ideographic(wanted.text):
        return _nearly(wanted.text, field)
    if field is None and (wanted.prefix or wanted.distance or wanted.is_pattern):
        return Occurs(wanted, "words")
    return Occurs(wanted, field)


def _nearly(run: str, field: str | None) -> Node:
    """Ask for ``run`` with any one character another: what is before it, and what is after it."""
    options: list[Node] = [Occurs(literal(run), field)]
    if len(run) <= _LONGEST_NEAR:
        for at in range(len(run)):
            pieces = [literal(piece) for piece in (run[:at], run[at + 1 :]) if piece]
            options.append(All(tuple(Occurs(piece, field) for piece in pieces)))
    return Any(tuple(options))
