"""A query as a small tree that every engine can compile."""

from collections.abc import Iterator
from dataclasses import dataclass

from search_index.analysis import Literal


@dataclass(frozen=True, slots=True)
class Words:
    """All of ``needed`` must occur, in ``field`` or anywhere; ``together`` lifts what has it.

    ``typed`` is what the person wrote.
    """

    needed: tuple[Literal, ...]
    typed: str
    field: str | None = None
    together: Literal | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The code field ``field`` holds ``code``."""

    field: str
    code: str
    typed: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class Everything:
    """What an empty query asks for."""


Node = Words | Code | All | Any | Not | Everything


def positive_words(node: Node) -> Iterator[Words]:
    """Yield the words that are asked for, not those that are excluded; for ranking and marks."""
    match node:
        case Words():
            yield node
        case All(parts) | Any(parts):
            for part in parts:
                yield from positive_words(part)
        case _:
            return
