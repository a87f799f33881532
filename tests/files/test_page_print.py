"""A page is known again in another dress; another page on the same paper is not taken for it."""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from resource_hub.domain.page_likeness import MAY_BE_SAME, distance
from resource_hub.files import Workshop
from resource_hub.files.drawing import print_pages
from resource_hub.files.page_look import is_same_look, packed, unpacked
from resource_hub.files.page_print import SeenPage, print_of_page
from tests.files import made
from tests.worksheets import DRESSES, SHEET, lettering, on_a_picture, worksheet


def seen(page: Image.Image) -> SeenPage:
    found = print_of_page(page)
    assert found is not None
    return found


def are_the_same(one: SeenPage, other: SeenPage) -> bool:
    return distance(one.bits, other.bits) <= MAY_BE_SAME and is_same_look(one.look, other.look)


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
@pytest.mark.parametrize("page", [worksheet(0), worksheet(4)], ids=["sheet 0", "sheet 4"])
def test_a_page_in_another_dress_is_the_same(
    page: Image.Image, dress: Callable[[Image.Image], Image.Image]
) -> None:
    assert are_the_same(seen(page), seen(dress(page)))


@pytest.mark.parametrize("dress", list(DRESSES)[:6])
def test_a_slide_that_is_all_picture_is_the_same_too(dress: str) -> None:
    page = on_a_picture(1)
    assert are_the_same(seen(page), seen(DRESSES[dress](page)))


@pytest.mark.parametrize("page", [worksheet, on_a_picture])
def test_other_words_in_the_same_template_are_another_page(
    page: Callable[[int], Image.Image],
) -> None:
    pages = [seen(page(number)) for number in range(6)]
    assert not [pair for pair in combinations(pages, 2) if are_the_same(*pair)]


def test_pages_with_next_to_nothing_on_them_have_no_print() -> None:
    numbered = Image.new("RGB", SHEET, "white")
    ImageDraw.Draw(numbered).text((480, 1340), "- 7 -", font=lettering(30), fill="black")
    for page in (Image.new("RGB", SHEET, "white"), Image.new("L", (1, 1)), numbered):
        assert print_of_page(page) is None


def test_the_look_is_small_and_comes_back_in_sixteen_shades() -> None:
    grey = Image.linear_gradient("L").resize((64, 64))
    look = packed(grey)
    assert len(look) < 2_000
    assert set(unpacked(look).tobytes()) <= set(range(0, 256, 17))


@pytest.mark.parametrize("look", ["", "?", "AAAA", packed(Image.new("L", (64, 64)))[:-16]])
def test_what_is_no_look_is_refused(look: str) -> None:
    with pytest.raises(ValueError, match="look"):
        unpacked(look)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop() as workshop:
        yield workshop


def test_a_scanned_page_in_a_pdf_and_as_a_picture_has_the_same_print(
    workshop: Workshop, tmp_path: Path
) -> None:
    scan, photo = tmp_path / "scan", tmp_path / "photo"
    pages = [worksheet(1), Image.new("RGB", SHEET, "white"), worksheet(2)]
    pages[0].save(scan, "PDF", save_all=True, append_images=pages[1:], resolution=120)
    worksheet(2).resize((700, 990)).save(photo, "JPEG", quality=60)
    of_scan, of_photo = print_pages(workshop, scan, "pdf"), print_pages(workshop, photo, "jpg")
    assert list(of_scan) == [1, 3]
    assert list(of_photo) == [1]
    assert are_the_same(of_scan[3], of_photo[1])
    assert not are_the_same(of_scan[1], of_photo[1])


def test_slides_that_are_set_have_prints_and_films_and_ruins_have_none(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # without LibreOffice
    file = tmp_path / "blob"
    file.write_bytes(made.slides("春眠不觉晓处处闻啼鸟", "夜来风雨声花落知多少"))
    assert set(print_pages(workshop, file, "pptx")) <= {1, 2}
    file.write_bytes(b"%PDF-1.7 cut short")
    assert print_pages(workshop, file, "pdf") == {}
    file.write_bytes(b"\x00\x00\x00\x18ftypmp42")
    assert print_pages(workshop, file, "mp4") == {}
