"""Marks and passages: in the original text, cut where a reader pauses."""

from search_index.highlight import Highlighter
from search_index.language import QueryReader
from tests.search_index.documents import VOCABULARY, lesson

READER = QueryReader(VOCABULARY)


def highlighter(query: str) -> Highlighter:
    return Highlighter(READER.read(query).tree)


def marked(query: str, title: str) -> list[str]:
    shown = highlighter(query).title(lesson(1, title))
    return [shown.text[a:b] for a, b in shown.marks]


def test_marks_cover_the_words_in_the_script_of_the_text() -> None:
    assert marked("圆的面积", "圓的面積公式") == ["圓的面積"]
    assert marked("圆 公式", "圓的面積公式") == ["圓", "公式"]
    assert marked("pdf", "PDF课件，pdfx 文件，ＰＤＦ") == ["PDF", "ＰＤＦ"]
    assert marked("photo*", "Photosynthesis, telephoto") == ["Photosynthesis"]
    assert marked('"面积 公式"', "面积，公式") == ["面积，公式"]
    assert marked("面积 -公式", "面积公式") == ["面积"]
    assert marked("学科:数学", "数学") == []
    assert marked("", "圆") == []


def test_a_passage_begins_and_ends_at_a_pause() -> None:
    body = "先说别的。再说圆的面积，它等于半径的平方乘以圆周率。" + "此后无关。" * 40
    (passage,) = highlighter("面积").passages(lesson(1, "标题", body))
    assert passage.text.startswith("先说别的。再说圆的面积")
    assert passage.text.endswith("。")
    assert [passage.text[a:b] for a, b in passage.marks] == ["面积"]


def test_without_a_word_the_beginning_is_shown() -> None:
    shown = highlighter("数学").passages(lesson(1, "数学", "正文从这里开始。", summary="  摘要。 "))
    assert [passage.text for passage in shown] == ["摘要。"]
    assert highlighter("数学").passages(lesson(1, "数学")) == ()


def test_a_word_is_found_across_the_border_of_what_is_read_at_a_time() -> None:
    body = "字" * 3_998 + "勾股定理" + "字" * 3_998
    (passage,) = highlighter("勾股定理").passages(lesson(1, "标题", body))
    assert [passage.text[a:b] for a, b in passage.marks] == ["勾股定理"]
