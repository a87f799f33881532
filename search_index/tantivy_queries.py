"""The neutral tree compiled to tantivy's queries, with the weights of ``fields``."""

from collections.abc import Collection, Mapping

import tantivy
from tantivy import Occur, Query

from search_index.analysis import Literal
from search_index.fields import BOOSTS, PHRASE_BOOST, WORD_BOOST, character_term
from search_index.tree import All, Any, Code, Everything, Node, Not, Words

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

    def node(self, node: Node) -> Query:
        match node:
            case Words():
                return self._words(node)
            case Code(field, code):
                return self._one_of(field, (code,))
            case Not():
                return self._all((node,))
            case All(parts):
                return self._all(parts)
            case Any(parts):
                return Query.boolean_query([(Occur.Should, self.node(part)) for part in parts])
            case Everything():
                return _unscored(Query.all_query())

    def _all(self, parts: tuple[Node, ...]) -> Query:
        clauses: list[_Clause] = []
        for part in parts:
            if isinstance(part, Not):
                clauses.append((Occur.MustNot, self.node(part.part)))
            else:
                clauses.append((Occur.Must, self.node(part)))
        if all(isinstance(part, Not) for part in parts):
            clauses.append((Occur.Must, _unscored(Query.all_query())))
        return Query.boolean_query(clauses)

    def _words(self, words: Words) -> Query:
        clauses: list[_Clause] = []
        for literal in words.needed:
            clauses.append((Occur.Must, self._occurs(literal, words.field)))
            if words.field is None:
                clauses += self._lifts(literal)
        if words.together:
            places = ("title", None) if words.field is None else (words.field,)
            clauses += [
                (Occur.Should, _boosted(self._occurs(words.together, place), PHRASE_BOOST))
                for place in places
            ]
        return Query.boolean_query(clauses)

    def _lifts(self, literal: Literal) -> list[_Clause]:
        lifts = [_boosted(self._occurs(literal, field), boost) for field, boost in BOOSTS.items()]
        if not literal.prefix:
            lifts.append(_boosted(self._term("words", literal.text), WORD_BOOST))
        return [(Occur.Should, lift) for lift in lifts]

    def _occurs(self, literal: Literal, field: str | None) -> Query:
        if literal.is_single:
            return self._term("characters", character_term(literal.text, field))
        name = f"{field or 'text'}_terms"
        if literal.prefix:
            # A term is letters and digits only: nothing in it is a sign of regular expressions.
            return Query.regex_query(self._schema, name, f"{literal.terms[0]}.*")
        if len(literal.terms) == 1:
            return self._term(name, literal.terms[0])
        return Query.phrase_query(self._schema, name, list(literal.terms))

    def _term(self, name: str, term: str) -> Query:
        return Query.term_query(self._schema, name, term, index_option="freq")

    def _one_of(self, name: str, values: Collection[str]) -> Query:
        if len(values) == 1:
            (value,) = values
            return _unscored(Query.term_query(self._schema, name, value, index_option="basic"))
        return _unscored(Query.term_set_query(self._schema, name, sorted(values)))


def _boosted(query: Query, boost: float) -> Query:
    return Query.boost_query(query, boost)


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
