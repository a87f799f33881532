"""Sheets as tables, the marks of lists, and the colours of themes."""

import pytest

from resource_hub.files.typesetting.numbering import count_in
from resource_hub.files.typesetting.package import colour, is_pale, literal, plain_bullet
from resource_hub.files.typesetting.workbooks import rows_as_table
from tests.files import made
from tests.files.typesetting.conftest import Sets


def test_each_sheet_begins_a_page_and_keeps_its_order(sets: Sets) -> None:
    content = made.workbook(成绩=[["姓名", "分数"], ["小明", 98.5]], 空=[], 名单=[["小红"]])
    found = sets(content, "xlsx")
    assert [text.split() for text in found.texts] == [
        ["成绩", "姓名", "分数", "小明", "98.5"],
        ["名单", "小红"],
    ]


def test_a_long_sheet_goes_over_several_pages_and_ends(sets: Sets) -> None:
    found = sets(made.workbook(表=[[number] for number in range(3_000)]), "xlsx")
    assert 10 < len(found.texts) < 60
    assert found.letters.startswith("表0123456789101112")


def test_a_wide_sheet_is_cut_at_its_right(sets: Sets) -> None:
    found = sets(made.workbook(表=[[f"列{column}" for column in range(200)]]), "xlsx")
    assert ("列0" in found.letters, "列25" in found.letters, "列26" in found.letters) == (
        True, True, False,
    )  # fmt: skip


def test_a_csv_is_read_by_whatever_divides_it(sets: Sets) -> None:
    for divider in (",", ";", "\t"):
        content = f"姓名{divider}分数\n小明{divider}98\n".encode()
        assert sets(content, "csv").text.split() == ["姓名", "分数", "小明", "98"]


def test_empty_columns_and_rows_take_no_room() -> None:
    table = rows_as_table([["a", "", "b"], ["", "", ""], ["c", "", ""], ["", "", ""]])
    assert (len(table.widths), table.rows) == (2, 3)
    assert [(cell.column, cell.row) for cell in table.cells] == [(0, 0), (1, 0), (0, 2)]


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("decimal", 3, "3"),
        ("chineseCounting", 3, "三"),
        ("chineseCountingThousand", 10, "十"),
        ("chineseCounting", 11, "十一"),
        ("chineseCounting", 20, "二十"),
        ("chineseCounting", 99, "九十九"),
        ("chineseCounting", 100, "100"),
        ("lowerLetter", 1, "a"),
        ("upperLetter", 26, "Z"),
        ("lowerLetter", 27, "aa"),
        ("lowerRoman", 14, "xiv"),
        ("upperRoman", 9, "IX"),
        ("decimalEnclosedCircle", 3, "③"),
        ("ideographTraditional", 2, "乙"),
        ("something new", 5, "5"),
    ],
)
def test_lists_count_in_many_ways(form: str, number: int, written: str) -> None:
    assert count_in(form, number) == written


def test_spaces_that_matter_stay() -> None:
    assert literal("a  b c") == "a\u00a0\u00a0b c"
    assert literal("a\tb\x00\u200b") == "a\u2003b"
    assert literal("Let’s “go”") == "Let's “go”"


def test_bullets_of_symbol_fonts_become_ones_that_every_font_has() -> None:
    assert [plain_bullet(mark) for mark in ("\uf0b7", "l", "▪", "")] == ["•", "•", "▪", "•"]


def test_colours() -> None:
    assert (colour("FF8000"), colour("auto"), colour("")) == ("#ff8000", None, None)
    assert [is_pale(each) for each in ("#ffffff", "#f0f0f0", "#ffff00", "#000000", None)] == [
        True, True, False, False, False,
    ]  # fmt: skip
