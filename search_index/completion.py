"""How what is being typed may go on: names and titles of documents that the person may see."""

from collections.abc import Iterator
from itertools import pairwise

from search_index import analysis, pinyin, sound
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.base import Completion, CompletionKind, IndexDocument, Sort
from search_index.copies import Finder, Question
from search_index.tree import All, Any, Node, Occurs
from search_index.wording import sound_literal

READ = 24
"""Documents that are read for one kind of completion: the most used ones that fit."""

LONGEST = 40
"""Characters of what was typed that count."""

_MOST_SPELLINGS = 4
_INITIALS_LEAST = 2
_WHOLE = frozenset({CompletionKind.AUTHOR, CompletionKind.SCHOOL, CompletionKind.UNIT})


def complete(
    finder: Finder, text: str, seen_by: frozenset[str], *, limit: int
) -> tuple[Completion, ...]:
    """Guess how ``text`` goes on; what begins so comes before what has it inside."""
    typed = fold(text[:LONGEST]).strip()
    runs = analysis.runs(typed)
    if not runs:
        return ()
    found: dict[Completion, tuple[bool, int]] = {}
    for kind in CompletionKind:
        wanted = _wanted(runs, kind.value)
        question = Question(wanted, seen_by, {}, Sort.MOST_USED, 0, READ, ())
        for _, document in finder.find(question).hits:
            value = value_of(document, kind)
            begins = fits(value, runs)
            if begins is not None and fold(value) != typed:
                found.setdefault(Completion(value, kind), (not begins, len(found)))
    ranked = sorted(found, key=lambda completion: found[completion])
    return tuple(_mixed(ranked))[:limit]


def _mixed(ranked: list[Completion]) -> Iterator[Completion]:
    """Let names have their turn among the many titles: every third."""
    titles = [c for c in ranked if c.kind is CompletionKind.TITLE]
    names = [c for c in ranked if c.kind is not CompletionKind.TITLE]
    while titles or names:
        yield from titles[:2]
        yield from names[:1]
        titles, names = titles[2:], names[1:]


def value_of(document: IndexDocument, kind: CompletionKind) -> str:
    return str(getattr(document, kind.value))


def _wanted(runs: list[str], field: str) -> Node:
    """Ask for documents whose ``field`` may fit; ``fits`` looks at each of them."""
    options: list[Node] = [All(tuple(Occurs(_open(run, runs), field) for run in runs))]
    letters = "".join(runs)
    if letters.isascii() and letters.isalnum():
        options += _sounding(letters)
    return Any(tuple(options))


def _open(run: str, runs: list[str]) -> Literal:
    """Let the last word of letters go on; ideographs match inside longer words anyway."""
    if is_ideographic(run) or run is not runs[-1]:
        return literal(run)
    return Literal(run, (run,), prefix=True)


def _sounding(letters: str) -> Iterator[Node]:
    for spelled in pinyin.spelled_unfinished(letters)[:_MOST_SPELLINGS]:
        for last in pinyin.completed(spelled[-1]):
            yield Occurs(sound_literal((*spelled[:-1], last)), "sound")
    if letters.isalpha() and len(letters) >= _INITIALS_LEAST:
        pairs = tuple(a + b for a, b in pairwise(letters))
        yield Occurs(Literal(letters, pairs), "initials")


def fits(value: str, runs: list[str]) -> bool | None:
    """Say if ``value`` begins with what was typed (True), has it inside (False), or neither."""
    plain = "".join(analysis.runs(fold(value)))
    typed = "".join(runs)
    at = plain.find(typed)
    if at >= 0:
        return at == 0
    if not (typed.isascii() and typed.isalnum()):
        return None
    found = (
        {_sounds_so(syllables, typed) for syllables in sound.readings(plain)} if plain else set()
    )
    return next((begins for begins in (True, False) if begins in found), None)


def _sounds_so(syllables: list[str], typed: str) -> bool | None:
    """Compare what was typed with one way to read a text, as ``fits`` does."""
    starts = [0]
    for syllable in syllables:
        starts.append(starts[-1] + len(syllable))
    spoken = "".join(syllables)
    at = spoken.find(typed)
    while at >= 0 and at not in starts:
        at = spoken.find(typed, at + 1)
    if at >= 0:
        return at == 0
    at = "".join(syllable[:1] or " " for syllable in syllables).find(typed)
    return at == 0 if at >= 0 and len(typed) >= _INITIALS_LEAST else None
