"""What a person may have meant: words that sound the same or differ by a letter or two.

Candidates are read from documents that the person may see, so nothing else is ever suggested.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from search_index import analysis, sound
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.base import IndexDocument, Sort
from search_index.copies import Finder, Question
from search_index.spelling import Correction, nearest_run, nearest_word
from search_index.tree import All, Any, Node, Occurs, Some, Words, positive_words
from search_index.wording import sound_literal

READ = 30
"""Documents that are read for one word."""

SUGGESTED = 3
"""Queries that are suggested."""

MOST_RUNS = 6
"""Words of one query that are looked at; nobody misspells more."""

_LONGEST_RUN = 20  # characters; a longer one is a sentence
_BODY = 20_000  # characters of a body that are looked through
_PIECES = 20  # of a body
_LETTERS_LEAST = 4
_SAME, _LONG = 2, 4  # ideographs: from so many on, pieces are compared too


@dataclass(frozen=True, slots=True)
class Meant:
    """Whole queries that may have been meant, the likeliest first; ``alike`` as typed."""

    queries: tuple[str, ...]
    alike: bool


def corrections(finder: Finder, tree: Node, seen_by: frozenset[str], query: str) -> Meant:
    """Give queries like ``query`` with the words changed that stand in no document as typed."""
    folded = fold(query)
    changes = [
        (run, better)
        for run in _runs(tree)
        if run in folded and (better := _better(finder, run, seen_by))
    ]
    texts = [(run, [correction.text for correction in better]) for run, better in changes]
    queries = tuple(dict.fromkeys(_changed(query, folded, texts)))[:SUGGESTED]
    return Meant(queries, all(better[0].alike for _, better in changes))


def _changed(query: str, folded: str, changes: list[tuple[str, list[str]]]) -> Iterator[str]:
    """Change every mistaken word into its best correction, then one word into its others."""
    if not changes:
        return
    all_best = query
    shape = folded
    for run, better in changes:
        at = shape.find(run)
        all_best = all_best[:at] + better[0] + all_best[at + len(run) :]
        shape = shape[:at] + better[0] + shape[at + len(run) :]
    yield all_best
    run, better = changes[0]
    at = folded.find(run)
    for other in better[1:]:
        yield query[:at] + other + query[at + len(run) :]


def _runs(tree: Node) -> list[str]:
    runs = [
        run
        for words in positive_words(tree)
        for run in analysis.runs(fold(words.typed))
        if len(run) <= _LONGEST_RUN
    ]
    return list(dict.fromkeys(runs))[:MOST_RUNS]


def _better(finder: Finder, run: str, seen_by: frozenset[str]) -> list[Correction]:
    """Give what may have been meant by ``run``, if it does not stand in any document itself."""
    wanted: Node
    if is_ideographic(run):
        if len(run) < _SAME:
            return []
        wanted, nearest = _ideographs_like(run), nearest_run
    elif len(run) >= _LETTERS_LEAST and run.isalpha():
        most = 1 if len(run) == _LETTERS_LEAST else 2  # two: neighbours may have changed places
        wanted = Occurs(Literal(run, (run,), distance=most), "words")
        nearest = nearest_word
    else:
        return []
    if _find(finder, Words((Occurs(literal(run)),), run), seen_by, 1):
        return []
    found: list[Correction] = []
    for document in _find(finder, Words((wanted,), run), seen_by, READ):
        for text in _texts(run, document):
            if correction := nearest(run, text):
                found.append(correction)
                break
    often = Counter(found)
    return sorted(often, key=lambda one: (one.cost, -often[one], one.text))


def _ideographs_like(run: str) -> Node:
    """Ask for what sounds like ``run`` in a title or a name, or shares neighbours with it."""
    options: list[Node] = [
        Occurs(sound_literal(tuple(reading)), "sound")
        for reading in sound.readings(run)
        if all(reading)
    ]
    if len(run) >= _LONG:
        pairs = tuple(Occurs(Literal(pair, (pair,))) for pair in analysis.pairs(run))
        options.append(Some(pairs, max(len(pairs) // 3, 1)))
    elif len(run) > _SAME:
        options += [All((Occurs(literal(run[0]), "title"), Occurs(literal(run[-1]), "title")))]
        options += [Occurs(literal(pair), "title") for pair in analysis.pairs(run)]
    return Any(tuple(options))


def _texts(run: str, document: IndexDocument) -> Iterator[str]:
    """Give the texts of a document that may hold what was meant, those that name things first."""
    names = (document.title, *document.keywords, document.unit, document.author, document.school)
    yield fold("\n".join(names))
    body = fold(f"{document.summary}\n{document.body[:_BODY]}")
    if not is_ideographic(run):
        yield body
        return
    like = re.compile("|".join(map(re.escape, analysis.pairs(run))))
    places = [found.start() for found, _ in zip(like.finditer(body), range(_PIECES), strict=False)]
    yield "\n".join(body[max(at - len(run), 0) : at + 2 * len(run)] for at in places)


def _find(
    finder: Finder, tree: Node, seen_by: frozenset[str], limit: int
) -> tuple[IndexDocument, ...]:
    question = Question(tree, seen_by, {}, Sort.RELEVANCE, 0, limit, ())
    return tuple(document for _, document in finder.find(question).hits)
