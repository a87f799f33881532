"""Tables as people make them."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from resource_hub.domain.errors import Invalid
from resource_hub.services.tables import Row, folded, read_rows

COLUMNS = {"标题": "title", "title": "title", "年份": "year", "text": "text"}


def read(path: Path, content: bytes) -> tuple[list[Row], set[str]]:
    path.write_bytes(content)
    unknown: set[str] = set()
    return list(read_rows(path, COLUMNS, unknown)), unknown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    table = '标题,年份,备注\r\n"静夜思,\n其一",2020,好\r\n\r\n春晓\r\n'
    rows, unknown = read(tmp_path / "a.csv", table.encode(encoding))
    assert rows == [Row(3, {"title": "静夜思,\n其一", "year": "2020"}), Row(5, {"title": "春晓"})]
    assert unknown == {"备注"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_any_usual_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    table = f"标题{delimiter}年份\n静夜思{delimiter}2020\n"
    rows, _unknown = read(tmp_path / "a.csv", table.encode())
    assert rows == [Row(2, {"title": "静夜思", "year": "2020"})]


def test_a_workbook_gives_what_people_see(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["标题 *", "年份（四位）"])
        sheet.write_row(1, 0, ["静夜思", 2020])
        sheet.write_row(3, 0, ["春晓", 0.5])
        sheet.write(4, 0, "夏")
        sheet.write_datetime(4, 1, date(2020, 5, 1), day)
    assert list(read_rows(path, COLUMNS, set())) == [
        Row(2, {"title": "静夜思", "year": "2020"}),
        Row(4, {"title": "春晓", "year": "0.5"}),
        Row(5, {"title": "夏", "year": "2020-05-01"}),
    ]


def test_json_lines_are_read_one_by_one_and_a_bad_one_is_told(tmp_path: Path) -> None:
    lines = [
        '{"title": "静夜思", "text": ["床前", "疑是"], "年份": 2020, "x": {"a": 1}}',
        "",
        "not json",
        "[1]",
        '{"title": "半\\ud83d", "text": null}',
    ]
    rows, unknown = read(tmp_path / "a.jsonl", "\n".join(lines).encode())
    trouble = "This line is no JSON object."
    assert rows == [
        Row(1, {"title": "静夜思", "text": "床前\n疑是", "year": "2020"}),
        Row(3, {}, trouble),
        Row(4, {}, trouble),
        Row(5, {"title": "半?"}),
    ]
    assert unknown == {"x"}


@pytest.mark.parametrize(
    "heading", ["标题", " 标 题 ", "*标题*", "标题（必填）", "标题:", "\ufeff标题"]
)
def test_a_heading_is_known_whatever_was_added_to_it(heading: str) -> None:
    assert folded(heading) == "标题"


def test_a_heading_in_english_is_known_in_any_case() -> None:
    assert folded("School_Stage") == folded("school stage") == folded("SCHOOL-STAGE")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"\n\n"),
        ("a.csv", "别的\n1\n".encode()),
        ("a.csv", bytes(range(256))),
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a.doc", b"x"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(Invalid):
        read(tmp_path / name, content)


def test_what_is_no_character_does_not_come_out_of_a_table(tmp_path: Path) -> None:
    table = tmp_path / "a.jsonl"
    table.write_text('{"title": "a\\u0000b\\ud800", "text": {"\\ud800": 1}, "\\udfff": 1}\n')
    unknown: set[str] = set()
    [row] = read_rows(table, {"title": "title", "text": "text"}, unknown)
    assert row.cells == {"title": "ab?", "text": '{"?": 1}'}
    assert unknown == {"?"}
