"""Queries that quote the items: made from them at run time, the same ones every time."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

import rjieba

from benchmarks.relevance import mistakes
from benchmarks.relevance.collection import Record
from benchmarks.relevance.judging import Judged, Kind, entitled, holding, with_initials, written_by
from benchmarks.relevance.letters import HAN, converter, letters, simplified

SEED = 20_261_122

QUESTIONS = {
    "语文": 9, "数学": 9, "英语": 9, "物理": 7, "化学": 7, "生物": 8, "历史": 7, "政治": 7,
    "地理": 6,
}  # fmt: skip
"""Pasted questions by subject."""

_CLAUSES = re.compile(r"[。，、；：？！．…,.;:?!“”‘’\"'（）()《》〈〉「」『』\[\]【】①-⑩\s]+")
_INSIDE = re.compile(r"[A-Za-z\\]{2}")
_HAN_ONLY = re.compile(r"[\u3400-\u9fff]+")
_SMALL_WORDS = re.compile("[的了和与及在是为对从被把将由以等其之并或而则但也都不可]")


class Derived:
    """Takes the records once; every method gives queries of one class."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.dice = Random(SEED)
        self.poems = [r for r in records if not r.file and r.title and r.text]
        self.items = [r for r in records if not r.file]
        self.old = [r for r in self.poems if simplified(r.title) != r.title]
        self.new = [r for r in self.poems if simplified(r.text) == r.text]
        self.questions = [r for r in records if not r.file and not r.title]
        self.chinese = [r for r in self.questions if r.subject != "英语"]
        self.english = [r for r in self.questions if r.subject == "英语"]
        self.files = [r for r in records if r.file and len(r.text) > 100]
        self.same_sound = mistakes.SameSound(r.text for r in self.chinese)

    def all(self) -> list[Judged]:
        classes = (
            self.exact, self.other_script, self.by_sound, self.typo,
            self.word_order, self.question, self.in_file,
        )  # fmt: skip
        made = [judged for queries in classes for judged in queries()]
        return list({(judged.kind, judged.text): judged for judged in made}.values())

    def exact(self) -> Iterator[Judged]:
        for poem in self._titled(self.old, 12) + self._titled(self.new, 8):
            yield self._by_title(Kind.EXACT, poem.title, poem)
        for poem in self.dice.sample(self.poems, 10):
            verse = self.dice.choice(self._clauses(poem, 5, 12))
            yield self._by_words(Kind.EXACT, verse, verse)
        for phrase in self._phrases(self.chinese, 14, 8, 25):
            yield self._by_words(Kind.EXACT, phrase, phrase)
        for phrase in self._english_phrases(5):
            yield self._by_words(Kind.EXACT, phrase, phrase)

    def other_script(self) -> Iterator[Judged]:
        for poem in self._titled(self.old, 14):
            yield self._by_title(Kind.OTHER_SCRIPT, simplified(poem.title), poem)
        for poem in self._titled(self.new, 8, changes=True):
            typed = str(converter("s2tw").convert(poem.title))
            yield self._by_title(Kind.OTHER_SCRIPT, typed, poem)
        verses = (self.dice.choice(self._clauses(poem, 5, 12)) for poem in self._some(self.old))
        for verse in islice((verse for verse in verses if simplified(verse) != verse), 8):
            yield self._by_words(Kind.OTHER_SCRIPT, simplified(verse), verse)
        phrases = self._phrases(self.chinese, len(self.chinese), 6, 20)
        pairs = ((phrase, mistakes.traditional(phrase, self.dice)) for phrase in phrases)
        for phrase, other in islice((pair for pair in pairs if pair[0] != pair[1]), 14):
            yield self._by_words(Kind.OTHER_SCRIPT, other, phrase)

    def by_sound(self) -> Iterator[Judged]:
        """Titles as pinyin in all its layouts, and by their initials."""
        for poem in self._titled(self.old, 8) + self._titled(self.new, 8):
            typed = mistakes.as_pinyin(simplified(poem.title), self.dice)
            yield self._by_title(Kind.PINYIN, typed, poem)
        for poem in self._titled(self.old, 6) + self._titled(self.new, 6):
            typed = mistakes.initials(simplified(poem.title))
            relevant = with_initials(typed, self.records) | entitled(poem.title, self.records)
            yield Judged(Kind.INITIALS, typed, relevant, poem.title)

    def typo(self) -> Iterator[Judged]:
        for poem in self._titled(self.old, 10) + self._titled(self.new, 8):
            title = simplified(poem.title)
            yield self._by_title(Kind.TYPO, self.same_sound.wrong(title, self.dice) or title, poem)
        for poem in self._titled(self.poems, 8, least=5):
            yield self._by_title(Kind.TYPO, mistakes.slip(simplified(poem.title), self.dice), poem)
        for phrase in self._phrases(self.chinese, 12, 5, 12):
            wrong = self.same_sound.wrong(phrase, self.dice) or phrase
            yield self._by_words(Kind.TYPO, wrong, phrase)
        for poem in self.dice.sample(self.poems, 10):
            verse = self.dice.choice(self._clauses(poem, 5, 12))
            wrong = self.same_sound.wrong(simplified(verse), self.dice) or verse
            yield self._by_words(Kind.TYPO, wrong, verse)
        for phrase in self._english_phrases(4):
            words = phrase.split()
            longest = max(words, key=len)
            typed = phrase.replace(longest, mistakes.slip(longest, self.dice), 1)
            yield self._by_words(Kind.TYPO, typed, phrase)

    def word_order(self) -> Iterator[Judged]:
        for poem in self._titled([r for r in self.poems if r.author], 12):
            joint = self.dice.choice((" ", "", " ", "的"))
            parts = [poem.title, poem.author]
            if joint == "的" or self.dice.random() < 0.3:
                parts.reverse()
            typed = simplified(joint.join(parts))
            relevant = entitled(poem.title, self.records) & written_by(poem.author, self.records)
            yield Judged(Kind.WORD_ORDER, typed, relevant, f"{poem.title} / {poem.author}")
        for poem in self.dice.sample(self.poems, 8):
            verses = self._clauses(poem, 4, 12)
            first = self.dice.randrange(max(1, len(verses) - 1))
            pair = verses[first : first + 2]
            typed = self.dice.choice((" ", "，", "")).join(reversed(pair))
            yield self._by_words(Kind.WORD_ORDER, typed, *pair)
        for pieces in islice(self._keywords(), 18):
            yield self._by_words(Kind.WORD_ORDER, " ".join(pieces), *pieces)
        for phrase in self._english_phrases(8):
            words = [word for word in phrase.split() if len(word) >= 4]
            words.reverse()
            yield self._by_words(Kind.WORD_ORDER, " ".join(words), *words)

    def question(self) -> Iterator[Judged]:
        for subject, count in QUESTIONS.items():
            long = [r for r in self.questions if r.subject == subject and len(r.text) >= 140]
            self.dice.shuffle(long)
            pasted = (pair for question in long if (pair := self._pasted(question)))
            for question, copied, typed in islice(pasted, count):
                meant = f"{question.number} {question.text[:30]!r}"
                yield Judged(Kind.QUESTION, typed, self._sharing(copied, subject), meant)

    def _pasted(self, question: Record) -> tuple[Record, str, str] | None:
        """Copy 100 to 500 characters from the middle; None if formulas leave too little."""
        text, english = question.text, question.subject == "英语"
        length = min(self.dice.randint(110, 500), len(text) * 5 // 6)
        start = self.dice.randint(min(10, len(text) - length), len(text) - length)
        while start and (
            text[:start].count("$") % 2 or _INSIDE.search(text[start - 1 : start + 1])
        ):
            start -= 1
        end = start + length
        while end < len(text) and text[:end].count("$") % 2:
            end += 1
        typed = mistakes.paste(text[start:end], self.dice, english=english)
        if "![" in typed or "\\" in typed:  # a picture or a formula that no program shows like this
            return None
        if not 100 <= len(typed) <= 500 or not (english or len(HAN.findall(typed)) >= 20):
            return None
        return question, text[start:end], typed

    def in_file(self) -> Iterator[Judged]:
        for number, file in enumerate(self.files):
            phrases = [part for part in self._clauses(file, 5, 16) if HAN.search(part)]
            self.dice.shuffle(phrases)
            phrase = next((part for part in phrases if not holding(part, self.items)), None)
            if phrase is None:  # a list of file names, or a word or two
                continue
            typed = mistakes.traditional(phrase, self.dice) if number % 3 == 0 else phrase
            yield self._by_words(Kind.IN_FILE, typed, phrase)

    def _by_title(self, kind: Kind, typed: str, poem: Record) -> Judged:
        return Judged(kind, typed, entitled(poem.title, self.records), poem.title)

    def _by_words(self, kind: Kind, typed: str, *words: str) -> Judged:
        relevant = frozenset.intersection(*(holding(word, self.records) for word in words))
        return Judged(kind, typed, relevant, " + ".join(words))

    def _sharing(self, copied: str, subject: str) -> frozenset[int]:
        """Find whoever has three fifths of what was copied; many questions were printed twice."""
        whole = letters(copied)
        pieces = [whole[start : start + 8] for start in range(0, len(whole) - 7, 4)]
        enough = max(1, len(pieces) * 3 // 5)
        return frozenset(
            r.number
            for r in self.questions
            if r.subject == subject and len([p for p in pieces if p in r.text_letters]) >= enough
        )

    def _some(self, records: Sequence[Record]) -> list[Record]:
        return self.dice.sample(records, len(records))

    def _titled(
        self, poems: Sequence[Record], count: int, *, least: int = 3, changes: bool = False
    ) -> list[Record]:
        """Choose poems whose titles are of 3 to 16 Chinese characters."""
        fit = [
            r
            for r in poems
            if least <= len(r.title) <= 16
            and _HAN_ONLY.fullmatch(r.title)
            and (not changes or converter("s2tw").convert(r.title) != r.title)
        ]
        return self.dice.sample(fit, count)

    def _clauses(self, record: Record, least: int, most: int) -> list[str]:
        found = [part for part in _CLAUSES.split(record.text) if least <= len(part) <= most]
        return found or [record.text[:most].split("\n")[0]]

    def _phrases(
        self, records: Sequence[Record], count: int, least: int, most: int
    ) -> Iterator[str]:
        """Give phrases out of the text of different questions, Chinese for the most part."""
        for record in self._some(records):
            fit = [
                part
                for part in self._clauses(record, least, most)
                if len(HAN.findall(part)) >= max(least, len(part) * 2 // 3)
                and not _SMALL_WORDS.match(part)
            ]
            if fit:
                yield self.dice.choice(fit)
                count -= 1
            if not count:
                return

    def _english_phrases(self, count: int) -> Iterator[str]:
        """Give five words in a row with three long ones among them, of different questions."""
        for record in self._some(self.english):
            runs = re.findall(r"[A-Za-z]+(?: +[A-Za-z]+){5,}", record.text)
            words = max(map(str.split, runs), key=len, default=[])[:-1]
            fives = [words[start : start + 5] for start in range(len(words) - 4)]
            good = [five for five in fives if sum(len(word) > 3 for word in five) >= 3]
            if good:
                yield " ".join(self.dice.choice(good))
                count -= 1
            if not count:
                return

    def _keywords(self) -> Iterator[list[str]]:
        """Give words of a phrase in another order, of one question after another."""
        for record in self._some(self.chinese):
            phrases = [part for part in self._clauses(record, 7, 20) if _HAN_ONLY.fullmatch(part)]
            cut = [[str(w) for w in rjieba.cut(phrase, False) if len(w) > 1] for phrase in phrases]
            long = [words for words in cut if len(words) > 2]
            if long:
                words = self.dice.choice(long)[-4:]
                yield words[1:] + words[:1]
