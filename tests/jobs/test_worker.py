"""The worker keeps what services promised: soon, once, and whatever one job meets."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import Hub, utc_now
from resource_hub.files import READERS
from resource_hub.jobs.handlers import LANES
from resource_hub.jobs.worker import Worker
from resource_hub.models import Blob, BlobText, Job, JobState
from resource_hub.models.database import WRITING
from resource_hub.services.indexing import compare
from resource_hub.services.queue import MAX_ATTEMPTS
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import unit_of_work
from search_index import SearchRequest
from tests.conftest import SHANGHAI
from tests.given import Given


@contextmanager
def running(app: Flask) -> Iterator[Worker]:
    worker = Worker(app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def seconds_until(condition: Callable[[], bool], *, at_most: float = 20) -> float:
    """Wait for ``condition``; answers how long it took."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < at_most, "it never came"
        time.sleep(0.02)  # between two looks at a condition, with a deadline
    return time.monotonic() - start


@pytest.fixture
def hub(app: Flask) -> Hub:
    """The application's parts, with the real clock: a worker waits for real."""
    app.extensions["hub"] = replace(app.extensions["hub"], now=utc_now)
    found: Hub = app.extensions["hub"]
    return found


def found(hub: Hub, word: str, token: str) -> list[int]:
    request = SearchRequest(query=word, seen_by=frozenset({token}), filters={})
    return [hit.resource_id for hit in hub.search.search(request).hits]


def test_who_waits_for_pages_does_not_wait_for_looking_for_likenesses() -> None:
    # Of one lane each turn does a job of each kind: forty pages through LibreOffice before the
    # first page of what was uploaded next, and after an upgrade before all that is uploaded.
    of_readers = next(set(kinds) for kinds in LANES.values() if "pages" in kinds)
    assert of_readers == {"pages", "inspect", "preview"}


def test_a_publication_is_findable_within_a_second_and_gone_within_a_second(
    app: Flask, hub: Hub, session: Session, engine: Engine, given: Given
) -> None:
    school = given.school()
    author = given.teacher(school=school)
    reviewer = given.reviewer(school=school)
    revision_id = given.submitted(by=author, audience=Audience.SCHOOL).id
    session.commit()
    token = f"school:{school.id}"
    hub.search.prepare()  # as hub worker does when it starts
    with running(app):
        for action, person, there in (
            (Action.APPROVE, reviewer, True),
            (Action.WITHDRAW, author, False),
        ):
            with Session(engine) as own, unit_of_work(own, utc_now, SHANGHAI) as uow:
                take_step(uow, person, revision_id, action, comment="好")
            took = seconds_until(lambda there=there: bool(found(hub, "二分之一", token)) is there)  # type: ignore[misc]  # the loop's variable is bound
            assert took < 1


def test_words_inside_a_file_are_found_once_the_worker_has_looked_into_it(
    app: Flask, hub: Hub, session: Session, given: Given, settle: Callable[[], None]
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author, audience=Audience.PUBLIC)
    given.file(draft, by=author, name="詩.txt", content="床前明月光，疑是地上霜。".encode())
    given.admit(draft)
    settle()
    assert found(hub, "疑是地上霜", "public") == []
    Worker(app).drain(("inspect",))
    settle()
    assert found(hub, "疑是地上霜", "public") == [draft.resource_id]
    session.rollback()
    assert session.scalars(select(BlobText.text)).all() == ["床前明月光，疑是地上霜。"]


def test_a_file_that_cannot_be_read_is_kept_and_marked(
    app: Flask, hub: Hub, session: Session, given: Given
) -> None:
    del hub
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    document = io.BytesIO()
    Document().save(document)
    cut = document.getvalue()[: document.tell() * 2 // 3]
    given.file(draft, by=author, name="坏.docx", content=cut)
    session.commit()
    Worker(app).drain(("inspect",))
    session.rollback()
    [blob] = session.scalars(select(Blob)).all()
    assert blob.inspected_at is not None
    assert blob.trouble == "damaged"
    assert blob.thumbnail_key is None


def test_a_job_that_fails_is_put_back_and_the_others_go_on(
    app: Flask, hub: Hub, session: Session, given: Given
) -> None:
    author = given.teacher(school=given.home())
    live = given.published(by=author, audience=Audience.PUBLIC)
    now = utc_now()
    session.add(Job(kind="mail_password", subject="no number", run_at=now, created_at=now))
    session.commit()
    assert Worker(app).drain() == 3
    session.rollback()
    assert found(hub, "二分之一", "public") == [live.resource_id]
    [job] = session.scalars(select(Job)).all()
    assert (job.kind, job.state, job.attempts) == ("mail_password", JobState.WAITING, 1)
    assert "no number" in job.error


def test_index_and_database_agree_after_a_drain(
    app: Flask, hub: Hub, session: Session, given: Given
) -> None:
    author = given.teacher(school=given.home())
    live = [given.published(by=author, audience=Audience.PUBLIC) for _ in range(5)]
    take_step(given.uow, author, live[0].id, Action.WITHDRAW, comment="错")
    session.commit()
    assert len(compare(session, hub.search, now=utc_now()).not_indexed) == 4
    Worker(app).drain()
    session.rollback()
    session.connection(execution_options={WRITING: True})
    assert not compare(session, hub.search, now=utc_now())
    assert sorted(hub.search.indexed()) == sorted(each.resource_id for each in live[1:])


def test_a_change_waits_as_long_as_the_index_is_out_of_order(
    app: Flask, hub: Hub, session: Session, given: Given
) -> None:
    live = given.published(by=given.teacher(school=given.home()), audience=Audience.PUBLIC)
    session.commit()
    pointer = hub.data / "index" / "current.json"
    sound = pointer.read_text()
    pointer.write_text("rubbish")
    worker = Worker(app)
    for _ in range(2 * MAX_ATTEMPTS):
        session.execute(update(Job).values(run_at=utc_now()))
        session.commit()
        assert worker.drain(("index",)) == 1
    session.rollback()
    [job] = session.scalars(select(Job).where(Job.kind == "index")).all()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert job.error == "The search index is damaged and must be rebuilt."
    job.run_at = utc_now()
    session.commit()
    pointer.write_text(sound)
    assert worker.drain(("index",)) == 1
    assert found(hub, "二分之一", "public") == [live.resource_id]


def test_a_worker_that_starts_looks_again_into_what_older_readers_saw(
    app: Flask, hub: Hub, session: Session, given: Given
) -> None:
    del hub
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    given.file(draft, by=author, name="名单.txt", content="家长电话 13812345678".encode())
    session.commit()
    Worker(app).drain(("inspect",))
    session.rollback()
    [blob] = session.scalars(select(Blob)).all()
    blob.findings, blob.inspected_by = [], 0
    session.commit()

    def was_seen() -> bool:
        session.rollback()
        return session.scalars(select(Blob.inspected_by)).one() == READERS

    with running(app):
        seconds_until(was_seen)
    assert session.scalars(select(Blob.findings)).one() == [
        ["mobile_phone", None, "", "138******78"]
    ]
