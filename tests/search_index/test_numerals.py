"""Numbers that schools write in several ways."""

import pytest

from search_index.numerals import MOST_VARIANTS, variants


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("第3课", ("第三课",)),
        ("第三课", ("第3课",)),
        ("第03课", ("第三课", "第3课")),
        ("3年级数学", ("三年级数学",)),
        ("十二月", ("12月",)),
        ("12月", ("十二月",)),
        ("第20章", ("第二十章",)),
        ("第二十一章", ("第21章",)),
        ("10月1日", ("十月一日",)),
        ("第 3 课", ("第 三 课",)),
        ("二分之一", ("2分之1",)),
        ("高一(3)班", ("高一(三)班",)),
        ("圆的面积(二)", ("圆的面积(2)",)),
        ("单元3", ("单元三",)),
    ],
)
def test_a_number_is_written_the_other_way(text: str, others: tuple[str, ...]) -> None:
    assert variants(text) == others


def test_several_numbers_are_written_in_one_way() -> None:
    assert variants("三年级第2单元第3课时") == ("三年级第二单元第三课时", "3年级第2单元第3课时")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("必修ⅱ", ("必修二", "必修2")),
        ("必修二", ("必修2", "必修ⅱ")),
        ("必修1", ("必修一", "必修i")),
        ("必修i", ("必修一", "必修1")),
        ("选择性必修3", ("选择性必修三", "选择性必修ⅲ")),
    ],
)
def test_books_have_roman_numbers_too(text: str, others: tuple[str, ...]) -> None:
    assert variants(text) == others


@pytest.mark.parametrize(
    "text",
    [
        "",
        "三角形",
        "一次函数",
        "五十六个民族",
        "单元一体化",
        "2024年",
        "2.5课时",
        "第一百课",
        "第100课",
        "unit 3",
        "vi",
        "2024",
    ],
)
def test_what_is_no_such_number_stays(text: str) -> None:
    assert variants(text) == ()


def test_thousands_with_and_without_comma() -> None:
    assert variants("1,000米") == ("1000米",)
    assert variants("1000米") == ("1,000米",)
    assert variants("12,345,678") == ("12345678",)


def test_there_are_never_more_than_three() -> None:
    assert len(variants("必修1第三单元1,000字和20000字")) == MOST_VARIANTS
