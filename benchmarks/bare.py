"""The bare library: rjieba's words in a tantivy index, as little around them as can be."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import rjieba
import tantivy
from tantivy import Occur, Query

from search_index import FACETS, IndexDocument
from search_index.analysis import fold

HEAP = 256_000_000
FIELDS = {
    "标题": "title", "作者": "author", "学科": "subject", "年级": "grade", "类型": "kind",
}  # fmt: skip
CODES = {"数学": "math", "三年级": "g3", "教案": "lesson_plan"}
TOP = 20


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("resource_id", indexed=True, fast=True)
    builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace")
    builder.add_text_field("author", tokenizer_name="whitespace")
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_text_field("visible_to", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def codes_of(item: IndexDocument) -> dict[str, tuple[str, ...]]:
    """The codes of a document by the name of the facet."""
    return {
        "subject": (item.subject,),
        "stage": (item.school_stage,),
        "grade": item.grades,
        "school": (item.school_code,),
        "kind": (item.kind,),
        "edition": (item.edition,),
        "year": (str(item.year),),
        "format": item.formats,
    }


def segmented(text: str) -> str:
    return " ".join(rjieba.cut_for_search(fold(text), False))


def _document(item: IndexDocument) -> tantivy.Document:
    title = segmented(item.title)
    document = tantivy.Document()
    document.add_integer("resource_id", item.resource_id)
    document.add_text("shown", item.title)
    document.add_text("title", title)
    document.add_text("author", segmented(item.author))
    document.add_text(
        "text",
        segmented(
            f"{item.title} {item.author} {' '.join(item.keywords)} {item.summary} {item.body}"
        ),
    )
    for token in item.visible_to:
        document.add_text("visible_to", token)
    for name, codes in codes_of(item).items():
        for code in codes:
            document.add_text(name, code)
    return document


class BareTantivy:
    """An index without any language, order of ties, snapshots, highlights or safe swap."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(path))
        self._facets = {name: {"terms": {"field": name, "size": 10_000}} for name in FACETS}

    def fill(self, items: Iterable[IndexDocument]) -> Iterator[int]:
        """Index ``items`` in one commit; yields how many are done."""
        writer = self._index.writer(HEAP)
        for done, item in enumerate(items, 1):
            writer.add_document(_document(item))
            yield done
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def add(self, item: IndexDocument) -> None:
        """Index one more, on disk and findable when this returns."""
        writer = self._index.writer(15_000_000, 1)
        writer.add_document(_document(item))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def count(self) -> int:
        return int(self._index.searcher().num_docs)

    def ask(self, typed: str, seen_by: frozenset[str]) -> tuple[int, int]:
        """Read the top 20 and count eight facets; returns the total and how many were shown."""
        searcher = self._index.searcher()
        audience = Query.term_set_query(self._schema, "visible_to", sorted(seen_by))
        asked = Query.boolean_query([(Occur.Must, self._read(typed)), (Occur.Must, audience)])
        found = searcher.search(asked, limit=TOP)
        shown = [searcher.doc(address).get_first("shown") for _, address in found.hits]
        searcher.aggregate(asked, self._facets)
        return int(found.count), len(shown)  # type: ignore[attr-defined]  # its stub forgot it

    def _read(self, typed: str) -> Query:
        """The least that gives the forty queries their meaning; no synonyms, no pinyin."""
        clauses: list[tuple[Occur, Query]] = []
        either = " OR " in typed
        negative = False
        for part in typed.replace("(", " ").replace(")", " ").split():
            if part in {"OR", "NOT"}:
                negative = part == "NOT"
                continue
            word = self._word(part.lstrip("-"))
            if negative or part.startswith("-"):
                clauses.append((Occur.MustNot, word))
            else:
                clauses.append((Occur.Should if either else Occur.Must, word))
            negative = False
        return Query.boolean_query(clauses) if clauses else Query.all_query()

    def _word(self, part: str) -> Query:
        name, colon, value = part.partition(":")
        field = FIELDS.get(name, "text") if colon else "text"
        text = value if colon else part
        if field in FACETS:
            return Query.term_query(self._schema, field, CODES[text])
        if text.endswith("*"):
            return Query.regex_query(self._schema, field, f"{text[:-1]}.*")
        terms = [word for word in rjieba.cut(fold(text), False) if word.isalnum()]
        if text.startswith('"') and len(terms) > 1:
            # The longer words that were added between them are what a phrase must jump over.
            return Query.phrase_query(self._schema, field, list(terms), slop=len(terms))
        return Query.boolean_query(
            [(Occur.Must, Query.term_query(self._schema, field, term)) for term in terms]
        )


def bare_index(path: Path, items: Iterable[IndexDocument]) -> BareTantivy:
    """The index at ``path``, filled with ``items`` unless it has documents already."""
    index = BareTantivy(path)
    if not index.count():
        for _done in index.fill(items):
            pass
    return index
