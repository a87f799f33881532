"""Files that nobody means well with: the hub goes on, in time, and says a sentence."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resource_hub.files import SENTENCES, Facts, Trouble, Workshop
from tests.files import made
from tests.files.hostile import HOSTILE, film

SECONDS = 3.0
MEMORY = 800 * 1024 * 1024

BOMBS = {
    "million-pages.pdf", "content.pdf", "ten-of-the-next.pdf", "draws-itself.pdf", "tiles.pdf",
    "letters.pdf", "attributes.docx", "circle.pptx", "scans.jpg", "levels.html", "names.zip",
    "own-parents.pdf", "two-billion-wide.pdf",
}  # fmt: skip
"""What takes more than is given, or as much as there is; how it ends depends on the machine."""

TROUBLES: dict[str, Trouble] = {
    "laughs.docx": Trouble.DAMAGED,
    "laughs-utf-16.docx": Trouble.DAMAGED,
    "reads-other-files.docx": Trouble.DAMAGED,
    "levels.docx": Trouble.DAMAGED,
    "says-it-is-small.docx": Trouble.DAMAGED,
    "text-twice.docx": Trouble.DAMAGED,
    "billions.xlsx": Trouble.KILLED,
    "strings.xlsx": Trouble.TOO_LARGE,
    "lying-sizes.zip": Trouble.DAMAGED,
    "overlap.zip": Trouble.TOO_LARGE,
    "huge.png": Trouble.TOO_LARGE,
    "words.png": Trouble.DAMAGED,
    "huge.jpg": Trouble.TOO_LARGE,
    "strips.tiff": Trouble.DAMAGED,
    "negative.bmp": Trouble.TOO_LARGE,
    "circle.doc": Trouble.DAMAGED,
    "sectors.xls": Trouble.DAMAGED,
    "records.ppt": Trouble.DAMAGED,
    "groups.rtf": Trouble.DAMAGED,
    "half-characters.txt": Trouble.NO_TEXT,
}
"""What is said of those that are refused by a look at them."""


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(seconds=SECONDS, memory_bytes=MEMORY) as workshop:
        yield workshop


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_harms_nobody(workshop: Workshop, tmp_path: Path, name: str) -> None:
    path, next_one = tmp_path / "hostile", tmp_path / "next"
    path.write_bytes(HOSTILE[name]())
    next_one.write_bytes(made.packed({}))
    began = time.monotonic()
    facts = workshop.inspect(path, name)
    assert time.monotonic() - began < 2 * SECONDS + 15  # two children may have to be started
    assert len(facts.text) <= 200_000
    if name in TROUBLES:
        assert facts.trouble is TROUBLES[name]
    elif name not in BOMBS:
        assert facts.trouble in {None, Trouble.NO_TEXT, Trouble.DAMAGED, *HARMLESS}
    assert facts.trouble is None or SENTENCES[facts.trouble].endswith(".")
    assert workshop.inspect(next_one, "b.zip").file_type.code == "zip"


HARMLESS = {Trouble.UNSUPPORTED, Trouble.STRAY_NAMES}


def test_no_file_is_asked_for_another(workshop: Workshop, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    for name in ("reads-other-files.docx", "outside.epub", "circle.pptx", "link.zip"):
        path.write_bytes(HOSTILE[name]())
        assert "root:" not in workshop.inspect(path, name).text


WHOLE: dict[str, Callable[[], bytes]] = {
    "a.docx": lambda: made.document("静夜思", "床前明月光", header="诗"),
    "a.xlsx": lambda: made.workbook(诗=[["静夜思", 1], ["床前明月光", 2]]),
    "a.pptx": lambda: made.slides("静夜思", "床前明月光"),
    "a.pdf": lambda: made.pdf("静夜思", "床前明月光"),
    "a.png": lambda: made.picture("PNG", (300, 200)),
    "a.jpg": lambda: made.picture("JPEG", (300, 200)),
    "a.gif": lambda: made.picture("GIF", (300, 200)),
    "a.webp": lambda: made.picture("WEBP", (300, 200)),
    "a.tiff": lambda: made.picture("TIFF", (30, 20)),
    "a.bmp": lambda: made.picture("BMP", (30, 20)),
    "a.doc": lambda: made.ole("WordDocument", "1Table", content=bytes(range(256)) * 16),
    "a.ppt": lambda: made.ole("PowerPoint Document", content=b"\x0f\0\xe8\x03\x10\0\0\0" * 512),
    "a.xls": lambda: made.ole("Workbook", content=b"\x09\x08\x10\0\0\x06\x05\0" * 512),
    "a.rtf": lambda: b"{\\rtf1\\ansicpg936 \\'be\\'b2{\\*\\generator x}\\par\\u24605 ?}",
    "a.zip": lambda: made.packed({"诗/静夜思.txt": "床前明月光" * 100, "b.txt": "x"}),
    "a.epub": lambda: made.packed({"mimetype": "application/epub+zip", "a.xhtml": "<p>诗</p>"}),
    "a.html": "<!doctype html><p>静夜思</p>".encode,
    "a.mp4": film,
}


@pytest.fixture(scope="module", params=WHOLE)
def whole(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """A good file of each kind."""
    return request.param, WHOLE[request.param]()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(at=st.floats(0, 1), changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255))))
def test_a_file_cut_short_and_changed_anywhere_is_read_as_far_as_it_goes(
    workshop: Workshop,
    tmp_path: Path,
    whole: tuple[str, bytes],
    at: float,
    changes: list[tuple[float, int]],
) -> None:
    name, content = whole
    spoilt = bytearray(content[: round(at * len(content))])
    for where, byte in changes if spoilt else ():
        spoilt[round(where * (len(spoilt) - 1))] = byte
    path = tmp_path / "spoilt"
    path.write_bytes(spoilt)
    facts = workshop.inspect(path, name)
    assert isinstance(facts, Facts)
    assert facts.trouble not in {Trouble.KILLED, Trouble.TOO_SLOW}
