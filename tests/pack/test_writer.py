"""What stands on the stick."""

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resource_hub.pack.data import PackResource
from resource_hub.pack.sinks import opened
from resource_hub.pack.writer import Contents, Written, write_pack
from tests.pack.props import Bytes, contents, file, resource


def build(it: Contents, out: Path, kept: Bytes) -> Written:
    with opened(out) as sink:
        return write_pack(it, sink, kept.read, lambda _done: None)


def given(stick: Path, path: str) -> Any:  # Any: whatever JSON can hold
    text = (stick / path).read_text("utf-8")
    start, end = f'pack.give("{path}",', ");\n"
    assert text.startswith(start)
    assert text.endswith(end)
    return json.loads(text[len(start) : -len(end)])


def manifest(stick: Path) -> dict[str, Any]:  # Any: whatever JSON can hold
    found: dict[str, Any] = given(stick, "data/manifest.js")
    return found


def files_of(stick: Path) -> dict[str, str]:
    return {
        path.relative_to(stick).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in stick.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def kept() -> Bytes:
    return Bytes()


@pytest.fixture
def one(kept: Bytes) -> PackResource:
    return resource(1, file(kept.keep(b"plan"), pages=(kept.keep(b"page 1"),)))


def test_a_pack_holds_its_pages_its_lists_and_its_files(
    tmp_path: Path, kept: Bytes, one: PackResource
) -> None:
    stick = tmp_path / "stick"
    build(contents(one), stick, kept)
    assert (stick / "index.html").is_file()
    it = manifest(stick)
    assert (it["count"], it["school"], it["sequence"]) == (1, "第二小学", 1)
    head = given(stick, it["heads"][0])[0]
    assert head[:4] == ["R-000001", "lesson_plan", "第1课", "从分月饼开始。"]
    detail = given(stick, it["details"][0])[0]
    path = detail["files"][0]["path"]
    assert path.endswith("/教案.docx")
    assert (stick / path).read_bytes() == b"plan"
    assert (stick / detail["files"][0]["pages"][0]).read_bytes() == b"page 1"


def test_the_list_of_checksums_names_every_file_but_itself(
    tmp_path: Path, kept: Bytes, one: PackResource
) -> None:
    stick = tmp_path / "stick"
    build(contents(one), stick, kept)
    lines = (stick / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    there = files_of(stick)
    del there["SHA256SUMS"]
    assert listed == there


def test_a_zip_holds_the_same_as_the_folder(tmp_path: Path, kept: Bytes, one: PackResource) -> None:
    build(contents(one), tmp_path / "stick", kept)
    build(contents(one), tmp_path / "stick.zip", kept)
    with zipfile.ZipFile(tmp_path / "stick.zip") as archive:
        assert archive.testzip() is None
        inside = {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()
        }
    assert inside == files_of(tmp_path / "stick")


def test_one_content_lies_there_once_whatever_its_names(tmp_path: Path, kept: Bytes) -> None:
    plan = kept.keep(b"plan")
    both = contents(resource(1, file(plan, "甲.docx")), resource(2, file(plan, "乙.docx")))
    build(both, tmp_path / "stick", kept)
    assert [path.name for path in (tmp_path / "stick" / "files").rglob("*.docx")] == ["甲.docx"]


def test_what_cannot_be_read_is_left_out_of_the_lists_and_said(
    tmp_path: Path, kept: Bytes, one: PackResource
) -> None:
    gone = kept.keep(b"gone")
    damaged = kept.keep(b"whole")
    kept.kept[damaged.key] = b"hurt!"
    del kept.kept[gone.key]
    two = replace(one, files=(*one.files, file(gone, "b.doc"), file(damaged, "c.doc")))
    written = build(contents(two), tmp_path / "stick", kept)
    it = manifest(tmp_path / "stick")
    shown = given(tmp_path / "stick", it["details"][0])[0]["files"]
    assert [each["name"] for each in shown] == ["教案.docx"]
    assert written.unreadable == ["第1课"]


def test_a_film_that_was_made_for_browsers_stands_for_the_file(tmp_path: Path, kept: Bytes) -> None:
    film = kept.keep(b"mp4")
    lesson = file(kept.keep(b"avi"), "课堂.avi", film=film, film_ending="mp4", seconds=61.0)
    build(contents(resource(1, lesson)), tmp_path / "stick", kept)
    it = manifest(tmp_path / "stick")
    shown = given(tmp_path / "stick", it["details"][0])[0]["files"][0]
    assert (shown["name"], shown["plays"], shown["format"]) == ("课堂.avi", True, "mp4")
    assert shown["path"].endswith("/课堂.mp4")
    assert (tmp_path / "stick" / shown["path"]).read_bytes() == b"mp4"


def test_signs_that_would_end_a_script_stay_text(tmp_path: Path, kept: Bytes) -> None:
    title = 'a\u2028b"</script>\u2029\\'
    build(contents(resource(1, title=title)), tmp_path / "stick", kept)
    path = manifest(tmp_path / "stick")["heads"][0]
    assert given(tmp_path / "stick", path)[0][2] == title
    assert "\u2028" not in (tmp_path / "stick" / path).read_text("utf-8")


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path, kept: Bytes) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "photos.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        build(contents(), tmp_path / "stick", kept)
    assert files_of(tmp_path / "stick").keys() == {"photos.txt"}


def test_when_it_fails_nothing_remains(tmp_path: Path, kept: Bytes, one: PackResource) -> None:
    def fail(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), opened(tmp_path / "stick") as sink:
        write_pack(contents(one), sink, kept.read, fail)
    assert list(tmp_path.iterdir()) == []
