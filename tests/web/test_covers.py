"""A cover for everything: out of the files, or drawn."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.colours import SUBJECT_COLOURS
from resource_hub.models import Resource, Revision
from tests.given import Given
from tests.web.conftest import SignsIn

MATHEMATICS = 2
"""The number of its colour in the taxonomy as shipped."""


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


def public_id_of(given: Given, revision: Revision) -> str:
    return given.session.get_one(Resource, revision.resource_id).public_id


def published(
    given: Given, author: Person, title: str, audience: Audience = Audience.PUBLIC
) -> str:
    """The public id of a resource without a file that has a picture."""
    return public_id_of(given, given.published(by=author, audience=audience, title=title))


def test_what_has_no_picture_has_a_cover_drawn_in_the_colour_of_its_subject(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    public_id = given.published(
        by=wang, audience=Audience.PUBLIC, title="圆的面积"
    ).resource.public_id
    answer = browser.get(f"/r/{public_id}/cover.webp")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (640, 360)
        bar = picture.convert("RGB").getpixel((4, 180))
    wanted = tuple(bytes.fromhex(SUBJECT_COLOURS[MATHEMATICS - 1].removeprefix("#")))
    assert isinstance(bar, tuple)
    assert all(abs(a - b) < 6 for a, b in zip(bar, wanted, strict=True))
    again = browser.get(
        f"/r/{public_id}/cover.webp", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_title_is_another_cover(given: Given, wang: Person, browser: FlaskClient) -> None:
    covers = {
        browser.get(f"/r/{published(given, wang, title)}/cover.webp").headers["ETag"]
        for title in ("甲", "乙", "乙")
    }
    assert len(covers) == 2


def test_the_page_tells_chats_which_cover_it_has(
    given: Given, wang: Person, browser: FlaskClient, app: Flask
) -> None:
    public_id = published(given, wang, '"引号"与<括号>')
    page = browser.get(f"/r/{public_id}").get_data(as_text=True)
    here = f"{app.extensions['hub'].public_url}/r/{public_id}"
    assert f'<meta property="og:image" content="{here}/cover.webp">' in page
    assert '<meta property="og:title" content="&#34;引号&#34;与&lt;括号&gt;">' in page


def test_what_is_not_on_the_shelf_has_no_cover(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    own = published(given, wang, "本校的", audience=Audience.SCHOOL)
    draft = public_id_of(given, given.draft(by=wang))
    assert browser.get(f"/r/{own}/cover.webp").status_code == 404
    assert browser_as(wang).get(f"/r/{own}/cover.webp").status_code == 200
    assert browser_as(wang).get(f"/r/{draft}/cover.webp").status_code == 404


def test_the_colours_are_those_of_the_style_sheet(app: Flask) -> None:
    sheet = (Path(str(app.static_folder)) / "css" / "shelf.css").read_text(encoding="utf-8")
    on_paper = sheet.partition("@media (prefers-color-scheme: dark)")[0]
    found = dict(re.findall(r"\.subject-(\d+) { --subject: (#[0-9a-f]{6}); }", on_paper))
    assert tuple(found[str(number)] for number in range(1, 17)) == SUBJECT_COLOURS
