"""Files that the hub has given up reading: the administrator sees them and may try again."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.files import SENTENCES, Trouble
from resource_hub.models import Blob, Job, Preview, User
from tests.given import NOON, Given
from tests.web.conftest import SignsIn
from tests.web.test_files import with_files


@pytest.fixture
def admin(given: Given, session: Session, browser_as: SignsIn) -> FlaskClient:
    chief = given.administrator()
    user = session.get(User, chief.id)
    assert user is not None
    user.language = "en"
    return browser_as(chief)


def given_up(given: Given, session: Session, trouble: Trouble, name: str) -> str:
    """A published file that was inspected with this trouble; its key."""
    wang = given.teacher(school=given.home())
    key = with_files(given, wang, (name, name.encode())).keys[0]
    session.execute(delete(Job))
    blob = session.get_one(Blob, key)
    blob.trouble, blob.inspected_at = trouble.value, NOON
    session.add(Preview(blob_key=key, pages=None, trouble=trouble.value, made_at=NOON))
    session.commit()
    return key


def promised(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    return [(job.kind, job.subject) for job in session.scalars(select(Job))]


@pytest.mark.parametrize("trouble", [Trouble.KILLED, Trouble.TOO_SLOW])
def test_a_file_that_was_given_up_is_shown_with_its_sentence_and_read_again(
    given: Given, session: Session, admin: FlaskClient, trouble: Trouble
) -> None:
    key = given_up(given, session, trouble, "重.pdf")
    page = admin.get("/admin/jobs").text
    assert "重.pdf" in page
    assert SENTENCES[trouble] in page
    answer = admin.post("/admin/jobs", data={"file": key}, follow_redirects=True)
    assert "1 file is read again." in answer.text
    assert promised(session) == [("inspect", key)]
    assert session.get(Preview, key) is None
    assert admin.post("/admin/jobs", data={"file": key}).status_code == 409


def test_what_is_only_damaged_is_not_among_them(
    given: Given, session: Session, admin: FlaskClient
) -> None:
    key = given_up(given, session, Trouble.DAMAGED, "破.pdf")
    assert "破.pdf" not in admin.get("/admin/jobs").text
    assert admin.post("/admin/jobs", data={"file": key}).status_code == 409
    assert promised(session) == []


def test_only_an_administrator_has_a_file_read_again(
    given: Given, session: Session, browser_as: SignsIn
) -> None:
    key = given_up(given, session, Trouble.KILLED, "重.pdf")
    teacher = browser_as(given.teacher(school=given.home()))
    assert teacher.post("/admin/jobs", data={"file": key}).status_code == 403
    assert promised(session) == []
