"""The pages that say whether anything is lost, and how much room is left."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import OPERATOR
from resource_hub.jobs.worker import Worker
from resource_hub.models import AuditEvent, Blob, Job, SchoolQuota, Verification
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, in_english, read

ADDRESS = "/admin/safety"


@pytest.fixture
def admin(given: Given, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(given.administrator("郑管理")))


def night(app: Flask, session: Session) -> None:
    """What the worker does when the hour has come."""
    session.commit()
    worker = Worker(app)
    worker.promise_due()
    worker.drain(("tidy", "verify"))
    session.expire_all()


def test_a_new_hub_says_that_nothing_was_done_yet(admin: FlaskClient) -> None:
    page = read(admin, ADDRESS)
    assert page.headings == [
        "The last verification",
        "The last backup",
        "Used by nothing",
    ]
    assert "There was none yet." in page.text
    assert "There is no backup yet." in page.text


def test_the_night_reads_everything_once_and_the_page_shows_it(
    admin: FlaskClient, app: Flask, given: Given, session: Session, clock: Clock
) -> None:
    author = given.teacher(school=given.home())
    given.file(given.draft(by=author), by=author, content=b"twelve bytes")
    night(app, session)
    night(app, session)
    assert session.query(Verification).count() == 1
    assert session.scalars(select(Job).where(Job.kind.in_(("tidy", "verify")))).all() == []
    page = read(admin, ADDRESS)
    assert "Everything is as it should be." in page.text
    assert "12 Oct 12:00" in page.text
    assert "the night" in page.text
    clock.pass_(days=9)
    assert "that was long ago" in read(admin, ADDRESS).text
    night(app, session)
    assert session.query(Verification).count() == 2
    assert read(admin, ADDRESS).headings[-1] == "Earlier verifications"


def test_what_is_lost_is_named_with_its_resource_and_what_to_do(
    admin: FlaskClient, app: Flask, given: Given, session: Session, storage: Storage
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author, title="分数的认识")
    given.file(draft, by=author, content=b"precious")
    [key] = session.scalars(select(Blob.key))
    storage.delete(key)
    night(app, session)
    page = read(admin, ADDRESS)
    assert "1 thing is wrong. Below stands what to do." in page.text
    assert "Missing 分数的认识" in page.text
    assert "Without one, ask the author for the file." in page.text


def test_an_old_backup_and_one_that_lacks_files_are_said(
    admin: FlaskClient, uow: UnitOfWork, clock: Clock
) -> None:
    uow.record("hub:backup", by=OPERATOR, name="x", files=3, size=4_000_000, lacking=0)
    page = read(admin, ADDRESS)
    assert "12 Oct 12:00" in page.text
    assert "4 MB" in page.text
    assert "more than a week old" not in page.text
    clock.pass_(days=9)
    assert "The last backup is more than a week old." in read(admin, ADDRESS).text
    uow.record("hub:backup", by=OPERATOR, name="y", files=3, size=4_000_000, lacking=2)
    assert "2 files were missing or damaged and are not in it." in read(admin, ADDRESS).text


def test_the_front_page_of_the_administration_says_what_is_lost_and_that_no_backup_was_made(
    admin: FlaskClient, app: Flask, given: Given, session: Session, storage: Storage,
    uow: UnitOfWork, clock: Clock,
) -> None:  # fmt: skip
    no_files = read(admin, "/admin").text
    assert "There is no backup yet." not in no_files
    author = given.teacher(school=given.home())
    given.file(given.draft(by=author), by=author, content=b"precious")
    page = read(admin, "/admin")
    assert "There is no backup yet." in page.text
    assert page.links["See what to do"] == ADDRESS
    uow.record("hub:backup", by=OPERATOR, name="x", files=1, size=8, lacking=0)
    night(app, session)
    page = read(admin, "/admin")
    assert "backup" not in page.text
    assert "verification" not in page.text
    clock.pass_(days=9)
    [key] = session.scalars(select(Blob.key))
    storage.delete(key)
    night(app, session)
    page = read(admin, "/admin")
    assert "The last backup is more than a week old." in page.text
    assert "The last verification found 1 thing wrong." in page.text


def test_what_was_removed_is_said(
    admin: FlaskClient, app: Flask, given: Given, session: Session, storage: Storage, clock: Clock
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    given.file(draft, by=author, content=b"unwanted")
    session.delete(draft.attachments[0])
    night(app, session)
    assert "1 stored file belongs to nothing any more (8 B)" in read(admin, ADDRESS).text
    clock.pass_(days=20)
    read(admin, ADDRESS)  # so that the administrator is still signed in at the end
    clock.pass_(days=11)
    night(app, session)
    page = read(admin, ADDRESS)
    assert "0 stored files belong to nothing any more" in page.text
    assert "1 removed, 8 B." in page.text
    assert list(storage.keys()) == []
    last = session.scalars(
        select(AuditEvent).where(AuditEvent.tag == "blobs:tidy").order_by(AuditEvent.id.desc())
    ).first()
    assert last is not None
    assert last.detail["removed_size"] == 8


def test_a_school_is_given_room_and_everybody_sees_it(
    admin: FlaskClient, given: Given, session: Session, browser_as: SignsIn
) -> None:
    school = given.school("第一小学")
    teacher = given.teacher(school=school)
    given.file(given.draft(by=teacher), by=teacher, content=b"a" * 900_000)
    coordinator = in_english(browser_as(given.coordinator(school=school)))
    assert "第一小学 900 kB of 214.7 GB" in read(admin, "/admin/room").text
    answer = admin.post(
        f"/admin/schools/{school.id}/room", data={"size": "1 MB"}, follow_redirects=True
    )
    assert "The room of the school is changed." in answer.text
    assert "第一小学 900 kB of 1 MB · nearly full" in Page(answer).text
    assert session.scalars(select(SchoolQuota.size)).all() == [1_000_000]
    assert "900 kB of 1 MB · nearly full" in read(coordinator, f"/admin/schools/{school.id}").text
    mine = read(in_english(browser_as(teacher)), "/my").text
    assert "Room for files Your files 900 kB of 42.9 GB 第一小学 900 kB of 1 MB" in mine
    answer = admin.post(f"/admin/schools/{school.id}/room", data={"size": "lots"})
    assert answer.status_code == 422
    assert "Write a size such as 50 GB or 500 MB." in answer.text
    admin.post(f"/admin/schools/{school.id}/room", data={"size": ""})
    session.expire_all()
    assert session.scalars(select(SchoolQuota)).all() == []


def test_a_page_has_fifty_schools(admin: FlaskClient, given: Given) -> None:
    for number in range(51):
        given.school(f"学校{number:02d}")
    assert read(admin, "/admin/room").text.count(" of 214.7 GB") == 50
    assert read(admin, "/admin/room?page=2").text.count(" of 214.7 GB") == 1
