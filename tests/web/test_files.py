"""Files are handed out to those who may have them, in ranges, and never run in the hub's name."""

import io
import os
import tracemalloc
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.edge.security_headers import FILE_POLICY
from resource_hub.jobs.worker import Worker
from resource_hub.models import (
    Blob,
    CoAuthor,
    DownloadOfDay,
    MonthOfUse,
    Resource,
    Revision,
    School,
)
from resource_hub.services import drafting, review
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Clock, Given
from tests.web.conftest import SignsIn

BYTES = bytes(range(256)) * 40
MIB = 1024 * 1024


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@dataclass(frozen=True)
class Shelved:
    """What a test needs to know of a revision, kept beyond the end of its transaction."""

    revision_id: int
    resource_id: int
    school: School
    public_id: str
    keys: list[str]
    urls: list[str]

    @property
    def url(self) -> str:
        """Of the first file."""
        return self.urls[0]

    @property
    def zip(self) -> str:
        return f"/r/{self.public_id}/files.zip"


def shelved(given: Given, revision: Revision) -> Shelved:
    given.session.refresh(revision, ["attachments"])
    public_id = revision.resource.public_id
    return Shelved(
        revision.id,
        revision.resource_id,
        revision.resource.school,
        public_id,
        [attachment.blob_key for attachment in revision.attachments],
        [f"/r/{public_id}/files/{attachment.id}/x" for attachment in revision.attachments],
    )


def with_files(
    given: Given, by: Person, *files: tuple[str, bytes], audience: Audience = Audience.PUBLIC
) -> Shelved:
    """Published, with these files."""
    draft = given.draft(by=by, audience=audience)
    for name, content in files:
        given.file(draft, by=by, name=name, content=content)
    return shelved(given, given.admit(draft))


def downloads(session: Session, shelf: Shelved) -> int:
    session.expire_all()
    resource = session.get(Resource, shelf.resource_id)
    assert resource is not None
    return resource.downloads


def test_a_file_comes_whole_under_its_chinese_name(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("分数 第一课.bin", BYTES))

    answer = browser.get(shelf.url)

    assert (answer.status_code, answer.data) == (200, BYTES)
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{shelf.public_id}.bin"; '
        "filename*=UTF-8''%E5%88%86%E6%95%B0%20%E7%AC%AC%E4%B8%80%E8%AF%BE.bin"
    )
    assert answer.headers["Content-Length"] == "10240"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{shelf.keys[0]}"'
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_quotes_and_percents_in_a_name_arrive_as_they_are(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ('5%20 of "all".bin', BYTES))

    answer = browser.get(shelf.url)

    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{shelf.public_id}.bin"; '
        "filename*=UTF-8''5%2520%20of%20%22all%22.bin"
    )


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-199", 100, 199),
        ("bytes=10200-", 10200, 10239),
        ("bytes=-40", 10200, 10239),
        ("bytes=10000-99999", 10000, 10239),
    ],
)
def test_a_range_gives_exactly_its_bytes(
    given: Given, wang: Person, browser: FlaskClient, asked: str, first: int, last: int
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    answer = browser.get(shelf.url, headers={"Range": asked})

    assert (answer.status_code, answer.data) == (206, BYTES[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/10240"
    assert answer.headers["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", ["bytes=-99999", "bytes=0-1,5-6", "bytes=x", "lines=1-2"])
def test_a_range_that_is_none_gets_the_whole_file(
    given: Given, wang: Person, browser: FlaskClient, asked: str
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    answer = browser.get(shelf.url, headers={"Range": asked})

    assert (answer.status_code, answer.data) == (200, BYTES)


def test_beyond_the_end_there_is_nothing(given: Given, wang: Person, browser: FlaskClient) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    answer = browser.get(shelf.url, headers={"Range": "bytes=10240-"})

    assert (answer.status_code, answer.data) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */10240"


def test_a_browser_that_has_it_is_not_sent_it_again(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    first = browser.get(shelf.url)

    by_tag = browser.get(shelf.url, headers={"If-None-Match": first.headers["ETag"]})
    by_date = browser.get(shelf.url, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_tag.status_code, by_tag.data) == (304, b"")
    assert (by_date.status_code, by_date.data) == (304, b"")


def test_an_old_range_is_not_glued_to_a_new_file(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    answer = browser.get(shelf.url, headers={"Range": "bytes=5-9", "If-Range": '"another"'})

    assert (answer.status_code, answer.data) == (200, BYTES)


def test_head_tells_the_size_and_sends_nothing(
    given: Given, wang: Person, session: Session, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    answer = browser.head(shelf.url)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == "10240"
    assert downloads(session, shelf) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
        ("table.csv", "姓名,分数\n".encode()),
        ("paper.pdf", b"%PDF-1.4\n%%EOF\n"),
        ("picture.png", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_what_could_run_is_never_shown_in_the_window(
    given: Given, wang: Person, browser: FlaskClient, name: str, content: bytes
) -> None:
    shelf = with_files(given, wang, (name, content))

    answer = browser.get(shelf.url + "?inline=1", headers={"Accept-Encoding": "gzip, br"})

    assert answer.data == content
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.mimetype in {"application/octet-stream", "application/pdf"}
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("床前明月光，疑是地上霜。".encode(), "text/plain; charset=utf-8"),
        ("床前明月光，疑是地上霜。".encode("gb18030"), "text/plain; charset=gb18030"),
        (b"Try <script>alert(1)</script>", "text/plain; charset=utf-8"),
    ],
)
def test_a_text_is_shown_as_text_in_its_own_encoding(
    given: Given, wang: Person, browser: FlaskClient, content: bytes, content_type: str
) -> None:
    shelf = with_files(given, wang, ("诗.md", content))

    answer = browser.get(shelf.url + "?inline=1")

    assert answer.data == content
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY


def test_a_film_plays_in_ranges_in_the_window(
    given: Given, wang: Person, session: Session, browser: FlaskClient
) -> None:
    film = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + BYTES
    shelf = with_files(given, wang, ("春晓.mp4", film))

    answer = browser.get(shelf.url + "?inline=1", headers={"Range": "bytes=0-"})

    assert (answer.status_code, answer.data) == (206, film)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert downloads(session, shelf) == 0


def test_a_download_is_counted_once_and_the_authors_own_never(
    given: Given, wang: Person, session: Session, browser: FlaskClient, browser_as: SignsIn
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    url = shelf.url

    browser.get(url, headers={"Range": "bytes=0-99"})
    browser.get(url, headers={"Range": "bytes=100-"})
    assert downloads(session, shelf) == 1
    browser.get(url)
    browser.get(shelf.zip).close()
    assert downloads(session, shelf) == 1
    browser_as(wang).get(url)
    assert downloads(session, shelf) == 1


@pytest.mark.parametrize(
    "headers", [{"Range": "bytes=100-"}, {"Range": "bytes=-5"}, {"If-None-Match": "the tag"}]
)
def test_a_download_that_goes_on_or_was_there_already_is_none(
    given: Given, wang: Person, session: Session, browser: FlaskClient, headers: dict[str, str]
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    if "If-None-Match" in headers:
        headers = {"If-None-Match": browser.head(shelf.url).headers["ETag"]}

    browser.get(shelf.url, headers=headers)

    assert downloads(session, shelf) == 0


def test_a_colleague_is_one_download_a_day_on_whatever_machine(
    given: Given, wang: Person, session: Session, browser_as: SignsIn, clock: Clock
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES), ("b.bin", BYTES[::-1]))
    li = given.teacher("李芳", school=given.school("育才小学"))

    for machine in (browser_as(li), browser_as(li)):
        for url in shelf.urls:
            machine.get(url)
        machine.get(shelf.zip).close()
    assert downloads(session, shelf) == 1

    session.rollback()
    clock.at += timedelta(days=1)
    browser_as(li).get(shelf.url)
    assert downloads(session, shelf) == 2
    assert session.scalars(select(MonthOfUse.downloads)).one() == 2


def test_the_night_forgets_who_downloaded_what_the_day_before(
    given: Given, wang: Person, session: Session, app: Flask, browser_as: SignsIn, clock: Clock
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    li = given.teacher("李芳", school=shelf.school)
    browser_as(li).get(shelf.url)
    clock.at += timedelta(days=1)
    browser_as(li).get(shelf.url)

    given.uow.promise("tidy", "")
    session.commit()
    Worker(app).drain(("tidy",))

    kept = session.scalars(select(DownloadOfDay)).all()
    assert [(row.person_id, row.day) for row in kept] == [(li.id, given.uow.today())]


def test_visitors_without_an_account_are_told_apart_by_their_browsers(
    given: Given, wang: Person, session: Session, app: Flask
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    for visitor in (app.test_client(), app.test_client()):
        visitor.get(shelf.url)
        visitor.get(shelf.url)

    assert downloads(session, shelf) == 2


def test_what_a_co_author_fetches_is_no_download_not_even_of_an_older_version(
    given: Given, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    li = given.teacher("李芳", school=shelf.school)
    session.add(CoAuthor(revision_id=shelf.revision_id, user_id=li.id or 0))
    session.flush()

    browser_as(li).get(shelf.url)

    assert downloads(session, shelf) == 0


def test_all_files_come_in_one_archive_under_names_of_their_own(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(
        given, wang, ("教案.bin", b"one"), ("说明.bin", b"two"), ("教案.bin", b"three")
    )

    answer = browser.get(shelf.zip)

    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].endswith(
        "filename*=UTF-8''%E5%88%86%E6%95%B0%E7%9A%84%E5%88%9D%E6%AD%A5%E8%AE%A4%E8%AF%86.zip"
    )
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
            "教案.bin": b"one",
            "说明.bin": b"two",
            "教案 (2).bin": b"three",
        }
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert all(entry.flag_bits & 0x800 for entry in archive.infolist())


def test_without_files_there_is_no_archive(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang)

    answer = browser.get(shelf.zip)

    assert answer.status_code == 404


def test_missing_bytes_are_said_before_an_archive_begins(
    given: Given, wang: Person, storage: Storage, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", b"one"), ("b.bin", b"two"))
    storage.delete(shelf.keys[1])

    answer = browser.get(shelf.zip)

    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_the_files_of_a_draft_are_its_authors_alone(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="a.bin", content=BYTES)
    shelf = shelved(given, draft)
    url = shelf.url
    colleague = given.teacher(school=shelf.school)

    assert browser_as(wang).get(url).data == BYTES
    assert browser_as(colleague).get(url).status_code == 404
    assert browser.get(url).status_code == 404


def test_a_reviewer_opens_the_files_of_what_is_under_review(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="a.bin", content=BYTES)
    review.take_step(uow, wang, draft.id, Action.SUBMIT, rights_declared=True)
    shelf = shelved(given, draft)
    url, zipped = shelf.url, shelf.zip
    reviewer, colleague = given.reviewer(school=shelf.school), given.teacher(school=shelf.school)
    elsewhere = given.teacher(school=given.school())

    assert browser_as(reviewer).get(url).data == BYTES
    assert browser_as(reviewer).get(zipped).status_code == 200
    assert browser_as(colleague).get(url).status_code == 404
    assert browser_as(elsewhere).get(zipped).status_code == 404
    assert browser.get(zipped).status_code == 404


def test_nothing_of_what_was_withdrawn_is_downloaded(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient, browser_as: SignsIn
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    url, zipped = shelf.url, shelf.zip
    review.take_step(uow, wang, shelf.revision_id, Action.WITHDRAW, comment="有错")

    assert browser.get(url).status_code == 404
    assert browser.get(zipped).status_code == 404
    assert browser_as(wang).get(url).data == BYTES


def test_a_number_of_another_resource_leads_nowhere(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    one = with_files(given, wang, ("a.bin", b"one"))
    other = with_files(given, wang, ("b.bin", b"two"))

    wrong = other.url.replace(other.public_id, one.public_id)

    assert browser.get(wrong).status_code == 404


def thumbnail_of(given: Given, storage: Storage, shelf: Shelved) -> str:
    blob = given.session.get(Blob, shelf.keys[0])
    assert blob is not None
    blob.thumbnail_key = storage.put(io.BytesIO(b"RIFF....WEBP")).key
    given.session.flush()
    return blob.thumbnail_key


def test_a_small_picture_is_kept_for_a_day_and_never_changes(
    given: Given, wang: Person, storage: Storage, browser: FlaskClient
) -> None:
    key = thumbnail_of(given, storage, with_files(given, wang, ("a.bin", BYTES)))

    answer = browser.get(f"/thumbnail/{key}.webp")
    again = browser.get(f"/thumbnail/{key}.webp", headers={"If-None-Match": f'"{key}"'})

    assert (answer.status_code, answer.data) == (200, b"RIFF....WEBP")
    assert answer.mimetype == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert (again.status_code, again.data) == (304, b"")


def test_a_small_picture_is_not_leaked(
    given: Given, wang: Person, storage: Storage, browser: FlaskClient, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="a.bin", content=BYTES)
    shelf = shelved(given, draft)
    key = thumbnail_of(given, storage, shelf)
    colleague = given.teacher(school=shelf.school)

    assert browser_as(wang).get(f"/thumbnail/{key}.webp").status_code == 200
    assert browser_as(colleague).get(f"/thumbnail/{key}.webp").status_code == 404
    assert browser.get(f"/thumbnail/{key}.webp").status_code == 404


def test_other_bytes_of_the_storage_are_no_small_pictures(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    assert browser.get(f"/thumbnail/{shelf.keys[0]}.webp").status_code == 404
    assert browser.get("/thumbnail/..%2Fhub.webp").status_code == 404


@pytest.mark.parametrize("whole", [True, False])
def test_memory_stays_flat_however_large_the_file(
    given: Given, wang: Person, storage: Storage, browser: FlaskClient, *, whole: bool
) -> None:
    shelf = with_files(given, wang, ("film.bin", BYTES))
    given.session.get_one(Blob, shelf.keys[0]).size = 64 * MIB
    with storage.local_copy(shelf.keys[0]) as path:
        path.chmod(0o640)
        os.truncate(path, 64 * MIB)

    tracemalloc.start()
    try:
        answer = browser.get(shelf.url if whole else shelf.zip, buffered=False)
        sent = sum(len(piece) for piece in answer.iter_encoded())
        answer.close()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert sent >= 64 * MIB
    assert peak < 8 * MIB


@pytest.mark.parametrize(
    ("asked", "open_meanwhile"),
    [({}, 1), ({"Range": "bytes=5-9"}, 1), ({"Range": "bytes=99999-"}, 0)],
)
def test_a_file_is_open_until_its_answer_is_closed(
    asked: dict[str, str], open_meanwhile: int, given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    answer = browser.get(shelf.url, headers=asked, buffered=False)

    assert times_open(shelf.keys[0]) == open_meanwhile
    answer.close()
    assert times_open(shelf.keys[0]) == 0


def times_open(key: str) -> int:
    """How often this process holds the blob open, as Linux knows it."""
    links = Path("/proc/self/fd").iterdir()
    return sum(link.readlink().name == key for link in links if link.is_symlink())


def test_an_earlier_version_of_a_published_resource_keeps_its_files(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient
) -> None:
    first = with_files(given, wang, ("a.bin", b"one"), ("b.bin", b"two"))
    second = drafting.revise(uow, wang, first.revision_id)
    given.admit(second)

    answer = browser.get(f"{first.zip}?v=1")

    assert browser.get(first.url).data == b"one"
    assert zipfile.ZipFile(io.BytesIO(answer.data)).namelist() == ["a.bin", "b.bin"]
