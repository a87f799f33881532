"""``hub people``: accounts at the command line."""

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.edge.current import reading
from resource_hub.services.sign_in import check_password
from tests.cli.conftest import Types

Done = Callable[..., str]

TABLE = """姓名,账号,邮箱,学校,学科,年级,角色,联盟,审核学科,审核学段,备注
王敏,wangmin,wm@example.org,第一小学,数学,三年级、四年级,教师,,,,
李岚,lilan,,第一小学,语文,,审核员；校管理员,,语文、英语,小学,好
赵强,zhaoqiang,,没有的学校,,,,,,,
,nobody,,第一小学,,,,,,,
孙丽,sunli,坏邮箱,第一小学,魔法,,国王,,,,
周杰,zhoujie,,第一小学,,,目录编辑,,,,
王敏,wangmin,,第一小学,,,,,,,
吴刚,wangmin,,第一小学,,,,,,,
"""


@pytest.fixture
def school(done: Done) -> None:
    done("schools", "add", "第一小学")


def accounts(done: Done) -> dict[str, dict[str, object]]:
    return {person["account"]: person for person in json.loads(done("people", "list", "--json"))}


def roles(person: dict[str, object]) -> list[tuple[str, str]]:
    held = person["roles"]
    assert isinstance(held, list)
    return [(role["role"], role["organisation"]) for role in held]


def test_the_first_administrator_is_made_with_a_password_from_stdin(done: Done, app: Flask) -> None:
    said = done(
        *("people", "add", "--name", "王敏", "--email", "WM@example.org"),
        *("--role", "administrator", "--password-stdin"),
        stdin="床前明月光-89\n",
    )
    assert said == "Added 王敏; signs in as wm@example.org.\n"
    assert roles(accounts(done)["wm@example.org"]) == [("administrator", "")]
    with app.app_context():
        assert check_password(reading(), "wm@example.org", "床前明月光-89") is not None


def test_a_weak_password_is_refused_and_no_account_is_made(hub: Types, done: Done) -> None:
    result = hub(
        "people", "add", "--name", "王敏", "--account", "wm", "--password-stdin", stdin="123\n"
    )
    assert result.exit_code == 1
    assert result.stderr == "Error: A password needs at least 8 characters.\n"
    assert accounts(done) == {}


def test_the_password_is_no_option() -> None:
    from resource_hub.cli.people import add

    assert "--password" not in {name for option in add.params for name in option.opts}


def test_where_nobody_can_be_asked_a_link_sets_the_password(done: Done, app: Flask) -> None:
    said = done("people", "add", "--name", "王敏", "--account", "wangmin")
    link = re.search(r"http://127.0.0.1:8000(/reset/\S+)", said)
    assert link is not None
    app.config["WTF_CSRF_ENABLED"] = False
    browser: FlaskClient = app.test_client()
    assert browser.post(link[1], data={"password": "床前明月光-89"}).status_code == 303
    with app.app_context():
        assert check_password(reading(), "wangmin", "床前明月光-89") is not None


def test_a_role_is_held_where_it_belongs(done: Done) -> None:
    done("schools", "add", "第一小学")
    done("alliances", "add", "城乡联盟")
    done("alliances", "join", "城乡联盟", "第一小学", "--core")
    done(
        *("people", "add", "--name", "王敏", "--account", "wm", "--school", "s1"),
        *("--role", "coordinator", "--role", "editor"),
    )
    done("people", "appoint", "wm", "reviewer", "--alliance", "城乡联盟", "--subject", "数学")
    assert roles(accounts(done)["wm"]) == [
        ("teacher", "第一小学"),
        ("coordinator", "第一小学"),
        ("editor", "城乡联盟"),
        ("reviewer", "城乡联盟"),
    ]


def test_a_role_of_a_school_without_a_school_is_refused(hub: Types) -> None:
    result = hub("people", "add", "--name", "王敏", "--account", "wm", "--role", "reviewer")
    assert (result.exit_code, result.stderr) == (1, "Error: This role needs a school.\n")


def test_a_new_school_is_made_only_when_asked(hub: Types, done: Done) -> None:
    words = ("people", "add", "--name", "王敏", "--account", "wm", "--school", "新学校")
    assert hub(*words).stderr == "Error: There is no school “新学校”.\n"
    done(*words, "--new-school")
    assert done("schools", "list") == "s1\t新学校\t1\t\n"


def test_a_table_is_imported_line_by_line_and_each_is_reported(
    hub: Types, school: None, tmp_path: Path, done: Done
) -> None:
    del school
    table, links = tmp_path / "people.csv", tmp_path / "links.csv"
    table.write_text(TABLE, "utf-8-sig")
    result = hub("people", "import", table, "--links", links)
    assert result.exit_code == 0
    not_listed = "is not in the list; choose one that is."
    no_address = "This is not an e-mail address."
    assert result.stdout.splitlines() == [
        "2\tadded\t王敏\twangmin\t",
        "3\tadded\t李岚\tlilan\tReviewer; School coordinator",
        "4\trefused\t赵强\tzhaoqiang\tThere is no school “没有的学校”.",
        "5\trefused\t\tnobody\tGive the person's name, at most 60 characters.",
        f"6\trefused\t孙丽\tsunli\t“魔法” {not_listed}; “国王” {not_listed}; {no_address}",
        "7\trefused\t周杰\tzhoujie\tThere is no alliance yet.",
        "8\tskipped, has an account\t王敏\twangmin\t",
        "9\trefused\t吴刚\twangmin\tSomeone already has this account name.",
        "Added: 2; skipped: 1; refused: 5.",
    ]
    assert result.stderr == "Columns that mean nothing to the hub: 备注.\n"
    found = accounts(done)
    assert set(found) == {"wangmin", "lilan"}
    assert found["wangmin"]["grades"] == ["g3", "g4"]
    assert roles(found["lilan"]) == [
        ("teacher", "第一小学"),
        ("reviewer", "第一小学"),
        ("coordinator", "第一小学"),
    ]
    assert stat.S_IMODE(links.stat().st_mode) == 0o600
    assert [line.split(",")[1] for line in links.read_text("utf-8-sig").splitlines()] == [
        "account",
        "wangmin",
        "lilan",
    ]


def test_each_new_person_gets_a_link_of_their_own(done: Done, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,account\n王敏,wm\n李岚,ll\n", "utf-8")
    links = re.findall(r"http://\S+/reset/\S+", done("people", "import", table))
    assert len(set(links)) == 2


def test_a_repeat_adds_nobody(done: Done, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("姓名,账号\n王敏,wm\n李岚,ll\n", "gb18030")
    assert done("people", "import", table).splitlines()[-1] == "Added: 2; skipped: 0; refused: 0."
    assert done("people", "import", table).splitlines()[-1] == "Added: 0; skipped: 2; refused: 0."
    assert len(accounts(done)) == 2


def test_a_dry_run_says_the_same_and_changes_nothing(done: Done, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("姓名,账号,学校\n王敏,wm,新学校\n李岚,ll,新学校\n", "utf-8")
    assert done("people", "import", table, "--new-schools", "--dry-run") == (
        "2\tadded\t王敏\twm\tnew school: 新学校\n"
        "3\tadded\t李岚\tll\t\n"
        "Would be added: 2; skipped: 0; refused: 0.\n"
    )
    assert accounts(done) == {}
    assert done("schools", "list") == ""


def test_a_workbook_is_read_as_well(done: Done, tmp_path: Path) -> None:
    table = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(str(table)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["姓名 *", "工号"], ["王敏", 20260101]]):
            sheet.write_row(number, 0, row)
    assert "2\tadded\t王敏\t20260101\t" in done("people", "import", table)


def test_nothing_but_refusals_is_a_failure(hub: Types, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("姓名,账号\n王敏,\n", "utf-8")
    result = hub("people", "import", table)
    assert result.exit_code == 1
    assert result.stderr == "Error: Nothing could be imported.\n"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The table is empty."),
        ("a.csv", "天气,心情\n晴,好\n".encode(), "The first line must hold the headings"),
        ("a.csv", bytes(range(256)) * 9, "This file is no text: save it as CSV or XLSX."),
        ("a.xlsx", b"PK\x03\x04 no", "This table is damaged and cannot be read."),
        ("a.pdf", b"%PDF-", "A table is a file .csv, .xlsx or .jsonl."),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    hub: Types, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = hub("people", "import", tmp_path / name)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {sentence}")
