"""How much of two works looks the same is counted in pages."""

from hashlib import sha256

from resource_hub.domain.page_likeness import (
    MOST_PAIRS,
    PageOf,
    PagePair,
    bands,
    distance,
    same_pages,
)

NEW = [PageOf("new", number) for number in range(1, 11)]


def pair(new: int, old: int, apart: int = 0) -> PagePair:
    return PagePair(PageOf("new", new), PageOf("old", old), apart)


def test_prints_that_differ_in_fifteen_bits_share_a_band() -> None:
    for number in range(200):
        bits = int.from_bytes(sha256(b"%d" % number).digest())
        other = bits
        for place in range(15):
            other ^= 1 << (place * 17 + number * 7) % 256
        assert distance(bits, other) == 15
        assert set(bands(bits)) & set(bands(other))


def test_bands_of_different_places_never_mix() -> None:
    assert len(set(bands(0))) == 16
    assert len(set(bands((1 << 256) - 1)) | set(bands(0))) == 32
    assert max(bands((1 << 256) - 1)) < 1 << 20


def test_half_of_the_new_pages_is_alike_however_few() -> None:
    found = same_pages(NEW[:2], 9, [pair(1, 4)])
    assert (found.of_new, found.is_alike, found.percent) == (0.5, True, 50)


def test_less_than_half_needs_three_pages() -> None:
    two = same_pages(NEW[:6], 30, [pair(1, 1), pair(2, 2)])
    three = same_pages(NEW, 30, [pair(1, 1), pair(2, 2), pair(3, 3)])
    assert (two.is_alike, three.is_alike, three.percent) == (False, True, 30)


def test_a_short_work_within_a_long_one_is_found_and_a_single_picture_is_not() -> None:
    whole = same_pages(NEW, 3, [pair(1, 1), pair(5, 2), pair(9, 3)])
    single = same_pages(NEW, 1, [pair(1, 1)])
    assert (whole.is_alike, whole.percent) == (True, 100)
    assert (single.is_alike, single.percent) == (False, 10)


def test_each_page_is_told_once_with_its_likest_partner_in_its_order() -> None:
    found = same_pages(NEW, 10, [pair(2, 7, 9), pair(2, 5, 3), pair(1, 5, 8)])
    assert found.pairs == (pair(1, 5, 8), pair(2, 5, 3))
    assert (found.taken, found.of_new, found.of_old) == (2, 0.2, 0.2)


def test_pages_of_the_very_same_file_count_and_are_not_told() -> None:
    found = same_pages(NEW, 10, [pair(1, 1)], shared=NEW[5:])
    assert (found.of_new, found.of_old, found.pairs) == (0.6, 0.6, (pair(1, 1),))


def test_formulas_count_for_nothing_unless_they_are_nearly_all() -> None:
    cover = [pair(1, 1), pair(2, 2), pair(3, 3)]
    few = same_pages(NEW, 9, cover, formulas=NEW[:3])
    assert (few.of_new, few.of_old, few.is_alike, few.pairs) == (0.0, 0.0, False, ())
    nearly = same_pages(NEW[:3], 9, cover, formulas=NEW[:3])
    assert (nearly.percent, nearly.is_alike) == (100, True)
    some = same_pages(NEW[:6], 9, [*cover, pair(4, 4)], formulas=NEW[:3])
    assert (some.taken, some.pairs) == (1, (pair(4, 4),))


def test_of_many_pages_only_so_many_are_told() -> None:
    pages = [PageOf("new", number) for number in range(100)]
    found = same_pages(pages, 100, [pair(number, number) for number in range(100)])
    assert (len(found.pairs), found.taken) == (MOST_PAIRS, 100)
