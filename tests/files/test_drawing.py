"""Pages of every kind of file, drawn by the workshop's child."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from resource_hub.files import Trouble, Workshop, detect
from resource_hub.files.drawing import Drawn, draw_pages
from tests.files import made
from tests.samples import SAMPLES, needs_samples


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop() as workshop:
        yield workshop


@pytest.fixture(autouse=True)
def _without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the smallest machine; with it: test_office_to_pdf."""
    monkeypatch.setenv("PATH", str(tmp_path))


def is_blank(picture: bytes) -> bool:
    drawn = Image.open(io.BytesIO(picture)).convert("L")
    return ImageChops.invert(drawn).point(lambda value: value > 60 and 255).getbbox() is None


def drawn(
    workshop: Workshop, folder: Path, content: bytes, code: str, first: int = 1, last: int = 3
) -> Drawn:
    path = folder / "blob"
    path.write_bytes(content)
    return draw_pages(workshop, path, code, first=first, last=last)


def test_a_pdf_is_drawn_as_it_is(workshop: Workshop, tmp_path: Path) -> None:
    found = drawn(workshop, tmp_path, made.pdf(*"一二三四五"), "pdf", 2, 4)
    assert ([page.number for page in found.pages], found.total) == ([2, 3, 4], 5)
    assert (found.approximate, found.trouble) == (False, None)
    assert not any(is_blank(page.large) for page in found.pages)


@pytest.mark.parametrize(
    ("content", "code", "total"),
    [
        (made.document("春眠不觉晓", "处处闻啼鸟", table=[["诗人", "孟浩然"]]), "docx", 1),
        (made.slides("春晓", "孟浩然"), "pptx", 2),
        (made.workbook(成绩=[["姓名", "分数"], ["小明", 98]], 名单=[["小红"]]), "xlsx", 2),
        ("姓名,分数\n小明,98\n".encode("gb18030"), "csv", 1),
        ("# 春晓\n\n春眠不觉晓".encode(), "md", 1),
        ("<p>春眠不觉晓</p>".encode(), "html", 1),
    ],
)
def test_office_files_and_texts_are_set_and_said_to_be_approximate(
    workshop: Workshop, tmp_path: Path, content: bytes, code: str, total: int
) -> None:
    found = drawn(workshop, tmp_path, content, code)
    assert (found.total, found.approximate, found.trouble) == (total, True, None)
    assert [page.number for page in found.pages] == list(range(1, total + 1))
    assert not any(is_blank(page.large) for page in found.pages)


def test_a_slide_in_the_middle_keeps_its_number(workshop: Workshop, tmp_path: Path) -> None:
    found = drawn(workshop, tmp_path, made.slides(*"一二三四五六"), "pptx", 4, 5)
    assert ([page.number for page in found.pages], found.total) == ([4, 5], 6)


def test_a_picture_is_one_page(workshop: Workshop, tmp_path: Path) -> None:
    content = made.picture("TIFF", (40, 30))
    found = drawn(workshop, tmp_path, content, "tiff")
    assert [(page.width, page.height) for page in found.pages] == [(40, 30)]
    assert (found.total, found.approximate) == (1, False)
    assert drawn(workshop, tmp_path, content, "tiff", 2, 3) == Drawn(total=1)


def test_an_svg_is_drawn_without_what_it_refers_to(workshop: Workshop, tmp_path: Path) -> None:
    Image.new("RGB", (10, 10), "red").save(tmp_path / "secret.png")
    links = "".join(
        f'<image xlink:href={quote}{target}{quote} width="90" height="90"/>'
        for quote in "\"'"
        for target in (
            "secret.png", (tmp_path / "secret.png").as_uri(), tmp_path / "secret.png",
            "http://127.0.0.1/secret.png", "pages.typ",
        )
    )  # fmt: skip
    content = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 200 100"><rect width="200" height="100" fill="#0000ff"/>'
        f"<script>alert(1)</script>{links}</svg>"
    )
    found = drawn(workshop, tmp_path, content.encode(), "svg")
    assert (found.total, found.approximate, found.trouble) == (1, False, None)
    picture = Image.open(io.BytesIO(found.pages[0].large)).convert("RGB")
    assert picture.size == (1200, 600)
    red, _, blue = picture.getpixel((100, 100))  # type: ignore[misc]  # RGB
    assert (red < 40, blue > 200) == (True, True)


def test_an_svg_that_grows_without_end_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    uses = "".join(
        f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 50 + "</g>" for n in range(1, 12)
    )
    content = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><rect id="g0" width="9" height="9"/>{uses}</svg>'
    )
    found = drawn(workshop, tmp_path, content.encode(), "svg")
    assert (found.pages, found.trouble is None) == ((), False)


@pytest.mark.parametrize(
    ("content", "code", "trouble"),
    [
        (b"%PDF-1.7 no more", "pdf", Trouble.DAMAGED),
        (made.pdf("一", password="secret"), "pdf", Trouble.ENCRYPTED),
        (made.packed({"word/document.xml": "<a>"}), "docx", Trouble.DAMAGED),
        (made.packed({"ppt/presentation.xml": "<a/>"}), "pptx", Trouble.DAMAGED),
        (b"no picture", "png", Trouble.DAMAGED),
        (b"", "doc", Trouble.EMPTY),
        (b"ID3", "mp3", Trouble.UNSUPPORTED),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic", Trouble.UNSUPPORTED),
    ],
)
def test_what_has_no_pages_says_why(
    workshop: Workshop, tmp_path: Path, content: bytes, code: str, trouble: Trouble
) -> None:
    assert drawn(workshop, tmp_path, content, code) == Drawn(trouble=trouble)


def test_the_picture_that_a_program_left_is_the_last_resort(
    workshop: Workshop, tmp_path: Path
) -> None:
    thumbnail = made.picture("JPEG", (60, 80))
    content = made.packed({"word/document.xml": "<a>", "docProps/thumbnail.jpeg": thumbnail})
    found = drawn(workshop, tmp_path, content, "docx")
    assert [(page.number, page.width, page.height) for page in found.pages] == [(1, 60, 80)]
    assert (found.total, found.approximate, found.trouble) == (1, True, Trouble.DAMAGED)
    assert drawn(workshop, tmp_path, content, "docx", 2, 3) == Drawn(trouble=Trouble.DAMAGED)


def test_a_broken_last_resort_says_the_first_reason(workshop: Workshop, tmp_path: Path) -> None:
    for thumbnail in (b"no picture", b""):
        content = made.packed({"word/document.xml": "<a>", "docProps/thumbnail.jpeg": thumbnail})
        assert drawn(workshop, tmp_path, content, "docx") == Drawn(trouble=Trouble.DAMAGED)


def test_a_file_that_kills_the_child_is_a_trouble(tmp_path: Path) -> None:
    """A page of 4,000 layers each as large as memory allows, say; here: no memory at all."""
    with Workshop(memory_bytes=150 * 1024 * 1024) as small:
        found = drawn(small, tmp_path, made.slides("春晓"), "pptx")
    assert found.trouble in {Trouble.KILLED, Trouble.TOO_LARGE, Trouble.DAMAGED}


_READABLE = [
    "docx/docx_01.docx", "pptx/pptx_01.pptx", "pptx/science-plant-life-cycle.pptx",
    "pptx/正三角形程式簡報.pptx", "pptx/流程.pptx", "pptx/說明.pptx", "pdf/small_ocr.pdf",
    "pdf/2024.成都市中考政策发布.pdf", "xlsx/44235.xls", "xlsx/schools.2024.xlsx",
    "doc/TestChineseProperties.doc", "ppt/54880_chinese.ppt", "ppt/arduino lesson 1.ppt",
    "image/hopper_orientation_6.jpg", "image/pil_sample_cmyk.jpg",
]  # fmt: skip


@needs_samples
@pytest.mark.parametrize("name", _READABLE)
def test_real_files_have_pages_that_are_not_blank(workshop: Workshop, name: str) -> None:
    path = SAMPLES / name
    with path.open("rb") as stream:
        code = detect(stream, path.name).code
    found = draw_pages(workshop, path, code, first=1, last=3)
    assert found.trouble is None
    assert found.total is not None
    assert len(found.pages) == min(found.total, 3)
    assert not all(is_blank(page.large) for page in found.pages)
    assert all(len(page.small) < 40_000 and len(page.large) < 300_000 for page in found.pages)


@needs_samples
@pytest.mark.long
def test_hostile_files_have_pages_or_a_reason() -> None:
    with Workshop(seconds=20) as workshop:
        for path in sorted((SAMPLES / "nasty").iterdir()):
            with path.open("rb") as stream:
                code = detect(stream, path.name).code
            found = draw_pages(workshop, path, code, first=1, last=3)
            assert found.pages or found.trouble is not None, path.name
