"""The engine in pure Python: Whoosh, for a machine where tantivy's library cannot be installed."""

import heapq
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any  # Whoosh has no types

from whoosh import index as whoosh_index
from whoosh.fields import KEYWORD, NUMERIC, STORED, TEXT, Schema

from search_index.base import IndexDocument, IndexUnavailable, Sort
from search_index.copies import Found, Question
from search_index.fields import CODES, DAY, TEXT_FIELDS, Entry
from search_index.ranking import Candidate, in_order, lifts, reach
from search_index.snapshot import document_of, shown_of
from search_index.whoosh_queries import Scoring

PROGRESS = 500
"""Documents in one commit of a rebuild."""

MEMORY = 128
"""Megabytes that a writer fills before it writes to disk."""

_RISING = {Sort.NEWEST: "newest", Sort.MOST_USED: "most_used"}


def _schema() -> Schema:
    # Values are given as lists of terms, so that no analyser of Whoosh touches them.
    fields: dict[str, object] = {
        "resource_id": NUMERIC(int, bits=64, unique=True, sortable=True),
        "sequence": NUMERIC(int, bits=64, sortable=True),
        "newest": NUMERIC(int, bits=64, signed=False, sortable=True),
        "most_used": NUMERIC(int, bits=64, signed=False, sortable=True),
        "snapshot": STORED(),
        DAY: NUMERIC(int, bits=64, sortable=True),
        "used": NUMERIC(int, bits=64, sortable=True),
        "words": TEXT(phrase=False),
        "title_characters": TEXT(phrase=False),
        "sound": TEXT(phrase=True),
        "initials": TEXT(phrase=True),
        "whole": KEYWORD(),
        "characters": KEYWORD(),
        "visible_to": KEYWORD(),
    }
    fields |= {f"{name}_terms": TEXT(phrase=True) for name in ("text", *TEXT_FIELDS)}
    fields |= {name: KEYWORD() for name in CODES}
    return Schema(**fields)


def _values(entry: Entry) -> dict[str, object]:
    values: dict[str, object] = {
        "resource_id": entry.resource_id,
        "sequence": entry.sequence,
        "newest": entry.newest,
        "most_used": entry.most_used,
        "snapshot": (entry.by_title, entry.snapshot),
        DAY: entry.published,
        "used": entry.used,
        "words": entry.words.split(),
        "title_characters": entry.title_characters.split(),
        "sound": entry.sound.split(),
        "initials": entry.initials.split(),
        "whole": list(entry.whole),
        "characters": entry.characters.split(),
        "visible_to": list(entry.visible_to),
        "text_terms": entry.text.split(),
    }
    values |= {f"{name}_terms": terms.split() for name, terms in entry.fields.items()}
    values |= {name: list(codes) for name, codes in entry.codes.items()}
    return values


class _Snapshot:
    """What one commit holds: a searcher, and the sets of documents that codes stand for."""

    def __init__(self, index: whoosh_index.FileIndex) -> None:
        self.searcher = index.searcher()
        self.generation = index.latest_generation()
        self._sets: dict[str, dict[str, frozenset[int]]] = {}
        self._columns: dict[str, Any] = {}  # Whoosh's column readers have no types
        self._terms: dict[str, dict[int, list[str]]] = {}

    def documents_by_code(self, name: str) -> Mapping[str, frozenset[int]]:
        """Give the numbers of the documents under each code of a field; read once per commit."""
        if name not in self._sets:
            reader = self.searcher.reader()
            self._sets[name] = {
                term.decode(): frozenset(reader.postings(name, term).all_ids())
                for term in list(reader.lexicon(name))
            }
        return self._sets[name]

    def documents_of(self, name: str, codes: Iterable[str]) -> set[int]:
        by_code = self.documents_by_code(name)
        return set().union(*(by_code.get(code, frozenset()) for code in codes))

    def terms_by_length(self, name: str) -> Mapping[int, Sequence[str]]:
        """Give the terms of a field, for what compares them all; read once per commit."""
        if name not in self._terms:
            terms = self._terms[name] = {}
            for term in self.searcher.reader().lexicon(name):
                text = term.decode()
                terms.setdefault(len(text), []).append(text)
        return self._terms[name]

    def column(self, name: str) -> Callable[[int], int]:
        if name not in self._columns:
            self._columns[name] = self.searcher.reader().column_reader(name)
        column = self._columns[name]
        return lambda number: int(column[number])

    def stored(self, number: int) -> tuple[str, bytes]:
        """Give the title's sort key and the snapshot of a document."""
        key, snapshot = self.searcher.stored_fields(number)["snapshot"]
        return key, snapshot

    def close(self) -> None:
        self.searcher.close()


class WhooshCopy:
    """One opened copy; a ``Copy`` for the folder engine. Threads take turns: so does Python."""

    def __init__(self, path: Path, index: whoosh_index.FileIndex) -> None:
        self._path = path
        self._index = index
        self._turn = threading.RLock()
        self._now = _Snapshot(index)

    def refresh(self) -> None:
        with self._turn, _our_errors():
            if self._index.latest_generation() != self._now.generation:
                self._now.close()
                self._now = _Snapshot(self._index)

    def write(self, entries: Iterable[Entry], deletes: Iterable[int]) -> None:
        with self._turn, _our_errors():
            writer = self._index.writer(limitmb=MEMORY)
            try:
                with writer.searcher() as known:
                    for resource_id in deletes:
                        _delete(writer, known, resource_id)
                    for entry in entries:
                        _delete(writer, known, entry.resource_id)
                        writer.add_document(**_values(entry))
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
            for path in (*self._path.iterdir(), self._path):
                _sync(path)
        self.refresh()

    def fill(self, entries: Iterable[Entry]) -> Iterator[int]:
        waiting = iter(entries)
        done = 0
        while batch := list(islice(waiting, PROGRESS)):
            self.write(batch, ())
            done += len(batch)
            yield done

    def count(self) -> int:
        return int(self._now.searcher.doc_count())

    def sequences(self, resource_ids: Collection[int] | None) -> dict[int, int]:
        with self._turn, _our_errors():
            now = self._now
            numbers = self._numbers(resource_ids)
            if not numbers:  # an empty index has no columns
                return {}
            ids, sequences = now.column("resource_id"), now.column("sequence")
            return {ids(number): sequences(number) for number in numbers}

    def documents(self, resource_ids: Collection[int]) -> Iterator[IndexDocument]:
        with self._turn, _our_errors():
            numbers = self._numbers(resource_ids)
            documents = [document_of(self._now.stored(number)[1]) for number in numbers]
        yield from documents

    def find(self, question: Question) -> Found:
        with self._turn, _our_errors():
            now = self._now
            visible = now.documents_of("visible_to", question.seen_by)
            scores = self._matching(question, visible)
            allowed = {
                name: now.documents_of(name, codes) for name, codes in question.filters.items()
            }
            chosen = scores.keys() & set.intersection(set(scores), *allowed.values())
            numbers = self._in_order(question, chosen, scores)
            hits = tuple(
                (scores[number], shown_of(now.stored(number)[1]))
                for number in numbers[question.offset :]
            )
            return Found(len(chosen), hits, self._facets(question, set(scores), allowed))

    def close(self) -> None:
        with self._turn:
            self._now.close()

    def _numbers(self, resource_ids: Collection[int] | None) -> list[int]:
        searcher = self._now.searcher
        if resource_ids is None:
            return list(searcher.reader().all_doc_ids())
        found = (searcher.document_number(resource_id=one) for one in resource_ids)
        return [number for number in found if number is not None]

    def _matching(self, question: Question, visible: set[int]) -> dict[int, float]:
        """Give the score of every document that matches, whatever is chosen beside the query."""
        now = self._now
        if not visible:
            return {}
        scoring = Scoring(now.searcher, visible, now.documents_of, now.terms_by_length)
        return scoring.scores(question.tree)

    def _in_order(
        self, question: Question, chosen: set[int], scores: Mapping[int, float]
    ) -> list[int]:
        """Give the best of the chosen, up to the last of the page asked for."""
        end = min(question.offset + question.limit, len(chosen))
        if question.offset >= end:
            return []
        if question.sort is Sort.TITLE:
            return heapq.nsmallest(end, chosen, key=lambda number: self._now.stored(number)[0])
        if question.sort in _RISING:
            return heapq.nlargest(end, chosen, key=self._now.column(_RISING[question.sort]))
        best = sorted(chosen, key=scores.__getitem__, reverse=True)
        by_score = [scores[number] for number in best]
        first, stop = reach(by_score, question.offset, end, more=False) or (0, len(best))
        needed = best[first:stop]
        ids, days, used = (
            map(self._now.column(name), needed) for name in ("resource_id", DAY, "used")
        )
        lifted = lifts(days, used, today=question.today)
        candidates = [
            Candidate(scores[number], resource_id, by, number)
            for number, resource_id, by in zip(needed, ids, lifted, strict=True)
        ]
        ordered = in_order(candidates, before=first)[: end - first]
        return best[:first] + [candidate.handle for candidate in ordered]

    def _facets(
        self, question: Question, matching: set[int], allowed: Mapping[str, set[int]]
    ) -> dict[str, dict[str, int]]:
        facets: dict[str, dict[str, int]] = {}
        for name in question.facets:
            others = [numbers for other, numbers in allowed.items() if other != name]
            among = matching.intersection(*others)
            counted = {
                code: len(among & numbers)
                for code, numbers in self._now.documents_by_code(name).items()
            }
            facets[name] = {code: count for code, count in counted.items() if count}
        return facets


class WhooshKind:
    """Makes and opens copies; a ``CopyKind``."""

    schema = "whoosh-3"

    def create(self, path: Path) -> WhooshCopy:
        with _our_errors():
            return WhooshCopy(path, whoosh_index.create_in(path, _schema()))

    def open(self, path: Path) -> WhooshCopy:
        with _our_errors():
            return WhooshCopy(path, whoosh_index.open_dir(path))


def _delete(writer: Any, known: Any, resource_id: int) -> None:  # Any: Whoosh has no types
    number = known.document_number(resource_id=resource_id)
    if number is not None:
        writer.delete_document(number)


def _sync(path: Path) -> None:
    """Wait until ``path`` is on disk; Whoosh leaves that to chance."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # an old segment, cleaned away meanwhile
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:  # over damaged files Whoosh raises nearly anything
        raise IndexUnavailable(f"The search index cannot be used: {error}") from error
