"""Films and sounds on the page: what browsers play, with its poster, its subtitles, its second."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.security_headers import FILE_POLICY
from resource_hub.jobs.handlers import LANES
from resource_hub.jobs.worker import Worker
from resource_hub.models import Blob, Job, JobState, Rendition
from tests.files.films import Film
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.reading import in_english

SAID = "1\n00:00:01,000 --> 00:00:02,500\n我們看月亮。\n"


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def old_film(tmp_path: Path) -> bytes:
    return Film("a.avi", "mpeg4", "mp3").write(tmp_path).read_bytes()


@pytest.fixture
def new_film(tmp_path: Path) -> bytes:
    return Film("a.mp4", audio="aac").write(tmp_path).read_bytes()


def with_files(
    given: Given, by: Person, *files: tuple[str, bytes], audience: Audience = Audience.PUBLIC
) -> tuple[str, list[int]]:
    """Published; its public id, and the numbers of its files."""
    draft = given.draft(by=by, audience=audience)
    for name, content in files:
        given.file(draft, by=by, name=name, content=content)
    revision = given.admit(draft)
    given.session.refresh(revision, ["attachments", "resource"])
    return revision.resource.public_id, [each.id for each in revision.attachments]


def test_a_film_has_its_poster_and_its_length(
    given: Given, wang: Person, app: Flask, browser: FlaskClient, new_film: bytes
) -> None:
    public_id, [film] = with_files(given, wang, ("月相.mp4", new_film))
    given.session.commit()
    Worker(app).drain()

    page = in_english(browser).get(f"/r/{public_id}").text

    assert f'preload="none" src="/r/{public_id}/files/{film}/' in page
    assert ' poster="/thumbnail/' in page
    assert "0:03 · 160×90" in page


def test_an_old_film_is_prepared_and_then_plays_in_ranges(
    given: Given,
    wang: Person,
    app: Flask,
    browser: FlaskClient,
    session: Session,
    old_film: bytes,
) -> None:
    public_id, [film] = with_files(given, wang, ("月相.avi", old_film))
    given.session.commit()
    Worker(app).drain(("inspect",))
    page = in_english(browser).get(f"/r/{public_id}").text
    assert "<video" not in page
    assert "This file is being prepared for browsers" in page
    assert browser.get(f"/r/{public_id}/films/{film}").status_code == HTTPStatus.NOT_FOUND

    Worker(app).drain()

    page = in_english(browser).get(f"/r/{public_id}").text
    assert f'src="/r/{public_id}/films/{film}"' in page
    session.rollback()
    made = session.scalars(select(Rendition)).one()
    part = browser.get(f"/r/{public_id}/films/{film}", headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.data) == (HTTPStatus.PARTIAL_CONTENT, b"ftypisom")
    assert part.headers["Content-Range"] == f"bytes 4-11/{made.size}"
    assert part.headers["Content-Type"] == "video/mp4"
    assert part.headers["X-Content-Type-Options"] == "nosniff"
    assert part.headers["Content-Security-Policy"] == FILE_POLICY
    original = browser.get(f"/r/{public_id}/files/{film}/x")
    assert original.data == old_film


def test_a_film_that_cannot_be_helped_says_so(
    given: Given, wang: Person, app: Flask, browser: FlaskClient, session: Session, old_film: bytes
) -> None:
    public_id, _ = with_files(given, wang, ("月相.avi", old_film))
    given.session.commit()
    Worker(app).drain(("inspect",))
    session.rollback()
    session.scalars(select(Blob)).one().playing = "impossible"

    page = in_english(browser).get(f"/r/{public_id}").text

    assert "<video" not in page
    assert "Browsers cannot play this file. Download it to play it on your computer." in page


def test_a_film_whose_job_was_set_aside_is_not_waited_for(
    given: Given, wang: Person, app: Flask, browser: FlaskClient, session: Session, old_film: bytes
) -> None:
    public_id, _ = with_files(given, wang, ("月相.avi", old_film))
    given.session.commit()
    Worker(app).drain(("inspect",))
    session.rollback()
    session.scalars(select(Job).where(Job.kind == "film")).one().state = JobState.SET_ASIDE

    page = in_english(browser).get(f"/r/{public_id}").text

    assert "This file could not be prepared for browsers just now" in page
    assert "This file is being prepared" not in page


def test_a_film_without_its_beginning_is_not_waited_for(
    given: Given, wang: Person, app: Flask, browser: FlaskClient
) -> None:
    public_id, _ = with_files(given, wang, ("坏.avi", b"RIFF\0\0\0\0AVI LIST" + bytes(99)))
    given.session.commit()
    Worker(app).drain()

    assert "Browsers cannot play this file." in in_english(browser).get(f"/r/{public_id}").text


def test_subtitles_are_not_shown_as_a_page_beside_their_film(
    given: Given, wang: Person, app: Flask, browser: FlaskClient, new_film: bytes
) -> None:
    public_id, [_film, said] = with_files(
        given, wang, ("月相.mp4", new_film), ("月相.srt", SAID.encode())
    )
    given.session.commit()
    Worker(app).drain()

    page = in_english(browser).get(f"/r/{public_id}").text

    assert "<track " in page
    assert f"/view/{said}/1/" not in page


def test_a_card_among_results_says_how_long_its_film_is(
    given: Given, wang: Person, app: Flask, browser: FlaskClient, new_film: bytes
) -> None:
    with_files(given, wang, ("月相.mp4", new_film))
    given.session.commit()
    Worker(app).drain()

    assert "<li><bdi>0:03</bdi></li>" in browser.get("/search?q=月相").text


def test_preparing_films_has_a_lane_of_its_own() -> None:
    assert [kinds for kinds in LANES.values() if "film" in kinds] == [("film",)]


def test_a_container_of_films_with_a_sound_alone_is_a_sound(
    given: Given, wang: Person, app: Flask, browser: FlaskClient, tmp_path: Path
) -> None:
    sound = Film("a.mp4", "", "aac").write(tmp_path).read_bytes()
    public_id, [number] = with_files(given, wang, ("课文.mp4", sound))
    given.session.commit()
    Worker(app).drain()

    page = in_english(browser).get(f"/r/{public_id}").text

    assert f'<audio controls preload="none" src="/r/{public_id}/files/{number}/' in page
    assert "Sound MP4" in page
    assert "Video MP4" not in page


def test_subtitles_are_on_and_come_as_webvtt(
    given: Given, wang: Person, browser: FlaskClient, new_film: bytes
) -> None:
    public_id, [_film, said] = with_files(
        given, wang, ("月相.mp4", new_film), ("月相.zh-TW.srt", SAID.encode("big5"))
    )
    url = f"/r/{public_id}/captions/{said}.vtt"

    page = in_english(browser).get(f"/r/{public_id}").text
    answer = browser.get(url)

    assert (
        f'<track kind="subtitles" src="{url}" srclang="zh-Hant" label="繁體中文" default>' in page
    )
    assert answer.text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n我們看月亮。\n"
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = browser.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


@pytest.mark.parametrize(
    ("reader", "languages"),
    [
        ("zh_Hans", ["zh-Hans", "zh-Hant", "en", "ja"]),
        ("zh_Hant", ["zh-Hant", "zh-Hans", "en", "ja"]),
        ("en", ["en", "zh-Hans", "ja", "zh-Hant"]),
    ],
)
def test_subtitles_in_the_readers_language_are_on(
    given: Given,
    wang: Person,
    browser: FlaskClient,
    new_film: bytes,
    reader: str,
    languages: list[str],
) -> None:
    said = [
        (f"月相.{code}.srt", SAID.encode() + code.encode()) for code in ("en", "ja", "tc", "sc")
    ]
    public_id, _numbers = with_files(given, wang, ("月相.mp4", new_film), *said)
    browser.post("/language", data={"language": reader})

    tracks = re.findall(r'<track [^>]*srclang="([^"]+)"[^>]*>', browser.get(f"/r/{public_id}").text)

    assert tracks == languages


def test_each_of_two_films_has_its_own_subtitles(
    given: Given, wang: Person, browser: FlaskClient, new_film: bytes
) -> None:
    other = new_film + b"\0" * 8
    public_id, numbers = with_files(
        given,
        wang,
        ("一.mp4", new_film),
        ("二.mp4", other),
        ("二.srt", SAID.encode()),
        ("别的.srt", SAID.replace("月亮", "太陽").encode()),
    )

    page = in_english(browser).get(f"/r/{public_id}").text

    assert page.count("<track") == 1
    assert f"/captions/{numbers[2]}.vtt" in page.split("二.mp4")[1] + page.split("<video")[2]


@pytest.mark.parametrize("name", ["讲稿.txt", "月相.srt"])
def test_what_is_no_subtitles_is_not_given_out_as_such(
    given: Given, wang: Person, browser: FlaskClient, name: str
) -> None:
    public_id, [number] = with_files(given, wang, (name, b"<script>alert(1)</script>"))

    answer = browser.get(f"/r/{public_id}/captions/{number}.vtt")

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_subtitles_and_made_films_are_for_those_who_may_open_the_file(
    given: Given,
    wang: Person,
    app: Flask,
    browser: FlaskClient,
    browser_as: SignsIn,
    old_film: bytes,
) -> None:
    public_id, [film, said] = with_files(
        given,
        wang,
        ("月相.avi", old_film),
        ("月相.srt", SAID.encode()),
        audience=Audience.SCHOOL,
    )
    given.session.commit()
    Worker(app).drain()
    urls = (f"/r/{public_id}/films/{film}", f"/r/{public_id}/captions/{said}.vtt")

    assert [browser.get(url).status_code for url in urls] == [HTTPStatus.NOT_FOUND] * 2
    assert [browser_as(wang).get(url).status_code for url in urls] == [HTTPStatus.OK] * 2


@pytest.mark.parametrize(
    ("asked", "begins"), [("?t=80", "#t=80"), ("?t=-3", ""), ("?t=x", ""), ("", "")]
)
def test_a_page_opens_at_a_second(
    given: Given, wang: Person, browser: FlaskClient, new_film: bytes, asked: str, begins: str
) -> None:
    public_id, [film] = with_files(given, wang, ("a.mp4", new_film))

    page = browser.get(f"/r/{public_id}{asked}").text

    assert f'src="/r/{public_id}/files/{film}/a.mp4?inline=1{begins}"' in page


def test_a_weak_line_fetches_nothing_unasked(
    given: Given, wang: Person, browser: FlaskClient, new_film: bytes
) -> None:
    public_id, _ = with_files(given, wang, ("a.mp4", new_film))

    assert 'preload="metadata"' in browser.get(f"/r/{public_id}").text
    saving = browser.get(f"/r/{public_id}", headers={"Save-Data": "on"}).text
    assert 'preload="none"' in saving
