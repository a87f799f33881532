"""What is relevant to a query: a rule over the words of the sample, never over a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.relevance.collection import Record
from benchmarks.relevance.letters import letters, typed_by_initials

WRITTEN = Path(__file__).with_name("queries.tsv")


class Kind(StrEnum):
    """The nine ways in which people type what they mean."""

    EXACT = "exact"
    OTHER_SCRIPT = "other_script"
    REGIONAL = "regional"
    PINYIN = "pinyin"
    INITIALS = "initials"
    TYPO = "typo"
    WORD_ORDER = "word_order"
    QUESTION = "question"
    IN_FILE = "in_file"


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and the numbers of all records that answer it; ``meant`` says it in words."""

    kind: Kind
    text: str
    relevant: frozenset[int]
    meant: str


Test = Callable[[Record, str], bool]

_TESTS: dict[str, Test] = {
    "title=": lambda record, words: words in record.titles,
    "title~": lambda record, words: any(words in title for title in record.titles),
    "author=": lambda record, words: words == record.author_letters,
    "text~": lambda record, words: words in record.text_letters,
    "file~": lambda record, words: bool(record.file) and words in record.text_letters,
}


def relevant_by(rule: str, records: Sequence[Record]) -> frozenset[int]:
    """Apply a rule such as ``title=登高 & author=杜甫 , text~杜甫登高`` (or binds last).

    Raises:
        ValueError: a condition has no known beginning, or no words.
    """
    return frozenset().union(*(_all_of(choice, records) for choice in rule.split(" , ")))


def _all_of(conditions: str, records: Sequence[Record]) -> frozenset[int]:
    tests = [_condition(condition.strip()) for condition in conditions.split(" & ")]
    return frozenset(
        record.number for record in records if all(test(record, words) for test, words in tests)
    )


def _condition(written: str) -> tuple[Test, str]:
    for beginning, test in _TESTS.items():
        if written.startswith(beginning) and (words := letters(written.removeprefix(beginning))):
            return test, words
    raise ValueError(f"“{written}” is no condition.")


def written_lines(path: Path = WRITTEN) -> list[tuple[Kind, str, str]]:
    """Read class, query and rule of each query that a person wrote down."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(Kind(kind), query, rule) for kind, query, rule in rows]


def written_queries(records: Sequence[Record]) -> list[Judged]:
    """Judge what a person wrote down; initials mean every title or author that has them."""
    judged = []
    for kind, query, rule in written_lines():
        relevant = relevant_by(rule, records)
        if kind is Kind.INITIALS:
            relevant |= with_initials(query, records)
        judged.append(Judged(kind, query, relevant, rule))
    return judged


def with_initials(typed: str, records: Sequence[Record]) -> frozenset[int]:
    """Find whose title, a name in it, or author may be typed so: ``jys`` is not 靜夜思 alone."""
    wanted = typed.lower()
    return frozenset(
        record.number
        for record in records
        if any(typed_by_initials(wanted, name) for name in (*record.titles, record.author_letters))
    )
