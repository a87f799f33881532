"""Hostile files whose pages are to be drawn, and films that are to be made playable."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from resource_hub.files import Workshop
from resource_hub.files.bounded import scratch
from resource_hub.files.detection import detect
from resource_hub.files.guard import Unreadable
from resource_hub.files.pages import PagePicture, read_page
from resource_hub.files.playable import make_at_a_distance
from tests.files import made
from tests.files.hostile import HOSTILE
from tests.files.hostile_pdf import PDFS

SECONDS = 2.0
MEMORY = 800 * 1024 * 1024

DRAWN = (
    *PDFS, "attributes.docx", "levels.docx", "laughs.docx", "circle.pptx", "billions.xlsx",
    "repeats.ods", "spaces.odt", "outside.epub", "huge.png", "huge.jpg", "scans.jpg", "frames.gif",
    "negative.bmp", "circle.tiff", "records.ppt", "groups.rtf", "levels.html", "laughs.svg",
    "one-line.txt", "columns.csv",
)  # fmt: skip

PLAYED = (
    "itself.mp4", "samples.mp4", "thousand-years.mp4", "endless.webm", "index.avi",
    "channels.wav", "tag.mp3", "evil-names.zip",
)  # fmt: skip


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(seconds=SECONDS, memory_bytes=MEMORY) as workshop:
        yield workshop


@pytest.mark.parametrize("name", DRAWN)
def test_pages_of_a_hostile_file_harm_nobody(workshop: Workshop, tmp_path: Path, name: str) -> None:
    path, poem = tmp_path / "hostile", tmp_path / "poem"
    path.write_bytes(HOSTILE[name]())
    poem.write_bytes(made.picture())
    with path.open("rb") as stream:
        code = detect(stream, name).code
    arguments = {"code": code, "first": 1, "last": 3}
    began = time.monotonic()
    pages: list[PagePicture] = []
    with suppress(Unreadable):
        answers = workshop.ask("pages", path, arguments=arguments)
        pages.extend(read_page(answer) for answer in answers if "total" not in answer.facts)
    assert time.monotonic() - began < 2 * SECONDS + 15  # two children may have to be started
    assert len(pages) <= 3
    assert all(max(page.width, page.height) <= 2_400 for page in pages)
    sound = list(workshop.ask("pages", poem, arguments=arguments | {"code": "png"}))
    assert [answer.facts.get("total") for answer in sound] == [1, None]


@pytest.mark.parametrize("name", PLAYED)
def test_a_hostile_film_harms_nobody(tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(HOSTILE[name]())
    with scratch(tmp_path) as folder:
        with suppress(Unreadable):
            played = make_at_a_distance(path, folder, seconds=1.0)
            assert (played.width or 0) <= 1_280
        assert sum(each.stat().st_size for each in folder.iterdir()) < 1_000_000
    assert [each.name for each in tmp_path.iterdir()] == ["hostile"]
