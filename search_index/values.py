"""Values with signs in them: days and ranges, words that are nearly so, words with a star."""

import re
from calendar import monthrange
from datetime import date

from search_index import analysis
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.tree import All, Any, Node, Occurs

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")
_RANGE = re.compile(r"(.*?)(?:\.\.+|…+|至|~)(.*)")
_NEAR = re.compile(r"([^~]{2,})~([12]?)")
_LETTERS = f"[^\\W_{analysis.IDEOGRAPHS}]*"
_LETTERS_AND_STARS = re.compile(f"{_LETTERS}(?:\\*+{_LETTERS})+")

_LONG_WORD = 6
"""From so many letters on two of them may differ, else one."""

MOST_STARS = 3
"""Stars within a word; more are read as spaces: each multiplies what a comparison may take."""

_LONGEST_PATTERN = 32  # letters and stars; tantivy takes patterns up to some size only
_LONGEST_NEAR = 8
_FIRST, _LAST = date(1, 1, 1).toordinal(), date(9999, 12, 31).toordinal()


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
    first, last = ends(value)
    if not first and not last:
        return None
    begin = _first_and_last(first) if first else (_FIRST, _FIRST)
    finish = _first_and_last(last) if last else (_LAST, _LAST)
    return (begin[0], finish[1]) if begin and finish else None


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


def near(value: str) -> tuple[Literal, ...] | None:
    """Read ``word~``: the words as they may be misspelt; None if there is no such sign."""
    found = _NEAR.fullmatch(value)
    if not found:
        return None
    words = []
    for run in analysis.runs(fold(found[1])):
        most = int(found[2] or (2 if len(run) >= _LONG_WORD and not is_ideographic(run) else 1))
        if len(run) > 1:
            words.append(Literal(run, tuple(analysis.pairs(run)), distance=most))
        else:
            words.append(literal(run))
    return tuple(words)


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
