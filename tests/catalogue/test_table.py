"""CSV and JSON of an issue: what spreadsheets and programs get."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime

import pytest
from jsonschema import Draft202012Validator

from resource_hub.catalogue.data import Erratum, IssueData, from_json
from resource_hub.catalogue.plain import harmless, one_line, printable
from resource_hub.catalogue.table import as_csv, as_json
from tests.architecture.checkout import ROOT
from tests.catalogue.issues import (
    CHINA,
    CHINESE,
    ENGLISH,
    ODD_TITLES,
    TRADITIONAL,
    entry,
    full_issue,
    issue,
    odd_issue,
    older_issue,
)


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_entry_is_one_record_in_words() -> None:
    assert rows(as_csv(issue([entry(1, grades=("g3", "g4"))]), CHINESE)) == [
        [
            "序号", "变动", "标题", "类型", "学段", "学科", "年级", "学校", "作者", "摘要", "版本",
            "网址",
        ],
        [
            "1", "新增", "分数的初步认识", "教案", "小学", "数学", "三年级、四年级", "实验小学",
            "王敏", "把一个月饼平均分成两份，每份是它的二分之一。学生在折纸中认识几分之一。", "1",
            "https://hub.example.edu.cn/r/R-000001",
        ],
    ]  # fmt: skip


def test_who_stands_behind_an_entry_is_said_in_the_last_column() -> None:
    assert [row[12] for row in rows(as_csv(full_issue(), CHINESE))] == [
        "标识", "联盟认可", "学校认可", "已审核", "未审核", "联盟认可", "",
    ]  # fmt: skip


def test_errata_stand_in_a_column_of_their_own_where_there_are_any() -> None:
    whole = Erratum(datetime(2026, 11, 5, tzinfo=CHINA), "=期号应为第10期。")
    both = replace(full_issue(), errata=(*full_issue().errata, whole))
    own, of_all = (
        "勘误（2026年11月3日）：作者应为王敏。",
        "勘误（2026年11月5日）：=期号应为第10期。",
    )
    assert [row[13] for row in rows(as_csv(full_issue(), CHINESE))] == [
        "勘误", "", own, "", "", "", "",
    ]  # fmt: skip
    assert [row[13] for row in rows(as_csv(both, CHINESE))] == [
        "勘误", of_all, f"{own}；{of_all}", of_all, of_all, of_all, of_all,
    ]  # fmt: skip
    older = replace(older_issue(), errata=(whole,))
    assert {row[12] for row in rows(as_csv(older, CHINESE))} == {"勘误", of_all}


def test_an_issue_from_before_there_were_badges_keeps_its_bytes() -> None:
    found = rows(as_csv(full_issue(), CHINESE))
    assert rows(as_csv(older_issue(), CHINESE)) == [row[:12] + row[13:] for row in found]
    assert b"badge" not in as_json(older_issue(), CHINESE)


def test_what_is_new_stands_before_what_is_updated_and_withdrawn() -> None:
    found = rows(as_csv(full_issue(), ENGLISH))
    assert [row[:2] for row in found[1:]] == [
        ["1", "New"], ["2", "New"], ["3", "New"], ["4", "New"], ["5", "Updated"],
        ["6", "Withdrawn"],
    ]  # fmt: skip


def test_an_empty_month_has_its_headings() -> None:
    assert len(rows(as_csv(issue(), CHINESE))) == 1


def test_no_record_begins_a_formula_and_none_falls_apart() -> None:
    found = rows(as_csv(odd_issue(), CHINESE))
    assert len(found) == len(ODD_TITLES) + 1
    assert [row[2] for row in found[1:]] == [harmless(printable(title)) for title in ODD_TITLES]
    assert found[1][2] == "'=cmd|' /C calc'!A0"
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in found for cell in row)


@pytest.mark.parametrize("made", [issue(), full_issue(), odd_issue()], ids=["empty", "full", "odd"])
def test_json_with_words_is_as_the_schema_says_and_reads_back(made: IssueData) -> None:
    schema = json.loads((ROOT / "docs/reference/issue.schema.json").read_bytes())
    content = as_json(made, CHINESE)
    Draft202012Validator(schema).validate(json.loads(content))
    assert from_json(content) == made


def test_json_says_the_codes_that_occur() -> None:
    assert json.loads(as_json(full_issue(), TRADITIONAL))["labels"] == {
        "badge": {
            "not_reviewed": "未審核",
            "reviewed": "已審核",
            "endorsed_by_school": "學校認可",
            "endorsed_by_alliance": "聯盟認可",
        },
        "change": {"new": "新增", "updated": "更新", "withdrawn": "已撤下"},
        "kind": {"lesson_plan": "教案", "micro_lesson": "微課"},
        "school_stage": {"primary": "小學"},
        "subject": {"chinese": "語文", "math": "數學"},
        "grade": {"g1": "一年級", "g2": "二年級", "g3": "三年級", "g5": "五年級", "g6": "六年級"},
    }


def test_the_same_issue_gives_the_same_bytes() -> None:
    assert as_csv(full_issue(), CHINESE) == as_csv(full_issue(), CHINESE)
    assert as_json(full_issue(), CHINESE) == as_json(full_issue(), CHINESE)


def test_printable_text_keeps_every_character_that_can_be_seen() -> None:
    assert printable("行\x0b间\x00控\x1b制\ufffe符") == "行间控制符"
    assert printable("一\r\n二\r三\u2028四\t五") == "一\n二\n三\n四\t五"
    assert printable("𠮷🦢👩‍🏫 مقدمة") == "𠮷🦢👩‍🏫 مقدمة"
    assert printable("half \ud83d") == "half \ufffd"
    assert one_line("  一\n\n二  三 ") == "一 二 三"
