"""What of a document is indexed under which name; the same for every engine."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import datetime

from search_index import analysis
from search_index.base import BODY_LIMIT, IndexDocument

BOOSTS: Mapping[str, float] = {"title": 4.0, "keywords": 3.0, "unit": 1.5, "summary": 1.2}
"""How much more a word counts in these fields than in the text as a whole, which counts 1."""

WORD_BOOST = 0.5
"""What a word adds where the dictionary sees it too, so that 华人 prefers 华人 to 中华人民."""

PHRASE_BOOST = 2.0
"""What the words of a chunk add when they stand together as typed, in text and title."""

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

_BORDER = "¶"  # a term between two fields, so that no phrase reaches across them
_NAMES = tuple(field.name for field in fields_of(IndexDocument))
_DIGITS = re.compile(r"\d+")
_IDS = 1 << 31  # resource ids fit in 31 bits, seconds until the year 2242 in the other 33


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as an engine stores it: terms joined by spaces, codes, sort keys, snapshot.

    ``text`` holds the terms of the whole document in order, ``fields`` those of each text field,
    ``characters`` every distinct ideograph, alone and as ``title:圆``; ``words`` is for ranking.
    ``newest`` and ``most_used`` sort downwards, ``by_title`` upwards; each ends in the resource's
    id, so there are no ties.
    """

    resource_id: int
    sequence: int
    text: str
    fields: Mapping[str, str]
    words: str
    characters: str
    codes: Mapping[str, tuple[str, ...]]
    visible_to: tuple[str, ...]
    newest: int
    most_used: int
    by_title: str
    snapshot: str


def entry_of(document: IndexDocument) -> Entry:
    """Analyse ``document``; the same document gives the same entry."""
    texts = {
        "title": document.title,
        "summary": document.summary,
        "keywords": "\n".join(document.keywords),
        "unit": document.unit,
        "author": document.author,
        "school": document.school,
        "alliance": "\n".join(document.alliances),
    }
    runs = {name: analysis.runs(analysis.fold(text)) for name, text in texts.items()}
    runs["body"] = analysis.runs(analysis.fold(document.body[:BODY_LIMIT]))
    terms = {name: " ".join(analysis.match_terms(found)) for name, found in runs.items()}
    every_run = [run for found in runs.values() for run in found]
    return Entry(
        resource_id=document.resource_id,
        sequence=document.sequence,
        text=f" {_BORDER} ".join(joined for joined in terms.values() if joined),
        fields={name: terms[name] for name in TEXT_FIELDS},
        words=" ".join(analysis.word_terms(every_run)),
        characters=_characters(runs),
        codes={name: tuple(c for c in get(document) if c) for name, get in CODES.items()},
        visible_to=tuple(sorted(document.visible_to)),
        newest=_falling(int(document.published_at.timestamp()), document.resource_id),
        most_used=_falling(document.views + document.downloads, document.resource_id),
        by_title=title_key(document.title, document.resource_id),
        snapshot=snapshot(document),
    )


def character_term(character: str, field: str | None) -> str:
    return character if field is None else f"{field}:{character}"


def _characters(runs: Mapping[str, list[str]]) -> str:
    found: set[str] = set()
    for name, in_field in runs.items():
        here = set("".join(run for run in in_field if analysis.is_ideographic(run)))
        found |= here
        if name != "body":
            found |= {character_term(character, name) for character in here}
    return " ".join(sorted(found))


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


def snapshot(document: IndexDocument) -> str:
    """Write ``document`` down as JSON; ``document_of`` reads it back."""
    values = {name: getattr(document, name) for name in _NAMES}
    return json.dumps(values, ensure_ascii=False, default=_plain, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


def document_of(text: str) -> IndexDocument:
    """Read what ``snapshot`` wrote."""
    values = json.loads(text)
    for name in ("keywords", "alliances", "grades", "formats"):
        values[name] = tuple(values[name])
    values["visible_to"] = frozenset(values["visible_to"])
    values["published_at"] = datetime.fromisoformat(values["published_at"])
    return IndexDocument(**values)
