"""Exact text out of workbooks."""

import io
import zipfile
from datetime import UTC, date, datetime

import xlsxwriter

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


def test_text_boxes_and_charts_are_read_with_their_sheet(facts_of: FactsOf) -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    for name in ("成绩", "说明"):
        sheet = book.add_worksheet(name)
        sheet.write(0, 0, name)
    sheet.insert_textbox("C3", "请家长签字")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=成绩!$A$1:$A$1"})
    chart.set_title({"name": "各班平均分"})
    sheet.insert_chart("G1", chart)
    book.close()
    facts = facts_of(written.getvalue(), "a.xlsx")
    assert facts.text.startswith("成绩\n成绩\n\n说明\n说明\n请家长签字\n各班平均分")
    assert [part.place for part in facts.parts] == ["sheet 成绩", "sheet 说明"]


def test_hours_beyond_a_day_are_written_as_hours(facts_of: FactsOf) -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    sheet = book.add_worksheet("值班")
    sheet.write(0, 0, 1.5, book.add_format({"num_format": "[h]:mm"}))
    book.close()
    assert facts_of(written.getvalue(), "a.xlsx").text == "值班\n36:00:00"


def test_a_damaged_drawing_does_not_cost_the_cells(facts_of: FactsOf) -> None:
    with zipfile.ZipFile(io.BytesIO(made.workbook(成绩=[["王小明", 95]]))) as book:
        parts: dict[str, str | bytes] = {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        "<Relationships><Relationship Id='r' Type='x/drawing' Target='../drawings/a.xml'/>"
        "</Relationships>"
    )
    parts["xl/drawings/a.xml"] = "<cut"
    facts = facts_of(made.packed(parts), "a.xlsx")
    assert (facts.text, facts.trouble) == ("成绩\n王小明\t95", None)


def test_a_workbook_that_is_one_file_of_xml_is_read_and_called_what_it_is(
    facts_of: FactsOf,
) -> None:
    def row(*cells: str) -> str:
        inside = "".join(f"<Cell><Data ss:Type='String'>{cell}</Data></Cell>" for cell in cells)
        return f"<Row>{inside}</Row>"

    noted = "<Row><Cell><Comment><ss:Data>批注</ss:Data></Comment><Data>末</Data></Cell></Row>"
    xml = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f"<Worksheet ss:Name='名单'><Table>{row('姓名', '生日')}"
        f"{row('王小明', '2016-03-05T00:00:00.000')}</Table></Worksheet>"
        f"<Worksheet ss:Name='说明'><Table>{noted}</Table></Worksheet></Workbook>"
    )
    facts = facts_of(xml.encode(), "名单.xls")
    assert (facts.file_type.code, facts.file_type.misnamed) == ("xls-xml", True)
    assert facts.text == "名单\n姓名\t生日\n王小明\t2016-03-05\n\n说明\n末"
    assert [part.place for part in facts.parts] == ["sheet 名单", "sheet 说明"]
    assert (facts.pages, facts.trouble) == (2, None)
    old = xml.replace('"1.0"', '"1.0" encoding="GB2312"').encode("gb18030")
    assert facts_of(old, "名单.xls").text == facts.text
