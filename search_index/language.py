"""What a person types becomes a tree: Whoosh's query language, read by Whoosh, never an error."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any as Foreign

from whoosh import query as whoosh_query
from whoosh.qparser import QueryParser, plugins, syntax

from search_index import analysis, sound, values
from search_index.analysis import Literal, fold
from search_index.describing import describe, is_plain
from search_index.dictionary import dictionary
from search_index.fields import CODES, DAY, TEXT_FIELDS
from search_index.lexicon import NO_WORDS, Lexicon
from search_index.tree import All, Any, Code, Everything, Node, Not, Range, Words
from search_index.vocabulary import Vocabulary
from search_index.wording import MOST_LITERALS, Wording

LONGEST_QUERY = 1_000
"""Characters that are read; the rest of a longer query is left out."""

_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x4E00, 0xA000  # the common ones

REMEMBERED = 256
"""Readings that are kept."""

DEEPEST = 20
"""Brackets inside each other; where there are more, none counts as a bracket."""

MOST_COSTLY = 4
"""Words with ~ or * of one query that are compared with every term; the rest are plain words."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂「」『』", '"'),
        **dict.fromkeys("＊", "*"),
        **dict.fromkeys("－", "-"),
        **dict.fromkeys("＋", "+"),
        **dict.fromkeys("～", "~"),
        **dict.fromkeys("（", "("),
        **dict.fromkeys("）", ")"),
    }
)
_YEAR = re.compile(r"([0-9]{4})年?")
_OPERATOR = re.compile(r"(?:AND|OR|NOT)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood; ``understood`` is "" if every word simply has to occur."""

    tree: Node
    understood: str


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
                plugins.PhrasePlugin(),
                plugins.RangePlugin(),
                plugins.GroupPlugin(),
                plugins.OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None),
                plugins.PlusMinusPlugin(
                    plusexpr=r"(?<![^\s(])\+(?=[^\s+])", minusexpr=r"(?<![^\s(])-(?=[^\s-])"
                ),
            ],
        )
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def prepare(self) -> None:
        """Read a query that needs every table: characters, numbers, letters, regions."""
        for character in map(chr, range(_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH)):
            fold(character)
        self.read("第三课 圆的面积 yuan de mianji ydmj", loose=True)
        sound.readings("圆的面积")
        dictionary()  # the one of documents: it lacks the labels of lists

    def read(self, text: str, *, own_words: Lexicon = NO_WORDS, loose: bool = False) -> Reading:
        """Read ``text``; what has no meaning in the language is searched as words.

        The last readings are remembered: a query comes again with every filter and page.
        """
        return self._remembered(text[: LONGEST_QUERY + 1], own_words, loose)

    def _read(self, text: str, own_words: Lexicon, loose: bool) -> Reading:  # noqa: FBT001 - a key
        clean = _CONTROL.sub(" ", text[:LONGEST_QUERY]).translate(_SIGNS).strip()
        if _depth(clean) > DEEPEST:
            clean = re.sub(r"[()]", " ", clean)
        words = dictionary(self._vocabulary.lexicon(own_words))
        wording = Wording(words, self._vocabulary, loose=loose)
        conversion = _Conversion(self._vocabulary, wording)
        try:
            tree = conversion.node(self._parser.parse(clean, normalize=False))
        except Exception:  # noqa: BLE001 - a parser of 2,000 lines that we do not own; words remain
            tree = None
        if tree is None:
            plain = wording.words(fold(clean), clean, field=None, allowed=MOST_LITERALS)
            return Reading(plain or Everything(), "")
        literal = is_plain(tree) and not conversion.gave_way and len(text) <= LONGEST_QUERY
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
                return self._leaf(name, f"{start or ''}..{end or ''}")
            case whoosh_query.Term(fieldname=name, text=text):
                return None if _OPERATOR.fullmatch(text) else self._leaf(name, text)
            case _:
                return None

    def _quoted(self, name: str, text: str) -> Node | None:
        field = self._vocabulary.field_named(name) if name else None
        if field in CODES and (code := self._vocabulary.code_of(field or "", text)):
            return Code(field or "", code, f"{name}:{text}")
        searched = self._searched(field)
        needed = self._allowed(analysis.phrase(fold(text)))
        shown = f"{name}:“{text}”" if searched else f"“{text}”"
        return _words(needed, shown, searched)

    def _leaf(self, name: str, value: str) -> Node | None:
        """Read one word, or one range of a field."""
        field = self._vocabulary.field_named(name) if name else None
        shown = f"{name}:{value}"
        if field and (node := self._valued(field, value, shown)):
            return node
        searched = self._searched(field)
        typed = shown if searched else value
        special = values.is_special(value) and self._costly_left > 0
        self._costly_left -= special
        if special and (near := values.near(value)) is not None:
            return _words(self._allowed(near), f"{typed.rstrip('12~')}~", searched)
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
        """Read the value of a field that holds days or codes, if it is one."""
        is_day = field == DAY or (field == "year" and values.is_range(value))
        if is_day and (days := values.days(value)):
            return Range(*days, shown)
        if field in CODES:
            if code := self._vocabulary.code_of(field, value) or _year(field, value):
                return Code(field, code, shown)
            if between := self._vocabulary.codes_between(field, *values.ends(value)):
                return _joined(Any, (Code(field, code, shown) for code in between))
        return None

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
        and not _OPERATOR.fullmatch(query.text)
    )


def _words(needed: tuple[Literal, ...], typed: str, field: str | None) -> Words | None:
    if not needed:
        return None
    return Words(tuple(values.place_of(one, field) for one in needed), typed, field, quoted=True)


def _year(field: str, value: str) -> str | None:
    """Read the code of a year: it is the year itself, which no list has to name."""
    found = _YEAR.fullmatch(fold(value))
    return found[1] if found and field == "year" else None


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
