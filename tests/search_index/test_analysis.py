"""Folding keeps offsets; terms do not depend on where a dictionary cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import fold, match_terms, phrase, required, runs


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
        ("①", "1"),
        ("㈠ﬁİ", "㈠ﬁi̇"[:2] + "İ"),  # each would become several characters, so it stays
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


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        ("勾股定理", ["勾股定理"]),
        ("圆的面积", ["圆", "面积"]),
        ("小学数学教案", ["小学", "数学", "教案"]),
        ("二分之一", ["二分之一"]),
        ("勾股定里", ["勾股定里"]),
        ("的", ["的"]),
        ("第3课", ["第", "3", "课"]),
        ("ppt课件", ["ppt", "课件"]),
        ("？！", []),
    ],
)
def test_a_chunk_asks_for_its_words(chunk: str, words: list[str]) -> None:
    assert [literal.text for literal in required(chunk)] == words


@given(st.text("圆的面积勾股定理静夜思小学数学教案一二三 a1", min_size=1, max_size=30), st.data())
def test_a_piece_of_a_text_asks_for_nothing_that_the_text_has_not(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    whole = f" {' '.join(match_terms(runs(text)))} "
    for literal in (*required(piece), *phrase(piece)):
        if literal.is_single:
            assert literal.text in text
        elif "a" not in piece and "1" not in piece:  # those may be half of a longer word
            assert f" {' '.join(literal.terms)} " in whole
