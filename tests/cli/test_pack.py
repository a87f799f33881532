"""``hub pack build``: for a school, with an update, and what it says of what it leaves out."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Types = Callable[..., Result]
Done = Callable[..., str]


def given(stick: Path, path: str) -> Any:  # Any: whatever JSON can hold
    text = (stick / path).read_text("utf-8")
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])


def titles(stick: Path) -> list[str]:
    it = given(stick, "data/manifest.js")
    return sorted(row[2] for path in it["heads"] for row in given(stick, path))


def is_whole(stick: Path) -> bool:
    lines = (stick / "SHA256SUMS").read_text("utf-8").splitlines()
    return all(
        hashlib.sha256((stick / line[66:]).read_bytes()).hexdigest() == line[:64] for line in lines
    )


needs_lessons = pytest.mark.usefixtures("lessons")


@pytest.fixture
def lessons(done: Done, wangmin: str, tmp_path: Path) -> Path:
    """Two lessons that are published, for the school alone."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "甲.txt").write_text("分月饼" * 50)
    (folder / "乙.txt").write_text("量身高" * 40_000)
    done("import", folder, "--as", wangmin, "--publish", "--audience", "school")
    return folder


@needs_lessons
def test_a_school_gets_its_own_and_strangers_get_nothing(done: Done, tmp_path: Path) -> None:
    said = done("pack", "build", "--school", "第一小学", "--out", tmp_path / "stick")
    assert said.startswith(f"{tmp_path / 'stick'}: 2 resources, ")
    assert titles(tmp_path / "stick") == ["乙", "甲"]
    assert is_whole(tmp_path / "stick")
    done("pack", "build", "--out", tmp_path / "public")
    assert titles(tmp_path / "public") == []
    done("pack", "build", "--as", "wangmin", "--grades", "三年级", "--out", tmp_path / "hers.zip")
    assert (tmp_path / "hers.zip").is_file()


@needs_lessons
def test_what_has_no_room_is_said_and_the_size_is_kept(hub: Types, tmp_path: Path) -> None:
    result = hub(
        *("pack", "build", "--school", "第一小学", "--max-size", "1.2 MB"),
        *("--out", tmp_path / "stick"),
    )
    assert result.exit_code == 0
    assert titles(tmp_path / "stick") == ["甲"]
    assert "Left out" in result.stderr
    assert "“乙”" in result.stderr
    size = sum(path.stat().st_size for path in (tmp_path / "stick").rglob("*") if path.is_file())
    assert size <= 1_200_000


def test_an_update_holds_only_what_is_new_and_is_copied_over(
    done: Done, lessons: Path, tmp_path: Path
) -> None:
    stick, update = tmp_path / "stick", tmp_path / "update"
    done("pack", "build", "--school", "第一小学", "--out", stick)
    (lessons / "丙.txt").write_text("认识角")
    done("import", lessons, "--as", "wangmin", "--publish", "--audience", "school")
    done("pack", "build", "--update", stick, "--out", update)
    assert [path.name for path in (update / "files").rglob("*.txt")] == ["丙.txt"]
    shutil.copytree(update, stick, dirs_exist_ok=True)
    assert titles(stick) == ["丙", "乙", "甲"]
    assert is_whole(stick)
    it = given(stick, "data/manifest.js")
    assert (it["sequence"], len(it["steps"])) == (2, 2)
    assert all((stick / step).is_file() for step in it["steps"])


def test_an_update_takes_no_other_choice_and_needs_a_pack(
    hub: Types, lessons: Path, tmp_path: Path
) -> None:
    hub("pack", "build", "--school", "第一小学", "--out", tmp_path / "stick")
    other = hub(
        *("pack", "build", "--update", tmp_path / "stick", "--grades", "三年级"),
        *("--out", tmp_path / "update"),
    )
    assert (other.exit_code, other.stderr) == (
        1,
        "Error: With --update only --out is said: the rest stays as in the pack before.\n",
    )
    none = hub("pack", "build", "--update", lessons, "--out", tmp_path / "update")
    assert (none.exit_code, none.stderr) == (
        1,
        "Error: “lessons” is no pack, or a part of it is missing: name its folder or ZIP.\n",
    )


@needs_lessons
def test_what_may_not_be_seen_any_more_is_gone_from_the_lists_and_named(
    done: Done, tmp_path: Path
) -> None:
    stick, update = tmp_path / "stick", tmp_path / "update"
    done("pack", "build", "--school", "第一小学", "--out", tmp_path / "stick.zip", "--out", stick)
    done("people", "add", "--name", "乙", "--account", "yi", "--school", "第二小学", "--new-school")
    it = given(stick, "data/manifest.js")
    manifest = (stick / "data" / "manifest.js").read_text("utf-8")
    code = it["selection"]["school_code"]
    (stick / "data" / "manifest.js").write_text(
        manifest.replace(f'"school_code":"{code}"', '"school_code":"第二小学"')
    )
    done("pack", "build", "--update", stick, "--out", update)
    shutil.copytree(update, stick, dirs_exist_ok=True)
    assert titles(stick) == []
    left = (stick / "no-longer-needed.txt").read_text("utf-8").split()
    files = [path for path in left if path.startswith("files/")]
    assert sorted(path.rpartition("/")[2] for path in files) == ["乙.txt", "甲.txt"]
