"""``hub import``: what is reported is there, what is there can be found."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from resource_hub.edge.current import reading
from resource_hub.models import Attachment, Job, Resource, Revision
from tests.cli.conftest import Types
from tests.samples import SAMPLES, needs_samples

Done = Callable[..., str]

ITEMS = [
    {"title": "靜夜思", "author": "李白", "text": "床前看月光，疑是地上霜。", "subject": "语文"},
    {"text": "1+1=?\nA. 1 B. 2", "answer": "B", "year": "2020", "subject": "数学"},
]


@pytest.fixture
def items(tmp_path: Path) -> Path:
    path = tmp_path / "items.jsonl"
    lines = [json.dumps(item, ensure_ascii=False) for item in ITEMS]
    path.write_text("\n".join(lines), "utf-8")
    return path


def found(done: Done, query: str) -> list[str]:
    answer = json.loads(done("search", query, "--json"))
    return [hit["title"] for hit in answer["found"]]


def test_published_lines_are_found_at_once_in_either_script(
    done: Done, wangmin: str, items: Path
) -> None:
    said = done("import", items, "--as", wangmin, "--publish").splitlines()
    assert [line.split("\t")[:2] for line in said[:2]] == [["1", "imported"], ["2", "imported"]]
    assert said[2].startswith("Imported: 2; skipped: 0; refused: 0; in ")
    assert found(done, "静夜思") == found(done, "靜夜思") == ["靜夜思（李白）"]
    assert found(done, "疑是") == ["靜夜思（李白）"]


def test_what_was_assumed_is_said(done: Done, wangmin: str, items: Path) -> None:
    said = done("import", items, "--as", wangmin, "--publish").splitlines()
    assert said[1].split("\t")[4] == (
        "assumed: Stage of school=Primary, Grades=Grade 3, Kind=Exercise, Summary=2020,"
        " Licence=For use in the alliance only, Audience=My school"
    )


def test_without_publish_they_are_drafts_that_nobody_finds(
    done: Done, app: Flask, wangmin: str, items: Path
) -> None:
    done("import", items, "--as", wangmin)
    with app.app_context():
        assert reading().scalars(select(Revision.state)).all() == ["draft", "draft"]
    assert found(done, "静夜思") == []


def test_a_repeat_imports_nothing(done: Done, wangmin: str, items: Path) -> None:
    done("import", items, "--as", wangmin, "--publish")
    said = done("import", items, "--as", wangmin, "--publish").splitlines()
    assert said[0] == "1\tskipped, already there\t\t靜夜思（李白）\t"
    assert said[2].startswith("Imported: 0; skipped: 2; refused: 0; in ")


def test_the_report_may_go_to_a_file(done: Done, wangmin: str, items: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    said = done("import", items, "--as", wangmin, "--report", report)
    assert len(said.splitlines()) == 1
    with report.open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [(row["line"], row["result"], row["title"]) for row in rows] == [
        ("1", "imported", "靜夜思（李白）"),
        ("2", "imported", "1+1=? A. 1 B. 2"),
    ]


def test_a_script_gets_the_figures(done: Done, wangmin: str, items: Path) -> None:
    items.write_text('{"title": "诗", "text": "床前", "weather": "晴"}\n[]\n', "utf-8")
    figures = json.loads(done("import", items, "--as", wangmin, "--json"))
    del figures["seconds"]
    assert figures == {"imported": 1, "skipped": 0, "refused": 1, "unknown_columns": ["weather"]}


def test_a_folder_gives_a_resource_for_each_file(
    done: Done, app: Flask, wangmin: str, tmp_path: Path
) -> None:
    folder = tmp_path / "lessons"
    (folder / "三年级").mkdir(parents=True)
    (folder / "三年级" / "分数.txt").write_text("把一个月饼平均分成两份", "utf-8")
    (folder / "认识角.pptx").write_bytes(b"no slides")
    (folder / "空.docx").write_bytes(b"")
    (folder / ".hidden").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    (folder / "away.txt").symlink_to("/etc/hostname")
    (folder / "draft").mkdir()
    (folder / "draft" / "x.txt").write_text("x")
    said = done("import", folder, "--as", wangmin, "--publish", "--leave-out", "draft").splitlines()
    assert [line.split("\t")[:2] + line.split("\t")[3:4] for line in said[:4]] == [
        ["1", "refused", "away.txt"],
        ["2", "refused", "空.docx"],
        ["3", "imported", "认识角"],
        ["4", "imported", "分数"],
    ]
    assert said[0].split("\t")[4] == (
        "“away.txt” cannot be read: it is a link, a device or closed to the hub."
    )
    assert said[1].split("\t")[4] == "“空.docx” is empty."
    assert "Kind=Courseware" in said[2]
    assert found(done, "月饼") == ["分数"]
    with app.app_context():
        names = set(reading().scalars(select(Attachment.filename)))
        assert names == {"认识角.pptx", "分数.txt"}
        # The worker draws pages, prints their looks, and compares works when there is time.
        assert set(reading().scalars(select(Job.kind))) == {"preview", "page_prints", "compare"}


def test_a_manifest_names_files_below_its_folder_alone(
    done: Done, app: Flask, wangmin: str, tmp_path: Path
) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "a.txt").write_text("第一课", "utf-8")
    (folder / "b.txt").write_text("第一课的练习", "utf-8")
    manifest = tmp_path / "list.csv"
    manifest.write_text(
        "标题,文件,类型,年级\n第一课,a.txt；b.txt,教案,四年级\n外面,../secret.txt,,\n没有,c.txt,,\n",
        "gb18030",
    )
    (tmp_path / "secret.txt").write_text("secret")
    said = done("import", folder, "--manifest", manifest, "--as", wangmin).splitlines()
    assert [line.split("\t")[1] for line in said[:3]] == ["imported", "refused", "refused"]
    assert said[1].endswith("“../secret.txt” does not lie in the folder.")
    assert said[2].endswith("There is no file “c.txt”.")
    with app.app_context():
        (revision,) = reading().scalars(select(Revision))
        assert (revision.title, revision.grades) == ("第一课", ("g4",))


def test_names_of_any_bytes_are_read(done: Done, wangmin: str, tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    Path(os.fsdecode(bytes(folder) + b"/" + "静夜思.txt".encode("gb18030"))).write_text("床前")
    Path(os.fsdecode(bytes(folder) + b"/\xff\xfe.txt")).write_text("疑是")
    said = done("import", folder, "--as", wangmin).splitlines()
    assert said[0].split("\t")[3] == "静夜思"
    assert said[1].split("\t")[1] == "imported"


def test_whoever_has_no_school_cannot_own_a_collection(hub: Types, done: Done, items: Path) -> None:
    done("people", "add", "--name", "王敏", "--account", "nobody")
    result = hub("import", items, "--as", "nobody")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: To upload, sign in with an account of a school.")


def test_an_unknown_default_is_refused_before_anything_is_done(
    hub: Types, done: Done, wangmin: str, items: Path
) -> None:
    result = hub("import", items, "--as", wangmin, "--subject", "魔法")
    assert result.stderr == "Error: “魔法” is not in the list; choose one that is.\n"
    assert json.loads(done("status", "--json"))["holdings"]["resources"] == 0


@needs_samples
def test_every_real_file_comes_in(done: Done, wangmin: str) -> None:
    words = ("import", SAMPLES, "--leave-out", "nasty", "--leave-out", "items.jsonl")
    figures = json.loads(done(*words, "--as", wangmin, "--publish", "--json"))
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    wanted = [path for path in files if "nasty" not in path.parts and path.name != "items.jsonl"]
    assert (figures["imported"], figures["refused"]) == (len(wanted), 0)
    assert json.loads(done("index", "check", "--json"))["not_indexed"] == []


@needs_samples
def test_hostile_files_end_in_a_report(done: Done, app: Flask, wangmin: str) -> None:
    figures = json.loads(done("import", SAMPLES / "nasty", "--as", wangmin, "--publish", "--json"))
    assert (figures["imported"], figures["refused"]) == (43, 1)
    assert json.loads(done("status", "--json"))["queue"]["set_aside"] == 0
    with app.app_context():
        # The worker draws pages, prints their looks, and compares works when there is time.
        assert set(reading().scalars(select(Job.kind))) == {"preview", "page_prints", "compare"}


@pytest.mark.long
@needs_samples
def test_thirteen_thousand_items_come_in_and_none_is_lost(
    done: Done, app: Flask, wangmin: str
) -> None:
    words = ("import", SAMPLES / "items.jsonl", "--as", wangmin, "--publish", "--json")
    figures = json.loads(done(*words))
    assert (figures["imported"], figures["skipped"], figures["refused"]) == (13_318, 0, 0)
    assert figures["seconds"] < 300
    with app.app_context():
        kinds = select(Resource.kind, func.count()).group_by(Resource.kind)
        assert dict(reading().execute(kinds).all()) == {"exercise": 2_811, "lesson_plan": 10_507}
        subjects = select(Revision.subject, func.count()).group_by(Revision.subject)
        assert dict(reading().execute(subjects).all()) == {
            "chinese": 10_773, "math": 844, "history": 415, "politics": 380, "english": 334,
            "biology": 266, "chemistry": 133, "physics": 111, "geography": 62,
        }  # fmt: skip
    for query in ("勾股定理", "靜夜思", "静夜思"):
        assert found(done, query)
    again = json.loads(done(*words))
    assert (again["imported"], again["skipped"], again["refused"]) == (0, 13_318, 0)


@pytest.mark.parametrize("licence", [(), ("--licence", "alliance-only")])
def test_a_collection_for_everyone_without_an_open_licence_is_refused_in_one_sentence(
    hub: Types, wangmin: str, tmp_path: Path, licence: tuple[str, ...]
) -> None:
    source = tmp_path / "items.jsonl"
    source.write_text('{"title": "观潮", "text": "钱塘江大潮"}\n' * 3, "utf-8")
    words = ("import", source, "--as", wangmin, "--publish", "--audience", "public", *licence)
    result = hub(*words)
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "Error: What everyone may see needs an open licence: add --licence cc-by-4.0.\n",
    )
    with source.open("a", encoding="utf-8") as more:
        more.write('{"title": "静夜思", "text": "床前明月光", "licence": "CC BY 4.0"}\n')
    assert hub(*words).stdout.count("\n") > 3  # line by line, as always
