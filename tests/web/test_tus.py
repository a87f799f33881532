"""The tus server as any client meets it: each extension of the protocol, and whose upload it is."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from resource_hub.domain.people import Person
from resource_hub.models import Attachment, School, Upload, User
from tests.given import Clock, Given
from tests.web.conftest import SignsIn

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def metadata(**values: object) -> str:
    return ",".join(
        f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in values.items()
    )


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


@pytest.fixture
def draft(given: Given, wang: Person) -> int:
    return given.draft(by=wang).id


@pytest.fixture
def browser(wang: Person, browser_as: SignsIn) -> FlaskClient:
    """王敏's."""
    return browser_as(wang)


@pytest.fixture
def names(session: Session) -> Callable[[], list[str]]:
    def read() -> list[str]:
        session.rollback()
        return list(session.scalars(select(Attachment.filename).order_by(Attachment.position)))

    return read


def create(browser: FlaskClient, draft: int, size: int | None, **more: Any) -> TestResponse:
    headers = TUS | {"Upload-Metadata": metadata(revision=draft, filename="微课.mp4")}
    length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
    return browser.post("/uploads", headers=headers | length | more.pop("headers", {}), **more)


def patch(browser: FlaskClient, url: str, offset: int, data: bytes, **headers: str) -> TestResponse:
    return browser.patch(
        url, data=data, headers=TUS | BYTES | {"Upload-Offset": str(offset)} | headers
    )


def test_it_says_what_it_can_do(browser: FlaskClient) -> None:
    answer = browser.options("/uploads")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == (
        "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum"
    )
    assert answer.headers["Tus-Max-Size"] == str(2 << 30)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_client_of_another_version_is_told_so(browser: FlaskClient) -> None:
    answer = browser.post("/uploads", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "5"})

    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_a_file_arrives_in_two_pieces(
    browser: FlaskClient, draft: int, names: Callable[[], list[str]]
) -> None:
    created = create(browser, draft, 8)
    url = created.headers["Location"]
    assert (created.status_code, url[:9], len(url)) == (201, "/uploads/", 41)

    first = patch(browser, url, 0, b"abc")
    asked = browser.head(url, headers=TUS)
    second = patch(browser, url, 3, b"defgh")
    afterwards = browser.head(url, headers=TUS)

    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "3")
    assert (asked.status_code, asked.headers["Upload-Offset"]) == (200, "3")
    assert asked.headers["Upload-Length"] == "8"
    assert asked.headers["Cache-Control"] == "no-store"
    assert (second.status_code, second.headers["Upload-Offset"]) == (204, "8")
    assert (afterwards.status_code, afterwards.headers["Upload-Offset"]) == (200, "8")
    assert second.headers["Tus-Resumable"] == "1.0.0"
    assert names() == ["微课.mp4"]


def test_the_first_bytes_may_come_with_the_creation(
    browser: FlaskClient, draft: int, names: Callable[[], list[str]]
) -> None:
    created = create(browser, draft, 5, data=b"hello", headers=BYTES)

    assert (created.status_code, created.headers["Upload-Offset"]) == (201, "5")
    assert names() == ["微课.mp4"]


def test_the_size_may_be_said_later(
    browser: FlaskClient, draft: int, names: Callable[[], list[str]]
) -> None:
    url = create(browser, draft, None).headers["Location"]
    patch(browser, url, 0, b"abc")
    asked = browser.head(url, headers=TUS)
    assert asked.headers["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in asked.headers

    last = patch(browser, url, 3, b"de", **{"Upload-Length": "5"})

    assert (last.status_code, last.headers["Upload-Offset"]) == (204, "5")
    assert names() == ["微课.mp4"]


def test_an_upload_is_given_up(browser: FlaskClient, draft: int, session: Session) -> None:
    url = create(browser, draft, 8).headers["Location"]

    gone = browser.delete(url, headers=TUS)

    assert gone.status_code == 204
    assert browser.head(url, headers=TUS).status_code == 404
    session.rollback()
    assert session.scalars(select(Upload)).all() == []


def test_it_says_when_it_expires_and_then_it_does(
    browser: FlaskClient, draft: int, clock: Clock
) -> None:
    created = create(browser, draft, 8)
    url = created.headers["Location"]
    assert created.headers["Upload-Expires"] == "Mon, 19 Oct 2026 04:00:00 GMT"
    clock.pass_(days=1)
    assert patch(browser, url, 0, b"a").headers["Upload-Expires"] == "Tue, 20 Oct 2026 04:00:00 GMT"
    clock.pass_(days=6, hours=23)
    assert browser.head(url, headers=TUS).status_code == 200

    clock.pass_(days=7)

    assert browser.head(url, headers=TUS).status_code == 404
    assert patch(browser, url, 1, b"b").status_code == 404


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_is_checked_against_its_checksum(
    browser: FlaskClient, draft: int, algorithm: str
) -> None:
    url = create(browser, draft, 8).headers["Location"]
    right = base64.b64encode(hashlib.new(algorithm, b"abc").digest()).decode()

    wrong = patch(browser, url, 0, b"abx", **{"Upload-Checksum": f"{algorithm} {right}"})
    kept = browser.head(url, headers=TUS).headers["Upload-Offset"]
    good = patch(browser, url, 0, b"abc", **{"Upload-Checksum": f"{algorithm} {right}"})

    assert (wrong.status, kept) == ("460 Checksum Mismatch", "0")
    assert (good.status_code, good.headers["Upload-Offset"]) == (204, "3")


def test_a_checksum_that_it_does_not_know_is_refused(browser: FlaskClient, draft: int) -> None:
    url = create(browser, draft, 8).headers["Location"]

    assert patch(browser, url, 0, b"abc", **{"Upload-Checksum": "crc32 AAAA"}).status_code == 400
    assert patch(browser, url, 0, b"abc", **{"Upload-Checksum": "sha1 ?"}).status_code == 400
    assert patch(browser, url, 0, b"abc", **{"Upload-Checksum": "sha1"}).status_code == 400


def test_bytes_for_another_place_are_a_conflict(browser: FlaskClient, draft: int) -> None:
    url = create(browser, draft, 8).headers["Location"]

    answer = patch(browser, url, 5, b"abc", Accept="application/json")

    assert (answer.status_code, answer.json and answer.json["type"]) == (
        409,
        "/help/errors#upload-moved",
    )


def test_it_says_again_what_was_said_of_the_file(browser: FlaskClient, draft: int) -> None:
    told = {"Upload-Metadata": metadata(revision=draft, filename="微课.mp4", first="a" * 64)}
    url = create(browser, draft, 8, headers=told).headers["Location"]

    asked = browser.head(url, headers=TUS)

    assert asked.headers["Upload-Metadata"] == told["Upload-Metadata"]


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"more than was said", {}, 413),
        (b"hullo", {"Upload-Checksum": "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00="}, 460),
        (b"hello", {"Upload-Checksum": "crc32 AAAA"}, 400),
    ],
)
def test_a_creation_whose_bytes_are_refused_leaves_nothing(
    browser: FlaskClient,
    draft: int,
    session: Session,
    data: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    created = create(browser, draft, 5, data=data, headers=BYTES | headers)

    assert created.status_code == status
    session.rollback()
    assert session.scalars(select(Upload)).all() == []


@pytest.mark.parametrize("value", ["partial", "final;/uploads/a /uploads/b"])
def test_parts_are_not_put_together(
    browser: FlaskClient, draft: int, session: Session, value: str
) -> None:
    created = create(browser, draft, 5, headers={"Upload-Concat": value})

    assert created.status_code == 400
    session.rollback()
    assert session.scalars(select(Upload)).all() == []


def test_a_proxy_may_hide_the_method(browser: FlaskClient, draft: int) -> None:
    url = create(browser, draft, 8).headers["Location"]

    sent = browser.post(
        url,
        data=b"abc",
        headers=TUS | BYTES | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )

    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "3")
    assert browser.post(url, headers=TUS).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "ten"}, 400),
        ({"Upload-Length": "5", "Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "filename eA=="}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "revision ???"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "revision é"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": metadata(revision=10**6)}, 404),
        ({"Upload-Length": "5", "Upload-Metadata": metadata(revision=1 << 63)}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": metadata(revision="9" * 4400)}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": str(3 << 30)}, 413),
    ],
)
def test_what_it_cannot_read_it_refuses(
    browser: FlaskClient, draft: int, headers: dict[str, str], status: int
) -> None:
    told = {"Upload-Metadata": metadata(revision=draft, filename="a.txt")}

    assert browser.post("/uploads", headers=TUS | told | headers).status_code == status


def test_a_size_that_no_file_has_is_too_large(browser: FlaskClient, draft: int) -> None:
    prints = dict.fromkeys(("first", "last", "whole"), "a" * 64)

    answer = browser.post(
        f"/submit/{draft}/uploads", data={"name": "a.pdf", "size": str(1 << 63), **prints}
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "0", "Content-Type": "text/plain"}, 415),
        ({}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "0", "Upload-Length": "7"}, 422),
    ],
)
def test_a_piece_must_say_where_it_belongs(
    browser: FlaskClient, draft: int, headers: dict[str, str], status: int
) -> None:
    url = create(browser, draft, 8).headers["Location"]

    answer = browser.patch(url, data=b"abc", headers=TUS | BYTES | headers)

    assert answer.status_code == status


def test_the_answer_to_a_piece_does_not_bring_an_old_cookie_back(
    browser: FlaskClient, draft: int
) -> None:
    with browser.session_transaction() as session:
        session.permanent = True  # as after the form of the sign-in
    url = create(browser, draft, 8).headers["Location"]

    assert "Set-Cookie" not in patch(browser, url, 0, b"abc").headers
    assert "Set-Cookie" not in browser.head(url, headers=TUS).headers
    assert "Set-Cookie" in browser.get("/my").headers


def test_nobody_else_learns_that_it_is_there(
    app: Flask,
    given: Given,
    browser: FlaskClient,
    draft: int,
    browser_as: SignsIn,
    session: Session,
) -> None:
    url = create(browser, draft, 8).headers["Location"]
    school = session.scalar(select(School).join(User, User.school_id == School.id))
    assert school is not None
    people = [
        given.teacher(school=school),
        given.coordinator(school=school),
        given.teacher(school=given.school()),
        given.administrator(),
    ]
    others = [browser_as(person) for person in people]

    for other in others:
        assert other.head(url, headers=TUS).status_code == 404
        assert patch(other, url, 0, b"abc").status_code == 404
        assert other.delete(url, headers=TUS).status_code == 404
        assert create(other, draft, 8).status_code == 404
    stranger = app.test_client()
    assert stranger.head(url, headers=TUS).status_code == 401
    assert patch(stranger, url, 0, b"abc").status_code == 401
    assert create(stranger, draft, 8).status_code == 401
    assert browser.head(url, headers=TUS).headers["Upload-Offset"] == "0"


def test_without_the_pages_token_nothing_is_written(
    app: Flask, browser: FlaskClient, draft: int
) -> None:
    url = create(browser, draft, 8).headers["Location"]
    app.config["WTF_CSRF_ENABLED"] = True

    assert create(browser, draft, 8).status_code == 409
    assert patch(browser, url, 0, b"abc").status_code == 409
    assert browser.delete(url, headers=TUS).status_code == 409
    hidden = TUS | {"X-HTTP-Method-Override": "DELETE"}
    assert browser.post(url, headers=hidden).status_code == 409
    assert browser.head(url, headers=hidden).headers["Upload-Offset"] == "0"
    assert browser.head(url, headers=TUS).headers["Upload-Offset"] == "0"
