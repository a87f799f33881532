"""The administrator's own words for search: words to keep whole, and words that mean the same."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.models import AuditEvent, SearchWord, WordKind
from resource_hub.services.organisations import require_administrator
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wording import one_line
from search_index.analysis import fold
from search_index.lexicon import Lexicon

MAX_TEXT = 200
MAX_WORD = 40
MOST = 5_000
MOST_LINES = 1_000

ADDED, REMOVED = "search_words:add", "search_words:remove"

_EQUALS = re.compile(r"\s*[=＝]\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is kept; ``key`` is what makes two entries the same."""

    kind: WordKind
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Added:
    """How many lines are new, and how many were there already."""

    new: int
    known: int


def read_line(line: str) -> Line:
    """Read ``勾股定理``, or ``教案 = 教学设计 = lesson plan``.

    Raises:
        Invalid: it is empty, too long, or nothing that search could learn from.
    """
    readable = "".join(character if character.isprintable() else " " for character in line)
    words = [word for word in _EQUALS.split(one_line(readable)) if word]
    folded = dict.fromkeys(fold(word) for word in words)
    text = " = ".join(words)
    if sentence := _refusal(words, folded, text):
        raise Invalid([Problem("text", sentence, {"limit": MAX_TEXT, "word": MAX_WORD})])
    kind = WordKind.SYNONYMS if len(words) > 1 else WordKind.WORD
    return Line(kind, text, " = ".join(sorted(folded)))


def _refusal(words: list[str], folded: Collection[str], text: str) -> str | None:
    alone = words[0] if len(words) == 1 else ""
    wrong = {
        N_("Write a word, or words that mean the same with = between."): not words,
        N_("At most %(limit)s characters, and %(word)s in each word."): (
            len(text) > MAX_TEXT or any(len(word) > MAX_WORD for word in words)
        ),
        N_("A word has letters, digits or Chinese characters."): (
            any(not any(map(str.isalnum, word)) for word in words)
        ),
        N_("A word of one character is found without this: write at least two."): len(alone) == 1,
        N_("Words with a blank between are found without this: write one word."): " " in alone,
        N_("To search these words are the same already, whatever the script or the case."): (
            len(words) > 1 and len(folded) == 1
        ),
    }
    return next((sentence for sentence, holds in wrong.items() if holds), None)


def add_word(uow: UnitOfWork, by: Person, text: str) -> SearchWord:
    """Add a word, or several that mean the same with ``=`` between.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Invalid: see ``read_line``; or it is there already, or there are 5,000.
    """
    require_administrator(by)
    line = read_line(text)
    if _known(uow.session, [line.key]):
        raise Invalid([Problem("text", N_("This is in the list already."))])
    _leave_room(uow.session, 1, "text")
    [row] = _keep(uow, by, [line])
    return row


def add_words(uow: UnitOfWork, by: Person, text: str) -> Added:
    """Add many, one a line; what is there already is left as it is. All of them or none.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Invalid: with one problem for each wrong line, its field ``line-`` and the line's number; or
            there are too many.
    """
    require_administrator(by)
    lines: dict[str, Line] = {}
    problems: list[Problem] = []
    written = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not written:
        raise Invalid([Problem("lines", N_("Write at least one word."))])
    if len(written) > MOST_LINES:
        sentence = N_("At most %(limit)s lines at once.")
        raise Invalid([Problem("lines", sentence, {"limit": MOST_LINES})])
    for number, words in written:
        try:
            line = read_line(words)
        except Invalid as error:
            problems += [Problem(f"line-{number}", p.sentence, p.values) for p in error.problems]
        else:
            lines.setdefault(line.key, line)
    if problems:
        raise Invalid(problems)
    known = _known(uow.session, lines)
    new = [line for key, line in lines.items() if key not in known]
    _leave_room(uow.session, len(new), "lines")
    if new:
        _keep(uow, by, new)
    return Added(len(new), len(written) - len(new))


def remove_word(uow: UnitOfWork, by: Person, word_id: int) -> str:
    """Take an entry out of the list; answers what it said.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: it is not there, perhaps not any more.
    """
    require_administrator(by)
    return _remove(uow, by, uow.session.get(SearchWord, word_id))


def remove_text(uow: UnitOfWork, by: Person, text: str) -> str:
    """The same, by what it says: in any script and case, synonyms in any order."""
    require_administrator(by)
    key = read_line(text).key
    row = uow.session.scalar(select(SearchWord).where(SearchWord.key == key))
    return _remove(uow, by, row)


def _remove(uow: UnitOfWork, by: Person, row: SearchWord | None) -> str:
    if row is None:
        raise Missing(N_("This is not in the list."))
    text = row.text
    uow.session.delete(row)
    uow.session.flush()
    uow.record(REMOVED, by=by, words=[text])
    return text


def _known(session: Session, keys: Collection[str]) -> set[str]:
    return set(session.scalars(select(SearchWord.key).where(SearchWord.key.in_(keys))))


def _leave_room(session: Session, number: int, field: str) -> None:
    count = session.scalar(select(func.count(SearchWord.id))) or 0
    if count + number > MOST:
        sentence = N_("At most %(limit)s words and groups; remove some first.")
        raise Invalid([Problem(field, sentence, {"limit": MOST})])


def _keep(uow: UnitOfWork, by: Person, lines: list[Line]) -> list[SearchWord]:
    rows = [
        SearchWord(
            kind=line.kind,
            text=line.text,
            key=line.key,
            added_by_id=by.id or None,
            added_at=uow.now(),
        )
        for line in lines
    ]
    uow.session.add_all(rows)
    uow.session.flush()
    uow.record(ADDED, by=by, words=[line.text for line in lines])
    return rows


Version = tuple[int, datetime] | None

_LEXICONS: WeakKeyDictionary[Engine, tuple[Version, Lexicon]] = WeakKeyDictionary()
"""By database: the version that was read, and what it said. One process, any number of threads."""


def lexicon(session: Session) -> Lexicon:
    """The words in use, for ``SearchRequest.own_words``; one small query when nothing changed.

    Every change is an audit event, and those are never deleted: the last one is the version. Its
    time tells it from one that was rolled back, whose number is given out again.
    """
    last = session.execute(
        select(AuditEvent.id, AuditEvent.at)
        .where(AuditEvent.tag.in_((ADDED, REMOVED)))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    version = (last.id, last.at) if last else None
    engine = session.connection().engine
    kept = _LEXICONS.get(engine)
    if kept is None or kept[0] != version:
        kept = _LEXICONS[engine] = version, _read(session)
    return kept[1]


def _read(session: Session) -> Lexicon:
    rows = session.execute(select(SearchWord.kind, SearchWord.text)).all()
    return Lexicon(
        words=frozenset(text for kind, text in rows if kind is WordKind.WORD),
        synonyms=frozenset(
            tuple(text.split(" = ")) for kind, text in rows if kind is WordKind.SYNONYMS
        ),
    )
