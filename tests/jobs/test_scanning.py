"""Files are looked at for viruses before they are submitted, and nobody gets one."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.edge.current import Hub
from resource_hub.jobs.worker import Worker
from resource_hub.models import Attachment, AuditEvent, Blob, Job, JobState, Notice, Revision
from resource_hub.services import review, uploading
from resource_hub.services.queries.stored_files import INFECTED, files_of_revision, find_file
from resource_hub.services.queue import MAX_ATTEMPTS
from resource_hub.services.scanning import promise_scans
from tests.files.scanner import NAME, VIRUS, Mood, Scanner, free_port, scanner
from tests.given import LIMITS, Clock, Given

WAITS = (
    "“教案.txt” has not been looked at for viruses yet: try again in a moment,"
    " and tell the administrator if this goes on."
)
INFECTED_FILE = (
    f"A virus was found in “教案.txt” ({NAME}): remove it, clean your computer,"
    " and upload a good one."
)
SCANNED = replace(LIMITS, policy=replace(LIMITS.policy, unscanned=False))


@pytest.fixture
def daemon(app: Flask) -> Iterator[Scanner]:
    with scanner() as (server, url):
        app.extensions["hub"] = replace(app.extensions["hub"], clamd=url)
        yield server


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


def draft_with(given: Given, by: Person, content: bytes, name: str = "教案.txt") -> Revision:
    revision = given.draft(by=by)
    kept = uploading.keep(given.storage, io.BytesIO(content), name)
    uploading.attach(given.uow, by, revision.id, kept, limits=SCANNED)
    given.session.commit()
    return revision


def submit(given: Given, by: Person, revision: Revision) -> Revision:
    given.session.rollback()  # what the worker has written meanwhile is seen
    return review.take_step(
        given.uow, by, revision.id, Action.SUBMIT,
        rights_declared=True, file_policy=SCANNED.policy,
    )  # fmt: skip


def why_not(given: Given, by: Person, revision: Revision) -> list[str]:
    with pytest.raises(Invalid) as refused:
        submit(given, by, revision)
    return [str(problem) for problem in refused.value.problems]


def scan(app: Flask) -> None:
    with app.app_context():
        Worker(app).drain(("scan",))


def the_job(session: Session) -> Job:
    session.rollback()
    return session.scalars(select(Job).where(Job.kind == "scan")).one()


def test_a_file_waits_for_the_scanner_and_goes_on_when_it_is_clean(
    app: Flask, daemon: Scanner, given: Given, wang: Person
) -> None:
    revision = draft_with(given, wang, b"lesson")
    assert why_not(given, wang, revision) == [WAITS]
    scan(app)
    assert daemon.files == 1
    assert submit(given, wang, revision).submitted_at is not None


def test_a_virus_stays_with_its_author_and_is_told(
    app: Flask, daemon: Scanner, given: Given, wang: Person, clock: Clock
) -> None:
    chief = given.administrator()
    revision = draft_with(given, wang, VIRUS)
    scan(app)
    assert daemon.files == 1
    assert why_not(given, wang, revision) == [INFECTED_FILE]
    session, public_id = given.session, revision.resource.public_id
    attachment = session.scalars(select(Attachment)).one()
    with pytest.raises(NotAllowed, match=INFECTED):
        find_file(session, wang, public_id, attachment.id, clock())
    assert files_of_revision(session, wang, revision.id, clock()) == []
    told = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(notice.user_id, notice.kind, notice.values["comment"]) for notice in told] == [
        (wang.id, "virus", f"教案.txt: {NAME}"),
        (chief.id, "virus_of_others", f"教案.txt: {NAME}"),
    ]
    tags = session.scalars(select(AuditEvent.tag).where(AuditEvent.tag == "file:virus")).all()
    assert tags == ["file:virus"]


def test_the_same_virus_found_again_is_told_once(
    app: Flask, daemon: Scanner, given: Given, wang: Person
) -> None:
    draft_with(given, wang, VIRUS)
    scan(app)
    given.session.rollback()
    given.uow.promise("scan", given.session.scalars(select(Blob.key)).one())
    given.session.commit()
    scan(app)
    assert daemon.files == 2
    assert len(given.session.scalars(select(Notice)).all()) == 1


@pytest.mark.parametrize("mood", [Mood.ERROR, Mood.HANGS_UP])
def test_while_the_scanner_is_unwell_a_file_waits_for_ever_and_is_never_passed(
    app: Flask, daemon: Scanner, given: Given, wang: Person, clock: Clock, mood: Mood
) -> None:
    revision = draft_with(given, wang, b"lesson")
    daemon.mood = mood
    for _ in range(MAX_ATTEMPTS + 2):
        scan(app)
        clock.pass_(minutes=1)
    job = the_job(given.session)
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert "The virus scanner gave no verdict" in (job.error or "")
    assert why_not(given, wang, revision) != []
    daemon.mood = Mood.WELL
    scan(app)
    assert submit(given, wang, revision).submitted_at is not None


def test_a_scanner_that_is_not_there_is_waited_for(app: Flask, given: Given, wang: Person) -> None:
    gone = f"tcp://127.0.0.1:{free_port()}"
    app.extensions["hub"] = replace(app.extensions["hub"], clamd=gone)
    draft_with(given, wang, b"lesson")
    scan(app)
    assert "does not answer" in (the_job(given.session).error or "")


def test_a_file_too_large_for_the_scanner_is_set_aside_for_the_administrator(
    app: Flask, daemon: Scanner, given: Given, wang: Person, clock: Clock
) -> None:
    revision = draft_with(given, wang, b"lesson")
    daemon.most = 3
    for _ in range(MAX_ATTEMPTS):
        scan(app)
        clock.pass_(minutes=10)
    job = the_job(given.session)
    assert job.state is JobState.SET_ASIDE
    assert "StreamMaxLength" in (job.error or "")
    assert why_not(given, wang, revision) != []


@pytest.mark.usefixtures("daemon")
def test_what_was_here_before_the_scanner_is_looked_at_too(
    app: Flask, given: Given, wang: Person
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, content=VIRUS)
    given.admit(draft)
    assert promise_scans(given.uow) == 1
    assert promise_scans(given.uow) == 0
    given.session.commit()
    scan(app)
    assert given.session.scalars(select(Blob.virus)).all() == [NAME]


def test_without_a_scanner_nothing_waits(app: Flask, given: Given, wang: Person) -> None:
    hub: Hub = app.extensions["hub"]
    assert (hub.clamd, hub.limits.policy.unscanned) == ("", True)
    draft = given.draft(by=wang)
    given.file(draft, by=wang)
    given.session.commit()
    assert given.session.scalars(select(Job.id).where(Job.kind == "scan")).all() == []
