"""Covers that the hub draws itself."""

import io

import pytest
from PIL import Image

from resource_hub.files.cover import _font, _room, _wrapped, drawn_cover

LONG = (
    "《勾股定理》（第一课时）：从直角三角形三边关系的探索到生活中的应用，"
    "一堂跨学科的综合实践活动课的完整设计与反思，附课件、学案和作业"
)


@pytest.mark.parametrize(
    "title", ["静夜思", LONG, LONG * 50, "", "Photosynthesis " * 9, "x" * 300, "𠮷野家😀"]
)
def test_a_cover_is_small_and_bears_its_colour(title: str) -> None:
    cover = drawn_cover(title, "教案", "数学", "#2f6f4f")
    assert len(cover) < 15_000
    with Image.open(io.BytesIO(cover)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (640, 360))
        for place, colour in (((4, 180), (0x2F, 0x6F, 0x4F)), ((620, 340), (0xFB, 0xFA, 0xF7))):
            found = picture.convert("RGB").getpixel(place)
            assert isinstance(found, tuple)
            assert all(abs(a - b) < 6 for a, b in zip(found, colour, strict=True))


def test_chinese_is_wrapped_within_the_room_and_ends_in_an_ellipsis() -> None:
    font = _font(44)
    lines = _wrapped(LONG, font)
    assert len(lines) == 4
    assert all(font.getlength(line) <= _room() for line in lines)
    assert LONG.startswith("".join(lines).removesuffix("…"))
    assert lines[-1].endswith("…")
    assert not any(line[0] in "，。、：）》" for line in lines)
    assert not any(line[-1] in "（《" for line in lines)


def test_words_of_letters_are_not_cut() -> None:
    lines = _wrapped("Photosynthesis and respiration in the seventh grade", _font(44))
    assert " ".join(lines) == "Photosynthesis and respiration in the seventh grade"
