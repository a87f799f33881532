"""The search index of a pack: scripts that a page loads by the first characters of a query.

Built with the analysis of the hub itself: folded text, pairs of characters, words of the schools'
dictionary. A term is

    分数, fraction   a pair, or the stem of a word: wherever it occurs, weighted by its field
    分               a character: wherever it occurs
    =分数            a word, in what names the resource; the page cuts a query with these
    #数学            the label of a subject, grade, kind, stage or volume
    ~fractions       the stem of this form of a word

and its value a string of numbers, two for each resource: how far it is from the one before, and how
often the term occurs. A number is written in letters of 5 bits, the lowest first.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from resource_hub.pack.scripts import Plain
from search_index.analysis import (
    BEFORE_IDEOGRAPHS,
    LONGEST_TERM,
    STOP,
    fold,
    forms,
    is_ideographic,
    match_terms,
    pairs,
    runs,
    stem,
)
from search_index.base import IndexDocument
from search_index.dictionary import dictionary, word_terms
from search_index.fields import WEIGHTS
from search_index.word_lists import regional_words, school_synonyms

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

MOST_TIMES = 31
"""More often counts no more: one letter holds it, and BM25 has long been satisfied."""

BODY = 40_000
"""Characters of a resource's own text and of its files that are searched."""

_SHARD = 96 * 1024
"""Characters of a shard; a query loads one for each of its first characters, at most."""

_LABELLED = ("subject", "grade", "kind", "school_stage", "volume")
_LAST = 0x323B0
"""After the last ideograph that Unicode has."""


@dataclass(slots=True)
class _Postings:
    """Where a term occurs: the letters so far, and the resource that was noted last."""

    letters: list[str] = field(default_factory=list)
    last: int = -1


class PackIndex:
    """Takes the documents in the order of the lists, then gives the scripts."""

    def __init__(self, labels: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        """``labels`` by locale and scheme, as the pages have them."""
        self._labels = labels
        self._terms: dict[str, _Postings] = {}
        self._stems: dict[str, str] = {}
        self._lengths: list[int] = []

    def add(self, document: IndexDocument) -> None:
        """Note the next resource; its number is how many there were before."""
        number = len(self._lengths)
        fields = {
            "title": document.title,
            "summary": document.summary,
            "keywords": "\n".join(document.keywords),
            "unit": document.unit,
            "author": document.author,
            "school": document.school,
            "alliance": "\n".join(document.alliances),
        }
        counts: Counter[str] = Counter()
        named: list[str] = []
        length = 0
        for name, text in fields.items():
            found = runs(fold(text))
            terms = match_terms(found)
            length += WEIGHTS[name] * len(terms)
            for term in terms:
                counts[term] += WEIGHTS[name]
            named += found
        body = runs(fold(document.body[:BODY]))
        terms = match_terms(body)
        counts.update(terms)
        self._lengths.append(length + len(terms))
        for run in {*named, *body}:
            if not is_ideographic(run):
                self._stems[run] = stem(run)
        for character in {c for run in (*named, *body) if is_ideographic(run) for c in run}:
            counts[character] = 1
        for term, times in counts.items():
            self._note(term, number, times)
        for word, times in Counter(word_terms(named)).items():
            self._note(f"={word}", number, times)
        for label in self._labels_of(document):
            self._note(f"#{label}", number, 1)

    def skip(self) -> None:
        """The next resource cannot be found by searching; its number counts all the same."""
        self._lengths.append(0)

    def _note(self, term: str, number: int, times: int) -> None:
        postings = self._terms.get(term)
        if postings is None:
            postings = self._terms[term] = _Postings()
        step = number - postings.last
        postings.letters.append(_NUMBERS[step] if step < _KNOWN else coded(step))
        postings.letters.append(LETTERS[min(times, MOST_TIMES)])
        postings.last = number

    def _labels_of(self, document: IndexDocument) -> set[str]:
        codes = {
            "subject": (document.subject,),
            "grade": document.grades,
            "kind": (document.kind,),
            "school_stage": (document.school_stage,),
            "volume": (document.volume,),
        }
        return {
            " ".join(runs(fold(words[scheme][code])))
            for words in self._labels.values()
            for scheme in _LABELLED
            for code in codes[scheme]
            if code in words.get(scheme, {})
        }

    def shards(self) -> list[dict[str, str]]:
        """The terms, each in the shard that the page computes from its first character."""
        size = sum(len(term) + 2 * len(one.letters) for term, one in self._terms.items())
        number = 8
        while number < 1024 and size / number > _SHARD:  # noqa: PLR2004 - files; more serve nobody
            number *= 2
        found: list[dict[str, str]] = [{} for _ in range(number)]
        for term in sorted(self._terms):
            found[_shard(term, number)][term] = "".join(self._terms[term].letters)
        for run, stemmed in sorted(self._stems.items()):
            if run != stemmed:
                found[ord(run[0]) % number][f"~{run}"] = stemmed
        return found

    def frame(self) -> dict[str, Plain]:
        """What every search needs, whatever it asks for."""
        ideographs, letters = _classes()
        return {
            "lengths": self._lengths,
            "folding": _folding(),
            "ideographs": ideographs,
            "letters": letters,
            "after": ord(BEFORE_IDEOGRAPHS),
            "longest": LONGEST_TERM,
            "stop": "".join(sorted(STOP)),
            "same": self._synonyms(),
        }

    def _synonyms(self) -> dict[str, list[str]]:
        """Of the words that mean the same, those that something in the pack holds."""
        ours = dictionary()
        every = {word for group in (*school_synonyms(), *regional_words()) for word in group}
        found = {}
        for word in sorted(every):
            if others := [other for other in ours.same_as(word) if self._occurs(other)]:
                found[word] = others
        return found

    def _occurs(self, word: str) -> bool:
        return all(term in self._terms for run in runs(word) for term in pairs(run))


def coded(number: int) -> str:
    """Write a number in letters: 5 bits each, the lowest first, the sixth says that more follow."""
    letters = ""
    while number > MOST_TIMES:
        letters += LETTERS[32 + (number & 31)]
        number >>= 5
    return letters + LETTERS[number]


_KNOWN = 1024
_NUMBERS = [coded(number) for number in range(_KNOWN)]


def _shard(term: str, number: int) -> int:
    bare = term[1:] if term[0] in "=#" and len(term) > 1 else term
    return ord(bare[0]) % number


@lru_cache(maxsize=1)
def _folding() -> tuple[str, str]:
    """Two strings of the same length: each character of the first folds to that of the second."""
    found = sorted((one, folded) for folded, others in forms().items() for one in others)
    return "".join(one for one, _ in found), "".join(folded for _, folded in found)


@lru_cache(maxsize=1)
def _classes() -> tuple[str, str]:
    """The characters of words, as classes for a regular expression: ideographs, and the others."""
    edge = ord(BEFORE_IDEOGRAPHS) + 1
    return _ranges(edge, _LAST), _ranges(0, edge)


def _ranges(first: int, last: int) -> str:
    known = [code for code in range(first, last) if chr(code).isalnum()]
    edges = [None, *(i for i, (a, b) in enumerate(pairwise(known)) if b - a > 1), None]
    found = []
    for before, end in pairwise(edges):
        start = known[0 if before is None else before + 1]
        stop = known[-1 if end is None else end]
        found.append(f"\\u{{{start:x}}}-\\u{{{stop:x}}}")
    return "".join(found)
