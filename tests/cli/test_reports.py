"""``hub report``."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from resource_hub.edge.current import writing
from resource_hub.services.searching import note_fruitless
from tests.cli.conftest import Types
from tests.given import Clock

Done = Callable[..., str]


@pytest.fixture
def missed(app: Flask, clock: Clock) -> None:
    def miss(*queries: str) -> None:
        with app.app_context(), writing() as uow:
            for query in queries:
                note_fruitless(uow, query)

    miss("圆周率", "=cmd|'/c calc'!A1")
    clock.pass_(days=30)
    miss("圓周率", "鸦片战争", "圆周率")


@pytest.mark.usefixtures("missed")
def test_searches_are_listed_by_month_the_most_missed_first(done: Done) -> None:
    assert done("report", "searches").splitlines() == [
        "2026-11\t2\t圆周率",
        "2026-11\t1\t鸦片战争",
        "2026-10\t1\t=cmd|'/c calc'!a1",
        "2026-10\t1\t圆周率",
    ]
    [one, _two] = json.loads(done("report", "searches", "--month", "2026-11", "--json"))
    assert one == {
        "month": "2026-11",
        "query": "圆周率",
        "times": 2,
        "last_at": "2026-11-11T04:00:00+00:00",
    }


@pytest.mark.usefixtures("missed")
def test_a_spreadsheet_gets_words_and_never_a_formula(done: Done, tmp_path: Path) -> None:
    table, sheet = tmp_path / "missed.csv", tmp_path / "missed.XLSX"
    said = done("report", "searches", "--month", "2026-10", "--out", table)
    assert said == f"Written to {table}: 2 searches.\n"
    assert table.read_bytes().decode("utf-8-sig").splitlines() == [
        "Month,Times,Looked for,Last time",
        "2026-10,1,'=cmd|'/c calc'!a1,2026-10-12 12:00",
        "2026-10,1,圆周率,2026-10-12 12:00",
    ]
    done("report", "searches", "--month", "2026-10", "--out", sheet)
    rows = CalamineWorkbook.from_path(str(sheet)).get_sheet_by_index(0).to_python()
    assert rows == [
        ["Month", "Times", "Looked for", "Last time"],
        ["2026-10", 1.0, "=cmd|'/c calc'!a1", "2026-10-12 12:00"],
        ["2026-10", 1.0, "圆周率", "2026-10-12 12:00"],
    ]


def test_an_empty_report_is_empty(done: Done, tmp_path: Path) -> None:
    assert done("report", "searches") == ""
    assert json.loads(done("report", "searches", "--json")) == []
    assert done("report", "searches", "--out", tmp_path / "a.csv").endswith(": 0 searches.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--month", "2026-13"), "Write the month as YYYY-MM, such as 2026-10."),
        (("--out", "missed.pdf"), "Let the name of the file end in .csv or .xlsx."),
        (("--out", "missed"), "Let the name of the file end in .csv or .xlsx."),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(
    hub: Types, words: tuple[str, ...], sentence: str
) -> None:
    result = hub("report", "searches", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")


def test_contributions_are_counted_by_school_and_by_person(done: Done, tmp_path: Path) -> None:
    done("schools", "add", "石桥小学")
    done("alliances", "add", "石桥联盟")
    done("alliances", "join", "石桥联盟", "石桥小学")
    [line] = json.loads(done("report", "contributions", "--period", "2026-10", "--json"))
    assert (line["name"], line["accepted"], line["points"]) == ("石桥小学", 0, 0)
    own = done("report", "contributions", "--period", "2026", "--school", "石桥小学", "--json")
    assert json.loads(own) == []
    table = tmp_path / "figures.csv"
    done("report", "contributions", "--period", "2026-2027-1", "--out", table)
    head, row = table.read_bytes().decode("utf-8-sig").splitlines()
    assert head.startswith("Name,Works submitted,Works accepted,")
    assert row == "石桥小学,0,0,0,0,0,0,0,0,0,0,0,,,0.0"
