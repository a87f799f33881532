"""On S3 the hub decides who gets a file, and the service sends it, unless the hub shall."""

import uuid
from dataclasses import replace
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from storage import S3Storage, Storage
from tests.given import Given
from tests.seaweed import Seaweed
from tests.web.conftest import SignsIn
from tests.web.test_files import BYTES, downloads, shelved, with_files


@pytest.fixture
def storage(seaweed: Seaweed) -> Storage:
    """Everything that is kept is kept there."""
    return S3Storage(seaweed.client(), "hub", prefix=f"{uuid.uuid4().hex}/")


@pytest.fixture
def on_s3(app: Flask, storage: Storage) -> Flask:
    app.extensions["hub"] = replace(app.extensions["hub"], storage=storage)
    return app


@pytest.fixture
def browser(on_s3: Flask) -> FlaskClient:
    return on_s3.test_client()


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


def test_a_download_is_a_link_that_gives_the_file_its_name(
    given: Given, wang: Person, session: Session, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("分数.bin", BYTES))

    browser.head(shelf.url)
    browser.get(shelf.url, headers={"Range": "bytes=5-"})
    assert downloads(session, shelf) == 0
    answer = browser.get(shelf.url)

    assert answer.status_code == 302
    assert downloads(session, shelf) == 1
    link = answer.headers["Location"]
    asked = Request(link, headers={"Range": "bytes=5-9"})  # noqa: S310 - the link of the hub
    with urlopen(asked) as sent:  # noqa: S310 - the same
        assert (sent.status, sent.read()) == (206, BYTES[5:10])
        assert sent.headers["Content-Disposition"].endswith("%E5%88%86%E6%95%B0.bin")


def test_bytes_that_are_gone_are_said_by_the_hub_and_not_in_xml(
    given: Given, wang: Person, session: Session, browser: FlaskClient, storage: Storage
) -> None:
    shelf = with_files(given, wang, ("分数.bin", BYTES))
    storage.delete(shelf.keys[0])

    answer = browser.get(shelf.url)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert downloads(session, shelf) == 0


def test_what_is_shown_in_the_page_comes_from_the_hub(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    film = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + BYTES
    shelf = with_files(given, wang, ("春晓.mp4", film))

    answer = browser.get(shelf.url + "?inline=1", headers={"Range": "bytes=100-199"})

    assert (answer.status_code, answer.data) == (206, film[100:200])


@pytest.mark.parametrize("sender", ["hub", "nginx"])
def test_the_hub_sends_itself_where_the_service_cannot_be_reached_from_outside(
    given: Given, wang: Person, on_s3: Flask, browser: FlaskClient, sender: str
) -> None:
    on_s3.extensions["hub"] = replace(on_s3.extensions["hub"], downloads=sender)
    shelf = with_files(given, wang, ("分数.bin", BYTES))

    answer = browser.get(shelf.url, headers={"Range": "bytes=100-199"})

    assert (answer.status_code, answer.data) == (206, BYTES[100:200])


def test_no_link_for_who_may_not_have_the_file(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="a.bin", content=BYTES)
    shelf = shelved(given, draft)

    assert browser.get(shelf.url).status_code == 404
    assert browser_as(wang).get(shelf.url).status_code == 302
