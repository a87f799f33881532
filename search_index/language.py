"""What a person types becomes a tree: Whoosh's query language, read by Whoosh, never an error."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any as Foreign

from whoosh.qparser import QueryParser, plugins, syntax

from search_index import sound
from search_index.analysis import fold
from search_index.conversion import Conversion
from search_index.describing import describe, is_plain
from search_index.dictionary import Dictionary, dictionary
from search_index.lexicon import NO_WORDS, Lexicon
from search_index.tree import Everything, Node
from search_index.vocabulary import Vocabulary
from search_index.wording import MOST_LITERALS, Wording

LONGEST_QUERY = 1_000
"""Characters that are read; the rest of a longer query is left out, and a word that it halves."""

_LONGEST_STUB = 50  # characters of a halved word; a text without spaces is one word

_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x4E00, 0xA000  # the common ones

REMEMBERED = 256
"""Readings that are kept."""

DEEPEST = 20
"""Brackets inside each other; where there are more, none counts as a bracket."""

_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Marks without a width that come along when text is copied from a page: they part no word."""

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

    def dictionary(self, own_words: Lexicon) -> Dictionary:
        """Give the dictionary that ``own_words`` extend, with the labels of lists."""
        return dictionary(self._vocabulary.lexicon(own_words))

    def _read(self, text: str, own_words: Lexicon, loose: bool) -> Reading:  # noqa: FBT001 - a key
        seen = _UNSEEN.sub("", _beginning(text))
        clean = _CONTROL.sub(" ", seen).translate(_SIGNS).strip()
        if _depth(clean) > DEEPEST:
            clean = re.sub(r"[()]", " ", clean)
        wording = Wording(self.dictionary(own_words), self._vocabulary, loose=loose)
        conversion = Conversion(self._vocabulary, wording)
        try:
            tree = conversion.node(self._parser.parse(clean, normalize=False))
        except Exception:  # noqa: BLE001 - a parser of 2,000 lines that we do not own; words remain
            tree = None
        if tree is None:
            plain = wording.words(fold(clean), clean, field=None, allowed=MOST_LITERALS)
            return Reading(plain or Everything(), "")
        literal = is_plain(tree) and not conversion.gave_way and len(text) <= LONGEST_QUERY
        return Reading(tree, "" if literal else describe(tree))


def _beginning(text: str) -> str:
    """Cut a text that is too long after a whole word: half of one, or of an OR, is in no text.

    One that is just as long was cut by the box it was typed into.
    """
    if len(text) < LONGEST_QUERY:
        return text
    end = max(text.rfind(space, LONGEST_QUERY - _LONGEST_STUB, LONGEST_QUERY) for space in " \n")
    return text[: end if end >= 0 else LONGEST_QUERY]


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
