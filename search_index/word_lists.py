"""The words of schools that come with the search: lists in ``search_index/data``, read once.

A line is a word, or a group of words that mean the same with `` = `` between them; ``#`` begins a
comment. What is read is folded, as ``analysis.fold`` does it, and belongs to one group at most.
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
    """Groups of words that mean the same to teachers; several English words have spaces."""
    lines = map(fold, _lines("synonyms.txt"))  # written in both scripts; the other lists are folded
    return frozenset(tuple(dict.fromkeys(line.split(_SAME))) for line in lines)


@lru_cache(maxsize=1)
def words_of_asking() -> frozenset[str]:
    """Words by which one asks, and which the answer need not have."""
    return frozenset(_lines("questions.txt"))


@lru_cache(maxsize=1)
def regional_words() -> frozenset[tuple[str, ...]]:
    """Groups of words that mean the same on the mainland, in Taiwan and in Hong Kong."""
    return frozenset(tuple(line.split(_SAME)) for line in _lines("regional.txt"))


def _lines(name: str) -> list[str]:
    text = files("search_index").joinpath("data", name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
