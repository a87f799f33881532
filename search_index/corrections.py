"""What a person may have meant: words that sound the same or differ by a letter or two.

Candidates are read from documents that the person may see, so nothing else is ever suggested.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, repeat
from typing import NamedTuple

from search_index import analysis, pinyin, sound
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.base import Sort
from search_index.copies import Finder, Question
from search_index.dictionary import Dictionary
from search_index.snapshot import Shown
from search_index.spelling import HALF, Correction, nearest_run, nearest_word
from search_index.tree import All, Any, Node, Occurs, Some, Words, positive_words
from search_index.unfolding import looking_for_pieces, words_of_letters
from search_index.wording import sound_literal

READ = 30
"""Documents that are read for one word."""

FEW = 5
"""Documents below which a person may have meant something else."""

MUCH_MORE = 5
"""Times as often must stand what is suggested for words that somebody did write."""

SUGGESTED = 3
"""Queries that are suggested."""

MOST_RUNS = 6
"""Words of one query that are looked at; nobody misspells more."""

MOST_MISSPELT = 100
"""Other readings of letters that are looked for."""

_LONGEST_RUN = 20  # characters; a longer one is a sentence
_LONGEST_LETTERS = 40  # the pinyin of some ten characters
_PER_LONE = 10  # characters of words for each that is no word, in a text that is spelled well
_BODY = 20_000  # characters of a body that are looked through
_PIECES = 20  # of a body
_LETTERS_LEAST = 4
_SAME, _LONG = 2, 4  # ideographs: from so many on, pieces are compared too


@dataclass(frozen=True, slots=True)
class Meant:
    """Whole queries that may have been meant, the likeliest first.

    ``certain`` if what was typed is no words, and the first of them sounds like it.
    """

    queries: tuple[str, ...]
    certain: bool


class _Change(NamedTuple):
    """A mistaken piece of the query, and what may have been meant by it."""

    run: str
    better: list[Correction]
    certain: bool


def corrections(
    finder: Finder, tree: Node, seen_by: frozenset[str], query: str, dictionary: Dictionary
) -> Meant:
    """Give queries like ``query`` with what is hardly found as typed changed to what is found."""
    folded = fold(query)
    search = _Search(finder, seen_by, dictionary)
    changes = [change for run in _runs(tree) if run in folded for change in search.changes(run)]
    queries = tuple(dict.fromkeys(_changed(query, folded, changes)))[:SUGGESTED]
    return Meant(queries, all(change.certain for change in changes))


def _changed(query: str, folded: str, changes: list[_Change]) -> Iterator[str]:
    """Change every mistaken piece into its best correction, then one into its others."""
    if not changes:
        return
    all_best = query
    shape = folded
    for run, better, _ in changes:
        if (at := shape.find(run)) >= 0:
            all_best = all_best[:at] + better[0].text + all_best[at + len(run) :]
            shape = shape[:at] + better[0].text + shape[at + len(run) :]
    yield all_best
    run, better, _ = changes[0]
    at = folded.find(run)
    for other in better[1:]:
        yield query[:at] + other.text + query[at + len(run) :]


def _runs(tree: Node) -> list[str]:
    runs = [
        run
        for words in positive_words(tree)
        for run in analysis.runs(fold(words.typed))
        if len(run) <= (_LONGEST_RUN if is_ideographic(run) else _LONGEST_LETTERS)
    ]
    return list(dict.fromkeys(runs))[:MOST_RUNS]


class _Search:
    """Looks among what ``seen_by`` may see for what was meant."""

    def __init__(self, finder: Finder, seen_by: frozenset[str], dictionary: Dictionary) -> None:
        self._finder = finder
        self._seen_by = seen_by
        self._dictionary = dictionary

    def changes(self, run: str, *, part: bool = False) -> list[_Change]:
        """Say what may have been meant by ``run``, or by its parts.

        Real words in a row are only taken for what sounds like them: they are slips of whoever
        types by sound, but may as well be what nobody has written about.
        """
        real = part or self._is_words(run)
        stands = self._often(run)
        if better := self._better(run, stands, alike=real):
            return [_Change(run, better, not real and not stands and better[0].alike)]
        if not real or stands:
            return []
        parts = [piece for piece in run.split("的") if len(piece) >= _SAME]
        if parts in ([], [run]):
            parts = [word for word in self._dictionary.cut(run) if len(word) >= _SAME]
        if parts in ([], [run]):
            return []
        return [change for one in parts[:MOST_RUNS] for change in self.changes(one, part=True)]

    def _is_words(self, run: str) -> bool:
        """Say whether ``run`` is known words; a mistaken one falls into single characters."""
        if not is_ideographic(run):
            return False
        words = self._dictionary.cut(run)
        lone = [word for word in words if len(word) == 1 and word not in analysis.STOP]
        return len(words) > 1 and len(lone) * _PER_LONE <= len(run)

    def _better(self, run: str, stands: int, *, alike: bool) -> list[Correction]:
        """Give what may have been meant by ``run``, which stands in so many documents itself."""
        if not self._may_be_mistaken(run, stands):
            return []
        often = Counter(self._near(run, alike=alike)) or Counter(self._misspelt(run))
        best = sorted(often, key=lambda one: (one.cost, -often[one], one.text))
        if stands or (best and best[0].alike):
            best = [one for one in best if one.alike]
        if stands:
            best = [one for one in best if self._often(one.text) >= MUCH_MORE * stands]
        return best

    def _may_be_mistaken(self, run: str, stands: int) -> bool:
        if not is_ideographic(run):
            return len(run) >= _LETTERS_LEAST and run.isalpha() and not stands
        # A short one that stands anywhere is a name.
        return len(run) >= _SAME and (not stands or (len(run) >= _LONG and stands < FEW))

    def _near(self, run: str, *, alike: bool) -> Iterator[Correction]:
        """Yield the nearest to ``run`` that each document has."""
        nearest: Callable[[str], Correction | None]
        if is_ideographic(run):
            wanted, cut = _ideographs_like(run), self._dictionary.cut
            nearest = partial(nearest_run, run, cut=cut, alike=alike)
        else:
            most = 1 if len(run) == _LETTERS_LEAST else 2  # two: neighbours may have changed places
            wanted = Occurs(Literal(run, (run,), distance=most), "words")
            nearest = partial(nearest_word, run)
        question = self._question(Words((wanted,), run), Sort.RELEVANCE, READ)
        for _, document in self._finder.find(question).hits:
            if found := next(filter(None, map(nearest, _texts(run, document))), None):
                yield found

    def _misspelt(self, run: str) -> Iterator[Correction]:
        """Yield pinyin that ``run`` is a slip of, once for each document that is called so."""
        if not run.isascii() or self._sound_often(pinyin.spelled(run)):
            return
        others = list(islice(dict.fromkeys(pinyin.misspelt(run)), MOST_MISSPELT))
        if self._sound_often(others):
            for other in others:
                meant = Correction("".join(other), HALF, alike=True)
                yield from repeat(meant, self._sound_often([other]))

    def _sound_often(self, readings: list[tuple[str, ...]]) -> int:
        """Count the documents with a name that is read in one of these ways."""
        if not readings:
            return 0
        sounds = Any(tuple(Occurs(sound_literal(reading), "sound") for reading in readings))
        return self._finder.find(self._question(sounds, Sort.NEWEST, 0)).total

    def _often(self, run: str) -> int:
        """Count the documents in which ``run`` stands as it is."""
        question = self._question(Words((Occurs(literal(run)),), run), Sort.NEWEST, 0)
        return self._finder.find(question).total

    def _question(self, tree: Node, sort: Sort, limit: int) -> Question:
        return Question(tree, self._seen_by, {}, sort, 0, limit, ())


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


def _texts(run: str, document: Shown) -> Iterator[str]:
    """Give the texts of a document that may hold what was meant, those that name things first."""
    names = (document.title, *document.keywords, document.unit, document.author, document.school)
    yield fold("\n".join(names))
    body = f"{document.summary}\n{document.body[:_BODY]}"
    if not is_ideographic(run):
        yield fold(" ".join(words_of_letters(body, latin=run.isascii())))
        return
    like = looking_for_pieces(tuple(analysis.pairs(run)))
    places = [found.start() for found in islice(like.finditer(body), _PIECES)]
    yield fold("\n".join(body[max(at - len(run), 0) : at + 2 * len(run)] for at in places))
