"""How what is being typed may go on: names and titles of documents that the person may see."""

from collections.abc import Iterator
from itertools import chain, islice, pairwise, product

from search_index import analysis, pinyin, sound
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.base import Completion, CompletionKind, Sort
from search_index.copies import Finder, Question
from search_index.snapshot import Shown
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
    alike = _read(finder, _sounding(runs), seen_by)  # once: sounds are indexed for all kinds as one
    for kind in CompletionKind:
        for document in (*alike, *_read(finder, _written(runs, kind.value), seen_by)):
            value = value_of(document, kind)
            begins = fits(value, runs)
            if begins is not None and fold(value) != typed:
                found.setdefault(Completion(value, kind), (not begins, len(found)))
    ranked = sorted(found, key=lambda completion: found[completion])
    return tuple(_mixed(ranked))[:limit]


def _read(finder: Finder, wanted: Node | None, seen_by: frozenset[str]) -> list[Shown]:
    if wanted is None:
        return []
    question = Question(wanted, seen_by, {}, Sort.MOST_USED, 0, READ, ())
    return [document for _, document in finder.find(question).hits]


def _mixed(ranked: list[Completion]) -> Iterator[Completion]:
    """Let names have their turn among the many titles: every third."""
    titles = [c for c in ranked if c.kind is CompletionKind.TITLE]
    names = [c for c in ranked if c.kind is not CompletionKind.TITLE]
    while titles or names:
        yield from titles[:2]
        yield from names[:1]
        titles, names = titles[2:], names[1:]


def value_of(document: Shown, kind: CompletionKind) -> str:
    return str(getattr(document, kind.value))


def _written(runs: list[str], field: str) -> Node:
    """Ask for documents whose ``field`` is written so; ``fits`` looks at each of them."""
    return All(tuple(Occurs(_open(run, runs), field) for run in runs))


def _open(run: str, runs: list[str]) -> Literal:
    """Let the last word of letters go on; ideographs match inside longer words anyway."""
    if is_ideographic(run) or run is not runs[-1]:
        return literal(run)
    return Literal(run, (run,), prefix=True)


def _sounding(runs: list[str]) -> Node | None:
    """Ask for what sounds so in any field, if some of what was typed may be pinyin."""
    if all(map(is_ideographic, runs)):
        return None
    options = list(_spelled(runs))
    letters = "".join(runs)
    if letters.isascii() and letters.isalpha() and len(letters) >= _INITIALS_LEAST:
        pairs = tuple(a + b for a, b in pairwise(letters))
        options.append(Occurs(Literal(letters, pairs), "initials"))
    return Any(tuple(options)) if options else None


def _spelled(runs: list[str]) -> Iterator[Node]:
    ways = [*(_ways(run, last=False) for run in runs[:-1]), _ways(runs[-1], last=True)]
    characters = tuple(Occurs(literal(run)) for run in runs if is_ideographic(run))
    for way in islice(product(*ways), _MOST_SPELLINGS):
        *begun, last = chain.from_iterable(way)
        for ending in (last,) if is_ideographic(runs[-1]) else pinyin.completed(last):
            sounds = Occurs(sound_literal((*begun, ending)), "sound")
            yield All((*characters, sounds)) if characters else sounds


def _ways(run: str, *, last: bool) -> list[tuple[str, ...]]:
    """Give the ways in which ``run`` may be said; the last one of letters may be only begun."""
    if is_ideographic(run):
        return [tuple(way) for way in sound.readings(run) if all(way)]
    return pinyin.spelled_unfinished(run) if last else pinyin.spelled(run)


def fits(value: str, runs: list[str]) -> bool | None:
    """Say if ``value`` begins with what was typed (True), has it inside (False), or neither."""
    plain = "".join(analysis.runs(fold(value)))
    typed = "".join(runs)
    at = plain.find(typed)
    if at >= 0:
        return at == 0
    if not plain or all(map(is_ideographic, runs)):
        return None
    spoken = [_spoken(run) for run in runs]
    found = {_sounds_so(plain, syllables, spoken) for syllables in sound.readings(plain)}
    return next((begins for begins in (True, False) if begins in found), None)


def _spoken(run: str) -> str:
    """Give letters without the tones that may stand among them."""
    ways = () if run.isalpha() else pinyin.spelled_unfinished(run)
    return "".join(ways[0]) if ways else run


def _sounds_so(plain: str, syllables: list[str], runs: list[str]) -> bool | None:
    """Compare what was typed with one way to read ``plain``, as ``fits`` does."""
    for at in range(len(plain)):
        if _goes_on(plain, syllables, runs, at):
            return at == 0
    letters = "".join(runs)
    if not letters.isascii() or len(letters) < _INITIALS_LEAST:
        return None
    at = "".join(syllable[:1] or " " for syllable in syllables).find(letters)
    return at == 0 if at >= 0 else None


def _goes_on(plain: str, syllables: list[str], runs: list[str], at: int) -> bool:
    """Say whether the text from ``at`` is what was typed: characters as they are, letters spoken.

    Only the last letters may end within a syllable.
    """
    for number, run in enumerate(runs, 1):
        if is_ideographic(run):
            if not plain.startswith(run, at):
                return False
            at += len(run)
            continue
        rest = run
        while rest and at < len(plain) and (syllable := syllables[at]):
            if not rest.startswith(syllable):
                if number < len(runs) or not syllable.startswith(rest):
                    return False
                syllable = rest
            rest = rest[len(syllable) :]
            at += 1
        if rest:
            return False
    return True
