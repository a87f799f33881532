"""An offline pack of 2,000 resources: built beside plain copying, opened and searched from file://.

    python -m benchmarks.pack --documents 2000 --bytes 3000000 --keep /tmp/benchmarks

Every resource has a file of ``--bytes``; the peer copies the same files one by one with
``shutil.copyfile`` and hashes nothing. The pack is then opened by Chromium without a network: the
start is the time from the address to the front page, a search that from the words to the list.
"""

import hashlib
import random
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from playwright.sync_api import sync_playwright

from benchmarks.material import QUERIES, documents
from benchmarks.measuring import arguments, folder, goal, p95, tell
from resource_hub.pack.data import Cover, PackFile, PackResource, Selection, Stored
from resource_hub.pack.index import PackIndex
from resource_hub.pack.sentences import SENTENCES
from resource_hub.pack.sinks import opened
from resource_hub.pack.writer import Contents, write_pack
from search_index import IndexDocument
from tests.journeys.conftest import FLAGS
from tests.plugins.requirements import find_program

LABELS = {"zh_Hans": {"subject": {"math": "数学"}, "kind": {"lesson_plan": "教案"}}}


def stored(place: Path, count: int, size: int) -> list[Path]:
    """Files without a pattern, as films and pictures are; by their SHA-256, as in the storage."""
    place.mkdir(exist_ok=True)
    dice = random.Random(3)
    paths = []
    for _ in range(count):
        content = dice.randbytes(size)
        path = place / hashlib.sha256(content).hexdigest()
        if not path.exists():
            path.write_bytes(content)
        paths.append(path)
    return paths


def resource(it: IndexDocument, path: Path) -> PackResource:
    file = PackFile("教案.pdf", Stored(path.name, path.stat().st_size), "pdf", "pdf")
    return PackResource(
        resource_id=it.resource_id,
        public_id=f"R-{it.resource_id:06}",
        revision=1,
        kind=it.kind,
        title=it.title,
        summary=it.summary,
        language=it.language,
        school_stage=it.school_stage,
        subject=it.subject,
        grades=it.grades,
        volume=it.volume,
        edition=it.edition,
        unit=it.unit,
        keywords=it.keywords,
        licence="cc-by-4.0",
        source="",
        sections=(),
        text=it.body[:2_000],
        school_code=it.school_code,
        school_name=it.school,
        author_name=it.author,
        available_at=it.published_at,
        uses=it.views + it.downloads,
        class_uses=0,
        badge="reviewed",
        cover=None,
        files=(file,),
    )


def build(paths: Sequence[Path], stick: Path) -> tuple[float, float]:
    """Seconds for everything, and for the index alone."""
    items = list(documents(len(paths)))
    begin = time.perf_counter()
    index = PackIndex(LABELS)
    for it in items:
        index.add(it)
    indexed = time.perf_counter() - begin
    words = {sentence: sentence for sentence in SENTENCES}
    contents = Contents(
        cover=Cover("bench", 1, items[0].published_at, "", "", "zh_Hans", Selection()),
        resources=[resource(it, path) for it, path in zip(items, paths, strict=True)],
        left_out=(),
        issues=(),
        wording={"zh_Hans": words},
        labels=LABELS,
        colours={},
        offered={"school_stage": {}, "subject": {}, "grade": {}},
        index=index,
    )
    by_key = {path.name: path for path in paths}

    @contextmanager
    def read(key: str) -> Iterator[BinaryIO]:
        with by_key[key].open("rb") as source:
            yield source

    with opened(stick) as sink:
        write_pack(contents, sink, read, lambda _done: None)
    return time.perf_counter() - begin, indexed


def copy(paths: Sequence[Path], place: Path) -> float:
    place.mkdir()
    begin = time.perf_counter()
    for path in paths:
        shutil.copyfile(path, place / path.name)
    return time.perf_counter() - begin


def in_a_browser(stick: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of five starts, and of each query, the first time it is asked."""
    starts, answers = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("chromium"), args=FLAGS)
        for _ in range(5):
            page = browser.new_context(offline=True).new_page()
            begin = time.perf_counter()
            page.goto(f"{stick.as_uri()}/index.html")
            page.wait_for_selector("html[data-drawn]", state="attached")
            starts.append((time.perf_counter() - begin) * 1000)
        for query in filter(None, QUERIES):
            page.evaluate(
                "query => { document.documentElement.removeAttribute('data-answered');"
                " location.hash = pack.to('/search', { q: query }); }",
                query,
            )
            page.wait_for_selector("html[data-answered]", state="attached")
            answers.append(float(page.get_attribute("html", "data-answered") or 0))
        browser.close()
    return starts, answers


def main() -> None:
    parser = arguments(__doc__ or "", documents="2000")
    parser.add_argument("--bytes", type=int, default=3_000_000, help="Size of each file.")
    asked = parser.parse_args()
    count = int(asked.documents)
    with folder(asked.keep) as place:
        paths = stored(place / f"files-{asked.bytes}", count, asked.bytes)
        for name in ("stick", "copied"):
            shutil.rmtree(place / name, ignore_errors=True)
        copied = copy(paths, place / "copied")
        shutil.rmtree(place / "copied")
        built, indexed = build(paths, place / "stick")
        size = sum(path.stat().st_size for path in (place / "stick" / "data").iterdir())
        tell(f"{count} resources, {count * asked.bytes / 1e9:.1f} GB: copied in {copied:.1f} s")
        tell(f"pack built in {built:.1f} s, of that the index {indexed:.1f} s")
        tell(f"lists and index: {size / 1e6:.1f} MB")
        starts, answers = in_a_browser(place / "stick")
        print(f"search: median {statistics.median(answers):.0f} ms, longest {max(answers):.0f} ms")
        goal("built at this share of the speed of copying", copied / built, 0.5, least=True)
        goal("start", max(starts), 2_000, unit=" ms")
        goal("search, p95", p95(answers), 200, unit=" ms")
        shutil.rmtree(place / "stick")


if __name__ == "__main__":
    main()
