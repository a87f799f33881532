"""What comes on a stick from outside is exactly what the page writes, or it is refused."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from resource_hub.domain.errors import Invalid
from resource_hub.pack.submission import Submission, is_submission, read_submission, unpack
from tests.pack.sent import RESOURCE, manifest, write

PLAN = {"files/1/教案.docx": b"plan"}


def read(path: Path) -> Submission:
    return read_submission(path, most_files=5, most_bytes=1 << 20)


def test_what_the_page_wrote_is_read_and_unpacked(tmp_path: Path) -> None:
    path = write(tmp_path / "投稿.zip", PLAN)
    assert is_submission(path)
    found = read(path)
    assert (found.email, found.author, found.rights_declared) == ("wang@example.org", "王敏", True)
    assert found.cells == {
        **{name: value for name, value in RESOURCE.items() if name not in {"text", "grades"}},
        "grades": "g2",
    }
    (tmp_path / "out").mkdir()
    [place] = unpack(path, found, tmp_path / "out")
    assert (place.name, place.read_bytes()) == ("教案.docx", b"plan")


def test_an_ordinary_zip_is_no_submission(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.jpg", b"x")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
    assert not is_submission(tmp_path / "photos.zip")
    assert not is_submission(tmp_path / "broken.zip")
    assert not is_submission(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "../evil.txt", "files/1/../../evil.txt", "/etc/passwd", "files/1/..", "files\\1\\a.txt",
        "files/1/a/b.txt", "C:/a.txt", "files/0/a.txt", "submission.json/a", "evil.txt",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Invalid, match="is no submission"):
        read(write(tmp_path / "s.zip", {path: b"evil"}))


def test_what_is_packed_tight_is_refused_for_it_could_burst(tmp_path: Path) -> None:
    bomb = {"files/1/a.txt": bytes(500_000)}
    with pytest.raises(Invalid, match="is no submission"):
        read(write(tmp_path / "s.zip", bomb, packed=zipfile.ZIP_DEFLATED))


def test_too_much_or_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is no submission"):
        read(write(tmp_path / "large.zip", {"files/1/a.txt": bytes(2 << 20)}))
    many = {f"files/{number}/a.txt": b"x" for number in range(1, 8)}
    with pytest.raises(Invalid, match="is no submission"):
        read(write(tmp_path / "many.zip", many))


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """Each entry of the directory points to the same member: small on the stick, large after."""
    path = write(tmp_path / "s.zip", {"files/1/a.txt": bytes(60_000)})
    found = bytearray(path.read_bytes())
    start = found.rindex(b"PK\x01\x02")
    entry, end = (
        bytes(found[start : found.rindex(b"PK\x05\x06")]),
        found[found.rindex(b"PK\x05\x06") :],
    )
    copies = [entry.replace(b"files/1/", b"files/%d/" % number) for number in (2, 3)]
    body = bytes(found[: found.rindex(b"PK\x05\x06")]) + b"".join(copies)
    end[8:12] = (4).to_bytes(2, "little") * 2
    size = int.from_bytes(end[12:16], "little") + 2 * len(entry)
    end[12:16] = size.to_bytes(4, "little")
    path.write_bytes(body + bytes(end))
    with pytest.raises(Invalid, match="is no submission"):
        read(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2}, {"what": "a letter"}, {"id": "../../x"}, {"author": "me"},
        {"resource": {"title": "x"}}, {"resource": RESOURCE | {"title": ["x"]}},
        {"files": []}, {"files": [{"name": "a", "path": "files/1/教案.docx"}]},
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_as_announced_is_refused(
    tmp_path: Path,
    changes: dict[str, Any],  # Any: whatever JSON can hold
) -> None:
    with pytest.raises(Invalid, match="is no submission"):
        read(write(tmp_path / "s.zip", PLAN, said=manifest(PLAN, **changes)))


def test_a_file_that_was_damaged_on_its_way_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "s.zip", PLAN, said=manifest({"files/1/教案.docx": b"PLAN"}))
    (tmp_path / "out").mkdir()
    with pytest.raises(Invalid, match="damaged on its way"):
        unpack(path, read(path), tmp_path / "out")
