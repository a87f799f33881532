"""Whoosh's tree of a query becomes ours: fields, codes, ranges, and words with signs in them."""

import re
from collections.abc import Iterable
from typing import Any as Foreign

from whoosh import query as whoosh_query

from search_index import analysis, values
from search_index.analysis import Literal, fold
from search_index.fields import CODES, DAY, TEXT_FIELDS
from search_index.tree import All, Any, Code, Everything, Has, Node, Not, Range, Words
from search_index.vocabulary import Vocabulary
from search_index.wording import MOST_LITERALS, Wording

MOST_COSTLY = 4
"""Words with ~ or * of one query that are compared with every term; the rest are plain words."""

_YEAR = re.compile(r"([0-9]{4})年?")
_OPERATOR = re.compile(r"(?:AND|OR|NOT)")
_NONE = ""  # a code that no document has


class Conversion:
    """Turn one Whoosh query into our tree, as far as the allowance of words goes.

    ``gave_way`` says that something was left out or read otherwise than it was written.
    """

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary = vocabulary
        self._wording = wording
        self._literals_left = MOST_LITERALS
        self._costly_left = MOST_COSTLY
        self.gave_way = False

    def node(self, query: Foreign) -> Node | None:  # noqa: PLR0911 - one answer for each kind
        """Give the tree of ``query``, or None if it asks for nothing."""
        match query:
            case whoosh_query.And(subqueries=parts):
                return _joined(All, map(self.node, _neighbours_joined(parts)))
            case whoosh_query.Or(subqueries=parts):
                return _joined(Any, map(self.node, parts))
            case whoosh_query.Not(query=inner):
                return _negated(self.node(inner))
            case whoosh_query.AndNot(a=wanted, b=banned):
                return _joined(All, (self.node(wanted), _negated(self.node(banned))))
            case whoosh_query.AndMaybe(a=wanted, b=rest):  # what "+" gives: all is wanted anyway
                return _joined(All, (self.node(wanted), self.node(rest)))
            case whoosh_query.Phrase(fieldname=name, words=words):
                return self._quoted(name, " ".join(words))
            case whoosh_query.TermRange(fieldname=name, start=start, end=end):
                without = (bool(start) and query.startexcl, bool(end) and query.endexcl)
                return self._range(name, start or "", end or "", without)
            case whoosh_query.Term(fieldname=name, text=text):
                return None if _OPERATOR.fullmatch(text) else self._leaf(name, text)
            case _:
                return None

    def _quoted(self, name: str, text: str) -> Node | None:
        field = self._vocabulary.field_named(name) if name else None
        if field in CODES and (codes := self._vocabulary.codes_of(field or "", text)):
            return _one_of(field or "", codes, f"{name}:{text}")
        searched = self._searched(field)
        needed = self._allowed(analysis.phrase(fold(text)))
        shown = f"{name}:“{text}”" if searched else f"“{text}”"
        return _words(needed, shown, searched)

    def _range(self, name: str, first: str, last: str, without: tuple[bool, bool]) -> Node | None:
        """Read ``[a TO b]``; ``without`` says which ends are left out: {a TO b} has neither."""
        field = self._vocabulary.field_named(name) if name else None
        shown = f"{name}:{first}..{last}"
        if any(without):
            shown = f"{name}:{'[{'[without[0]]}{first} TO {last}{']}'[without[1]]}"
        if field and (node := self._between(field, first, last, shown, without)):
            return node
        self.gave_way = True
        return _joined(All, (self._leaf(name, end) for end in (first, last) if end))

    def _leaf(self, name: str, value: str) -> Node | None:
        """Read one word, or one value of a field."""
        field = self._vocabulary.field_named(name) if name else None
        shown = f"{name}:{value}"
        if field and (node := self._valued(field, value, shown)):
            return node
        pieces = values.pieces(value)
        if len(pieces) > 1:
            self.gave_way = True
            return _joined(All, (self._leaf(name, piece) for piece in pieces))
        searched = self._searched(field)
        typed = shown if searched else value
        special = values.is_special(value) and self._costly_left > 0
        self._costly_left -= special
        if special and (near := values.near(value)) is not None:
            shown = f"{name}:{near.shown}" if searched else near.shown
            return _words(self._allowed(near.words), shown, searched)
        if special and (parts := values.wildcard(value)) is not None:
            return _words(self._allowed(parts), typed.replace("*", "…"), searched)
        words = self._wording.words(
            fold(value), typed, field=searched, allowed=max(self._literals_left, 0)
        )
        if words is None:
            return None
        self._literals_left -= len(words.needed)
        self.gave_way |= self._literals_left <= 0
        return words

    def _valued(self, field: str, value: str, shown: str) -> Node | None:
        """Read the value of a field that holds days or codes, if it is one; * is any value."""
        if values.is_anything(value):
            return Has(field, shown) if field in (*CODES, *TEXT_FIELDS) else Everything()
        if field in CODES and (codes := self._codes(field, value)):
            return _one_of(field, codes, shown)
        if field == DAY or values.is_range(value):
            return self._between(field, *values.ends(value), shown)
        return None

    def _between(
        self,
        field: str,
        first: str,
        last: str,
        shown: str,
        without: tuple[bool, bool] = (False, False),
    ) -> Node | None:
        if field in {DAY, "year"} and (days := values.days_between(first, last, without)):
            return Range(*days, shown)
        if field in CODES:
            codes = self._vocabulary.codes_between(field, first, last, without)
            return None if codes is None else _one_of(field, codes, shown)
        return None

    def _codes(self, field: str, value: str) -> tuple[str, ...]:
        """Give the codes that ``value`` stands for; a year is one itself, in whatever list."""
        year = _YEAR.fullmatch(fold(value)) if field == "year" else None
        return self._vocabulary.codes_of(field, value) or ((year[1],) if year else ())

    def _searched(self, field: str | None) -> str | None:
        searched = field if field in TEXT_FIELDS else None
        self.gave_way |= field != searched
        return searched

    def _allowed(self, needed: tuple[Literal, ...]) -> tuple[Literal, ...]:
        self.gave_way |= len(needed) > self._literals_left
        kept = needed[: max(self._literals_left, 0)]
        self._literals_left -= max(len(kept), 1)
        return kept


def _neighbours_joined(parts: Iterable[Foreign]) -> list[Foreign]:
    """Join plain words that stand side by side, so that they are read as one: gou gu ding li."""
    joined: list[Foreign] = []
    for part in parts:
        if joined and _is_word(part) and _is_word(joined[-1]):
            joined[-1] = whoosh_query.Term(part.fieldname, f"{joined[-1].text} {part.text}")
        else:
            joined.append(part)
    return joined


def _is_word(query: Foreign) -> bool:  # Foreign: Whoosh has no types
    return (
        type(query) is whoosh_query.Term
        and not query.fieldname
        and not values.is_special(query.text)
        and len(values.pieces(query.text)) == 1
        and not _OPERATOR.fullmatch(query.text)
    )


def _words(needed: tuple[Literal, ...], typed: str, field: str | None) -> Words | None:
    if not needed:
        return None
    return Words(tuple(values.place_of(one, field) for one in needed), typed, field, quoted=True)


def _one_of(field: str, codes: tuple[str, ...], shown: str) -> Node:
    each = [Code(field, code, shown) for code in codes or (_NONE,)]
    return each[0] if len(each) == 1 else Any(tuple(each))


def _negated(part: Node | None) -> Node | None:
    return Not(part) if part else None


def _joined(kind: type[All] | type[Any], parts: Iterable[Node | None]) -> Node | None:
    """Group what is there: no empty groups, no group inside one of its own kind, no repeats."""
    flat: list[Node] = []
    for part in parts:
        if part is not None:
            flat += part.parts if isinstance(part, kind) else (part,)
    kept = tuple(dict.fromkeys(flat))
    if len(kept) < 2:  # noqa: PLR2004 - one part needs no group
        return kept[0] if kept else None
    return kind(kept)
