"""Exact text out of workbooks."""

from datetime import UTC, date, datetime

from resource_hub.files.facts import Trouble
from tests.files import made
from tests.files.conftest import FactsOf


def test_each_sheet_gives_its_name_and_rows(facts_of: FactsOf) -> None:
    content = made.workbook(
        成绩=[["姓名", "分数"], ["王小明", 95.0], ["李红", 88.5], [None, None], ["缺考", True]],
        空表=[],
        说明=[["第一行\n第二行"]],
    )
    facts = facts_of(content, "成绩.xlsx")
    assert facts.text == (
        "成绩\n姓名\t分数\n王小明\t95\n李红\t88.5\n缺考\tTRUE\n\n空表\n\n说明\n第一行 第二行"
    )
    assert [part.place for part in facts.parts] == ["sheet 成绩", "sheet 空表", "sheet 说明"]
    assert [facts.text[part.start :][:2] for part in facts.parts] == ["成绩", "空表", "说明"]
    assert (facts.pages, facts.trouble) == (3, None)


def test_dates_are_written_as_dates(facts_of: FactsOf) -> None:
    import io

    import xlsxwriter

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    sheet = book.add_worksheet("日程")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_datetime(0, 0, date(2026, 10, 1), day)
    sheet.write_datetime(
        0, 1, datetime(2026, 10, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None), moment
    )
    book.close()
    facts = facts_of(written.getvalue(), "a.xlsx")
    assert facts.text == "日程\n2026-10-01\t2026-10-01 09:30:00"


def test_a_damaged_workbook_has_a_trouble(facts_of: FactsOf) -> None:
    content = made.packed({"[Content_Types].xml": made.TYPES, "xl/workbook.xml": "<workbook"})
    assert facts_of(content, "a.xlsx").trouble is Trouble.DAMAGED
    assert facts_of(made.ole("Workbook"), "a.xls").trouble is Trouble.DAMAGED
