"""What an engine that keeps its index in a folder has to supply: one opened copy of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from search_index.base import IndexDocument, Sort
from search_index.fields import Entry
from search_index.snapshot import Shown
from search_index.tree import Node


@dataclass(frozen=True, slots=True)
class Question:
    """A request that was read: only facets that exist, and never more than ``limit`` hits."""

    tree: Node
    seen_by: frozenset[str]
    filters: Mapping[str, frozenset[str]]
    sort: Sort
    offset: int
    limit: int
    facets: tuple[str, ...]
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: hits as score and document, best first."""

    total: int
    hits: tuple[tuple[float, Shown], ...]
    facets: Mapping[str, Mapping[str, int]]


class Finder(Protocol):
    """What answers questions; an engine's methods raise ``IndexUnavailable`` if it cannot."""

    def documents(self, resource_ids: Collection[int]) -> Iterator[IndexDocument]:
        """Give back the documents as they were indexed."""
        ...

    def find(self, question: Question) -> Found:
        """Answer ``question``; hits are in the order of ``ranking`` or of the sort asked for."""
        ...


class Copy(Finder, Protocol):
    """One copy of the index, open; its methods raise ``IndexUnavailable`` if it is damaged."""

    def refresh(self) -> None:
        """See what other processes have committed."""
        ...

    def write(self, entries: Iterable[Entry], deletes: Iterable[int]) -> None:
        """Replace and delete in one durable commit; no other writer is active."""
        ...

    def fill(self, entries: Iterable[Entry]) -> Iterator[int]:
        """Add to an empty copy what is there only once, in one commit; yields how many are in."""
        ...

    def count(self) -> int: ...

    def sequences(self, resource_ids: Collection[int] | None) -> dict[int, int]:
        """Give the sequences of these resources, as far as they are indexed; None means all."""
        ...

    def close(self) -> None: ...


class CopyKind(Protocol):
    """How an engine makes and opens copies; ``schema`` names the layout of its files."""

    schema: str

    def create(self, path: Path) -> Copy:
        """Make an empty copy in the empty folder ``path``."""
        ...

    def open(self, path: Path) -> Copy: ...
