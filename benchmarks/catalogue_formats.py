"""An issue in all its formats: PDF beside bare typst on the same data, and what is quick together.

    python -m benchmarks.catalogue_formats --documents 1000,10000

Ours is the one file that readers get, whatever it was set in: cover, contents and bookmarks of the
whole. The peer is typst alone: one template without looks, in one run, given the same words, the
same pictures as they lie in the storage (WebP) and the same QR codes as ready files. The physical
limit is reading all that and writing a file as large as the PDF.
"""

import json
import random
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import psutil
import pylopdf_fonts_zh_cn
import typst
from PIL import Image, ImageDraw

from benchmarks.material import documents
from benchmarks.measuring import arguments, tell
from resource_hub.catalogue.data import EntryData, IssueData, to_json
from resource_hub.catalogue.formats import PDF, SIMPLE, Pictures, write_formats
from resource_hub.catalogue.print.qr import qr_png
from resource_hub.domain.endorsement import Badge
from tests.catalogue.issues import CHINESE, digest, entry, issue

MEBIBYTE = 2**20
GOAL_FACTOR, GOAL_MEMORY, GOAL_TOGETHER = 2.0, 600, 6.0
SUBJECTS = ("chinese", "math", "english", "science", "morality", "music", "fine_art", "pe")
BARE = """
#set page("a4", margin: 20mm, numbering: "1")
#set text(font: "Noto Sans SC", lang: "zh", size: 10pt)
#set par(justify: true)
#outline()
#let last = none
#for it in json("/bare.json") {
  if it.subject != last { heading(it.subject); last = it.subject }
  block(breakable: false, grid(columns: (32mm, 1fr, 18mm), column-gutter: 4mm,
    image("/" + it.picture), [#strong(it.title) \\ #it.about \\ #it.summary], image("/" + it.code)))
}
"""


def material(count: int) -> tuple[IssueData, dict[str, bytes]]:
    """An issue of so many entries, each with a picture of its own, as previews of files are."""
    dice, entries, pictures = random.Random(6), list[EntryData](), dict[str, bytes]()
    for number, found in enumerate(documents(count), start=1):
        content = preview(dice, number)
        pictures[digest(content)] = content
        entries.append(
            entry(
                number,
                found.title,
                subject=SUBJECTS[number * len(SUBJECTS) // (count + 1)],
                grades=(f"g{dice.randint(1, 9)}",),
                summary=found.summary or found.body[:120],
                author=found.author,
                thumbnail=digest(content),
                badge=tuple(Badge)[number % len(Badge)],
            )
        )
    return replace(issue(entries), title="青山县教育联盟资源目录"), pictures


def preview(dice: random.Random, number: int) -> bytes:
    """A page with lines and a picture, 452 x 640 pixels, about 15 kB as WebP."""
    page = Image.new("RGB", (452, 640), "white")
    pen = ImageDraw.Draw(page)
    pen.text((40, 24), f"page {number}", fill="black")
    for y in range(60, 600, 14):
        pen.line((40, y, dice.randint(200, 412), y), fill="#555", width=5)
    noise = Image.effect_noise((180, 120), 60).convert("RGB")
    page.paste(noise, (dice.randint(30, 240), dice.randint(60, 480)))
    content = BytesIO()
    page.save(content, "WEBP", quality=70, method=2)
    return content.getvalue()


def timed(work: Callable[[], int]) -> tuple[float, int, float]:
    """Seconds, what came of it, and the most memory in MiB that work and its children took more."""
    me, most, over = psutil.Process(), 0, threading.Event()
    before = me.memory_info().rss

    def watch() -> None:
        nonlocal most
        while not over.wait(0.05):
            most = max(most, sum(map(rss, [me, *me.children(recursive=True)])) - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - begin
    over.set()
    watcher.join()
    return seconds, result, most / MEBIBYTE


def rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def bare(made: IssueData, pictures: dict[str, bytes], folder: Path) -> Callable[[], int]:
    """Bare typst on the same words, pictures and codes; preparing them is not counted."""
    lines = []
    for number, each in enumerate(made.entries):
        (folder / f"{number}.webp").write_bytes(pictures[each.thumbnail or ""])
        (folder / f"{number}.png").write_bytes(qr_png(each.address))
        lines.append(
            {
                "title": each.title,
                "subject": each.subject,
                "about": f"{each.kind} {each.author} {each.school}",
                "summary": each.summary[:160],
                "picture": f"{number}.webp",
                "code": f"{number}.png",
            }
        )
    (folder / "bare.json").write_text(json.dumps(lines), "utf-8")
    fonts = str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)

    def run() -> int:
        pdf = typst.compile(  # type: ignore[type-var]  # its stubs want a root like the source
            BARE.encode(),
            root=str(folder),
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts]),
            pdf_tags=False,
        )
        return len(pdf)

    return run


def measure(count: int) -> bool:
    tell(f"{count:,} entries: drawing their pictures")
    made, pictures = material(count)
    size = sum(map(len, pictures.values()))
    print(f"\n{count:,} entries, {size / MEBIBYTE:.0f} MiB of pictures")
    print(f"{'':34}{'seconds':>9}{'MiB of memory':>15}{'MiB of PDF':>12}")

    def ours() -> int:
        def say(done: int, total: int) -> None:
            tell(f"{done:,} of {total:,}")

        (file,) = write_formats(made, CHINESE, [PDF], pictures=Pictures(pictures), progress=say)
        return len(file.content)

    seconds, length, memory = timed(ours)
    row("ours, bound as it is handed out", seconds, memory, length)
    with tempfile.TemporaryDirectory() as name:
        run = bare(made, pictures, Path(name))
        peer, peer_length, peer_memory = timed(run)
        row("typst alone, in one run", peer, peer_memory, peer_length)
        limit, _, _ = timed(lambda: copied(Path(name), length))
        row("reading and writing the bytes", limit, 0, length)
    together = 0.0
    for label, write in (*((key, it[0]) for key, it in SIMPLE.items()), ("data", None)):
        begin = time.perf_counter()
        content = to_json(made) if write is None else write(made, CHINESE)
        spent = time.perf_counter() - begin
        together += spent if label in {"xlsx", "csv", "json", "html"} else 0
        print(f"{label:34}{spent:9.2f}{'':15}{len(content) / MEBIBYTE:12.1f}")
    print(f"{'xlsx + csv + json + page':34}{together:9.2f}")
    reached = (
        seconds <= GOAL_FACTOR * peer,
        memory < GOAL_MEMORY,
        together < GOAL_TOGETHER,
    )
    print(
        f"goals: {seconds / peer:.2f} of bare typst (<= {GOAL_FACTOR:g}), {memory:.0f} MiB "
        f"(< {GOAL_MEMORY}), {together:.1f} s together (< {GOAL_TOGETHER:g}): "
        f"{'reached' if all(reached) else 'MISSED'}"
    )
    return all(reached)


def copied(folder: Path, length: int) -> int:
    for path in folder.iterdir():
        path.read_bytes()
    (folder / "copy").write_bytes(bytes(length))
    return length


def row(name: str, seconds: float, memory: float, length: int) -> None:
    print(f"{name:34}{seconds:9.2f}{memory:15.0f}{length / MEBIBYTE:12.1f}")


def main() -> int:
    given = arguments(__doc__ or "", documents="1000,10000").parse_args()
    return 0 if all(measure(int(count)) for count in given.documents.split(",")) else 1


if __name__ == "__main__":
    raise SystemExit(main())
