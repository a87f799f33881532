"""Plain words to what must occur: words of the dictionary, what means the same, how it sounds.

Each word has to occur literally, or in another form, which then counts less:

    form                                   weight   where
    the word as typed                      1        anywhere
    a synonym, or the other region's word  0.5      anywhere
    the code it names (数学, 三年级, 教案)    0.5      subject, grade, kind, stage, volume
    its number written otherwise           0.8      anywhere
    pinyin of two syllables or more        0.4      title, keywords, unit, author, school
    one syllable, initials (loose only)    0.3      the same
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice, pairwise, product

from search_index import analysis, numerals, pinyin, regions
from search_index.analysis import STOP, Literal, is_ideographic, literal
from search_index.dictionary import Dictionary
from search_index.tree import All, Best, Code, Node, Occurs, Words
from search_index.vocabulary import Vocabulary

SYNONYM, NUMERAL, PINYIN, INITIALS = 0.5, 0.8, 0.4, 0.3
"""What the other forms of a word count."""

AS_A_WORD = 0.5
"""What a word adds where the dictionary sees it too, so that 华人 prefers 华人 to 中华人民."""

IN_THE_TITLE = 1.5
"""What a lone character adds in a title, where it says more than anywhere else."""

TOGETHER: Mapping[str | None, float] = {None: 1.0, "title": 2.0, "author": 4.0}
"""What the words add when they stand together as typed: in the text, the title, a name."""

WHOLE_TITLE = 4.0
"""What each term adds when the words are the title: about as much as a rare word."""

NAMED = ("subject", "grade", "kind", "stage", "volume")
"""Codes that a word may name without naming the field."""

MOST_LITERALS = 64
"""Words that are looked up; the rest of a longer query is left out."""

_MOST_SPELLINGS = 8
_LONGEST_SOUND = 90  # letters; a pasted English text is not pinyin
_INITIALS = range(2, 13)  # letters: fewer say nothing
_TERM_WIDTHS = (3, 2)  # words of an English term that has a synonym
_LONGEST_TOGETHER = 60  # characters: beyond, nobody types a title


class Wording:
    """Reads plain words with one dictionary and one vocabulary.

    ``loose`` takes a single syllable and initials for pinyin too: for a query that else finds
    nothing.
    """

    def __init__(
        self, dictionary: Dictionary, vocabulary: Vocabulary, *, loose: bool = False
    ) -> None:
        self._dictionary = dictionary
        self._vocabulary = vocabulary
        self._loose = loose

    def words(self, folded: str, typed: str, *, field: str | None, allowed: int) -> Words | None:
        """Say what must occur for ``folded``, typed without quotes; at most ``allowed`` words.

        A document that holds ``folded`` literally always has what is asked for.
        """
        runs = analysis.runs(folded)
        found = list(dict.fromkeys(self._wanted(runs, field)))
        helpful = [node for text, node in found if text not in STOP] or [node for _, node in found]
        if not helpful:
            return None
        needed = tuple(helpful[:allowed])
        if field is None and len(helpful) <= allowed and (forms := list(self._variants(folded))):
            needed = (Best(((All(needed), 1.0), *forms)),)
        return Words(needed, typed, field, tuple(self._lifts(runs, folded, field)))

    def _variants(self, folded: str) -> Iterator[tuple[Node, float]]:
        """Yield what must occur instead where numbers or words are written otherwise."""
        variants = dict.fromkeys(numerals.variants(folded), NUMERAL)
        variants |= dict.fromkeys(regions.variants(folded), SYNONYM)
        for variant, weight in variants.items():
            nodes = tuple(node for _, node in self._wanted(analysis.runs(variant), None))
            if nodes:
                yield All(nodes), weight

    def _wanted(self, runs: list[str], field: str | None) -> Iterator[tuple[str, Node]]:
        """Yield each word and what must occur for it."""
        letters: list[str] = []
        for run in runs:
            if is_ideographic(run):
                yield from self._letters(letters, field)
                letters = []
                for word in self._words_of(run):
                    yield from self._ideographs(word, field)
            else:
                letters.append(run)
        yield from self._letters(letters, field)

    def _words_of(self, run: str) -> list[str]:
        """Cut a run; neighbouring characters that are no word (a name) stay together."""
        words: list[str] = []
        loose = ""
        for word in self._dictionary.cut(run):
            if len(word) == 1 and word not in STOP:
                loose += word
                continue
            if loose:
                words.append(loose)
                loose = ""
            words.append(word)
        return [*words, loose] if loose else words

    def _ideographs(self, word: str, field: str | None) -> Iterator[tuple[str, Node]]:
        parts = [(part, Occurs(literal(part), field)) for part in self._dictionary.parts(word)]
        others = self._other_forms(word, field)
        if others:
            yield word, Best(((_all(tuple(node for _, node in parts)), 1.0), *others))
        else:
            yield from parts

    def _other_forms(self, word: str, field: str | None) -> list[tuple[Node, float]]:
        forms: list[tuple[Node, float]] = [
            (_all(tuple(Occurs(one, field) for one in whole(other))), SYNONYM)
            for other in self._dictionary.same_as(word)
        ]
        if field is None:
            forms += [
                (Code(name, code, word), SYNONYM)
                for name in NAMED
                if (code := self._vocabulary.code_of(name, word))
            ]
        return forms

    def _letters(self, runs: list[str], field: str | None) -> Iterator[tuple[str, Node]]:
        """Yield neighbouring words of letters: English, or pinyin where all can be read so."""
        spelled: list[str] = []
        at = 0
        while at < len(runs):
            width = self._width_of_term(runs, at)
            term, run = runs[at : at + width], runs[at]
            at += width
            if width == 1 and field is None and self._may_sound(run):
                spelled.append(run)
                continue
            yield from self._sounding(spelled)
            spelled = []
            if width == 1:
                yield run, self._letter_word(run, field)
            else:
                typed = _all(tuple(Occurs(literal(each), field) for each in term))
                joined = " ".join(term)
                yield joined, Best(((typed, 1.0), *self._other_forms(joined, field)))
        yield from self._sounding(spelled)

    def _width_of_term(self, runs: list[str], at: int) -> int:
        """Count the runs from ``at`` that are one term with synonyms, such as lesson plan."""
        return next(
            (w for w in _TERM_WIDTHS if self._dictionary.same_as(" ".join(runs[at : at + w]))), 1
        )

    def _letter_word(self, run: str, field: str | None) -> Node:
        forms = self._other_forms(run, field)
        if self._loose and field is None and len(run) in _INITIALS and run.isalpha():
            letters = tuple(a + b for a, b in pairwise(run))
            forms.append((Occurs(Literal(run, letters), "initials"), INITIALS))
        typed = Occurs(literal(run), field)
        return Best(((typed, 1.0), *forms)) if forms else typed

    def _may_sound(self, run: str) -> bool:
        return len(run) <= _LONGEST_SOUND and run.isascii() and bool(pinyin.spelled(run))

    def _sounding(self, runs: list[str]) -> Iterator[tuple[str, Node]]:
        if not runs:
            return
        each = [self._sounding_word(run) for run in runs]
        together = _sounds(runs) if len(runs) > 1 and sum(map(len, runs)) <= _LONGEST_SOUND else ()
        if together:
            yield " ".join(runs), Best(((_all(tuple(each)), 1.0), *together))
        else:
            yield from zip(runs, each, strict=True)

    def _sounding_word(self, run: str) -> Node:
        node = self._letter_word(run, None)
        least = 1 if self._loose else 2
        sounds = tuple(pair for pair in _sounds([run]) if len(pair[0].literal.terms) >= least)
        if not sounds:
            return node
        options = node.options if isinstance(node, Best) else ((node, 1.0),)
        return Best((*options, *sounds))

    def _lifts(
        self, runs: list[str], folded: str, field: str | None
    ) -> Iterator[tuple[Node, float]]:
        if field is None:
            seen = dict.fromkeys(
                word for run in runs if is_ideographic(run) for word in self._words_of(run)
            )
            for word in list(seen)[:MOST_LITERALS]:
                if len(word) > 1:
                    yield Occurs(Literal(word, (word,)), "words"), AS_A_WORD
                elif word not in STOP:
                    yield Occurs(Literal(word, (word,)), "title_characters"), IN_THE_TITLE
        if len(folded) > _LONGEST_TOGETHER or not runs:
            return
        joined = Literal(" ".join(runs), tuple(analysis.match_terms(runs)))
        if len(joined.terms) > 1:
            yield from ((Occurs(joined, p), by) for p, by in TOGETHER.items() if field is None)
        if field in {None, "title"}:
            whole_title = Literal(joined.text, ("".join(runs),))
            yield Occurs(whole_title, "whole"), WHOLE_TITLE * len(joined.terms)


def whole(text: str) -> tuple[Literal, ...]:
    """Say what must occur for folded ``text`` that is one word, or several with spaces."""
    runs = analysis.runs(text)
    return (literal(runs[0]),) if len(runs) == 1 else analysis.phrase(text)


def sound_literal(syllables: tuple[str, ...]) -> Literal:
    return Literal(" ".join(syllables), syllables)


def _sounds(runs: list[str]) -> tuple[tuple[Occurs, float], ...]:
    """Give the ways in which neighbouring runs of letters may sound, if all can be read so."""
    readings = islice(product(*map(pinyin.spelled, runs)), _MOST_SPELLINGS)
    return tuple(
        (Occurs(sound_literal(tuple(chain.from_iterable(reading))), "sound"), PINYIN)
        for reading in readings
    )


def _all(parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else All(parts)
