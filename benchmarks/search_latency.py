"""Index speed and answer time of both engines, beside the bare libraries, from one run.

    python -m benchmarks.search_latency --documents 20000

Ours answers with the whole language, audience, four multi-select facets, highlights and passages;
the bare library gets segmented words and answers with titles and the same four facets.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import rjieba
import tantivy
from tantivy import Occur, Query
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import KEYWORD, STORED, TEXT, Schema
from whoosh.sorting import FieldFacet

from search_index.analysis import fold
from search_index.base import IndexDocument, SearchRequest
from search_index.from_url import engine_from_url
from search_index.vocabulary import Vocabulary

ITEMS = Path(__file__).resolve().parents[2] / "shared" / "samples" / "items.jsonl"
FACETS = ("subject", "grade", "school", "kind")
VOCABULARY = Vocabulary(
    fields={"学科": "subject", "标题": "title", "作者": "author"},
    codes={"subject": {"语文": "s0", "数学": "s1"}},
)
QUERIES = (
    *("勾股定理", "靜夜思", "静夜思", "三角形", "面积", "春", "明月", "江南", "李白", "杜甫"),
    *("函数", "细胞", "光合作用", "加速度", "化学反应", "民主", "长江", "战争", "photo*", "people"),
    *("春 江", "明月 故乡", "三角形 面积", "李白 月", "杜甫 秋", "函数 图象", "细胞 分裂"),
    *(
        '"明月光"',
        '"三角形的面积"',
        '"化学反应"',
        "春 -江",
        "月 -李白",
        "函数 NOT 三角",
        "山 OR 水",
    ),
    *("标题:春", "作者:李白", "学科:数学 面积", "小学数学教案", "床前看月光疑是地上霜", ""),
)
SYLLABLES = "天地人山水春夏秋冬日月风花雪江河湖海东南西北数学语文面积函数细胞三角定理故乡光合作用"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one engine did: ``seconds`` to index ``documents``, and one time per query, in ms."""

    name: str
    documents: int
    seconds: float
    answers: list[float]

    @property
    def rate(self) -> float:
        return self.documents / self.seconds

    @property
    def median(self) -> float:
        return statistics.median(self.answers)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.answers, n=20)[-1]


def texts() -> Iterator[tuple[str, str, str]]:
    """Give title, text and author of the real items, or of invented ones; without end."""
    if ITEMS.is_file():
        with ITEMS.open(encoding="utf-8") as lines:
            items = [json.loads(line) for line in lines]
        for item in cycle(items):
            yield (item.get("title") or item["text"][:40]), item["text"], item.get("author") or ""
    dice = random.Random(1)
    while True:
        yield (
            "".join(dice.choices(SYLLABLES, k=6)),
            "，".join("".join(dice.choices(SYLLABLES, k=9)) for _ in range(20)),
            "".join(dice.choices(SYLLABLES, k=2)),
        )


def documents(count: int) -> Iterator[IndexDocument]:
    """Give ``count`` documents; a text that comes again has other codes and another date."""
    dice = random.Random(2)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number, (title, text, author) in enumerate(islice(texts(), count), 1):
        yield IndexDocument(
            resource_id=number,
            sequence=1,
            title=title,
            summary="",
            keywords=(),
            unit="",
            body=text,
            author=author,
            school=f"第{number % 60}小学",
            alliances=("云岭教共体",),
            school_code=f"S{number % 60}",
            subject=f"s{dice.randrange(16)}",
            grades=(f"g{dice.randrange(12)}",),
            school_stage="primary",
            kind=f"k{dice.randrange(6)}",
            edition="",
            volume="",
            language="zh",
            formats=("docx",),
            published_at=start + timedelta(minutes=number),
            year=2026,
            views=number % 97,
            downloads=0,
            visible_to=frozenset({"public"} if number % 10 else {f"school:{number % 60}"}),
        )


def progress(name: str, done: Iterable[int], limit: float) -> tuple[int, float]:
    """Go through ``done`` for at most ``limit`` seconds and say how far it got."""
    begin = said = time.perf_counter()
    count = 0
    for count in done:
        now = time.perf_counter()
        if now - said > 5:
            print(f"  {name}: {count} documents, {now - begin:.0f} s", file=sys.stderr, flush=True)
            said = now
        if now - begin > limit:
            break
    return count, time.perf_counter() - begin


def answer_times(ask: Callable[[str], object]) -> list[float]:
    """Ask everything three times and keep the best of the last two, in milliseconds."""
    times: list[list[float]] = []
    for _ in range(3):
        times.append([])
        for query in QUERIES:
            begin = time.perf_counter()
            ask(query)
            times[-1].append((time.perf_counter() - begin) * 1_000)
    return [min(pair) for pair in zip(*times[1:], strict=True)]


def ours(scheme: str, folder: Path, count: int, limit: float) -> Figures:
    engine = engine_from_url(f"{scheme}://{folder}/index", vocabulary=VOCABULARY)
    batches = documents(count)

    def fill() -> Iterator[int]:
        done = 0
        while batch := list(islice(batches, 500)):
            engine.apply(batch, ())
            done += len(batch)
            yield done

    done, seconds = progress(f"our {scheme}", fill(), limit)
    answers = answer_times(
        lambda query: engine.search(SearchRequest(query, frozenset({"public", "school:7"})))
    )
    engine.close()
    return Figures(f"our {scheme} engine", done, seconds, answers)


def segmented(text: str) -> str:
    return " ".join(rjieba.cut_for_search(fold(text), False))


def words_of(query: str) -> list[str]:
    plain = query.rsplit(":", maxsplit=1)[-1].replace("NOT", "").replace("OR", "")
    return [w for w in rjieba.cut(fold(plain), False) if w.isalnum()]


def raw_tantivy(folder: Path, count: int, limit: float) -> Figures:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_text_field("visible_to", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    schema = builder.build()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(64_000_000, 1)

    def fill() -> Iterator[int]:
        for done, item in enumerate(documents(count), 1):
            document = tantivy.Document()
            document.add_text("shown", item.title)
            document.add_text("text", segmented(f"{item.title} {item.author} {item.body}"))
            for token in item.visible_to:
                document.add_text("visible_to", token)
            for name, code in codes_of(item).items():
                document.add_text(name, code)
            writer.add_document(document)
            yield done
        writer.commit()
        writer.wait_merging_threads()

    done, seconds = progress("bare tantivy", fill(), limit)
    index.reload()
    facets = {name: {"terms": {"field": name, "size": 1_000}} for name in FACETS}

    def ask(query: str) -> object:
        clauses = [(Occur.Must, Query.term_query(schema, "text", word)) for word in words_of(query)]
        clauses.append(
            (Occur.Must, Query.term_set_query(schema, "visible_to", ["public", "school:7"]))
        )
        searcher = index.searcher()
        asked = Query.boolean_query(clauses)
        shown = [searcher.doc(address) for _, address in searcher.search(asked, limit=20).hits]
        return shown, searcher.aggregate(asked, facets)

    return Figures("bare tantivy", done, seconds, answer_times(ask))


def raw_whoosh(folder: Path, count: int, limit: float) -> Figures:
    schema = Schema(
        shown=STORED(),
        text=TEXT(analyzer=SpaceSeparatedTokenizer()),
        visible_to=KEYWORD(),
        **{name: KEYWORD(sortable=True) for name in FACETS},
    )
    index = whoosh_index.create_in(folder, schema)
    writer = index.writer(limitmb=128)

    def fill() -> Iterator[int]:
        for done, item in enumerate(documents(count), 1):
            text = segmented(f"{item.title} {item.author} {item.body}")
            writer.add_document(
                shown=item.title,
                text=text,
                visible_to=" ".join(item.visible_to),
                **codes_of(item),
            )
            yield done

    done, seconds = progress("bare whoosh", fill(), limit)
    begin = time.perf_counter()
    writer.commit()
    seconds += time.perf_counter() - begin
    searcher = index.searcher()
    audience = whoosh_query.Or([whoosh_query.Term("visible_to", t) for t in ("public", "school:7")])

    def ask(query: str) -> object:
        words = [whoosh_query.Term("text", word) for word in words_of(query)]
        asked = whoosh_query.And(words) if words else whoosh_query.Every()
        found = searcher.search(
            asked,
            limit=20,
            filter=audience,
            groupedby={name: FieldFacet(name) for name in FACETS},
        )
        return [hit["shown"] for hit in found], [found.groups(name) for name in FACETS]

    figures = Figures("bare whoosh", done, seconds, answer_times(ask))
    searcher.close()
    return figures


def codes_of(item: IndexDocument) -> dict[str, str]:
    return {
        "subject": item.subject,
        "grade": item.grades[0],
        "school": item.school_code,
        "kind": item.kind,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare both engines with the bare libraries.")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--limit", type=float, default=900, help="seconds of indexing per engine")
    parser.add_argument("--engines", default="tantivy,whoosh", help="which, separated by commas")
    chosen = parser.parse_args()
    raw = {"tantivy": raw_tantivy, "whoosh": raw_whoosh}
    table: list[Figures] = []
    for scheme in chosen.engines.split(","):
        with tempfile.TemporaryDirectory() as mine, tempfile.TemporaryDirectory() as bare:
            table.append(ours(scheme, Path(mine), chosen.documents, chosen.limit))
            table.append(raw[scheme](Path(bare), chosen.documents, chosen.limit))
    print(f"{len(QUERIES)} queries, top 20, 4 facets; best of two warm runs each")
    print(f"{'':22}{'documents':>10}{'docs/s':>9}{'median ms':>11}{'p95 ms':>9}")
    for row in table:
        print(f"{row.name:22}{row.documents:10}{row.rate:9.0f}{row.median:11.2f}{row.p95:9.2f}")
    for mine_row, bare_row in zip(table[::2], table[1::2], strict=True):
        rate, median = mine_row.rate / bare_row.rate, mine_row.median / bare_row.median
        p95 = mine_row.p95 / bare_row.p95
        names = f"{mine_row.name} / {bare_row.name}"
        print(f"{names}: {rate:.2f}x docs/s, {median:.1f}x median, {p95:.1f}x p95")
    if len(table) == 4:
        print(f"our whoosh / our tantivy: {table[2].median / table[0].median:.0f}x median")


if __name__ == "__main__":
    main()
