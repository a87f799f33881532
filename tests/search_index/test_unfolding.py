"""Expressions for text as it was written find what folding would have found."""

import re

from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import fold, forms, literal
from search_index.unfolding import (
    any_of,
    is_rare,
    letter,
    looking_for,
    occurrence,
    word_beginning_with,
    words_of_letters,
)

FOLDING = "".join(character + others for character, others in forms().items())
WRITTEN = st.text(
    st.sampled_from("圓圆面積积的。 aAＡábB3３①\n") | st.sampled_from(FOLDING), max_size=40
)


def test_every_character_that_folds_to_another_is_a_form_of_it() -> None:
    known = forms()
    missing = [
        character
        for character in map(chr, (*range(0xD800), *range(0xE000, 0x30000)))
        if (folded := fold(character)) != character and character not in known.get(folded, "")
    ]
    assert missing == []
    assert set(known["国"]) == {"國"}
    assert "Ａ" in known["a"]


def test_a_character_matches_in_each_of_its_forms() -> None:
    assert re.findall(any_of("国"), "国國国家") == ["国", "國", "国"]
    assert re.findall(any_of("a]"), "Ａ]b^") == ["Ａ", "]"]


def test_words_begin_where_no_letter_stands_before() -> None:
    found = looking_for([word_beginning_with("p")])
    assert [place[0] for place in found.finditer("PDF课件，apdf ｐｄｆ2")] == ["PDF", "ｐｄｆ2"]
    anything = looking_for([word_beginning_with("")])
    assert [place[0] for place in anything.finditer("PDF课件，a_b")] == ["PDF", "a", "b"]


@given(WRITTEN)
def test_what_is_found_in_a_text_is_what_is_found_in_its_folding(text: str) -> None:
    folded = fold(text)
    for wanted in ("圆的面积", "圆", "面积"):
        for rare in {True, is_rare(text)}:
            pattern = looking_for([occurrence(literal(wanted), rare=rare)], rare=rare)
            places = [place.span() for place in pattern.finditer(text)]
            assert places == [place.span() for place in re.finditer(wanted, folded)]
    if folded.isascii():
        words = [fold(word) for word in words_of_letters(text, latin=True)]
        assert words == re.findall(r"[^\W_]+", folded)


@given(WRITTEN)
def test_a_text_of_usual_characters_is_read_alike_without_the_rare_ones(text: str) -> None:
    usual = "".join(character for character in text if not is_rare(character))
    assert re.findall(letter(rare=False), usual) == re.findall(letter(), usual)
    words = word_beginning_with("ap"), word_beginning_with("ap", rare=False)
    plainly, always = looking_for([words[1]], rare=False), looking_for([words[0]])
    assert [*map(re.Match.span, plainly.finditer(usual))] == [
        *map(re.Match.span, always.finditer(usual))
    ]


def test_a_letter_is_one_in_any_width() -> None:
    assert re.findall(letter(), "aＡ3３á字。_ ①") == ["a", "Ａ", "3", "３", "á", "①"]
