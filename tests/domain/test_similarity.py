"""How much of one text stands in another, and the prints by which it is found."""

from hashlib import sha256

from resource_hub.domain.similarity import (
    MOST,
    ONE_IN,
    Likeness,
    Passage,
    compare,
    cut,
    formulas_in,
    likely_shares,
    print_of,
)


def text(length: int, seed: int) -> str:
    """Made-up Chinese that no other seed gives."""
    numbers = (sha256(f"{seed} {place}".encode()).digest() for place in range(length))
    return "".join(chr(0x4E00 + int.from_bytes(each[:4]) % 20_000) for each in numbers)


def test_a_text_is_like_itself_and_unlike_another() -> None:
    mine, other = text(300, 1), text(300, 2)
    assert compare(mine, mine) == Likeness(1.0, 1.0, 300, (Passage(0, 300, 0, 300),))
    assert compare(mine, other) == Likeness(0.0, 0.0, 0)


def test_signs_spaces_and_lines_are_no_tokens_and_offsets_point_into_the_texts() -> None:
    new, old = "把一个月饼，平均\n分成两份。每 份是它的", "：把一个月饼平均分成两份每份是它的！"
    assert compare(new, old) == Likeness(1.0, 1.0, 16, (Passage(0, 20, 1, 17),))


def test_words_of_letters_are_cut_in_threes_each_word_anew() -> None:
    words = "the photosynthesis of green plants takes place in sunlight"
    wrapped = words.replace(" ", "\n ")
    assert print_of(cut(words)).tokens == 19
    assert print_of(cut(words)) == print_of(cut(wrapped))


def test_what_is_shorter_than_a_passage_is_not_counted() -> None:
    assert (
        compare(
            text(50, 1) + "春眠不觉晓处处闻啼鸟夜", "春眠不觉晓处处闻啼鸟夜" + text(50, 2)
        ).taken
        == 0
    )
    assert compare(text(50, 1) + "春眠不觉晓处处闻啼鸟夜来", "春眠不觉晓处处闻啼鸟夜来").taken == 12


def test_padding_leaves_the_share_of_the_old_text() -> None:
    old = text(400, 1)
    padded = text(1_000, 2) + old + text(600, 3)
    found = compare(padded, old)
    assert (found.of_new, found.of_old, found.taken, found.percent) == (0.2, 1.0, 400, 100)
    assert found.is_alike


def test_a_quotation_is_no_copy() -> None:
    poem = text(56, 1)
    found = compare(text(2_000, 2) + poem, poem)
    assert (found.of_old, found.taken, found.is_alike) == (1.0, 56, False)


def test_reordering_and_deleting_change_little() -> None:
    parts = [text(100, seed) for seed in range(6)]
    old, turned = "".join(parts), "".join(reversed(parts))
    assert compare(turned, old).percent == 100
    assert compare("".join(parts[:4]), old) == Likeness(
        1.0, 400 / 600, 400, (Passage(0, 400, 0, 400),)
    )


def test_a_hundred_percent_means_that_nothing_differs() -> None:
    assert Likeness(0.999, 0.5, 500).percent == 99
    assert Likeness(1.0, 0.5, 500).percent == 100


def test_a_print_grows_with_the_text_up_to_a_limit() -> None:
    assert [len(print_of(cut(text(length, 1))).values) for length in (6, 7, 30, 1_000, 6_406)] == [
        0, 1, 24, 32, 100,
    ]  # fmt: skip
    assert len(print_of(cut(text(MOST * ONE_IN + 5_000, 1))).values) == MOST
    assert print_of(cut("")).shingles == 0


def test_a_print_is_the_same_on_every_machine() -> None:
    assert print_of(cut("把一个月饼平均分成")).values == (
        -3607947710371613839,
        -7947459414361648036,
        8507967591050551703,
    )


def test_prints_tell_about_how_much_two_texts_share() -> None:
    half, old = text(2_000, 1), text(2_000, 2)
    new = print_of(cut(half + text(6_000, 3)))
    whole = print_of(cut(half + old))
    shared = len(set(new.values) & set(whole.values))
    of_new, of_old = likely_shares(new, whole, shared)
    assert abs(of_new - 0.25) < 0.08
    assert abs(of_old - 0.5) < 0.16


def test_formulas_are_the_stretches_that_only_common_values_mark() -> None:
    form, own = text(300, 1), text(300, 2)
    mine = form + own
    common = set(print_of(cut(form)).values)
    found = formulas_in(cut(mine), print_of(cut(mine)), common)
    marked = {place for start, end in found for place in range(start, end)}
    assert 270 <= len(marked) <= 330
    assert max(marked) < 330
    assert formulas_in(cut(mine), print_of(cut(mine)), set()) == []


def test_works_in_the_same_form_are_not_alike_but_a_copy_in_it_is() -> None:
    form = text(300, 1)
    mine, other = form + text(300, 2), form + text(300, 3)
    formulas = [(0, 300)]
    assert compare(mine, other).is_alike
    assert not compare(mine, other, formulas).is_alike
    assert compare(mine, mine[:550], formulas).is_alike
    assert compare(mine, mine, [(0, 600)]).percent == 100
