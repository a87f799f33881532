"""Pages in other dresses: which are found again, what is taken for another page, and how fast.

    python -m benchmarks.page_looks --documents 200000     (documents are pages)

Which are found: every page of the sample files, drawn as for the viewer, in ten dresses, and title
slides of one template with other words, which nobody may take for each other. Beside it the 256-bit
hash of ImageHash (``pip install imagehash``) at its usual limit, a tenth of all bits.

How long: looking for a file of ten pages among so many on SQLite (the bits by their bands, then the
small pictures), beside going through all prints, and beside what SQLite needs for the rows alone.
"""

import io
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont
from sqlalchemy.orm import Session

from benchmarks.disguises import SAMPLES
from benchmarks.measuring import arguments, folder, goal, p95, tell, told
from resource_hub.domain.page_likeness import MAY_BE_SAME, PageOf, PagePair, bands, distance
from resource_hub.domain.page_likeness import same_pages as counted
from resource_hub.edge.migrating import upgrade
from resource_hub.files import TYPES, detect
from resource_hub.files.drawing import draw
from resource_hub.files.guard import Unreadable
from resource_hub.files.page_look import is_same_look
from resource_hub.files.page_print import SeenPage, print_of_page
from resource_hub.files.pages import read_page
from resource_hub.models.database import open_database
from resource_hub.services.page_prints import KnownPage, pages_with_such_bits, those_of_one_look
from resource_hub.services.previews import PAGED

FILE = 10  # pages of a file that is looked for


def scanned(page: Image.Image, dice: random.Random) -> Image.Image:
    soft = page.convert("L").filter(ImageFilter.GaussianBlur(1))
    noise = Image.effect_noise(soft.size, 12 + dice.random())
    return jpeg(Image.blend(soft, noise, 0.1), 50)


def jpeg(page: Image.Image, quality: int) -> Image.Image:
    kept = io.BytesIO()
    page.save(kept, "JPEG", quality=quality)
    return Image.open(kept)


def cropped(page: Image.Image, dice: random.Random, most: float) -> Image.Image:
    left, top, right, bottom = (dice.uniform(0, most) for _ in range(4))
    width, height = page.size
    return page.crop(
        (int(width * left), int(height * top), int(width * (1 - right)), int(height * (1 - bottom)))
    )


def on_paper(page: Image.Image, share: float) -> Image.Image:
    left, top = int(page.width * share), int(page.height * share)
    paper = Image.new("RGB", (page.width + 2 * left, page.height + 2 * top), "white")
    paper.paste(page, (left, top))
    return paper


DRESSES: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "smaller": lambda page, _: page.resize((page.width * 6 // 10, page.height * 6 // 10)),
    "JPEG 40": lambda page, _: jpeg(page, 40),
    "half, JPEG 40": lambda page, _: jpeg(page.resize((page.width // 2, page.height // 2)), 40),
    "grey": lambda page, _: page.convert("L"),
    "brighter, paler": lambda page, _: ImageEnhance.Contrast(
        ImageEnhance.Brightness(page).enhance(1.15)
    ).enhance(0.85),
    "darker": lambda page, _: ImageEnhance.Brightness(page).enhance(0.8),
    "cropped 2 %": lambda page, dice: cropped(page, dice, 0.02),
    "margins 5 %": lambda page, _: on_paper(page, 0.05),
    "scan": scanned,
    "crooked 0.5°": lambda page, _: page.rotate(0.5, Image.Resampling.BICUBIC, fillcolor="white"),
}


def sample_pages() -> Iterator[tuple[str, Image.Image]]:
    """The file and the picture of each page that can be drawn of the sample files."""
    for path in sorted(each for each in SAMPLES.rglob("*") if each.is_file()):
        with path.open("rb") as stream:
            code = detect(stream, path.name).code
        if "nasty" in path.parts or TYPES[code].family not in PAGED or path.parent == SAMPLES:
            continue
        try:
            for answer in draw(path, {"code": code, "first": 1, "last": 40}):
                if answer.data:
                    with Image.open(io.BytesIO(read_page(answer).large)) as picture:
                        yield path.name, picture.convert("RGB")
        except Unreadable as error:
            tell(f"{path.name}: {error.trouble.value}")


def template_slides(background: Image.Image, dice: random.Random) -> Iterator[Image.Image]:
    """Twelve title slides with this picture behind words of their own."""
    letters = "春夏秋冬山水日月风花雪雨天地人文数理声光电力图形分数圆方加减乘除诗词歌画"
    for _ in range(12):
        slide = background.resize((960, 540))
        pen = ImageDraw.Draw(slide)
        for top, size in ((210, 60), (310, 36)):
            words = "".join(dice.sample(letters, dice.randrange(4, 9)))
            font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)
            pen.text((480, top), words, font=font, fill="black", anchor="mm")
        yield slide


@dataclass(frozen=True, slots=True)
class Hash:
    """Somebody's way to know pages: ``None`` for a page that is left aside."""

    name: str
    make: Callable[[Image.Image], Any]  # Any: ours or theirs
    same: Callable[[Any, Any], bool]  # Any: what ``make`` makes


def are_one_page(one: SeenPage, other: SeenPage) -> bool:
    """As the hub decides, with the bands that its index has."""
    return (
        distance(one.bits, other.bits) <= MAY_BE_SAME
        and bool(set(bands(one.bits)) & set(bands(other.bits)))
        and is_same_look(one.look, other.look)
    )


def hashes() -> Sequence[Hash]:
    import imagehash  # type: ignore[import-not-found]  # noqa: PLC0415 - only who compares needs it

    def theirs(page: Image.Image) -> Any:  # Any: it has no types
        return imagehash.phash(page, hash_size=16)

    return (
        Hash("hub", print_of_page, are_one_page),
        Hash("phash ≤ 25", theirs, lambda one, other: one - other <= 25),
    )


def print_recall(
    pages: Sequence[tuple[str, Image.Image]], slides: Sequence[Sequence[Image.Image]]
) -> None:
    ways = hashes()
    own = {way.name: [way.make(page) for _, page in pages] for way in ways}
    kept = [place for place, seen in enumerate(own["hub"]) if seen is not None]
    print(f"{len(pages)} pages, {len(pages) - len(kept)} with next to nothing on them; recall")
    print(f"{'':18}" + "".join(f"{way.name:>14}" for way in ways) + "   whole files, hub")
    for dress, put_on in DRESSES.items():
        dice = random.Random(dress)
        dressed = {place: put_on(pages[place][1], dice) for place in kept}
        cells, mine = "", set[int]()
        for way in ways:
            found = {
                place
                for place, page in dressed.items()
                if (made := way.make(page)) is not None and way.same(own[way.name][place], made)
            }
            cells += f"{len(found) / len(kept):14.3f}"
            mine = mine or found
        print(f"{dress:18}{cells}{_whole_files(pages, kept, mine):19.3f}")
    for name, groups in (("different pages", [[p for _, p in pages]]), ("one template", slides)):
        cells, number = "", 0
        for way in ways:
            made = [[m for each in group if (m := way.make(each)) is not None] for group in groups]
            pairs = [pair for group in made for pair in combinations(group, 2)]
            number = number or len(pairs)
            cells += f"{sum(way.same(*pair) for pair in pairs):14,}"
        print(f"{name:18}{cells}   wrong of {number:,} pairs")


def _whole_files(
    pages: Sequence[tuple[str, Image.Image]], kept: Sequence[int], found: set[int]
) -> float:
    """Which share of the files is alike when all of their pages are in one dress."""
    files: dict[str, list[int]] = {}
    for place in kept:
        files.setdefault(pages[place][0], []).append(place)
    alike = 0
    for places in files.values():
        new = [PageOf("new", place) for place in places]
        pairs = [
            PagePair(page, PageOf("old", page.number), 0) for page in new if page.number in found
        ]
        alike += counted(new, len(new), pairs).is_alike
    return alike / len(files)


def print_looks(path: Path, count: int, seen: Sequence[SeenPage]) -> None:
    """Time looks into a database of ``count`` prints whose bits are as real ones are."""
    dice = random.Random(7)
    file = path / f"pages-{count}.db"
    file.unlink(missing_ok=True)
    engine = open_database(f"sqlite:///{file}")
    upgrade(engine)
    everything = _fill(file, count, seen, dice)
    compared, processor, through, bare = list[float](), list[float](), list[float](), list[float]()
    plain = sqlite3.connect(file)
    with Session(engine) as session:
        for _ in told("looks", range(60)):
            asked = [
                KnownPage(
                    PageOf("asked", print_id), _disturbed(everything[place], dice, 12), print_id
                )
                for place in dice.sample(range(count), FILE)
                for print_id in [place + 1]
            ]
            begin, used = time.perf_counter(), time.process_time()
            maybe = pages_with_such_bits(session, asked)
            those_of_one_look(session, maybe)
            compared.append((time.perf_counter() - begin) * 1_000)
            processor.append((time.process_time() - used) * 1_000)
            values = sorted({value for page in asked for value in bands(page.bits)})
            question = f"SELECT value, print_id FROM page_band WHERE value IN ({','.join('?' * len(values))})"  # noqa: S608, E501 - only marks
            begin = time.perf_counter()
            plain.execute(question, values).fetchall()
            bare.append((time.perf_counter() - begin) * 1_000)
        for _ in range(3):
            begin = time.process_time()
            found = [
                (page.page, place)
                for page in asked
                for place, bits in enumerate(everything)
                if (page.bits ^ bits).bit_count() <= MAY_BE_SAME
            ]
            through.append((time.process_time() - begin) * 1_000)
    engine.dispose()
    size = plain.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%page_band%' OR name LIKE '%page_print%'"
    ).fetchone()[0]
    print(
        f"{count:,} pages, {size / 1e6:.0f} MB: {FILE} pages looked for in"
        f" {median(compared):.1f} ms, p95 {p95(compared):.1f} ms (of the processor"
        f" {p95(processor):.1f}); through all prints {median(through):.0f} ms"
        f" ({len(found)} found); rows of the bands alone p95 {p95(bare):.2f} ms"
    )
    goal(f"p95 of a look among {count:,} pages", p95(compared), 50, unit=" ms")


def _fill(file: Path, count: int, seen: Sequence[SeenPage], dice: random.Random) -> Sequence[int]:
    """Ten pages a file; the bits of each are mixed of two real ones, and a tenth is changed."""
    plain = sqlite3.connect(file)
    plain.execute("PRAGMA foreign_keys = off")
    everything = []
    now = "2026-10-01 00:00:00.000000"
    for number in told("prints", range(1, count + 1)):
        one, other = dice.sample(seen, 2)
        mask = dice.getrandbits(256)
        bits = _disturbed(one.bits & mask | other.bits & ~mask, dice, 26)
        everything.append(bits)
        key = f"{number // FILE:064x}"
        if number % FILE == 1:
            plain.execute("INSERT INTO printed_file VALUES (?, 1, ?)", (key, now))
        plain.execute(
            "INSERT INTO page_print (id, blob_key, number, bits, look) VALUES (?, ?, ?, ?, ?)",
            (number, key, number % FILE + 1, f"{bits:064x}", one.look),
        )
    rows = sorted((v, place) for place, bits in enumerate(everything, 1) for v in bands(bits))
    plain.executemany("INSERT INTO page_band VALUES (?, ?)", rows)
    plain.commit()
    plain.execute("ANALYZE")
    plain.close()
    return everything


def _disturbed(bits: int, dice: random.Random, number: int) -> int:
    for place in dice.sample(range(256), number):
        bits ^= 1 << place
    return bits


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="200000")
    parser.add_argument("--no-recall", action="store_true", help="only time the looks")
    chosen = parser.parse_args()
    pages = list(told("pages", sample_pages()))
    dice = random.Random(4)
    backgrounds = [page for _, page in pages][::25]
    slides = [
        list(template_slides(picture.filter(ImageFilter.GaussianBlur(4)), dice))
        for picture in backgrounds
    ]
    if not chosen.no_recall:
        print_recall(pages, slides)
    seen = [found for _, page in pages if (found := print_of_page(page)) is not None]
    with folder(chosen.keep) as path:
        for part in chosen.documents.split(","):
            print_looks(path, int(part), seen)


if __name__ == "__main__":
    main()
