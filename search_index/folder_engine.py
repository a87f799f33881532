"""The part of the contract that engines with an index in a folder share: order, locks, the swap."""

import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from search_index import analysts, answering, completion, likeness
from search_index.base import (
    Completion,
    IndexDocument,
    IndexUnavailable,
    Page,
    SearchRequest,
    Sort,
)
from search_index.copies import Copy, CopyKind, Question
from search_index.fields import entry_of
from search_index.generations import Generations, Identity
from search_index.language import QueryReader
from search_index.tree import Everything
from search_index.vocabulary import Vocabulary

PATIENCE = 30.0
"""Seconds that a writer waits for another one before it gives up."""


class _InUse(NamedTuple):
    """The copy in use; ``identity`` tells it from the one before and the one after."""

    identity: Identity
    copy: Copy
    complete: bool


class FolderEngine:
    """A ``SearchEngine`` over copies of one kind; see ``base.SearchEngine`` for the contract."""

    def __init__(
        self, folder: Path, kind: CopyKind, *, vocabulary: Vocabulary, patience: float = PATIENCE
    ) -> None:
        self._kind = kind
        self._generations = Generations(folder, schema=kind.schema)
        self._reader = QueryReader(vocabulary)
        self._patience = patience
        self._opening = threading.Lock()
        self._opened: _InUse | None = None

    @property
    def needs_rebuild(self) -> bool:
        try:
            return not self._in_use().complete
        except IndexUnavailable:
            return True

    def prepare(self) -> None:
        self._reader.prepare()

    def check(self) -> None:
        """Open the files anew and search: what is open already may outlive their damage."""
        self._copy()
        for _ in range(2):
            identity = self._generations.identity()
            try:
                return self._probe()
            except IndexUnavailable:
                if self._generations.identity() == identity:  # else a swap came in between
                    raise
        return self._probe()

    def _probe(self) -> None:
        generation = self._generations.current()
        if generation is None:
            raise IndexUnavailable("The search index is missing and must be rebuilt.")
        copy = self._kind.open(generation.path)
        try:
            copy.refresh()
            copy.find(Question(Everything(), frozenset({"public"}), {}, Sort.NEWEST, 0, 1, ()))
        finally:
            copy.close()

    def count(self) -> int:
        return self._copy().count()

    def indexed(self) -> Mapping[int, int]:
        return self._copy().sequences(None)

    def close(self) -> None:
        with self._opening:
            if self._opened:
                self._opened.copy.close()
            self._opened = None

    def search(self, request: SearchRequest) -> Page:
        return answering.answer(self._copy(), self._reader, request)

    def complete(
        self, text: str, seen_by: frozenset[str], *, limit: int = 8
    ) -> tuple[Completion, ...]:
        return completion.complete(self._copy(), text, seen_by, limit=limit)

    def more_like(
        self, resource_id: int, seen_by: frozenset[str], *, limit: int = 6
    ) -> tuple[int, ...]:
        return likeness.more_like(self._copy(), resource_id, seen_by, limit=limit)

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[int]) -> None:
        newest = _newest_of_each(upserts)
        removed = set(deletes) - newest.keys()
        if not newest and not removed:
            return
        with self._generations.writing(patience=self._patience):
            _write(self._copy(being_the_writer=True), newest, removed)

    def rebuild(self, documents: Iterable[IndexDocument]) -> Iterator[int]:
        with self._generations.rebuilding():
            before = self._sequences_if_readable()
            path = self._generations.aside()
            try:
                copy = self._kind.create(path)
                yield from copy.fill(analysts.entries(_once_each(documents)))
                with self._generations.writing(patience=self._patience):
                    self._carry_over(before, copy)
                    copy.close()
                    self._generations.switch_to(path, complete=True)
            except BaseException:
                shutil.rmtree(path, ignore_errors=True)
                raise
            self._generations.remove_all_but(path)

    def _sequences_if_readable(self) -> dict[int, int]:
        try:
            return self._copy().sequences(None)
        except IndexUnavailable:
            return {}

    def _carry_over(self, before: Mapping[int, int], copy: Copy) -> None:
        """Bring to the new copy what was applied to the old one while it was filled."""
        now = self._sequences_if_readable()
        changed = {
            resource_id
            for resource_id, sequence in now.items()
            if before.get(resource_id) != sequence
        }
        gone = set(before) - set(now)
        if changed:
            old = self._copy()
            _write(copy, _newest_of_each(old.documents(changed)), gone)
        elif gone:
            copy.write((), gone)

    def _copy(self, *, being_the_writer: bool = False) -> Copy:
        return self._in_use(being_the_writer=being_the_writer).copy

    def _in_use(self, *, being_the_writer: bool = False) -> _InUse:
        """Give the copy in use as it is now, opening it anew after a swap."""
        identity = self._generations.identity()
        opened = self._opened
        if identity is None or opened is None or opened.identity != identity:
            opened = self._open_anew(being_the_writer=being_the_writer)
        opened.copy.refresh()
        return opened

    def _open_anew(self, *, being_the_writer: bool) -> _InUse:
        if self._generations.identity() is None:
            if being_the_writer:
                self._begin()
            else:
                with self._generations.writing(patience=self._patience):
                    self._begin()
        with self._opening:
            # A swap may remove the copy between reading its name and opening it: look again.
            for _ in range(2):
                identity = self._generations.identity()
                if self._opened and self._opened.identity == identity:  # another thread was faster
                    return self._opened
                with suppress(IndexUnavailable):
                    return self._open(identity)
                if self._generations.identity() == identity:
                    break
            return self._open(self._generations.identity())

    def _open(self, identity: Identity | None) -> _InUse:
        generation = self._generations.current()
        if identity is None or generation is None:
            raise IndexUnavailable("The search index is missing and must be rebuilt.")
        copy = self._kind.open(generation.path)
        self._opened = _InUse(identity, copy, generation.complete)
        return self._opened

    def _begin(self) -> None:
        """Make an empty copy, so that a new hub can search and write before its first rebuild."""
        if self._generations.identity() is None:
            path = self._generations.aside()
            self._kind.create(path).close()
            self._generations.switch_to(path, complete=False)


def _once_each(documents: Iterable[IndexDocument]) -> Iterator[IndexDocument]:
    """Leave out what comes again: a document may have changed while the others were read."""
    seen: set[int] = set()
    for document in documents:
        if document.resource_id not in seen:
            seen.add(document.resource_id)
            yield document


def _newest_of_each(documents: Iterable[IndexDocument]) -> dict[int, IndexDocument]:
    newest: dict[int, IndexDocument] = {}
    for document in documents:
        known = newest.get(document.resource_id)
        if known is None or known.sequence <= document.sequence:
            newest[document.resource_id] = document
    return newest


def _write(copy: Copy, newest: Mapping[int, IndexDocument], removed: set[int]) -> None:
    known = copy.sequences(newest.keys())
    entries = [
        entry_of(document)
        for resource_id, document in newest.items()
        if known.get(resource_id, document.sequence) <= document.sequence
    ]
    if entries or removed:
        copy.write(entries, removed)
