"""The default engine: tantivy, a library in Rust; 200,000 documents answer in milliseconds."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import cast

import tantivy
from tantivy import Order, Query

from search_index.base import IndexDocument, IndexUnavailable, Sort
from search_index.copies import Found, Question
from search_index.fields import CODES, DAY, TEXT_FIELDS, Entry
from search_index.generations import Identity, identity_of
from search_index.ranking import WINDOW, Candidate, in_order, lifts, reach
from search_index.snapshot import document_of, shown_of
from search_index.tantivy_queries import QueryBuilder

HEAP = 64_000_000
"""Bytes that a writer fills before it starts another segment; 15 MB is tantivy's least."""

HEAP_OF_REBUILD = 256_000_000
"""The same for a whole index: larger segments need less merging."""

PROGRESS = 500
"""Documents between two reports of a rebuild."""

MOST_CODES = 10_000
"""Codes of one facet that are counted."""

TIED = 100
"""Hits beyond those that count which are asked for at once: usually none of them ties with one."""

_MANY_MORE = 8  # times as many, where they tie

_ORDERS: Mapping[Sort, tuple[str, Order]] = {
    Sort.NEWEST: ("newest", Order.Desc),
    Sort.MOST_USED: ("most_used", Order.Desc),
    Sort.TITLE: ("by_title", Order.Asc),
}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("resource_id", indexed=True, fast=True)
    builder.add_integer_field("sequence", fast=True)
    builder.add_bytes_field("snapshot", stored=True)
    for name in (*(f"{name}_terms" for name in ("text", *TEXT_FIELDS)), "sound", "initials"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("words", "title_characters"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("characters", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("visible_to", tokenizer_name="raw", index_option="basic")
    for name in CODES:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(DAY, indexed=True, fast=True)
    builder.add_integer_field("used", fast=True)
    builder.add_unsigned_field("newest", fast=True)
    builder.add_unsigned_field("most_used", fast=True)
    builder.add_text_field("by_title", fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("resource_id", entry.resource_id)
    document.add_integer("sequence", entry.sequence)
    document.add_bytes("snapshot", entry.snapshot)
    document.add_text("text_terms", entry.text)
    for name, terms in entry.fields.items():
        document.add_text(f"{name}_terms", terms)
    document.add_text("words", entry.words)
    document.add_text("characters", entry.characters)
    document.add_text("title_characters", entry.title_characters)
    document.add_text("sound", entry.sound)
    document.add_text("initials", entry.initials)
    for title in entry.whole:
        document.add_text("whole", title)
    for token in entry.visible_to:
        document.add_text("visible_to", token)
    for name, codes in entry.codes.items():
        for code in codes:
            document.add_text(name, code)
    document.add_integer(DAY, entry.published)
    document.add_integer("used", entry.used)
    document.add_unsigned("newest", entry.newest)
    document.add_unsigned("most_used", entry.most_used)
    document.add_text("by_title", entry.by_title)
    return document


class TantivyCopy:
    """One opened copy; a ``Copy`` for the folder engine."""

    def __init__(self, path: Path, index: tantivy.Index) -> None:
        index.config_reader("manual")  # no thread that watches files: ``refresh`` looks
        self._index = index
        self._queries = QueryBuilder(index.schema)
        self._meta = path / "meta.json"
        self._seen: Identity | None = None

    def refresh(self) -> None:
        committed = identity_of(self._meta)
        if committed is None:
            raise IndexUnavailable("The search index has lost its files and must be rebuilt.")
        if committed != self._seen:
            with _our_errors():
                self._index.reload()
            self._seen = committed

    def write(self, entries: Iterable[Entry], deletes: Iterable[int]) -> None:
        with _our_errors():
            # The writer lives as long as the commit: only then tantivy's own lock is held, and the
            # kernel frees that one too when the process dies.
            writer = self._index.writer(HEAP, 1)
            try:
                for resource_id in deletes:
                    writer.delete_documents_by_term("resource_id", resource_id)
                for entry in entries:
                    writer.delete_documents_by_term("resource_id", entry.resource_id)
                    writer.add_document(_document(entry))
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
        self.refresh()

    def fill(self, entries: Iterable[Entry]) -> Iterator[int]:
        with _our_errors():
            writer = self._index.writer(HEAP_OF_REBUILD, 1)
        done = 0
        try:
            for done, entry in enumerate(entries, 1):
                with _our_errors():
                    writer.add_document(_document(entry))
                if done % PROGRESS == 0:
                    yield done
            with _our_errors():
                writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()
        self.refresh()
        if done % PROGRESS:
            yield done

    def count(self) -> int:
        return self._index.searcher().num_docs

    def sequences(self, resource_ids: Collection[int] | None) -> dict[int, int]:
        with _our_errors():
            searcher = self._index.searcher()
            addresses = _addresses(searcher, self._of(resource_ids))
            ids = searcher.fast_field_values("resource_id", addresses)
            sequences = searcher.fast_field_values("sequence", addresses)
        return {int(i or 0): int(s or 0) for i, s in zip(ids, sequences, strict=True)}

    def documents(self, resource_ids: Collection[int]) -> Iterator[IndexDocument]:
        with _our_errors():
            searcher = self._index.searcher()
            for address in _addresses(searcher, self._of(resource_ids)):
                yield document_of(_read(searcher, address))

    def find(self, question: Question) -> Found:
        with _our_errors():
            searcher = self._index.searcher()
            asked = self._queries.asked(question.tree, question.seen_by, question.filters)
            total, best = self._best(searcher, asked, question)
            hits = tuple((score, shown_of(_read(searcher, address))) for score, address in best)
            facets = self._facets(searcher, asked, question, total=total)
            return Found(total, hits, facets)

    def close(self) -> None:
        """Nothing to do: files are let go of when the last searcher is."""

    def _of(self, resource_ids: Collection[int] | None) -> Query:
        if resource_ids is None:
            return Query.all_query()
        return Query.term_set_query(self._index.schema, "resource_id", list(resource_ids))

    def _best(
        self, searcher: tantivy.Searcher, query: Query, question: Question
    ) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
        """Count all and give the hits of one page, in a total order."""
        start, end = question.offset, question.offset + question.limit
        if start >= searcher.num_docs:
            return _total(searcher.search(query, limit=1)), []
        most = searcher.num_docs
        if question.sort is not Sort.RELEVANCE:
            field, order = _ORDERS[question.sort]
            found = searcher.search(
                query, limit=min(end, most) or 1, order_by_field=field, order=order
            )
            return _total(found), [(0.0, address) for _, address in found.hits[start:end]]
        total, first, candidates = _candidates(searcher, query, start, end, question.today)
        ordered = in_order(candidates, before=first)[start - first : end - first]
        return total, [(hit.score, hit.handle) for hit in ordered]

    def _facets(
        self, searcher: tantivy.Searcher, asked: Query, question: Question, *, total: int
    ) -> dict[str, dict[str, int]]:
        """Count each facet as if nothing were chosen in itself, in as few passes as that takes."""
        passes: dict[str | None, list[str]] = {}
        for name in question.facets:
            passes.setdefault(name if name in question.filters else None, []).append(name)
        counts: dict[str, dict[str, int]] = {}
        for own, names in passes.items():
            if own is None and not total:
                counts |= {name: {} for name in names}
                continue
            others = {name: codes for name, codes in question.filters.items() if name != own}
            query = (
                asked
                if own is None
                else self._queries.asked(question.tree, question.seen_by, others)
            )
            terms = {name: {"terms": {"field": name, "size": MOST_CODES}} for name in names}
            for name, result in searcher.aggregate(query, terms).items():
                counts[name] = {b["key"]: b["doc_count"] for b in result["buckets"]}
        return {name: counts[name] for name in question.facets}


class TantivyKind:
    """Makes and opens copies; a ``CopyKind``."""

    schema = "tantivy-3"

    def create(self, path: Path) -> TantivyCopy:
        with _our_errors():
            copy = TantivyCopy(path, tantivy.Index(_schema(), path=str(path)))
        copy.refresh()
        return copy

    def open(self, path: Path) -> TantivyCopy:
        with _our_errors():
            return TantivyCopy(path, tantivy.Index.open(str(path)))


def _addresses(searcher: tantivy.Searcher, query: Query) -> list[tantivy.DocAddress]:
    limit = max(searcher.num_docs, 1)
    return [address for _, address in searcher.search(query, limit=limit, count=False).hits]


def _candidates(
    searcher: tantivy.Searcher, query: Query, start: int, end: int, today: date | None
) -> tuple[int, int, list[Candidate[tantivy.DocAddress]]]:
    """Count all hits; give those that decide what stands at ``start`` to ``end``.

    The number between is of the better ones that do not. Many more than the page are asked for at
    once: a thousand hits cost less than a second search.
    """
    limit = max(end, WINDOW) + TIED
    while True:
        found = searcher.search(query, limit=min(limit, searcher.num_docs))
        hits, total = found.hits, _total(found)
        within = reach([score for score, _ in hits], start, end, more=len(hits) < total)
        if within is not None:
            break
        limit *= _MANY_MORE
    needed = hits[slice(*within)]
    addresses = [address for _, address in needed]
    columns = [searcher.fast_field_values(name, addresses) for name in ("resource_id", DAY, "used")]
    ids, days, used = cast("list[list[int]]", columns)  # every document has them
    lifted = lifts(days, used, today=today)
    candidates = [
        Candidate(score, resource_id, by, address)
        for (score, address), resource_id, by in zip(needed, ids, lifted, strict=True)
    ]
    return total, within[0], candidates


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined] # it is there; its stub forgot it


def _read(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes:
    stored = searcher.doc(address).get_first("snapshot")
    return bytes(stored or b"")


@contextmanager
def _our_errors() -> Iterator[None]:
    """Stop tantivy's errors at the border; a panic over damaged files is one of them."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexUnavailable(f"The search index cannot be used: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # no module offers this class by name
            raise IndexUnavailable("The search index is damaged and must be rebuilt.") from error
        raise
