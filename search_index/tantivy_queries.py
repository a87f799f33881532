"""The neutral tree compiled to tantivy's queries."""

from collections.abc import Collection, Mapping

import tantivy
from tantivy import FieldType, Occur, Query

from search_index.fields import CODES, DAY, character_term, index_field
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

_Clause = tuple[Occur, Query]


class QueryBuilder:
    """Build queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def asked(
        self, tree: Node, seen_by: frozenset[str], filters: Mapping[str, Collection[str]]
    ) -> Query:
        """Ask for ``tree`` among what may be seen and is not filtered out; only words score."""
        clauses = [(Occur.Must, self.node(tree)), (Occur.Must, self._one_of("visible_to", seen_by))]
        clauses += [(Occur.Must, self._one_of(name, codes)) for name, codes in filters.items()]
        return Query.boolean_query(clauses)

    def node(self, node: Node) -> Query:  # noqa: C901, PLR0911 - one answer for each kind of node
        match node:
            case Occurs():
                return self._occurs(node)
            case Words(needed, lifts=lifts):
                clauses = [(Occur.Must, self.node(part)) for part in needed]
                clauses += [(Occur.Should, self._weighted(part, by)) for part, by in lifts]
                return Query.boolean_query(clauses)
            case Best(options):
                return Query.disjunction_max_query(
                    [self._weighted(option, by) for option, by in options]
                )
            case Some(parts, least):
                return Query.boolean_query(
                    [(Occur.Should, self.node(part)) for part in parts],
                    minimum_number_should_match=least,
                )
            case Code(field, code):
                return self._one_of(field, (code,))
            case Has(field):
                return _constant(self._has(field), 0.0)
            case Range(first, last):
                days = Query.range_query(self._schema, DAY, FieldType.Integer, first, last)
                return _constant(days, 0.0)
            case Not():
                return self._all((node,))
            case All(parts):
                return self._all(parts)
            case Any(parts):
                return Query.boolean_query([(Occur.Should, self.node(part)) for part in parts])
            case Everything():
                return _constant(Query.all_query(), 0.0)

    def _all(self, parts: tuple[Node, ...]) -> Query:
        clauses: list[_Clause] = []
        for part in parts:
            if isinstance(part, Not):
                clauses.append((Occur.MustNot, self.node(part.part)))
            else:
                clauses.append((Occur.Must, self.node(part)))
        if all(isinstance(part, Not) for part in parts):
            clauses.append((Occur.Must, _constant(Query.all_query(), 0.0)))
        return Query.boolean_query(clauses)

    def _weighted(self, node: Node, weight: float) -> Query:
        if isinstance(node, Code):
            return _constant(self.node(node), weight)
        return self.node(node) if weight == 1.0 else Query.boost_query(self.node(node), weight)

    def _occurs(self, node: Occurs) -> Query:
        literal, name = node.literal, index_field(node)
        if name == "characters":
            return _constant(self._term(name, character_term(literal.text, node.place)), 1.0)
        if literal.distance:
            return Query.fuzzy_term_query(
                self._schema, name, literal.text, literal.distance, transposition_cost_one=True
            )
        if literal.is_pattern or literal.prefix:
            # A term is letters and digits only: nothing in it is a sign of regular expressions.
            pattern = literal.text.replace("*", ".*") + (".*" if literal.prefix else "")
            return Query.regex_query(self._schema, name, pattern)
        if len(literal.terms) > 1:
            return Query.phrase_query(self._schema, name, list(literal.terms))
        found = self._term(name, literal.terms[0])
        return _constant(found, 1.0) if name == "whole" else found

    def _has(self, field: str) -> Query:
        if field in CODES:
            return Query.exists_query(field)
        return Query.regex_query(self._schema, f"{field}_terms", ".+")

    def _term(self, name: str, term: str) -> Query:
        return Query.term_query(self._schema, name, term, index_option="freq")

    def _one_of(self, name: str, values: Collection[str]) -> Query:
        """Ask for one of ``values``, read beside the words.

        A set of terms would be gathered from all documents anew for each search and each count.
        """
        found = [
            Query.term_query(self._schema, name, value, index_option="basic")
            for value in sorted(values)
        ]
        if len(found) == 1:
            return _constant(found[0], 0.0)
        return _constant(Query.boolean_query([(Occur.Should, term) for term in found]), 0.0)


def _constant(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)
