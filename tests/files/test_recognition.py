"""Text in pictures is recognised at a safe distance, a page at a time, where the extra is there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from resource_hub.files import Family, Trouble, Workshop
from resource_hub.files.guard import Unreadable
from resource_hub.files.scans import ReadPage, may_hold_text, read_page
from tests.files import made
from tests.scans import needs_engine, photograph, scan

MIB = 1024 * 1024
FIRST = "勾股定理的证明\n直角三角形两条直角边的平方和等于斜边的平方。"
SECOND = "課後作業：觀察月相，畫下一個月的變化。\nHomework: draw the moon."


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(memory_bytes=1536 * MIB) as workshop:
        yield workshop


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    path = tmp_path / "scan"
    path.write_bytes(scan(FIRST, SECOND))
    return path


def child_of(workshop: Workshop) -> psutil.Process:
    assert workshop._child is not None
    return psutil.Process(workshop._child.pid)


@needs_engine
def test_each_page_of_a_scan_is_read_in_either_script(workshop: Workshop, scanned: Path) -> None:
    assert read_page(workshop, scanned, "pdf", 1) == ReadPage(FIRST, 2)
    second = read_page(workshop, scanned, "pdf", 2)
    assert (second.text.replace(" ", ""), second.total) == (SECOND.replace(" ", ""), 2)
    assert read_page(workshop, scanned, "pdf", 3) == ReadPage("", 2)


@needs_engine
def test_it_is_done_in_little_memory_and_after_all_else(workshop: Workshop, scanned: Path) -> None:
    read_page(workshop, scanned, "pdf", 1)
    child = child_of(workshop)
    assert child.nice() == 19
    status = Path(f"/proc/{child.pid}/status").read_text("ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0])  # kB
    assert 100_000 < peak < 1_200_000


@needs_engine
def test_a_photograph_is_one_page_and_an_empty_sheet_has_no_text(
    workshop: Workshop, tmp_path: Path
) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(photograph("一元二次方程练习"))
    assert read_page(workshop, picture, "jpg", 1) == ReadPage("一元二次方程练习", 1)
    picture.write_bytes(photograph(""))
    assert read_page(workshop, picture, "jpg", 1) == ReadPage("", 1)


@needs_engine
def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_is_read(
    workshop: Workshop, scanned: Path
) -> None:
    with pytest.raises(Unreadable, match="too_slow"):
        read_page(workshop, scanned, "pdf", 1, seconds=0.01)
    assert read_page(workshop, scanned, "pdf", 1) == ReadPage(FIRST, 2)


@needs_engine
def test_a_reader_that_was_killed_is_replaced_by_another(workshop: Workshop, scanned: Path) -> None:
    read_page(workshop, scanned, "pdf", 1)
    child = child_of(workshop)
    child.kill()
    child.wait()
    assert read_page(workshop, scanned, "pdf", 1) == ReadPage(FIRST, 2)


@needs_engine
def test_an_engine_that_does_not_start_says_nothing_about_the_file(scanned: Path) -> None:
    with (
        Workshop(memory_bytes=320 * MIB) as narrow,
        pytest.raises(OSError, match="Package not installed"),
    ):
        read_page(narrow, scanned, "pdf", 1)


def test_what_cannot_be_opened_is_no_page(workshop: Workshop, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(made.pdf("x")[:200])
    with pytest.raises(Unreadable, match="damaged"):
        read_page(workshop, broken, "pdf", 1)


@pytest.mark.parametrize(
    ("family", "code", "trouble", "size", "expected"),
    [
        (Family.PDF, "pdf", Trouble.NO_TEXT, (None, None), True),
        (Family.SLIDES, "pptx", Trouble.NO_TEXT, (None, None), True),
        (Family.DOCUMENT, "docx", Trouble.NO_TEXT, (None, None), True),
        (Family.PDF, "pdf", None, (None, None), False),
        (Family.PDF, "pdf", Trouble.ENCRYPTED, (None, None), False),
        (Family.SHEET, "xlsx", Trouble.NO_TEXT, (None, None), False),
        (Family.IMAGE, "jpg", None, (1080, 1920), True),
        (Family.IMAGE, "png", None, (500, 300), True),
        (Family.IMAGE, "png", None, (499, 300), False),
        (Family.IMAGE, "png", None, (900, 120), False),
        (Family.IMAGE, "gif", None, (900, 900), False),
        (Family.IMAGE, "jpg", Trouble.DAMAGED, (900, 900), False),
        (Family.VIDEO, "mp4", None, (1280, 720), False),
    ],
)
def test_text_is_looked_for_where_a_page_may_be(
    family: Family,
    code: str,
    trouble: Trouble | None,
    size: tuple[int | None, int | None],
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert may_hold_text(family, code, trouble, *size) is expected


def test_the_hub_itself_does_not_import_the_engine() -> None:
    code = (
        "import sys; import resource_hub.app, resource_hub.files.scans as scans;"
        "scans.is_installed();"
        "print({'rapidocr', 'onnxruntime', 'cv2', 'numpy', 'shapely'} & set(sys.modules))"
    )
    said = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert said.stdout == "set()\n"
