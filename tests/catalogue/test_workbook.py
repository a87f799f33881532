"""The workbook of an issue, read back by openpyxl and by LibreOffice."""

import io
import subprocess
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.plain import harmless, printable
from resource_hub.catalogue.table import as_csv
from resource_hub.catalogue.workbook import as_xlsx
from tests.catalogue.issues import (
    CHINESE,
    ENGLISH,
    HUB,
    ODD_TITLES,
    entry,
    full_issue,
    issue,
    odd_issue,
    older_issue,
)
from tests.plugins.requirements import require_program


def sheets(of: IssueData) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(of, CHINESE)))
    return {sheet.title: sheet for sheet in book.worksheets}


def values(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_entries_stand_below_a_frozen_header_with_filters() -> None:
    sheet = sheets(full_issue())["条目"]
    found = values(sheet)
    assert found[0] == [
        "序号", "变动", "标题", "类型", "学段", "学科", "年级", "学校", "作者", "摘要", "版本",
        "网址", "标识",
    ]  # fmt: skip
    assert found[3][:9] == [
        3,
        "新增",
        "圆的周长",
        "微课",
        "小学",
        "数学",
        "六年级",
        "实验小学",
        "王敏",
    ]
    assert [row[1] for row in found[1:]] == ["新增"] * 4 + ["更新", "已撤下"]
    assert sheet.freeze_panes == "D2"
    assert [row[11:] for row in found[1:]] == [
        [f"{HUB}/r/R-000001", "联盟认可"],
        [f"{HUB}/r/R-000002", "学校认可"],
        [f"{HUB}/r/R-000003", "已审核"],
        [f"{HUB}/r/R-000004", "未审核"],
        [f"{HUB}/r/R-000005", "联盟认可"],
        [f"{HUB}/r/R-000006", ""],
    ]
    assert sheet.auto_filter.ref == "A1:M7"
    assert sheet.print_title_rows == "$1:$1"


def test_an_issue_from_before_there_were_badges_has_no_column_of_them() -> None:
    sheet, full = sheets(older_issue())["条目"], sheets(full_issue())["条目"]
    assert values(sheet) == [row[:12] for row in values(full)]
    assert sheet.auto_filter.ref == "A1:L7"
    assert "M" not in sheet.column_dimensions


def test_a_title_links_to_its_resource() -> None:
    sheet = sheets(full_issue())["条目"]
    link = sheet["C2"].hyperlink
    assert link is not None
    assert link.target == f"{HUB}/r/R-000001"
    assert sheet["L2"].value == f"{HUB}/r/R-000001"


def test_figures_have_a_sheet() -> None:
    sheet = sheets(full_issue())["统计"]
    assert [row for row in values(sheet) if any(cell is not None for cell in row)] == [
        ["青山教育集团资源目录", None, None, None],
        ["2026年第10期", None, None, None],
        ["本月", "送审", "通过", "结论用时（天）"],
        ["2026年10月", 9, 6, 3.5],
        ["按学校", "送审", "通过", "结论用时（天）"],
        ["实验小学", 6, 5, 3],
        ["青山村小学", 3, 1, None],
        ["按学科", "送审", "通过", "结论用时（天）"],
        ["数学", 7, 5, 3.2],
        ["语文", 2, 1, 5],
        ["按月份", "送审", "通过", "结论用时（天）"],
        ["2026年9月", 4, 3, 2],
        ["2026年10月", 9, 6, 3.5],
        ["用得最多", "次数", None, None],
        ["圆的周长", 41, None, None],
    ]


def test_wishes_and_errata_have_sheets_where_there_are_any() -> None:
    assert list(sheets(issue())) == ["条目", "统计"]
    full = sheets(full_issue())
    assert list(full) == ["条目", "统计", "求资源", "勘误"]
    assert values(full["求资源"])[1] == ["长方体的展开图", "数学", "五年级", 4]
    assert values(full["勘误"])[1] == ["2026年11月3日", "R-000002", "作者应为王敏。"]


def test_words_are_words_whatever_they_look_like() -> None:
    sheet = sheets(odd_issue())["条目"]
    found = [sheet.cell(row, 3) for row in range(2, len(ODD_TITLES) + 2)]
    assert [cell.value for cell in found] == [printable(title) for title in ODD_TITLES]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
    }  # "f": formula


def test_text_that_no_cell_can_hold_is_cut() -> None:
    sheet = sheets(issue([entry(1, summary="字" * 40_000, title="")]))["条目"]
    assert sheet["J2"].value == "字" * 32_000
    assert sheet["L2"].value == f"{HUB}/r/R-000001"


def test_an_address_that_excel_refuses_as_a_link_is_text() -> None:
    far = f"{HUB}/{'a' * 2_100}"
    sheet = sheets(issue([entry(1, address=far)]))["条目"]
    assert (sheet["C2"].value, sheet["C2"].hyperlink) == ("分数的初步认识", None)
    assert sheet["L2"].value == far


def test_the_same_issue_gives_the_same_bytes() -> None:
    assert as_xlsx(full_issue(), ENGLISH) == as_xlsx(full_issue(), ENGLISH)


def reopened(path: Path, *options: str) -> Worksheet:
    """The first sheet of a file, after LibreOffice opened it and saved it as a workbook."""
    program = require_program("soffice")
    folder = path.parent / f"{path.stem}-read"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    subprocess.run(  # noqa: S603 - our own file
        [
            program,
            profile,
            "--headless",
            *options,
            "--convert-to",
            "xlsx",
            "--outdir",
            folder,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return openpyxl.load_workbook(folder / f"{path.stem}.xlsx").worksheets[0]


def titles(sheet: Worksheet) -> list[str]:
    return [str(sheet.cell(row, 3).value) for row in range(2, sheet.max_row + 1)]


def test_libreoffice_opens_the_workbook(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(as_xlsx(odd_issue(), CHINESE))
    sheet = reopened(tmp_path / "book.xlsx")
    assert titles(sheet) == [printable(title) for title in ODD_TITLES]


def test_libreoffice_opens_the_table(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(as_csv(odd_issue(), CHINESE))
    sheet = reopened(tmp_path / "table.csv", "--infilter=CSV:44,34,76")  # UTF-8, as a person picks
    assert sheet["A1"].value == "序号"
    assert titles(sheet) == [harmless(printable(title)) for title in ODD_TITLES]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
