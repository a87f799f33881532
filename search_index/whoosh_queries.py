"""The neutral tree worked out over Whoosh's postings: which documents fit it, and how well.

Whoosh's own queries score phrases by their words and know no "at least so many"; here each node is
a mapping of document numbers to scores, so that the answer is the same as tantivy's: BM25 with its
``idf``, phrases by how often they occur, the best of several forms.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any as Foreign

from whoosh import query

from search_index.analysis import Literal
from search_index.fields import CODES, DAY, character_term, index_field
from search_index.spelling import distance
from search_index.tree import (
    All,
    Any,
    Best,
    Code,
    Everything,
    Has,
    Node,
    Not,
    Occurs,
    Range,
    Some,
    Words,
)

K1, B = 1.2, 0.75
"""BM25's saturation and its share of the length, as in tantivy and OpenSearch."""

Scores = dict[int, float]


class Scoring:
    """Works out trees over one commit; ``among`` are the documents that may be seen."""

    def __init__(
        self,
        searcher: Foreign,  # Whoosh has no types
        among: set[int],
        documents_of: Callable[[str, Iterable[str]], set[int]],
        terms_by_length: Callable[[str], Mapping[int, Sequence[str]]],
    ) -> None:
        self._searcher = searcher
        self._reader = searcher.reader()
        self._among = among
        self._documents_of = documents_of
        self._terms_by_length = terms_by_length
        self._known: dict[Occurs, Scores] = {}
        self._count = self._reader.doc_count_all()

    def scores(self, node: Node) -> Scores:  # noqa: C901, PLR0911 - one answer for each kind of node
        """Give every document among the visible ones that fits ``node``, with its score."""
        match node:
            case Occurs():
                if node not in self._known:
                    self._known[node] = self._occurs(node)
                return self._known[node]
            case Words(needed, lifts=lifts):
                return self._lifted(self._all(needed), lifts)
            case Best(options):
                return _united((self._weighted(option, by) for option, by in options), max)
            case Some(parts, least):
                return self._some(parts, least)
            case Code(field, code):
                return dict.fromkeys(self._documents_of(field, (code,)) & self._among, 0.0)
            case Has(field):
                return dict.fromkeys(self._having(field), 0.0)
            case Range(first, last):
                days = query.NumericRange(DAY, first, last)
                return dict.fromkeys(
                    self._among.intersection(self._searcher.docs_for_query(days)), 0.0
                )
            case Not():
                return self._all((node,))
            case All(parts):
                return self._all(parts)
            case Any(parts):
                return _united(map(self.scores, parts), float.__add__)
            case Everything():
                return dict.fromkeys(self._among, 0.0)

    def _all(self, parts: tuple[Node, ...]) -> Scores:
        wanted = [self.scores(part) for part in parts if not isinstance(part, Not)]
        banned = [self.scores(part.part) for part in parts if isinstance(part, Not)]
        wanted = sorted(wanted or [self.scores(Everything())], key=len)
        kept = set(wanted[0]).intersection(*wanted[1:]).difference(*banned)
        return {number: sum(scores[number] for scores in wanted) for number in kept}

    def _having(self, field: str) -> set[int]:
        if field in CODES:
            codes = [code.decode() for code in self._reader.lexicon(field)]
            return self._documents_of(field, codes) & self._among
        length = self._reader.doc_field_length
        return {number for number in self._among if length(number, f"{field}_terms", 0)}

    def _some(self, parts: tuple[Node, ...], least: int) -> Scores:
        times: dict[int, int] = {}
        scored = [self.scores(part) for part in parts]
        for scores in scored:
            for number in scores:
                times[number] = times.get(number, 0) + 1
        united = _united(scored, float.__add__)
        return {number: united[number] for number, often in times.items() if often >= least}

    def _lifted(self, scores: Scores, lifts: tuple[tuple[Node, float], ...]) -> Scores:
        for lift, weight in lifts if scores else ():
            lifting = self._weighted(lift, weight)
            if len(lifting) > len(scores):
                scores = {n: score + lifting.get(n, 0.0) for n, score in scores.items()}
            else:
                scores |= {n: scores[n] + score for n, score in lifting.items() if n in scores}
        return scores

    def _weighted(self, node: Node, weight: float) -> Scores:
        if isinstance(node, Code):
            return dict.fromkeys(self.scores(node), weight)
        return {number: score * weight for number, score in self.scores(node).items()}

    def _occurs(self, node: Occurs) -> Scores:
        literal, name = node.literal, index_field(node)
        if name == "characters":
            return self._constant(name, (character_term(literal.text, node.place),))
        if literal.distance or literal.is_pattern or literal.prefix:
            return self._constant(name, self._expanded(name, literal))
        if name == "whole":
            return self._constant(name, literal.terms)
        if len(literal.terms) > 1:
            return self._phrase(name, literal.terms)
        return self._term(name, literal.terms[0])

    def _expanded(self, name: str, literal: Literal) -> list[str]:
        """Give the terms of the index that a prefix, a pattern or a misspelling stands for."""
        if literal.distance:
            return self._misspelt(name, literal)
        if literal.is_pattern:
            signs = literal.text + ("*" if literal.prefix else "")
            fits = re.compile(signs.replace("*", ".*")).fullmatch
            return [
                term
                for terms in self._terms_by_length(name).values()
                for term in terms
                if fits(term)
            ]
        return [term.decode() for term in self._reader.expand_prefix(name, literal.text)]

    def _misspelt(self, name: str, literal: Literal) -> list[str]:
        wanted, most = literal.text, literal.distance
        letters = set(wanted)
        return [
            term
            for length in range(len(wanted) - most, len(wanted) + most + 1)
            for term in self._terms_by_length(name).get(length, ())
            # Each letter that is missing takes a change: few terms need to be compared further.
            if len(letters.difference(term)) <= most and distance(wanted, term) <= most
        ]

    def _constant(self, name: str, terms: Iterable[str]) -> Scores:
        found: set[int] = set()
        for term in terms:
            if (name, term.encode()) in self._reader:
                found.update(self._reader.postings(name, term.encode()).all_ids())
        return dict.fromkeys(found & self._among, 1.0)

    def _term(self, name: str, term: str) -> Scores:
        matcher = self._postings(name, term)
        times: dict[int, float] = {}
        while matcher is not None and matcher.is_active():
            times[matcher.id()] = matcher.value_as("frequency")
            matcher.next()
        return self._bm25(name, times, self._idf(name, term))

    def _phrase(self, name: str, terms: tuple[str, ...]) -> Scores:
        distinct = dict.fromkeys(terms)
        if any((name, term.encode()) not in self._reader for term in distinct):
            return {}
        rarest_first = sorted(distinct, key=lambda term: self._document_frequency(name, term))
        places: dict[str, dict[int, Foreign]] = {}
        holding: set[int] = self._among
        for term in rarest_first:
            places[term] = self._positions(name, term, holding)
            holding = set(places[term])
        times = {}
        for number in holding:
            starts = set(places[terms[0]][number])
            for offset, term in enumerate(terms[1:], 1):
                starts &= {place - offset for place in places[term][number]}
            if starts:
                times[number] = float(len(starts))
        return self._bm25(name, times, sum(self._idf(name, term) for term in terms))

    def _positions(self, name: str, term: str, among: set[int]) -> dict[int, Foreign]:
        found = {}
        matcher = self._postings(name, term)
        while matcher is not None and matcher.is_active():
            if (number := matcher.id()) in among:
                found[number] = matcher.value_as("positions")
            matcher.next()
        return found

    def _postings(self, name: str, term: str) -> Foreign | None:
        if (name, term.encode()) not in self._reader:
            return None
        return self._reader.postings(name, term.encode())

    def _document_frequency(self, name: str, term: str) -> int:
        return int(self._reader.doc_frequency(name, term.encode()))

    def _idf(self, name: str, term: str) -> float:
        with_term = self._document_frequency(name, term)
        return math.log(1 + (self._count - with_term + 0.5) / (with_term + 0.5))

    def _bm25(self, name: str, times: Mapping[int, float], idf: float) -> Scores:
        average = self._reader.field_length(name) / max(self._count, 1)
        length = self._reader.doc_field_length
        return {
            number: idf
            * often
            * (K1 + 1)
            / (often + K1 * (1 - B + B * length(number, name, 1) / average))
            for number, often in times.items()
            if number in self._among
        }


def _united(each: Iterable[Scores], both: Callable[[float, float], float]) -> Scores:
    def add(sums: Scores, scores: Scores) -> Scores:
        for number, score in scores.items():
            sums[number] = both(sums[number], score) if number in sums else score
        return sums

    return reduce(add, each, {})
