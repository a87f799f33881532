"""The names that the search language takes from the taxonomy, the files and the calendar."""

import pytest

from resource_hub.files import TYPES
from resource_hub.services.vocabulary import search_vocabulary


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("subject", "数学", "math"),
        ("subject", "數學", "math"),
        ("grade", "三年级", "g3"),
        ("kind", "教学设计", "lesson_plan"),
        ("stage", "初中", "junior"),
        ("edition", "人教版", "renjiao"),
        ("format", "PPTX", "pptx"),
        ("year", "2026", "2026"),
        ("year", "2026年", "2026"),
    ],
)
def test_a_word_means_a_code(field: str, word: str, code: str) -> None:
    assert search_vocabulary().code_of(field, word) == code


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("上传", "published"),
        ("上傳", "published"),
        ("年份", "year"),
        ("格式", "format"),
        ("简介", "summary"),
        ("摘要", "summary"),
        ("联盟", "alliance"),
        ("聯盟", "alliance"),
        ("正文", "text"),
        ("body", "text"),
    ],
)
def test_a_field_has_chinese_names(name: str, field: str) -> None:
    assert search_vocabulary().field_named(name) == field


def test_grades_have_an_order() -> None:
    vocabulary = search_vocabulary()
    assert vocabulary.codes_between("grade", "三年级", "五年级") == ("g3", "g4", "g5")
    assert vocabulary.codes_between("grade", "五年级", "三年级") == ("g3", "g4", "g5")
    assert vocabulary.codes_between("grade", "高二", "") == ("g11", "g12")
    assert vocabulary.codes_between("grade", "", "一年级") == (
        "p_small",
        "p_middle",
        "p_large",
        "g1",
    )
    assert vocabulary.codes_between("grade", "三年级", "五年级", (True, True)) == ("g4",)
    assert vocabulary.codes_between("grade", "五年级", "三年级", (True, False)) == ("g3", "g4")
    assert vocabulary.codes_between("grade", "三年级", "三年级", (True, False)) == ()
    assert vocabulary.codes_between("grade", "", "") is None
    assert vocabulary.codes_between("grade", "三年级", "昨天") is None


@pytest.mark.parametrize(
    ("word", "some"),
    [
        ("Word", {"docx", "doc", "wps"}),
        ("doc", {"docx", "doc"}),
        ("PPT", {"pptx", "ppt", "dps"}),
        ("簡報", {"pptx", "odp"}),
        ("excel", {"xlsx", "xls", "et"}),
        ("图片", {"jpg", "png", "webp"}),
        ("圖片", {"jpg", "png"}),
        ("jpeg", {"jpg"}),
        ("视频", {"mp4", "mov", "avi"}),
        ("影片", {"mp4"}),
        ("音频", {"mp3", "wav"}),
        ("压缩包", {"zip", "rar"}),
        ("pdf", {"pdf"}),
        ("网页", {"html"}),
    ],
)
def test_a_word_means_all_formats_that_people_call_so(word: str, some: set[str]) -> None:
    found = set(search_vocabulary().codes_of("format", word))
    assert found >= some
    assert {TYPES[code].family for code in found} == {TYPES[code].family for code in some}
