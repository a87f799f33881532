"""The neutral tree compiled to Whoosh's queries, with the weights of ``fields``."""

from typing import Any as Foreign

from whoosh import query

from search_index.analysis import Literal
from search_index.fields import BOOSTS, PHRASE_BOOST, WORD_BOOST, character_term
from search_index.tree import All, Any, Code, Everything, Node, Not, Words


def compiled(node: Node) -> Foreign:  # Foreign: Whoosh has no types
    match node:
        case Words():
            return _words(node)
        case Code(field, code):
            return query.ConstantScoreQuery(query.Term(field, code), 0.0)
        case Not():
            return _all((node,))
        case All(parts):
            return _all(parts)
        case Any(parts):
            return query.Or([compiled(part) for part in parts])
        case Everything():
            return query.ConstantScoreQuery(query.Every(), 0.0)


def _all(parts: tuple[Node, ...]) -> Foreign:  # Foreign: Whoosh has no types
    wanted = [compiled(part) for part in parts if not isinstance(part, Not)]
    banned = [compiled(part.part) for part in parts if isinstance(part, Not)]
    every = query.And(wanted) if wanted else compiled(Everything())
    return query.AndNot(every, query.Or(banned)) if banned else every


def _words(words: Words) -> Foreign:  # Foreign: Whoosh has no types
    needed = [_occurs(literal, words.field) for literal in words.needed]
    lifts = []
    if words.field is None:
        for literal in words.needed:
            lifts += [_occurs(literal, field, boost) for field, boost in BOOSTS.items()]
            if not literal.prefix:
                lifts.append(query.Term("words", literal.text, boost=WORD_BOOST))
    if words.together:
        places = ("title", None) if words.field is None else (words.field,)
        lifts += [_occurs(words.together, place, PHRASE_BOOST) for place in places]
    found = query.And(needed)
    return query.AndMaybe(found, query.Or(lifts)) if lifts else found


def _occurs(literal: Literal, field: str | None, boost: float = 1.0) -> Foreign:  # no types
    if literal.is_single:
        return query.Term("characters", character_term(literal.text, field), boost=boost)
    name = f"{field or 'text'}_terms"
    if literal.prefix:
        return query.Prefix(name, literal.terms[0], boost=boost)
    if len(literal.terms) == 1:
        return query.Term(name, literal.terms[0], boost=boost)
    return query.Phrase(name, list(literal.terms), boost=boost)
