"""Pages as pictures: two sizes, of PDF and of picture files."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from resource_hub.files.answers import Answer
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.pages import PagePicture, page_pictures, picture_page, read_page, write_page
from tests.files import made


def pages(content: bytes, first: int, last: int, **options: int) -> list[PagePicture]:
    return list(page_pictures(pypdfium2.PdfDocument(content), first, last, **options))


def opened(picture: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(picture))
    assert (found.format, found.mode) == ("WEBP", "RGB")
    return found


def sizes(page: PagePicture) -> tuple[tuple[int, int], tuple[int, int]]:
    assert opened(page.large).size == (page.width, page.height)
    assert opened(page.small).size == page.small_size
    return opened(page.small).size, opened(page.large).size


def test_a_page_comes_in_two_sizes() -> None:
    (page,) = pages(made.pdf("春眠不觉晓"), 1, 1)
    assert sizes(page) == ((320, 453), (1200, 1698))
    assert ImageChops.invert(opened(page.large).convert("L")).getbbox() is not None
    assert len(page.small) < len(page.large) < 20_000


def test_pages_are_counted_from_one_and_missing_ones_passed_over() -> None:
    content = made.pdf("一", "二", "三")
    assert [page.number for page in pages(content, 2, 9)] == [2, 3]
    assert [page.number for page in pages(content, 4, 9)] == []
    assert [page.number for page in pages(content, 1, 9, number_from=8)] == [8, 9]


@pytest.mark.parametrize(
    ("points", "pixels"),
    [
        ((14_400, 14_400), (1200, 1200)),  # the largest that the format allows
        ((100, 14_400), (17, 2400)),
        ((14_400, 100), (1200, 9)),
        ((20, 20), (320, 320)),  # it is not blown up to a wall
        ((1, 1), (16, 16)),
    ],
)
def test_odd_sizes_of_paper_are_bounded(points: tuple[int, int], pixels: tuple[int, int]) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(*points)
    (page,) = page_pictures(document, 1, 1)
    assert sizes(page)[1] == pixels


def test_a_page_that_cannot_be_drawn_is_blank() -> None:
    content = made.pdf("一", "二")
    # The second page is no page any more.
    broken = content.replace(b"/Type /Page\n", b"/Type /Pagx\n").replace(b"/MediaBox", b"/MediaBux")
    assert broken != content
    for page in pages(broken, 1, 2):
        assert opened(page.large).width <= 1200


def test_a_photograph_is_a_page_turned_upright_without_its_place() -> None:
    photo = Image.new("RGB", (3000, 2000), "blue")
    photo.paste("red", (0, 0, 1500, 2000))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held sideways
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    written = io.BytesIO()
    photo.save(written, "JPEG", exif=exif)
    page = picture_page(written)
    assert sizes(page) == ((320, 480), (1200, 1800))
    for picture in (opened(page.small), opened(page.large)):
        assert dict(picture.getexif()) == {}
        red, _, blue = picture.getpixel((picture.width // 2, 10))  # type: ignore[misc]  # RGB
        assert (red > 200, blue < 50) == (True, True)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "PNG", "GIF", "JPEG", "WEBP", "AVIF"])
def test_what_browsers_do_not_show_becomes_what_they_show(kind: str) -> None:
    page = picture_page(io.BytesIO(made.picture(kind, (200, 100))))
    assert sizes(page) == ((200, 100), (200, 100))  # small pictures are not enlarged


def test_a_long_picture_is_bounded_in_height() -> None:
    page = picture_page(io.BytesIO(made.picture("PNG", (1000, 9000))))
    assert sizes(page) == ((71, 640), (267, 2400))


def test_a_cut_picture_is_no_page() -> None:
    content = made.picture("PNG", (300, 300))
    with pytest.raises(Unreadable) as refusal:
        picture_page(io.BytesIO(content[:60]))
    assert refusal.value.trouble is Trouble.DAMAGED


def test_a_page_travels_from_the_workshop() -> None:
    (page,) = pages(made.pdf("一"), 1, 1)
    assert read_page(write_page(page)) == page


def test_odd_pages_from_the_workshop_are_not_believed() -> None:
    (page,) = pages(made.pdf("一"), 1, 1)
    honest = write_page(page)
    for facts, data in (
        ({}, honest.data),
        (honest.facts, b"<script>"),
        (honest.facts, honest.data[: len(page.small)]),
        ({**honest.facts, "width": 100_000}, honest.data),
        ({**honest.facts, "number": 0}, honest.data),
        ({**honest.facts, "small": "many"}, honest.data),
        ({**honest.facts, "height": None}, honest.data),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
            read_page(Answer(facts, data))


def test_drawing_twice_gives_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(made.pdf("春晓"))
    content = (tmp_path / "a.pdf").read_bytes()
    assert pages(content, 1, 1) == pages(content, 1, 1)
