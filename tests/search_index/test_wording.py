"""What plain words ask for: themselves, and in other forms what means or sounds the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.analysis import Literal, fold, literal, match_terms, phrase, runs
from search_index.dictionary import dictionary
from search_index.lexicon import Lexicon
from search_index.tree import Best, Code, Node, Occurs, Words, positive_literals
from search_index.wording import Wording
from tests.search_index.documents import VOCABULARY


def wording(text: str, *, own: Lexicon | None = None, loose: bool = False) -> Words:
    words = dictionary(VOCABULARY.lexicon(own or Lexicon()))
    read = Wording(words, VOCABULARY, loose=loose).words(fold(text), text, field=None, allowed=64)
    assert read is not None
    return read


def asked(node: Node) -> str:
    """Write down what has to occur, with its other forms in brackets."""
    match node:
        case Occurs(one, place):
            return f"{place}:{one.text}" if place else one.text
        case Code(field, code):
            return f"{field}={code}"
        case Best(options):
            return f"({' | '.join(asked(option) for option, _ in options)})"
        case _:
            return " ".join(asked(part) for part in getattr(node, "parts", ()))


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        ("月光", ["月光"]),
        ("圆的面积", ["圆", "面积"]),
        ("的", ["的"]),
        ("勾股定里", ["勾股定里"]),
        ("photos", ["photos"]),
    ],
)
def test_a_chunk_asks_for_its_words(chunk: str, words: list[str]) -> None:
    assert [asked(node) for node in wording(chunk).needed] == words


def test_a_word_may_name_a_code_or_mean_the_same_as_another() -> None:
    (subject,) = wording("数学").needed
    assert asked(subject).startswith("(数学 | ")
    assert "subject=math" in asked(subject)
    assert "教学设计" in asked(wording("教案").needed[0])
    assert "信息技术" in asked(wording("資訊科技").needed[0])
    assert "软件" in asked(wording("軟體").needed[0])


def test_other_forms_count_less_than_the_word_itself() -> None:
    (node,) = wording("教案").needed
    assert isinstance(node, Best)
    assert node.options[0] == (Occurs(literal("教案")), 1.0)
    assert all(weight < 1 for _, weight in node.options[1:])


def test_two_syllables_are_read_as_pinyin_with_spaces_or_tones_or_without() -> None:
    wanted = Occurs(Literal("gou gu ding li", ("gou", "gu", "ding", "li")), "sound")
    for typed in ("gougudingli", "gou gu ding li", "gōu gǔ dìng lǐ", "gou1gu3ding4li3"):
        assert wanted in list(positive_literals(wording(typed)))


def test_one_syllable_and_initials_are_pinyin_only_for_a_loose_reading() -> None:
    assert asked(wording("ggdl").needed[0]) == "ggdl"
    assert asked(wording("ggdl", loose=True).needed[0]) == "(ggdl | initials:ggdl)"
    assert "sound:yuan" not in asked(wording("yuan").needed[0])
    assert "sound:yuan" in asked(wording("yuan", loose=True).needed[0])


def test_a_number_may_be_written_otherwise() -> None:
    assert "三" in asked(wording("第3课").needed[0])


def test_words_of_an_administrator_stay_whole_and_find_their_synonyms() -> None:
    own = Lexicon(frozenset({"赵爽弦图"}), frozenset({("弦图", "风车图")}))
    assert asked(wording("赵爽弦图", own=own).needed[0]) == "赵爽弦图"
    assert asked(wording("弦图", own=own).needed[0]) == "(弦图 | 风车图)"


@settings(deadline=None)  # the first example loads the dictionaries
@given(st.text("圆的面积勾股定理静夜思小学数学教案一二三 a1", min_size=1, max_size=30), st.data())
def test_a_piece_of_a_text_asks_for_nothing_that_the_text_has_not(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    whole = f" {' '.join(match_terms(runs(text)))} "
    read = Wording(dictionary(), VOCABULARY).words(piece, piece, field="title", allowed=64)
    first = [_as_typed(node) for node in read.needed] if read else []
    literals = [one.literal for node in first for one in positive_literals(node)]
    for one in (*literals, *phrase(piece)):
        if one.is_single:
            assert one.text in text
        elif "a" not in piece and "1" not in piece:  # those may be half of a longer word
            assert f" {' '.join(one.terms)} " in whole


def _as_typed(node: Node) -> Node:
    return node.options[0][0] if isinstance(node, Best) else node
