"""Nothing that people upload runs in the hub's name, whatever address it comes from."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from inspect import getsource
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.edge.security_headers import FILE_POLICY, PAGE_POLICY
from resource_hub.models import Blob
from tests.given import Given
from tests.web.authorization import TABLE, Row
from tests.web.test_files import with_files
from tests.web.world import World, make_world

SENDERS = {
    "files.download": "the file, as an attachment; some in the window: test below",
    "files.download_all": "all files in a ZIP",
    "files.thumbnail": "a WebP picture that the hub made",
    "viewer.page_picture": "a WebP picture that the hub made",
    "changes.judged_picture": "a WebP picture that the hub made",
    "films.film": "a film that the hub made",
    "issue_draft.cover": "a WebP picture that the hub made",
    "catalogue.file": "a file of an issue that the hub wrote, as an attachment",
    "figures_fixing.file": "fixed figures that the hub wrote, as an attachment",
    "films.captions": "WebVTT that the hub wrote",
    "covers.show": "a WebP picture that the hub made",
}
"""Every address that sends bytes out of the storage, and what they are."""

RUNS = {
    "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml",
    "text/javascript", "application/javascript", "multipart/related", "message/rfc822",
    "text/css",
}  # fmt: skip
"""Types that a browser may run, or draw as a page."""

SCRIPT = "<script>fetch('/my')</script>"
EVIL: dict[str, bytes] = {
    "page.html": f"<html>{SCRIPT}".encode(),
    "page.htm": SCRIPT.encode(),
    "page.xhtml": f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}'.encode(),
    "page-utf-16.html": f"<html>{SCRIPT}".encode("utf-16"),
    "page-utf-7.html": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "page.mhtml": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT.encode(),
    "page.xml": b'<?xml version="1.0"?><?xml-stylesheet href="data:,x" type="text/xsl"?><a/>',
    "picture.svg": f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode(),
    "picture.jpg": f"<html>{SCRIPT}".encode(),
    "picture.gif": b"GIF89a=1;" + SCRIPT.encode(),
    "picture.png": b"\x89PNG\r\n\x1a\n" + SCRIPT.encode(),
    "words.txt": SCRIPT.encode(),
    "words.md": SCRIPT.encode(),
    "program.js": b"alert(1)",
    "style.css": b"body { display: none }",
    "film.mp4": b"\0\0\0\x10ftypisom\0\0\0\0" + SCRIPT.encode(),
    "flash.swf": b"FWS\x05" + bytes(20),
    "paper.pdf": b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\n%%EOF\n",
    "book.epub": b"PK\x03\x04" + SCRIPT.encode(),
}


def batched(
    items: Iterable[tuple[str, bytes]], most: int
) -> Iterator[tuple[tuple[str, bytes], ...]]:
    """As many files as one revision of a test may hold."""
    left = iter(items)
    while some := tuple(islice(left, most)):
        yield some


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    made = make_world(tmp_path_factory.mktemp("world"), sqlite_template)
    yield made
    made.app.extensions["hub"].search.close()


def test_every_address_that_sends_stored_bytes_is_known(app: Flask) -> None:
    signs = ("storage.open(", "_as_webvtt(", "send_file(", "send_all(", "public_url(")
    found = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if view.__module__.startswith("resource_hub.")
        and any(sign in getsource(view) for sign in signs)
    }
    assert found == SENDERS.keys()


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "GET"], ids=str)
def test_no_answer_leaves_a_browser_to_guess(world: World, row: Row) -> None:
    client, chief = world.app.test_client(), world.people["administrator"]
    with client.session_transaction() as cookies:
        cookies["_user_id"] = f"token of {chief.id}"
    with client.get(row.path.format(**world.places)) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy in {PAGE_POLICY, FILE_POLICY}
        if answer.mimetype in RUNS - {"text/html", "application/xml"}:
            assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("path", ["/nothing/here", "/static/css/nothing.css", "/favicon.ico"])
def test_what_is_not_there_is_no_guess_either(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] in {PAGE_POLICY, FILE_POLICY}


@pytest.mark.parametrize("some", tuple(batched(EVIL.items(), 5)), ids=lambda some: some[0][0])
def test_what_could_run_does_not(
    given: Given, wang: Person, browser: FlaskClient, some: tuple[tuple[str, bytes], ...]
) -> None:
    shelf = with_files(given, wang, *some)
    for (name, content), url in zip(some, shelf.urls, strict=True):
        for asked in ("", "?inline=1"):
            with browser.get(url + asked) as answer:
                assert answer.data == content
                assert (name, answer.mimetype) not in {(name, runs) for runs in RUNS}
                assert answer.headers["Content-Security-Policy"] == FILE_POLICY
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                kind = (answer.mimetype or "").split("/")[0]
                shown = answer.headers["Content-Disposition"].startswith("inline")
                assert (name, shown) == (name, bool(asked) and kind in {"image", "video", "text"})
                if kind == "text":
                    assert answer.mimetype == "text/plain"


def test_the_policy_of_files_lets_nothing_run() -> None:
    rules = [rule.strip() for rule in FILE_POLICY.split(";")]
    assert "sandbox" in rules  # with no word that allows anything
    assert "default-src 'none'" in rules
    assert not any("script" in rule or "unsafe" in rule for rule in rules)


def test_a_file_with_a_virus_is_handed_out_to_nobody(
    given: Given, wang: Person, browser: FlaskClient, session: Session
) -> None:
    shelf = with_files(given, wang, ("a.txt", b"sound"), ("b.txt", b"infected"))
    infected = update(Blob).where(Blob.key == shelf.keys[1])
    session.execute(infected.values(virus="Made-Up.Test.Virus", scanned_at=given.uow.now()))

    answer = browser.get(shelf.urls[1])

    assert answer.status_code == 403
    assert "A virus was found in this file" in answer.text or "病毒" in answer.text
    assert b"infected" not in answer.data
    assert browser.get(shelf.urls[0]).data == b"sound"
    with zipfile.ZipFile(io.BytesIO(browser.get(shelf.zip).data)) as archive:
        assert archive.namelist() == ["a.txt"]
