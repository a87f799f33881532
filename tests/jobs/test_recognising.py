"""A scan is found by what stands on its pages, some time after it arrived, where that is wanted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import psutil
import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import Hub
from resource_hub.jobs.recognising import recognise
from resource_hub.jobs.tools import Tools
from resource_hub.jobs.worker import Worker
from resource_hub.models import Attachment, Blob, BlobText, Job, JobState, Revision
from tests.given import Clock, Given
from tests.scans import needs_engine, photograph, scan
from tests.web.conftest import SignsIn
from tests.web.reading import read

TITLE, PHONE = "春游活动安全须知", "家长联系电话：13812345678"
NO_TEXT = "这个附件里只有图片，没有文字，搜不到里面的内容"
WAITING = "这个附件里只有图片，没有文字：正在逐页识别图片里的文字，不必等待。"
FOUND = "这个附件的文字是从图片里识别出来的，可能有误；别人凭这些文字能搜到它。"
NOTHING = "没能从这个附件的图片里识别出文字"
MAYBE_WRONG = "This text was recognised in pictures and may hold errors."


@pytest.fixture
def hub(app: Flask) -> Hub:
    """The parts of a hub in which the text of scans is recognised."""
    found: Hub = replace(app.extensions["hub"], ocr=True)
    app.extensions["hub"] = found
    return found


@pytest.fixture
def author(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


def draft_with(given: Given, author: Person, name: str, content: bytes) -> Revision:
    draft = given.draft(by=author, audience=Audience.PUBLIC)
    given.file(draft, by=author, name=name, content=content)
    given.session.commit()
    return draft


@dataclass(frozen=True)
class Published:
    title: str
    viewer: str


def work(app: Flask, session: Session, *kinds: str) -> None:
    session.commit()
    Worker(app).drain(kinds)
    session.rollback()


def recognise_now(app: Flask, session: Session) -> None:
    """Nobody waits for anything else."""
    session.execute(delete(Job).where(Job.kind.in_(("inspect", "pages", "preview"))))
    work(app, session, "recognise")


def published_with(given: Given, author: Person, name: str, content: bytes) -> Published:
    draft = given.draft(by=author, audience=Audience.PUBLIC)
    given.file(draft, by=author, name=name, content=content)
    revision = given.admit(draft)
    public_id, attachment_id = revision.resource.public_id, revision.attachments[0].id
    return Published(revision.title, f"/r/{public_id}/view/{attachment_id}")


@needs_engine
def test_the_author_of_a_scan_is_told_what_is_recognised_and_what_was_found(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, browser_as: SignsIn
) -> None:
    del hub
    draft = draft_with(given, author, "通知.pdf", scan(TITLE, PHONE))
    mine, form = browser_as(author), f"/submit/{draft.id}"
    work(app, session, "inspect")
    assert WAITING in mine.get(form).text
    recognise_now(app, session)
    page = mine.get(form).text
    assert FOUND in page
    assert "第 2 页：一个手机号码（138******78）" in page


@needs_engine
def test_a_scan_is_found_by_its_words_and_says_that_they_may_be_wrong(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, browser_as: SignsIn,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    del hub
    work_of_hers = published_with(given, author, "通知.pdf", scan(TITLE, PHONE))
    work(app, session, "inspect")
    recognise_now(app, session)
    settle()
    mine = browser_as(author)
    found = read(mine, "/search?q=联系电话")
    assert (found.cards, found.places) == ([work_of_hers.title], ["in 通知.pdf, page 2"])
    seen = mine.get(f"{work_of_hers.viewer}?page=2").text
    assert (PHONE in seen, MAYBE_WRONG in seen) == (True, True)


@needs_engine
def test_what_was_published_before_the_extra_came_is_found_afterwards(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, browser_as: SignsIn,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    app.extensions["hub"] = replace(hub, ocr=False)
    work_of_hers = published_with(given, author, "练习.jpg", photograph("一元二次方程练习"))
    work(app, session, "inspect")
    settle()
    mine = browser_as(author)
    assert work_of_hers.title not in mine.get("/search?q=一元二次方程").text

    app.extensions["hub"] = hub  # the extra was installed, and the worker started anew
    Worker(app).promise_second_looks()
    recognise_now(app, session)
    settle()
    assert work_of_hers.title in mine.get("/search?q=一元二次方程").text


@needs_engine
def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, clock: Clock
) -> None:
    del hub
    draft_with(given, author, "通知.pdf", scan(TITLE, PHONE))
    work(app, session, "inspect")
    # As it lies there when the worker was killed between the two pages.
    session.add(
        BlobText(blob_key=session.scalars(select(Blob.key)).one(), text="第一页", places=[])
    )
    session.execute(update(Blob).values(recognised_pages=1))
    dead = {"state": JobState.RUNNING, "worker": "gone:1", "attempts": 1}
    lost = {**dead, "lease_until": clock() - timedelta(seconds=1)}
    session.execute(update(Job).where(Job.kind == "recognise").values(**lost))
    recognise_now(app, session)
    [text] = session.scalars(select(BlobText)).all()
    assert (text.text, text.places) == (f"第一页\n\n{PHONE}", [[5, "page", "2"]])
    assert session.scalars(select(Job).where(Job.kind == "recognise")).all() == []


@needs_engine
def test_the_memory_of_the_engine_is_given_back_when_no_scan_is_due(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person
) -> None:
    del hub
    draft_with(given, author, "通知.pdf", scan(TITLE))
    work(app, session, "inspect")
    session.execute(delete(Job).where(Job.kind == "preview"))
    session.execute(update(Job).values(state=JobState.RUNNING, worker="this:1"))
    key = session.scalars(select(Blob.key)).one()
    session.commit()
    tools = Tools()
    with tools.stack, app.app_context():
        before = psutil.Process().children()
        assert recognise(key, tools) is True
        assert psutil.Process().children() == before
    session.rollback()
    assert session.scalars(select(Blob.recognition)).all() == ["found"]


@needs_engine
def test_pictures_without_text_are_told_of_only_where_a_file_is_nothing_else(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, browser_as: SignsIn
) -> None:
    del hub
    draft = draft_with(given, author, "空白.pdf", scan(""))
    given.file(draft, by=author, name="照片.jpg", content=photograph(""))
    work(app, session, "inspect")
    recognise_now(app, session)
    page = browser_as(author).get(f"/submit/{draft.id}").text
    assert page.count(NOTHING) == 1
    assert set(session.scalars(select(Blob.recognition))) == {"nothing"}


def test_what_people_wait_for_goes_first(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person
) -> None:
    del hub
    draft_with(given, author, "通知.pdf", scan(TITLE))
    work(app, session, "inspect")
    assert session.scalars(select(Job.kind).where(Job.kind == "preview")).all() == ["preview"]
    work(app, session, "recognise")
    [job] = session.scalars(select(Job).where(Job.kind == "recognise")).all()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert session.scalars(select(Blob.recognised_pages)).all() == [0]


def test_where_it_is_not_wanted_nothing_changes(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, browser_as: SignsIn
) -> None:
    app.extensions["hub"] = replace(hub, ocr=False)
    draft = draft_with(given, author, "通知.pdf", scan(TITLE))
    work(app, session, "inspect")
    Worker(app).promise_second_looks()
    session.rollback()
    assert session.scalars(select(Job).where(Job.kind == "recognise")).all() == []
    assert NO_TEXT in browser_as(author).get(f"/submit/{draft.id}").text


def test_what_was_begun_before_it_was_put_off_ends_without_a_promise(
    app: Flask, hub: Hub, session: Session, given: Given, author: Person, browser_as: SignsIn
) -> None:
    draft = draft_with(given, author, "通知.pdf", scan(TITLE))
    work(app, session, "inspect")
    app.extensions["hub"] = replace(hub, ocr=False)
    work(app, session, "recognise")
    assert session.scalars(select(Job).where(Job.kind == "recognise")).all() == []
    assert NO_TEXT in browser_as(author).get(f"/submit/{draft.id}").text
    assert session.scalars(select(Attachment.filename)).all() == ["通知.pdf"]
