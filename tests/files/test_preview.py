"""Thumbnails: the right way up, small, and without secrets."""

import io

import pytest
from PIL import Image

from resource_hub.files.facts import Facts, Finding, PersonalData, Trouble
from resource_hub.files.guard import MAX_PIXELS
from tests.files import made
from tests.files.conftest import FactsOf


def thumbnail(facts: Facts) -> Image.Image:
    assert facts.thumbnail is not None
    picture = Image.open(io.BytesIO(facts.thumbnail))
    assert (picture.format, picture.mode) == ("WEBP", "RGB")
    return picture


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


def test_large_pictures_become_small_and_small_ones_stay(facts_of: FactsOf) -> None:
    facts = facts_of(made.picture("JPEG", (1600, 400)), "a.jpg")
    assert (facts.width, facts.height, thumbnail(facts).size) == (1600, 400, (640, 160))
    facts = facts_of(made.picture("PNG", (50, 40)), "a.png")
    assert (facts.width, facts.height, thumbnail(facts).size) == (50, 40, (50, 40))


def test_a_photograph_is_turned_and_forgets_where_it_was_taken(facts_of: FactsOf) -> None:
    photo = Image.new("RGB", (80, 40), "blue")
    photo.paste("red", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held sideways
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    written = io.BytesIO()
    photo.save(written, "JPEG", exif=exif, icc_profile=b"a profile", comment=b"a comment")
    facts = facts_of(written.getvalue(), "a.jpg")
    assert (facts.width, facts.height) == (40, 80)
    small = thumbnail(facts)
    assert small.size == (40, 80)
    assert near(small.getpixel((20, 10)), (254, 0, 0))
    assert near(small.getpixel((20, 70)), (0, 0, 254))
    assert (dict(small.getexif()), small.info.get("icc_profile"), small.info.get("exif")) == (
        {}, None, None,
    )  # fmt: skip


def test_a_photograph_that_says_where_it_was_taken_is_noticed(facts_of: FactsOf) -> None:
    found: list[tuple[Finding, ...]] = []
    for place in ({}, {1: "N", 2: (31.0, 14.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0)}):
        exif = Image.Exif()
        exif.get_ifd(0x8825).update(place)
        written = io.BytesIO()
        Image.new("RGB", (80, 40), "blue").save(written, "JPEG", exif=exif)
        found.append(facts_of(written.getvalue(), "a.jpg").findings)

    assert found == [(), (Finding(PersonalData.PLACE_TAKEN, None, "", ""),)]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("TIFF", "CMYK"),
        ("TIFF", "LAB"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("TIFF", "F"),
        ("GIF", "P"),
    ],
)
def test_every_kind_of_colour_is_understood(facts_of: FactsOf, kind: str, mode: str) -> None:
    for size in ((30, 20), (3000, 2000)):
        facts = facts_of(made.picture(kind, size, mode), "a")
        assert facts.trouble is None
        assert thumbnail(facts).size == ((30, 20) if size == (30, 20) else (640, 427))


def test_what_is_transparent_becomes_white(facts_of: FactsOf) -> None:
    for content in (made.picture(mode="RGBA"), made.picture(mode="P", transparency=0)):
        facts = facts_of(content, "a.png")
        assert near(thumbnail(facts).getpixel((3, 3)), (255, 255, 255))


def test_what_is_white_and_transparent_is_seen_all_the_same(facts_of: FactsOf) -> None:
    chalk = Image.new("RGBA", (80, 40), (255, 255, 255, 0))
    chalk.paste((255, 255, 255, 255), (0, 0, 40, 40))
    written = io.BytesIO()
    chalk.save(written, "PNG")

    small = thumbnail(facts_of(written.getvalue(), "a.png"))

    assert near(small.getpixel((10, 20)), (255, 255, 255))
    assert near(small.getpixel((70, 20)), (74, 81, 88))


@pytest.mark.parametrize(("mode", "most"), [("F", 1.0), ("F", 255.0), ("I", 255), ("I", 65_280)])
def test_deep_pictures_are_not_black_however_they_count(
    facts_of: FactsOf, mode: str, most: float
) -> None:
    deep = Image.new(mode, (80, 40), most)
    deep.paste(0, (0, 0, 40, 40))
    written = io.BytesIO()
    deep.save(written, "TIFF")

    small = thumbnail(facts_of(written.getvalue(), "a.tiff"))

    assert near(small.getpixel((10, 20)), (0, 0, 0))
    assert near(small.getpixel((70, 20)), (255, 255, 255))


def test_a_picture_of_too_many_pixels_is_not_decoded(facts_of: FactsOf) -> None:
    small = bytearray(made.picture("BMP", (8, 8)))
    small[18:22] = (MAX_PIXELS // 8 + 1).to_bytes(4, "little")
    facts = facts_of(bytes(small), "a.bmp")
    assert (facts.trouble, facts.thumbnail) == (Trouble.TOO_LARGE, None)
    small[18:22] = (2**30).to_bytes(4, "little")
    assert facts_of(bytes(small), "a.bmp").trouble is Trouble.TOO_LARGE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_a_cut_picture_is_damaged(facts_of: FactsOf, kind: str) -> None:
    content = made.picture(kind, (300, 300))
    facts = facts_of(content[: len(content) // 3], "a")
    assert (facts.trouble, facts.thumbnail) == (Trouble.DAMAGED, None)
