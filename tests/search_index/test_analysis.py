"""Folding keeps offsets; terms do not depend on where a dictionary cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import fold, match_terms, phrase, runs


@given(st.text())
def test_folding_keeps_the_length_and_is_done_after_one_time(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("靜夜思", "静夜思"),
        ("牀前明月光", "床前明月光"),
        ("ＡＢＣ１２３", "abc123"),
        ("豈", "岂"),
        ("劒門", "剑门"),
        ("①", "1"),
        ("㈠ﬁİ", "㈠ﬁi"),  # each would become several characters, so it stays
        ("軟體", "软体"),  # characters, not words: 软件 is another matter
        ("𠀀", "𠀀"),
    ],
)
def test_scripts_widths_and_cases_compare_equal(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_runs_leave_punctuation_of_both_worlds_out() -> None:
    assert runs("圆，的。area_of (3.14)「半径」") == ["圆", "的", "area", "of", "3", "14", "半径"]


def test_a_run_gives_its_pairs_and_a_lone_character_itself() -> None:
    assert match_terms(["勾股定理", "abc", "圆"]) == ["勾股", "股定", "定理", "abc", "圆"]


def test_an_english_word_is_its_stem_and_pinyin_loses_its_tones() -> None:
    assert match_terms(["photosynthesis", "running", "h2o"]) == ["photosynthesi", "run", "h2o"]
    assert fold("gōu gǔ dìng lǐ, Lǜ, Café") == "gou gu ding li, lu, cafe"


def test_a_phrase_asks_for_its_terms_in_order_and_for_lone_ends_as_characters() -> None:
    assert [one.terms for one in phrase("圆，面积公式")] == [("面积", "积公", "公式"), ("圆",)]
    assert [one.terms for one in phrase("photo albums")] == [("photo", "album")]


def test_half_a_character_is_no_letter() -> None:
    assert fold("圓\ud800周") == "圆\ufffd周"
    assert runs(fold("圓\udfff周")) == ["圆", "周"]
