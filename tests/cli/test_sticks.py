"""``hub import`` takes in what a school without a line wrote onto a stick, once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.pack.sent import manifest, write

Types = Callable[..., Result]
Done = Callable[..., str]

PLAN = {"files/1/教案.txt": "用三角尺认识角".encode()}


@pytest.fixture
def wang(done: Done) -> str:
    done(
        *("people", "add", "--name", "王敏", "--account", "wang", "--email", "wang@example.org"),
        *("--school", "村小", "--new-school"),
    )
    return "wang"


@pytest.mark.usefixtures("wang")
def test_a_submission_becomes_a_draft_of_its_author_once(done: Done, tmp_path: Path) -> None:
    path = write(tmp_path / "s.zip", PLAN)
    first = done("import", path).splitlines()
    assert first[0].split("\t")[1] == "imported"
    number = first[0].split("\t")[2]
    assert "Imported: 1; skipped: 0; refused: 0" in first[-1]
    again = done("import", path).splitlines()
    assert again[0].split("\t")[1] == "skipped, already there"
    assert again[0].split("\t")[4] == f"It was taken in before, as {number}."
    assert "Imported: 0; skipped: 1; refused: 0" in again[-1]
    assert number not in done("search", "认识角")


@pytest.mark.usefixtures("wang")
def test_the_same_work_saved_twice_is_one_draft(done: Done, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    write(tmp_path / "stick" / "a.zip", PLAN)
    write(tmp_path / "stick" / "b.zip", PLAN, said=manifest(PLAN, id="f" * 32))
    said = done("import", tmp_path / "stick").splitlines()
    assert [line.split("\t")[1] for line in said[:2]] == ["imported", "skipped, already there"]


@pytest.mark.usefixtures("wang")
def test_it_is_sent_to_review_where_that_is_asked_for(done: Done, tmp_path: Path) -> None:
    said = done("import", write(tmp_path / "s.zip", PLAN), "--submit").splitlines()
    assert said[0].split("\t")[1] == "imported"
    assert "assumed" not in said[0]


def test_an_author_whom_nobody_knows_is_said_and_may_be_named(
    hub: Types, done: Done, wangmin: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "s.zip", PLAN)
    result = hub("import", path)
    assert result.exit_code == 1
    assert "Nobody in the hub has the e-mail wang@example.org (王敏)" in result.stdout
    assert done("import", path, "--as", wangmin).splitlines()[0].split("\t")[1] == "imported"


def test_a_hostile_one_is_refused_and_leaves_nothing(hub: Types, wang: str, tmp_path: Path) -> None:
    path = write(tmp_path / "s.zip", {"../../evil.txt": b"evil"})
    result = hub("import", path, "--as", wang)
    assert result.exit_code == 1
    assert "is no submission" in result.stdout
    assert not list(tmp_path.parent.rglob("evil.txt"))


def test_an_ordinary_import_still_needs_its_owner(hub: Types, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    result = hub("import", tmp_path / "a.txt")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: Say by --as whose it is.",
    )
