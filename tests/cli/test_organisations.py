"""``hub schools`` and ``hub alliances``: what there must be before anybody signs in."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Types

Done = Callable[..., str]


def test_schools_are_added_listed_and_joined(done: Done) -> None:
    done("alliances", "add", "城乡联盟", "--kind", "group")
    assert done(
        "schools", "add", "实验小学", "--code", "shiyan", "--alliance", "城乡联盟", "--core"
    )
    assert done("schools", "add", "山里小学") == "Added school 山里小学 with the code s2.\n"
    done("alliances", "join", "城乡联盟", "s2")
    assert done("alliances", "list") == "城乡联盟 (School group)\n  * 实验小学\n    山里小学\n"
    assert json.loads(done("schools", "list", "--json")) == [
        {
            "school_id": 1,
            "code": "shiyan",
            "name": "实验小学",
            "people": 0,
            "alliances": {"城乡联盟": "core"},
        },
        {
            "school_id": 2,
            "code": "s2",
            "name": "山里小学",
            "people": 0,
            "alliances": {"城乡联盟": "member"},
        },
    ]


def test_many_schools_come_from_a_list_and_a_repeat_adds_none(
    hub: Types, done: Done, tmp_path: Path
) -> None:
    listed = tmp_path / "schools.txt"
    listed.write_text("甲小学, jia\n\n乙小学\n丙小学, 坏码\n", "utf-8")
    done("alliances", "add", "城乡联盟")
    result = hub("schools", "import", listed, "--alliance", "城乡联盟")
    assert result.exit_code == 0
    assert result.stdout == (
        "Line 4: A code has small letters, digits and hyphens, at most 39.\n"
        "Schools added: 2; lines refused: 1.\n"
    )
    assert done("schools", "list") == "s2\t乙小学\t0\t城乡联盟\njia\t甲小学\t0\t城乡联盟\n"
    again = hub("schools", "import", listed)
    assert again.stdout.splitlines()[-1] == "Schools added: 0; lines refused: 1."


def test_an_unknown_alliance_is_refused(hub: Types) -> None:
    result = hub("schools", "add", "甲小学", "--alliance", "没有")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no alliance “没有”.\n")
    assert hub("schools", "list").stdout == ""


def test_a_list_of_schools_may_be_written_in_any_usual_encoding(
    hub: Types, done: Done, tmp_path: Path
) -> None:
    (tmp_path / "schools.txt").write_bytes("第一小学\n第二小学\n".encode("gb18030"))
    done("schools", "import", tmp_path / "schools.txt")
    assert [line.split("\t")[1] for line in done("schools", "list").splitlines()] == [
        "第一小学", "第二小学"
    ]  # fmt: skip
    (tmp_path / "picture.txt").write_bytes(bytes(range(256)) * 9)
    result = hub("schools", "import", tmp_path / "picture.txt")
    assert (result.exit_code, result.stderr) == (
        1, "Error: This file is no text: save it as CSV or XLSX.\n"
    )  # fmt: skip
