"""Text out of all office and PDF files of ../shared/samples, beside the bare library calls.

    python -m benchmarks.extraction [--rounds 5]

Bare means the shortest call that gives words: zipfile with ElementTree, olefile, pypdfium2,
calamine; without types, limits, places, clean lines or reading order. Both read the same files,
in turn, and the best round of each file counts.
"""

import argparse
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import olefile
import pypdfium2
from python_calamine import CalamineWorkbook

from resource_hub.files import Facts
from resource_hub.files.inspection import inspect_in_steps

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
FOLDERS = ("docx", "pptx", "doc", "ppt", "xlsx", "pdf")
GOAL = 1.5
# Documents of attachments alone: what the bare calls find are instructions and master slides.
WORDLESS = {"testWPSAttachment.doc", "testWPSAttachment.ppt"}
_SLIDE_TEXT = {4000: "utf-16-le", 4008: "latin-1"}


@dataclass(slots=True)
class Row:
    """One file: characters and the best time in seconds, ours and bare."""

    path: Path
    ours: int = 0
    bare: int = 0
    ours_seconds: float = float("inf")
    bare_seconds: float = float("inf")


def our_text(path: Path) -> str:
    """As the hub reads it, up to the step where all text is there; no picture is made."""
    facts: Facts | None = None
    for facts in inspect_in_steps(path, path.name):
        if facts.text or facts.trouble:
            break
    return facts.text if facts is not None else ""


def open_xml(path: Path) -> str:
    found = []
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if name.startswith(("word/", "ppt/slides/", "ppt/notesSlides/")) and name.endswith(
                ".xml"
            ):
                tree = ET.fromstring(packed.read(name))  # noqa: S314 - known samples
                found += [
                    each.text for each in tree.iter() if each.tag.endswith("}t") and each.text
                ]
    return "\n".join(found)


def ole_word(path: Path) -> str:
    with olefile.OleFileIO(path) as ole:
        if not ole.exists("WordDocument"):
            return str(ole.openstream("CONTENTS").read().decode("utf-16-le", "ignore"))
        main = ole.openstream("WordDocument").read()
        table = ole.openstream("1Table" if main[11] & 2 else "0Table").read()
    at, length = struct.unpack_from("<II", main, 418)
    listing = table[at : at + length]
    at = listing.index(b"\x02")
    count = (struct.unpack_from("<I", listing, at + 1)[0] - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", listing, at + 5)
    found = []
    for number in range(count):
        place = struct.unpack_from("<I", listing, at + 5 + 4 * (count + 1) + 8 * number + 2)[0]
        length = ends[number + 1] - ends[number]
        if place & 0x4000_0000:
            begin = (place & 0x3FFF_FFFF) // 2
            found.append(main[begin : begin + length].decode("cp1252", "replace"))
        else:
            found.append(main[place : place + 2 * length].decode("utf-16-le", "replace"))
    return "".join(found)


def ole_slides(path: Path) -> str:
    with olefile.OleFileIO(path) as ole:
        data = ole.openstream("PowerPoint Document").read()
    return "\n".join(_slide_texts(data, 0, len(data)))


def _slide_texts(data: bytes, at: int, end: int) -> Iterator[str]:
    while at + 8 <= end:
        head, kind, length = struct.unpack_from("<HHI", data, at)
        at += 8
        if head & 0xF == 0xF:
            yield from _slide_texts(data, at, at + length)
        elif kind in _SLIDE_TEXT:
            yield data[at : at + length].decode(_SLIDE_TEXT[kind])
        at += length


def calamine(path: Path) -> str:
    with CalamineWorkbook.from_path(path) as book:
        rows = [
            row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
        ]
    return "\n".join("\t".join(str(cell) for cell in row if cell != "") for row in rows)


def pdfium(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


BARE: dict[str, Callable[[Path], str]] = {
    "docx": open_xml, "pptx": open_xml, "doc": ole_word, "ppt": ole_slides, "xlsx": calamine,
    "pdf": pdfium,
}  # fmt: skip


def measured(read: Callable[[Path], str], path: Path) -> tuple[float, int]:
    begin = time.perf_counter()
    text = read(path)
    return time.perf_counter() - begin, len("".join(text.split()))


def measure(rounds: int) -> list[Row]:
    rows = [Row(path) for folder in FOLDERS for path in sorted((SAMPLES / folder).iterdir())]
    for _ in range(rounds):
        for row in rows:
            seconds, row.bare = measured(BARE[row.path.parent.name], row.path)
            row.bare_seconds = min(row.bare_seconds, seconds)
            seconds, row.ours = measured(our_text, row.path)
            row.ours_seconds = min(row.ours_seconds, seconds)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if not SAMPLES.is_dir():
        print(f"The folder {SAMPLES} is not here.")
        return 0
    rows = measure(asked.rounds)
    print(f"{'file':<44} {'characters':>10} {'bare':>8} {'ours ms':>8} {'bare ms':>8}")
    for row in rows:
        name = f"{row.path.parent.name}/{row.path.name}"[:40]
        print(
            f"{name:<44} {row.ours:>10,} {row.bare:>8,}"
            f" {row.ours_seconds * 1000:>8.1f} {row.bare_seconds * 1000:>8.1f}"
        )
    ours = sum(row.ours_seconds for row in rows)
    bare = sum(row.bare_seconds for row in rows)
    silent = [row.path.name for row in rows if row.bare and not row.ours]
    silent = [name for name in silent if name not in WORDLESS]
    print(f"{len(rows)} files: ours {ours:.3f} s, bare {bare:.3f} s, {ours / bare:.2f}x", end="")
    print(f" (goal: at most {GOAL}x); text that only the bare calls found: {silent or 'none'}")
    return 0 if ours <= GOAL * bare and not silent else 1


if __name__ == "__main__":
    sys.exit(main())
