"""What is relevant to a query: a rule over the words of the sample, never over a search."""

from collections.abc import Callable, Iterable, Sequence
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


Numbers = frozenset[int]


def holding(words: str, records: Iterable[Record]) -> Numbers:
    """Find whose title, text, notes or author contain ``words``, whatever stands between them."""
    wanted = letters(words)
    return frozenset([record.number for record in records if wanted in record.text_letters])


def entitled(title: str, records: Iterable[Record]) -> Numbers:
    """Find who is called so, as a whole or by a name in the title."""
    wanted = letters(title)
    return frozenset([record.number for record in records if wanted in record.titles])


def written_by(author: str, records: Iterable[Record]) -> Numbers:
    wanted = letters(author)
    return frozenset([record.number for record in records if wanted == record.author_letters])


def _title_holding(words: str, records: Iterable[Record]) -> Numbers:
    wanted = letters(words)
    return frozenset([r.number for r in records if any(wanted in title for title in r.titles)])


def _file_holding(words: str, records: Iterable[Record]) -> Numbers:
    return holding(words, (record for record in records if record.file))


_CONDITIONS: dict[str, Callable[[str, Sequence[Record]], Numbers]] = {
    "title=": entitled,
    "title~": _title_holding,
    "author=": written_by,
    "text~": holding,
    "file~": _file_holding,
}


def relevant_by(rule: str, records: Sequence[Record]) -> Numbers:
    """Apply a rule such as ``title=登高 & author=杜甫 , text~杜甫登高`` (or binds last).

    Raises:
        ValueError: a condition has no known beginning, or no words.
    """
    choices = [
        [_fitting(condition.strip(), records) for condition in choice.split(" & ")]
        for choice in rule.split(" , ")
    ]
    return frozenset().union(*(frozenset.intersection(*sets) for sets in choices))


def _fitting(condition: str, records: Sequence[Record]) -> Numbers:
    for beginning, find in _CONDITIONS.items():
        words = condition.removeprefix(beginning)
        if words != condition and letters(words):
            return find(words, records)
    raise ValueError(f"“{condition}” is no condition.")


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


def with_initials(typed: str, records: Iterable[Record]) -> Numbers:
    """Find whose title, a name in it, or author may be typed so: ``jys`` is not 靜夜思 alone."""
    wanted = typed.lower()
    return frozenset(
        record.number
        for record in records
        if any(typed_by_initials(wanted, name) for name in record.names)
    )
