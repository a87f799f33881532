"""A query as a small tree that every engine can compile: what must occur, and what lifts it."""

from collections.abc import Iterator
from dataclasses import dataclass

from search_index.analysis import Literal


@dataclass(frozen=True, slots=True)
class Occurs:
    """``literal`` occurs in ``place``: a text field, a field for ranking, or None for anywhere."""

    literal: Literal
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The code field ``field`` holds ``code``."""

    field: str
    code: str
    typed: str


@dataclass(frozen=True, slots=True)
class Has:
    """The field ``field``, of codes or of text, is not empty."""

    field: str
    typed: str


@dataclass(frozen=True, slots=True)
class Range:
    """The day of publication is between these two, given as ordinals, both included."""

    first: int
    last: int
    typed: str


@dataclass(frozen=True, slots=True)
class Best:
    """Any of the options; the best of them counts, each times its weight."""

    options: tuple[tuple["Node", float], ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least ``least`` of ``parts``, the more the better."""

    parts: tuple["Node", ...]
    least: int


@dataclass(frozen=True, slots=True)
class Words:
    """All of ``needed``; each of ``lifts``, with its weight, brings up what has it too.

    ``typed`` is what the person wrote, without its signs; ``quoted`` if it had some that matter.
    """

    needed: tuple["Node", ...]
    typed: str
    field: str | None = None
    lifts: tuple[tuple["Node", float], ...] = ()
    quoted: bool = False


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


Node = Occurs | Code | Has | Range | Best | Some | Words | All | Any | Not | Everything


def positive_words(node: Node) -> Iterator[Words]:
    """Yield the words that are asked for, not those that are excluded; for corrections."""
    match node:
        case Words():
            yield node
        case All(parts) | Any(parts) | Some(parts):
            for part in parts:
                yield from positive_words(part)
        case Best(options):
            for option, _ in options:
                yield from positive_words(option)
        case _:
            return


def positive_literals(node: Node) -> Iterator[Occurs]:
    """Yield what may stand in a hit because of this query; for marks, and to see what is ranked."""
    match node:
        case Occurs():
            yield node
        case Words(needed, lifts=lifts):
            for part in (*needed, *(lift for lift, _ in lifts)):
                yield from positive_literals(part)
        case All(parts) | Any(parts) | Some(parts):
            for part in parts:
                yield from positive_literals(part)
        case Best(options):
            for option, _ in options:
                yield from positive_literals(option)
        case _:
            return
