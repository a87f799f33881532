"""``hub catalogue``: the month's issue without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from tests.cli.conftest import Types
from tests.given import Clock

Done = Callable[..., str]


@pytest.fixture
def october(done: Done, wangmin: str, tmp_path: Path, clock: Clock) -> None:
    """Two lessons published on 12 October 2026, an hour ago."""
    done("alliances", "add", "城乡联盟", "--kind", "group")
    done("alliances", "join", "城乡联盟", "第一小学")
    path = tmp_path / "items.jsonl"
    path.write_text('{"title": "观潮", "text": "a"}\n{"title": "走月亮", "text": "b"}\n', "utf-8")
    done("import", path, "--as", wangmin, "--publish")
    clock.pass_(hours=1)


def test_an_issue_is_built_published_and_exported(
    hub: Types, done: Done, october: None, tmp_path: Path
) -> None:
    del october
    assert done("catalogue", "build", "2026-10") == "The draft of 2026-10 has 2 entries.\n"
    assert done("catalogue", "list") == "2026-10\t城乡联盟\tdraft\t2\n"
    assert done("catalogue", "publish", "2026-10", "--preface", "开篇") == (
        "Issue 1 of 城乡联盟, of 2026-10, is published with 2 entries.\n"
    )
    assert done("catalogue", "build", "2026-10") == (
        "The issue of 2026-10 is published already; it stays as it is.\n"
    )
    assert json.loads(done("catalogue", "list", "--json")) == [
        {
            "month": "2026-10",
            "alliance": "城乡联盟",
            "number": 1,
            "published_at": "2026-10-12T05:00:00+00:00",
            "entries": 2,
        }
    ]
    out = tmp_path / "exports" / "october"
    words = ("catalogue", "export", "2026-10", "--format", "csv", "--format", "json")
    said = done(*words, "--out", out)
    assert said == f"{out / 'catalogue-2026-10.csv'}\n{out / 'catalogue-2026-10.json'}\n"
    assert (out / "catalogue-2026-10.csv").read_text("utf-8-sig").count("第一小学") == 2
    several = done("catalogue", "export", "2026-10", "--format", "pdf,booklet,html", "--out", out)
    assert several.split() == [
        f"{out / 'catalogue-2026-10'}{end}" for end in (".html", ".pdf", "-booklet.pdf")
    ]
    assert len(PdfDocument(out / "catalogue-2026-10.pdf")) == 3
    issue = json.loads((out / "catalogue-2026-10.json").read_bytes())
    assert [entry["title"] for entry in issue["entries"]] == ["观潮", "走月亮"]
    assert (issue["preface"], issue["number"], issue["running_number"]) == ("开篇", 10, 1)
    done(*words, "--out", out, "--edition", "public")
    assert json.loads((out / "catalogue-2026-10.json").read_bytes())["entries"] == []
    result = hub("catalogue", "publish", "2026-10")
    assert result.exit_code == 1
    assert result.stderr == ("Error: This issue is published already and cannot be changed.\n")


def test_only_what_an_account_may_see_is_exported_for_it(
    done: Done, october: None, tmp_path: Path
) -> None:
    del october
    done("catalogue", "publish", "2026-10")
    done(
        *("people", "add", "--name", "李岚", "--account", "lilan"),
        *("--school", "第二小学", "--new-school"),
    )
    words = ("catalogue", "export", "2026-10", "--format", "json", "--out", tmp_path)
    done(*words, "--as", "lilan")
    assert json.loads((tmp_path / "catalogue-2026-10.json").read_bytes())["entries"] == []


def test_of_several_alliances_one_is_named(hub: Types, done: Done, october: None) -> None:
    del october
    done("alliances", "add", "乡村联盟", "--kind", "group")
    assert hub("catalogue", "build", "2026-10").stderr == "Error: Say of which alliance.\n"
    words = ("catalogue", "build", "2026-10", "--alliance")
    assert done(*words, "乡村联盟") == "The draft of 2026-10 has 0 entries.\n"
    assert done(*words, "城乡联盟") == "The draft of 2026-10 has 2 entries.\n"


def test_a_month_that_is_none_or_has_not_begun_is_refused(hub: Types, done: Done) -> None:
    assert hub("catalogue", "build", "2026-10").stderr == (
        "Error: There is no alliance yet; found one first.\n"
    )
    done("alliances", "add", "城乡联盟", "--kind", "group")
    assert hub("catalogue", "build", "October").stderr == (
        "Error: Write the month as YYYY-MM, such as 2026-10.\n"
    )
    assert hub("catalogue", "build", "2026-11").stderr == "Error: This month has not begun yet.\n"
    assert hub("catalogue", "export", "2026-09").stderr == (
        "Error: There is no issue of this month.\n"
    )
