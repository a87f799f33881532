"""What the libraries find by themselves: tantivy as it comes, and with Chinese words."""

from collections.abc import Callable, Iterable, Sequence

import rjieba
import tantivy
from tantivy import Occur, Query

from benchmarks.relevance.collection import Record

Ask = Callable[[str], Sequence[int]]
"""Gives the numbers of at most ten records, the best first."""

BEST = 10


def _index(tokenizer: str, texts: Iterable[tuple[int, str]]) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name=tokenizer)
    index = tantivy.Index(builder.build())
    writer = index.writer(64_000_000, 1)
    for number, text in texts:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("text", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _answers(index: tantivy.Index, query: Query) -> list[int]:
    searcher = index.searcher()
    found = searcher.search(query, limit=BEST).hits
    return [int(searcher.doc(address)["number"][0]) for _, address in found]


def _whole(record: Record) -> str:
    document = record.document
    return f"{document.title} {document.author} {document.body}"


def plain_tantivy(records: Sequence[Record]) -> Ask:
    """The default tokenizer and the default parser; any word may occur."""
    index = _index("default", ((record.number, _whole(record)) for record in records))

    def ask(query: str) -> Sequence[int]:
        parsed, _errors = index.parse_query_lenient(query, ["text"])
        return _answers(index, parsed)

    return ask


def segmented_tantivy(records: Sequence[Record]) -> Ask:
    """Words of rjieba; any of them may occur, BM25 decides."""
    index = _index(
        "whitespace", ((record.number, " ".join(_words(_whole(record)))) for record in records)
    )
    schema = index.schema

    def ask(query: str) -> Sequence[int]:
        words = [word for word in _words(query) if any(map(str.isalnum, word))]
        if not words:
            return ()
        terms = [(Occur.Should, Query.term_query(schema, "text", word)) for word in words]
        return _answers(index, Query.boolean_query(terms))

    return ask


def _words(text: str) -> list[str]:
    return [str(word) for word in rjieba.cut_for_search(text.lower(), False)]
