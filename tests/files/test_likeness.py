"""Which pages of two files look different, and where."""

import io

from PIL import Image, ImageDraw

from resource_hub.files.likeness import PagePair, compared_pages


def page(*marks: tuple[int, int, int, int]) -> bytes:
    """A page of A4 with black boxes: left, top, right, bottom in pixels of 1200 by 1697."""
    picture = Image.new("RGB", (1200, 1697), "white")
    for mark in marks:
        ImageDraw.Draw(picture).rectangle(mark, fill="black")
    kept = io.BytesIO()
    picture.save(kept, "WEBP", quality=75)
    return kept.getvalue()


HEADING = (100, 100, 1100, 500)
TABLE = (200, 700, 1000, 1100)
FOOT = (100, 1200, 1100, 1650)


def test_the_same_pages_have_nothing_that_is_different() -> None:
    pages = [page(HEADING), page(TABLE)]
    assert compared_pages(pages, pages) == [PagePair(1, 1), PagePair(2, 2)]


def test_what_is_different_is_found_where_it_is() -> None:
    (pair,) = compared_pages([page(HEADING)], [page(HEADING, (600, 1500, 700, 1540))])
    ((left, top, width, height),) = pair.regions
    assert left <= 500
    assert left + width >= 584
    assert top <= 884
    assert top + height >= 908
    assert width < 200
    assert height < 100


def test_a_page_that_was_put_in_does_not_make_those_after_it_different() -> None:
    before = [page(HEADING), page(TABLE), page(FOOT)]
    after = [page(HEADING), page(HEADING, TABLE, FOOT), page(TABLE), page(FOOT)]
    assert compared_pages(before, after) == [
        PagePair(1, 1),
        PagePair(None, 2),
        PagePair(2, 3),
        PagePair(3, 4),
    ]
    assert compared_pages(before, before[1:]) == [
        PagePair(1, None),
        PagePair(2, 1),
        PagePair(3, 2),
    ]


def test_many_small_differences_become_a_few_regions() -> None:
    marks = [(100 + 150 * (i % 7), 100 + 150 * (i // 7), 130, 0) for i in range(49)]
    spots = [(left, top, left + 20, top + 20) for left, top, _right, _bottom in marks]
    (pair,) = compared_pages([page(HEADING)], [page(HEADING, *spots)])
    assert 1 <= len(pair.regions) <= 8


def test_without_pictures_there_is_nothing_to_say() -> None:
    assert compared_pages([], []) == []
    assert compared_pages([], [page(HEADING)]) == [PagePair(None, 1)]
