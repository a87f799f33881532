"""Office files through LibreOffice, where it is installed."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest
from PIL import Image, ImageChops

from resource_hub.files import Workshop, office_to_pdf
from resource_hub.files.bounded import scratch
from resource_hub.files.confinement import locks_files
from resource_hub.files.drawing import draw_pages
from resource_hub.files.office_to_pdf import find_office, is_office, to_pdf
from tests.files import made
from tests.files.linking import LINKING
from tests.plugins.requirements import find_program

needs_office = pytest.mark.skipif(
    find_program("soffice") is None or not locks_files(),
    reason="soffice is not installed, or the kernel cannot lock it into its folder",
)

_ODT = "application/vnd.oasis.opendocument.text"
_ROOT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"'
)


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


def converted(folder: Path, content: bytes, code: str, last_page: int = 40) -> Path | None:
    source = folder / "blob"
    source.write_bytes(content)
    inner = folder / "work"
    inner.mkdir()
    return to_pdf(source, code, inner, last_page=last_page)


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_without_libreoffice_there_is_no_pdf(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert find_office() is None
    assert converted(folder, made.document("春晓"), "docx") is None


@pytest.mark.parametrize("code", ["docx", "ppt", "xls", "wps", "dps", "et", "odp", "rtf"])
def test_what_office_reads(code: str) -> None:
    assert is_office(code)


@pytest.mark.parametrize("code", ["pdf", "txt", "png", "mp4", "zip", "epub", "html", "office"])
def test_what_office_is_not_asked_to_read(code: str) -> None:
    assert not is_office(code)


@needs_office
def test_chinese_comes_out(folder: Path) -> None:
    pdf = converted(folder, made.document("春眠不觉晓，处处闻啼鸟。"), "docx")
    assert pdf is not None
    assert text_of(pdf) == "春眠不觉晓，处处闻啼鸟。"
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    assert ImageChops.invert(page).getbbox() is not None


@needs_office
def test_only_the_first_pages_are_made(folder: Path) -> None:
    pdf = converted(folder, made.slides(*"一二三四五六"), "pptx", last_page=2)
    assert pdf is not None
    assert text_of(pdf) == "一\n二"


@needs_office
def test_damage_gives_no_pdf_and_leaves_no_process(folder: Path) -> None:
    assert converted(folder, made.packed({"word/document.xml": "<a>"}), "docx") is None
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        assert os.fsencode(folder) not in command


@needs_office
def test_a_text_cannot_bring_in_another_file_of_this_machine(folder: Path) -> None:
    secret = folder / "secret.txt"
    secret.write_text("the key of the house", encoding="utf-8")
    body = (
        '<text:p>Before</text:p><text:section text:name="S">'
        f'<text:section-source xlink:href="{secret.as_uri()}" text:filter-name="Text"/>'
        "<text:p>old</text:p></text:section>"
    )
    content = (
        f"<office:document-content {_ROOT}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", _ODT)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    pdf = converted(folder, written.getvalue(), "odt")
    assert pdf is not None
    assert "Before" in text_of(pdf)
    assert "key" not in text_of(pdf)


@needs_office
def test_a_picture_cannot_be_another_file_of_this_machine(folder: Path) -> None:
    secret = folder / "secret.png"
    Image.new("RGB", (400, 400), "black").save(secret)
    document, inside = docx.Document(), io.BytesIO(made.picture("PNG", (400, 400), "RGB"))
    document.add_picture(inside)
    written = io.BytesIO()
    document.save(written)
    linked = io.BytesIO()
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(linked, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/document.xml":
                content = content.replace(b"r:embed=", b"r:link=")
            if name == "word/_rels/document.xml.rels":
                content = content.replace(
                    b'Target="media/image1.png"',
                    f'Target="{secret.as_uri()}" TargetMode="External"'.encode(),
                )
            after.writestr(name, content)
    pdf = converted(folder, linked.getvalue(), "docx")
    assert pdf is not None
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    black = sum(page.histogram()[:40])
    assert black < 2_000


@needs_office
@pytest.mark.parametrize(("code", "what"), LINKING)
def test_nothing_in_a_file_brings_in_a_picture_of_this_machine(
    folder: Path, code: str, what: str
) -> None:
    secret = folder / "secret.png"
    Image.new("RGB", (400, 400), "black").save(secret)
    pdf = converted(folder, LINKING[code, what](secret.as_uri()), code)
    assert pdf is not None
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    assert sum(page.histogram()[:40]) < 2_000


def test_where_the_kernel_cannot_lock_it_in_libreoffice_is_not_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_to_pdf, "locks_files", lambda: False)
    monkeypatch.setattr(office_to_pdf, "find_office", lambda: "/bin/false")
    assert converted(folder, made.document("春晓"), "docx") is None
    assert list((folder / "work").iterdir()) == []


@needs_office
def test_with_libreoffice_pages_are_no_approximation(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(made.slides("春晓", "孟浩然"))
    with Workshop() as workshop:
        found = draw_pages(workshop, path, "pptx", first=1, last=3)
    assert ([page.number for page in found.pages], found.total) == ([1, 2], 2)
    assert (found.approximate, found.trouble) == (False, None)


@needs_office
def test_how_many_pages_there_are_is_not_known_before_the_last(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(made.slides("春晓", "孟浩然", "唐"))
    with Workshop() as workshop:
        found = draw_pages(workshop, path, "pptx", first=1, last=2)
    assert ([page.number for page in found.pages], found.total) == ([1, 2], None)
