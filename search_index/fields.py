"""What of a document is indexed under which name; the same for every engine."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from search_index import analysis, sound
from search_index.base import BODY_LIMIT, IndexDocument
from search_index.dictionary import word_terms
from search_index.snapshot import snapshot
from search_index.tree import Occurs

WEIGHTS: Mapping[str, int] = {
    "title": 3,
    "keywords": 2,
    "unit": 2,
    "summary": 1,
    "author": 1,
    "school": 1,
    "alliance": 1,
    "body": 1,
}
"""How often the words of a field count. The text of a document holds each field so many times,
and BM25 over it is then BM25F: frequencies are weighted before they saturate (Robertson 2004)."""

TEXT_FIELDS = ("title", "summary", "keywords", "unit", "author", "school", "alliance")
"""Fields that may be named in a query and are searched as text."""

CODES: Mapping[str, Callable[[IndexDocument], tuple[str, ...]]] = {
    "subject": lambda document: (document.subject,),
    "grade": lambda document: document.grades,
    "school": lambda document: (document.school_code,),
    "kind": lambda document: (document.kind,),
    "stage": lambda document: (document.school_stage,),
    "edition": lambda document: (document.edition,),
    "volume": lambda document: (document.volume,),
    "language": lambda document: (document.language,),
    "format": lambda document: document.formats,
    "year": lambda document: (str(document.year),),
}
"""The facets: fields that are compared as codes."""

ANYWHERE = "text"
"""The name of a field that is all of them: the text of files cannot be searched alone."""

DAY = "published"
"""The field that ranges of days compare."""

SOUNDING = ("title", "keywords", "unit", "author", "school")
"""Fields that are found by their pinyin too."""

_BETWEEN = " ¶ "  # a term between two fields, so that no phrase reaches across them
_DIGITS = re.compile(r"\d+")
_IDS = 1 << 31  # resource ids fit in 31 bits, seconds until the year 2242 in the other 33


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as an engine stores it: terms joined by spaces, codes, sort keys, snapshot.

    ``text`` holds the terms of the whole document in order, ``fields`` those of each text field;
    ``sound`` the syllables and ``initials`` the pairs of their first letters; ``whole`` is the
    title as one term, and so are its pinyin and its initials; ``characters`` every distinct
    ideograph, alone and as ``title:圆``, ``title_characters`` those of the title; ``words`` the
    dictionary's words of what names the document, for ranking, and all words of letters.
    ``newest`` and ``most_used`` sort downwards, ``by_title`` upwards; each ends in the resource's
    id, so there are no ties. ``published`` is the ordinal of a day.
    """

    resource_id: int
    sequence: int
    text: str
    fields: Mapping[str, str]
    words: str
    characters: str
    title_characters: str
    sound: str
    initials: str
    whole: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]
    visible_to: tuple[str, ...]
    published: int
    used: int
    newest: int
    most_used: int
    by_title: str
    snapshot: bytes


def entry_of(document: IndexDocument) -> Entry:
    """Analyse ``document``; the same document gives the same entry."""
    analysed = {
        "title": _analysed("title", document.title),
        "summary": _analysed("summary", document.summary),
        "keywords": _analysed("keywords", "\n".join(document.keywords)),
        "unit": _remembered("unit", document.unit),
        "author": _remembered("author", document.author),
        "school": _remembered("school", document.school),
        "alliance": _remembered("alliance", "\n".join(document.alliances)),
    }
    body = analysis.parts(document.body[:BODY_LIMIT])
    terms = {name: found.terms for name, found in analysed.items()}
    used = document.views + document.downloads
    return Entry(
        resource_id=document.resource_id,
        sequence=document.sequence,
        text=_weighted({**terms, "body": " ".join(body.terms)}),
        fields=terms,
        words=" ".join(
            [*(found.words for found in analysed.values() if found.words), *body.letters]
        ),
        characters=_characters(analysed.values(), body.ideographs),
        title_characters=" ".join(analysed["title"].ideographs),
        sound=_BETWEEN.join(filter(None, (analysed[name].sound for name in SOUNDING))),
        initials=_BETWEEN.join(filter(None, (analysed[name].initials for name in SOUNDING))),
        whole=analysed["title"].whole,
        codes={name: tuple(filter(None, get(document))) for name, get in CODES.items()},
        visible_to=tuple(sorted(document.visible_to)),
        published=document.published_at.toordinal(),
        used=used,
        newest=_falling(int(document.published_at.timestamp()), document.resource_id),
        most_used=_falling(used, document.resource_id),
        by_title=title_key(document.title, document.resource_id),
        snapshot=snapshot(document),
    )


class _Analysed(NamedTuple):
    terms: str
    words: str
    ideographs: str
    characters: str
    sound: str
    initials: str
    whole: tuple[str, ...]


def _analysed(name: str, text: str) -> _Analysed:
    """Analyse the text of the field ``name``; how it sounds only where that is searched."""
    found = analysis.parts(text)
    ideographs = "".join(found.ideographs)
    named = character_term("", name)
    heard = found.ideographs if name in SOUNDING else ()
    sounds = [one for run in heard for one in _sounds(run)]
    whole = ["".join(found.runs), *(s.letters for s in sounds), *(s.first for s in sounds)]
    return _Analysed(
        terms=" ".join(found.terms),
        words=" ".join(word_terms(found.runs)),
        ideographs=ideographs,
        characters=" ".join([named + character for character in dict.fromkeys(ideographs)]),
        sound=_BETWEEN.join([s.syllables for s in sounds]),
        initials=_BETWEEN.join([s.initials for s in sounds]),
        whole=tuple(filter(None, dict.fromkeys(whole))),
    )


_remembered = lru_cache(maxsize=8192)(_analysed)
"""Names of schools, authors and units come again and again; titles would push them out."""


class _Sound(NamedTuple):
    """One way to read a run: its ``syllables`` apart and as ``letters``, its ``first`` letters.

    ``initials`` are the pairs of neighbouring first letters.
    """

    syllables: str
    letters: str
    initials: str
    first: str


@lru_cache(maxsize=8192)
def _sounds(run: str) -> tuple[_Sound, ...]:
    """Give the ways in which ``run`` may sound; 第一课时 stands in many titles."""
    return tuple(_sound(reading) for reading in sound.readings(run))


def _sound(reading: list[str]) -> _Sound:
    first = [syllable[:1] for syllable in reading]
    return _Sound(
        syllables=" ".join(filter(None, reading)),
        letters="".join(reading),
        initials=" ".join([a + b for a, b in pairwise(first) if a and b]),
        first="".join(first),
    )


def _weighted(terms: Mapping[str, str]) -> str:
    return _BETWEEN.join(
        terms[name] for name, weight in WEIGHTS.items() if terms[name] for _ in range(weight)
    )


RANKING = ("words", "sound", "initials", "whole", "title_characters")
"""Places that are fields of the index by themselves, beside the text fields."""


def index_field(node: Occurs) -> str:
    """Say in which field of the index ``node`` is looked up."""
    if node.place in RANKING:
        return node.place or ""
    return "characters" if node.literal.is_single else f"{node.place or 'text'}_terms"


def character_term(character: str, field: str | None) -> str:
    return character if field is None else f"{field}:{character}"


def _characters(analysed: Collection[_Analysed], body: list[str]) -> str:
    """Give every distinct ideograph of a document once, then those of each field by its name."""
    every = dict.fromkeys("".join([*body, *(found.ideographs for found in analysed)]))
    return " ".join([*every, *(found.characters for found in analysed if found.characters)])


def _falling(amount: int, resource_id: int) -> int:
    """Sort by ``amount``, greatest first, then by id, smallest first, in one number of 64 bits."""
    return min(max(amount, 0), (1 << 33) - 1) << 31 | (_IDS - 1 - resource_id % _IDS)


def title_key(title: str, resource_id: int) -> str:
    """Give a key that sorts titles by sound, with numbers by size, then by id.

    The first 3,755 characters of GB 2312 are in the order of their pinyin, and GB 18030 kept it.
    """
    counted = _DIGITS.sub(lambda digits: digits[0].zfill(9), analysis.fold(title.strip()))
    encoded = counted.encode("gb18030", errors="replace").decode("latin-1")
    return f"{encoded}\0{resource_id:020d}"
