"""Which words there are, and which mean the same: the general dictionary, the schools', one's own.

Only the order of hits and what a query asks for depend on it, never whether a literal word is
found: so it may be extended without building the index anew.
"""

from collections.abc import Iterable
from functools import lru_cache

from rjieba import Jieba

from search_index.analysis import STOP, fold
from search_index.lexicon import NO_WORDS, Lexicon
from search_index.word_lists import regional_words, school_synonyms, school_words

_FREQUENCY = 20_000
"""High enough that a word of ours is kept whole beside its parts."""

_SHORTEST_COMPOUND = 4
"""Two words of two are the shortest compound."""


class Dictionary:
    """The words of schools, and ``extra`` ones; safe for any number of threads."""

    def __init__(self, extra: Lexicon = NO_WORDS) -> None:
        groups = [
            *school_synonyms(),
            *regional_words(),
            *(tuple(fold(word).strip() for word in group) for group in extra.synonyms),
        ]
        self._same: dict[str, dict[str, None]] = {}
        for group in groups:
            for word in group:
                others = self._same.setdefault(word, {})
                others.update((other, None) for other in group if other != word)
        self._jieba = Jieba()
        self._add(school_words())
        self._add(fold(word).strip() for word in extra.words)
        self._add(self._same)

    def _add(self, words: Iterable[str]) -> None:
        for word in words:
            if len(word) > 1 and " " not in word:
                self._jieba.add_word(word, _FREQUENCY, "n")

    def cut(self, run: str) -> list[str]:
        """Cut a run of ideographs into words, one after the other."""
        words: list[str] = self._jieba.cut(run, False)
        return words

    def words_inside(self, text: str) -> list[str]:
        """Give the words of ``text``, the long ones and those inside them."""
        words: list[str] = self._jieba.cut_for_search(text, False)
        return words

    def parts(self, word: str) -> list[str]:
        """Cut a word of four characters or more into words that cover it, or leave it whole."""
        if len(word) < _SHORTEST_COMPOUND:
            return [word]
        inside = [part for part in self.words_inside(word) if part != word]
        parts: list[str] = []
        rest = word
        while rest:
            longest = max((p for p in inside if rest.startswith(p)), key=len, default="")
            if len(longest) < 2 or longest[0] in STOP:  # noqa: PLR2004 - 之一 is no word to look for
                return [word]
            parts.append(longest)
            rest = rest[len(longest) :]
        return parts

    def same_as(self, word: str) -> tuple[str, ...]:
        """Give the other ways to say ``word``, folded; several words are joined by spaces."""
        return tuple(self._same.get(word, ()))


@lru_cache(maxsize=4)
def dictionary(extra: Lexicon = NO_WORDS) -> Dictionary:
    """Give the dictionary with ``extra`` words; making one takes a fifth of a second."""
    return Dictionary(extra)


def word_terms(text_runs: list[str]) -> list[str]:
    """Give the words of a document, as the schools' dictionary sees them, for ranking."""
    ours = dictionary()
    ideographs = [run for run in text_runs if run[0] > "\u3004"]
    letters = [run for run in text_runs if run[0] <= "\u3004"]
    return [word for word in ours.words_inside(" ".join(ideographs)) if word != " "] + letters
