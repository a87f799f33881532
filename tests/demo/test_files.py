"""Every file of the demo opens with the library of its format and holds the promised words."""

from collections import Counter
from functools import cache
from hashlib import sha256
from io import BytesIO

import av
import pypdfium2
import pytest
from docx import Document
from PIL import Image
from pptx import Presentation
from python_calamine import CalamineWorkbook

from resource_hub.demo.content import DemoFile, DemoResource, DemoRevision
from resource_hub.demo.files import make_file
from resource_hub.demo.load import load
from resource_hub.demo.markup import parts
from resource_hub.demo.movie import SCENES
from resource_hub.demo.pictures import DRAWINGS

ALL = [
    (resource, revision, file)
    for resource in load().resources
    for revision in resource.revisions
    for file in revision.files
]


def of(*formats: str) -> pytest.MarkDecorator:
    """Run the test once for each file of these formats."""
    chosen = [triple for triple in ALL if triple[2].format in formats]
    return pytest.mark.parametrize(
        ("resource", "file"),
        [(resource, file) for resource, _, file in chosen],
        ids=[f"{resource.key}-{number}" for number, (resource, _, _) in enumerate(chosen)],
    )


@cache
def made(resource_key: str, name: str) -> bytes:
    """The bytes of a file, made once for all tests of this module."""
    resource = load().resource(resource_key)
    file = next(
        file for revision in resource.revisions for file in revision.files if file.name == name
    )
    found, data = make_file(file, resource)
    assert found == name
    return data


def described(resource: DemoResource, revision: DemoRevision) -> str:
    """Everything that people find without opening a file."""
    return "\n".join(
        [
            revision.title,
            revision.summary,
            revision.unit,
            revision.text,
            resource.byline,
            *revision.keywords,
            *revision.sections.values(),
        ]
    )


def words_of_document(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def words_of_slides(data: bytes) -> str:
    found = []
    for slide in Presentation(BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def words_of_pdf(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def words_of_sheets(data: bytes) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return "\n".join(
        str(value)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for value in row
    )


def test_there_are_files_of_eight_formats() -> None:
    assert Counter(file.format for _, _, file in ALL) == {
        "docx": 42,
        "pptx": 10,
        "png": 8,
        "mp4": 6,
        "xlsx": 6,
        "pdf": 5,
        "jpg": 4,
        "txt": 4,
    }


def test_every_file_with_text_has_words_that_stand_nowhere_in_the_description() -> None:
    for resource, revision, file in ALL:
        if file.format not in {"png", "jpg", "mp4"}:
            assert len(file.words) >= 2, file.name
        for word in file.words:
            assert word in file.content, file.name
            assert word not in described(resource, revision), (file.name, word)


@of("docx")
def test_documents_hold_their_words(resource: DemoResource, file: DemoFile) -> None:
    words = words_of_document(made(resource.key, file.name))
    assert [word for word in file.words if word not in words] == []
    assert resource.byline in words


@of("pptx")
def test_slides_hold_their_words_and_there_is_one_for_each_heading(
    resource: DemoResource, file: DemoFile
) -> None:
    data = made(resource.key, file.name)
    assert [word for word in file.words if word not in words_of_slides(data)] == []
    slides = len(Presentation(BytesIO(data)).slides)
    assert slides == 1 + len(list(parts(file.content)))
    assert 4 <= slides <= 8


@of("pdf")
def test_worksheets_hold_their_words(resource: DemoResource, file: DemoFile) -> None:
    words = words_of_pdf(made(resource.key, file.name))
    assert [word for word in file.words if word not in words] == []


@of("xlsx")
def test_sheets_hold_their_words(resource: DemoResource, file: DemoFile) -> None:
    words = words_of_sheets(made(resource.key, file.name))
    assert [word for word in file.words if word not in words] == []


@of("txt")
def test_texts_hold_their_words(resource: DemoResource, file: DemoFile) -> None:
    words = made(resource.key, file.name).decode()
    assert [word for word in file.words if word not in words] == []


def test_figures_in_sheets_are_numbers() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(made("multiplication-errors", "错误统计表.xlsx")))
    assert book.get_sheet_by_name("统计").to_python()[1] == ["忘加进位", 9.0, 2.0]


@of("png", "jpg")
def test_pictures_open_and_are_drawn_on(resource: DemoResource, file: DemoFile) -> None:
    with Image.open(BytesIO(made(resource.key, file.name))) as picture:
        assert picture.format == {"png": "PNG", "jpg": "JPEG"}[file.format]
        assert picture.size == (1280, 720)
        colours = picture.convert("RGB").getcolors(maxcolors=1280 * 720)
    assert colours is not None
    assert len(colours) > 8


@of("mp4")
def test_movies_play_and_start_before_they_are_loaded(
    resource: DemoResource, file: DemoFile
) -> None:
    data = made(resource.key, file.name)
    assert data.index(b"moov") < data.index(b"mdat")
    assert len(data) < 300_000
    with av.open(BytesIO(data), "r") as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (640, 360)
    times = [frame.time for frame in frames]
    assert times == [number / 10 for number in range(60)]
    first, last = (bytes(frames[place].planes[0]) for place in (0, -1))
    assert first != last


def test_every_drawing_and_scene_is_used() -> None:
    used = {file.drawing for _, _, file in ALL}
    inside = {
        line.removeprefix("! ")
        for _, _, file in ALL
        for line in file.content.splitlines()
        if line.startswith("! ")
    }
    assert used - {""} - set(DRAWINGS) - set(SCENES) == {"blackboard", "timeline"}
    assert set(SCENES) <= used
    assert set(DRAWINGS) <= used | inside
    assert inside <= set(DRAWINGS)


def test_making_a_file_again_gives_the_same_bytes() -> None:
    one_of_each = {file.format: (resource, file) for resource, _, file in ALL}
    assert len(one_of_each) == 8
    for resource, file in one_of_each.values():
        assert (
            sha256(make_file(file, resource)[1]).digest()
            == sha256(made(resource.key, file.name)).digest()
        ), file.name


def test_all_files_together_are_small() -> None:
    assert sum(len(made(resource.key, file.name)) for resource, _, file in ALL) < 5_000_000
