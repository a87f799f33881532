"""The names that the search language takes from the taxonomy, the files and the calendar."""

import pytest

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
    [("上传", "published"), ("上傳", "published"), ("年份", "year"), ("格式", "format")],
)
def test_a_field_has_chinese_names(name: str, field: str) -> None:
    assert search_vocabulary().field_named(name) == field


def test_grades_have_an_order() -> None:
    assert search_vocabulary().codes_between("grade", "三年级", "五年级") == ("g3", "g4", "g5")
