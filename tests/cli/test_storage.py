"""``hub storage``."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import LocalStorage
from tests.cli.conftest import Types

Done = Callable[..., str]


def test_files_are_copied_and_counted(done: Done, tmp_path: Path) -> None:
    old, new = LocalStorage(tmp_path / "old"), LocalStorage(tmp_path / "new")
    for content in (b"lava", b"ash"):
        old.put(io.BytesIO(content))
    new.put(io.BytesIO(b"own"))
    words = ("storage", "migrate", f"file://{tmp_path}/old", f"file://{tmp_path}/new")
    assert done(*words) == (
        "Copied: 2 files, 7 B. There before: 0.\n"
        "Files that only TARGET has: 1.\n"
        "TARGET has every file of SOURCE.\n"
    )
    assert json.loads(done(*words, "--json")) == {
        "copied": 0,
        "there": 2,
        "gone": 0,
        "damaged": 0,
        "refused": 0,
        "bytes_copied": 0,
        "only_in_target": 1,
        "differs": [],
    }


def test_what_did_not_arrive_is_listed(hub: Types, tmp_path: Path) -> None:
    old = LocalStorage(tmp_path / "old")
    key = old.put(io.BytesIO(b"lava")).key
    with old.local_copy(key) as path:
        path.chmod(0o640)
        path.write_bytes(b"LAVA")
    words = ("storage", "migrate", f"file://{tmp_path}/old", f"file://{tmp_path}/new")
    result = hub(*words)
    assert (result.exit_code, result.stdout) == (1, "Copied: 0 files, 0 B. There before: 0.\n")
    assert result.stderr == (
        f"{key}  The bytes are not those that were stored.\n"
        "Not copied: 1. Type it again when it is mended.\n"
    )
    answer = hub(*words, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["differs"] == [
        {
            "key": key,
            "outcome": "damaged",
            "size": 0,
            "reason": "The bytes are not those that were stored.",
        }
    ]


@pytest.mark.parametrize("spelling", ["old/", "./old", "new/../old", "link", "o%6Cd"])
def test_one_storage_is_not_two(hub: Types, tmp_path: Path, spelling: str) -> None:
    LocalStorage(tmp_path / "old").put(io.BytesIO(b"lava"))
    (tmp_path / "link").symlink_to("old")
    result = hub("storage", "migrate", f"file://{tmp_path}/old", f"file://{tmp_path}/{spelling}")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: SOURCE and TARGET are the same storage.\n",
    )


def test_a_mistyped_source_is_not_taken_for_a_success(hub: Types, tmp_path: Path) -> None:
    result = hub("storage", "migrate", f"file://{tmp_path}/odl", f"file://{tmp_path}/new")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: SOURCE has no files: there is nothing to copy. Look whether its address is right.\n"
    )
    assert not (tmp_path / "new").exists()


def test_a_wrong_url_is_a_sentence(hub: Types, tmp_path: Path) -> None:
    result = hub("storage", "migrate", f"file://{tmp_path}/old", "ftp://host/blobs")
    assert result.exit_code == 1
    assert result.stderr == "Error: A storage URL begins with file:/// or s3://.\n"
