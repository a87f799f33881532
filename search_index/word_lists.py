"""The words of schools that come with the search: lists in ``search_index/data``, read once.

A line is a word, or a group of words that mean the same with `` = `` between them; ``#`` begins a
comment. What is read is folded; a group that folding leaves with one word is left out.
"""

from functools import lru_cache
from importlib.resources import files

from search_index.analysis import fold

_SAME = " = "


@lru_cache(maxsize=1)
def school_words() -> frozenset[str]:
    """Words of schools that the general dictionary lacks or cuts in the wrong place."""
    return frozenset(_lines("words.txt"))


@lru_cache(maxsize=1)
def school_synonyms() -> frozenset[tuple[str, ...]]:
    """Groups of words that mean the same to teachers."""
    return _groups("synonyms.txt")


@lru_cache(maxsize=1)
def regional_words() -> frozenset[tuple[str, ...]]:
    """Groups of words that mean the same on the mainland, in Taiwan and in Hong Kong."""
    return _groups("regional.txt")


def _groups(name: str) -> frozenset[tuple[str, ...]]:
    groups = (tuple(dict.fromkeys(line.split(_SAME))) for line in _lines(name))
    return frozenset(group for group in groups if len(group) > 1)


def _lines(name: str) -> list[str]:
    text = fold(files("search_index").joinpath("data", name).read_text("utf-8"))
    return [line for line in text.splitlines() if line and not line.startswith("#")]
