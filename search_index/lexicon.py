"""Words that the general dictionary lacks, and words that mean the same, for one search or all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words to keep whole when a query is cut, and groups of which each finds the others, weaker.

    They may be in any script and case.
    """

    words: frozenset[str] = frozenset()
    synonyms: frozenset[tuple[str, ...]] = frozenset()


NO_WORDS = Lexicon()
