"""How far words are apart, by letters and by sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.dictionary import dictionary
from search_index.spelling import Correction, distance, nearest_run, nearest_word

WORDS = st.text("abc", max_size=7)


@given(a=WORDS, b=WORDS)
def test_the_distance_is_the_same_either_way(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert abs(len(a) - len(b)) <= distance(a, b) <= max(len(a), len(b))


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [("leaf", "leaf", 0), ("leaf", "leaves", 3), ("ab", "ba", 1), ("leaf", "leafs", 1)],
)
def test_letters_are_inserted_left_out_or_changed(a: str, b: str, apart: int) -> None:
    assert distance(a, b) == apart


@pytest.mark.parametrize(
    ("run", "text", "meant"),
    [
        ("勾股定里", "学习勾股定理的证明", "勾股定理"),
        ("沟股定理", "勾股定理", "勾股定理"),
        ("直角三交形", "直角三角形", "直角三角形"),
        ("静夜丝", "李白静夜思", "静夜思"),
        ("鼓勾定理", "学习勾股定理的证明", "勾股定理"),
        ("股定里", "勾股定理", "勾股定理"),
        ("二次方城", "一元二次方程的解", "二次方程"),
        ("生太系统", "生态系统的稳定性", "生态系统"),
    ],
)
def test_what_sounds_so_stands_in_the_text(run: str, text: str, meant: str) -> None:
    found = nearest_run(run, text, dictionary().cut)
    assert found is not None
    assert found.text == meant
    assert 0 < found.cost <= len(run) / 3


def test_half_a_word_is_nothing_that_was_meant() -> None:
    cut = dictionary().cut
    assert nearest_run("圆锥曲线的定意", "由双曲线的定义", cut) == Correction("双曲线的定义", 2.25)
    assert nearest_run("杜莆", "早度蒲津關制度蒲城", cut) == Correction("度蒲", 0.5, alike=True)


def test_what_must_sound_alike_is_not_merely_near() -> None:
    cut = dictionary().cut
    assert nearest_run("国家机构", "国家机关", cut) == Correction("国家机关", 1.0)
    assert nearest_run("国家机构", "国家机关", cut, alike=True) is None
    found = nearest_run("公民的权力", "公民的权利", cut, alike=True)
    assert found == Correction("公民的权利", 0.25, alike=True)


def test_what_stands_there_or_is_too_far_is_not_corrected() -> None:
    cut = dictionary().cut
    assert nearest_run("勾股定理", "勾股定理", cut) is None
    assert nearest_run("勾股定理", "光合作用", cut) is None
    assert nearest_word("photon", "photon") is None
    assert nearest_word("leaf", "tree") is None


def test_the_nearest_word_of_letters_is_given() -> None:
    found = nearest_word("photosinthesis", "the photosynthesis of photos")
    assert found is not None
    assert (found.text, found.cost) == ("photosynthesis", 1)
