"""What a person types becomes a tree: Whoosh's query language, read by Whoosh, never an error."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any as Foreign

from whoosh import query as whoosh_query
from whoosh.qparser import QueryParser, plugins, syntax

from search_index import analysis
from search_index.analysis import Literal, fold
from search_index.fields import CODES, TEXT_FIELDS
from search_index.tree import All, Any, Code, Everything, Node, Not, Words
from search_index.vocabulary import Vocabulary

LONGEST_QUERY = 1_000
"""Characters that are read; the rest of a longer query is left out."""

MOST_LITERALS = 64
"""Words that are looked up; the rest of a longer query is left out."""

DEEPEST = 20
"""Brackets inside each other; where there are more, none counts as a bracket."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂「」『』", '"'),
        **dict.fromkeys("＊", "*"),
        **dict.fromkeys("－", "-"),
        **dict.fromkeys("＋", "+"),
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood; ``understood`` is "" if every word simply has to occur."""

    tree: Node
    understood: str


class _Prefixes(plugins.PrefixPlugin):  # type: ignore[misc] # Whoosh has no types
    expr = r"(?P<text>[^\s*()\":：]+)[*](?=\s|$|\))"


class _Fields(plugins.FieldsPlugin):  # type: ignore[misc] # Whoosh has no types
    """Take a word before a colon as a field only if it is one: 比例3:2 stays what it is."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(r"(?<!\w)(?P<text>\w+)\s?[:：]\s*(?=[^\s:：])", remove_unknown=False)
        self._vocabulary = vocabulary

    def taggers(self, parser: Foreign) -> list[tuple[Foreign, int]]:  # Foreign: Whoosh's own
        del parser
        vocabulary = self._vocabulary

        class KnownNames(plugins.FieldsPlugin.FieldnameTagger):  # type: ignore[misc] # no types
            def create(self, parser: Foreign, match: re.Match[str]) -> Foreign:  # Whoosh's own
                del parser
                name = match["text"]
                return (
                    syntax.FieldnameNode(name, match[0]) if vocabulary.field_named(name) else None
                )

        return [(KnownNames(self.expr), 0)]


class QueryReader:
    """Read queries with one vocabulary; one reader serves all threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._parser = QueryParser(
            "",
            schema=None,
            plugins=[
                _Fields(vocabulary),
                _Prefixes(),
                plugins.PhrasePlugin(),
                plugins.GroupPlugin(),
                plugins.OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None),
                plugins.PlusMinusPlugin(
                    plusexpr=r"(?<![^\s(])\+(?=[^\s+])", minusexpr=r"(?<![^\s(])-(?=[^\s-])"
                ),
            ],
        )

    def read(self, text: str) -> Reading:
        """Read ``text``; what has no meaning in the language is searched as words."""
        clean = _CONTROL.sub(" ", text[:LONGEST_QUERY]).translate(_SIGNS).strip()
        if _depth(clean) > DEEPEST:
            clean = re.sub(r"[()]", " ", clean)
        conversion = _Conversion(self._vocabulary)
        try:
            tree = conversion.node(self._parser.parse(clean, normalize=False))
        except Exception:  # noqa: BLE001 - a parser of 2,000 lines that we do not own; words remain
            tree = None
        if tree is None:
            plain = _words(analysis.required(fold(clean))[:MOST_LITERALS], clean)
            return Reading(plain or Everything(), "")
        literal = _is_plain(tree) and not conversion.gave_way and len(text) <= LONGEST_QUERY
        return Reading(tree, "" if literal else describe(tree))


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


class _Conversion:
    """Turn one Whoosh query into our tree, as far as the allowance of words goes.

    ``gave_way`` says that something was left out or read otherwise than it was written.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._literals_left = MOST_LITERALS
        self.gave_way = False

    def node(self, query: Foreign) -> Node | None:  # Foreign: Whoosh has no types
        """Give the tree of ``query``, or None if it asks for nothing."""
        match query:
            case whoosh_query.And(subqueries=parts):
                return _joined(All, map(self.node, parts))
            case whoosh_query.Or(subqueries=parts):
                return _joined(Any, map(self.node, parts))
            case whoosh_query.Not(query=inner):
                return _negated(self.node(inner))
            case whoosh_query.AndNot(a=wanted, b=banned):
                return _joined(All, (self.node(wanted), _negated(self.node(banned))))
            case whoosh_query.AndMaybe(a=wanted, b=rest):  # what "+" gives: all is wanted anyway
                return _joined(All, (self.node(wanted), self.node(rest)))
            case _:
                return self._leaf_of(query)

    def _leaf_of(self, query: Foreign) -> Words | Code | None:  # Foreign: Whoosh has no types
        match query:
            case whoosh_query.Phrase(fieldname=name, words=words):
                text = " ".join(words)
                return self._leaf(name, text, analysis.phrase(fold(text)), f"“{text}”")
            case whoosh_query.Prefix(fieldname=name, text=text):
                needed = analysis.required(fold(text))
                return self._leaf(name, "", (*needed[:-1], *map(_open, needed[-1:])), f"{text}…")
            case whoosh_query.Term(fieldname=name, text=text):
                return self._leaf(name, text, analysis.required(fold(text)), text)
            case _:
                return None

    def _leaf(
        self, name: str, value: str, needed: tuple[Literal, ...], typed: str
    ) -> Words | Code | None:
        field = self._vocabulary.field_named(name) if name else None
        if self._literals_left <= 0:
            self.gave_way = True
            return None
        self.gave_way |= len(needed) > self._literals_left
        needed = needed[: self._literals_left]
        self._literals_left -= max(len(needed), 1)
        if field and field in CODES and (code := self._vocabulary.code_of(field, value)):
            return Code(field, code, f"{name}:{value}")
        searched = field if field in TEXT_FIELDS else None
        self.gave_way |= field != searched
        shown = f"{name}:{typed}" if searched else typed
        return _words(needed, shown, field=searched, plain=typed == value)


def _open(literal: Literal) -> Literal:
    """Let a word go on; ideographs do anyway, for they match inside longer words."""
    if analysis.is_ideographic(literal.text):
        return literal
    return Literal(literal.text, literal.terms, prefix=True)


def _words(
    needed: tuple[Literal, ...], typed: str, *, field: str | None = None, plain: bool = True
) -> Words | None:
    if not needed:
        return None
    together = None
    if plain and len(needed) > 1:
        whole = analysis.phrase(fold(typed.rpartition(":")[2] if field else typed))[0]
        together = whole if len(whole.terms) > 1 else None
    return Words(needed, typed, field, together)


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


def _is_plain(tree: Node) -> bool:
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return all(
        isinstance(part, Everything)
        or (isinstance(part, Words) and part.field is None and part.typed[-1] not in "”…")
        for part in parts
    )


def describe(tree: Node) -> str:
    """Say in one line how a query was read, in the words that were typed."""
    match tree:
        case Words(typed=typed) | Code(typed=typed):
            return typed
        case Not(part):
            return f"− {_bracketed(part)}"
        case Any(parts):
            return " / ".join(map(_bracketed, parts))
        case All(parts):
            line = " + ".join(_bracketed(part) for part in parts)
            return line.replace("+ − ", "− ")
        case Everything():
            return "*"


def _bracketed(tree: Node) -> str:
    return f"({describe(tree)})" if isinstance(tree, All | Any) else describe(tree)
