"""Uploads that nobody went on with go by themselves."""

import io
import os

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.uploads import PATIENCE, Announcement
from resource_hub.edge.current import hub, reception
from resource_hub.jobs.worker import Worker
from resource_hub.models import Upload
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given


def test_an_upload_goes_after_a_week_of_silence(
    app: Flask, given: Given, uow: UnitOfWork, session: Session, clock: Clock
) -> None:
    wang = given.teacher(school=given.home())
    draft = given.draft(by=wang).id
    session.commit()
    with app.app_context():
        reception().announce(wang, draft, Announcement.of("film.mp4", 100))
    for days, left in ((PATIENCE.days - 1, 1), (1, 0)):
        clock.pass_(days=days)
        uow.promise("tidy", str(days))
        session.commit()
        Worker(app).drain(("tidy",))
        session.rollback()
        assert len(session.scalars(select(Upload)).all()) == left


def test_an_upload_that_was_asked_for_since_keeps_its_bytes(
    app: Flask, given: Given, uow: UnitOfWork, session: Session, clock: Clock
) -> None:
    wang = given.teacher(school=given.home())
    draft = given.draft(by=wang).id
    session.commit()
    with app.app_context():
        begun = reception().create(wang, draft, Announcement.of("film.mp4", 100))
        reception().take(wang, begun.id, io.BytesIO(b"beginning"), offset=0)
        [folder] = hub().data.rglob(begun.id)
        for path in (*folder.iterdir(), folder):
            os.utime(path, (0, 0))  # long before the week in which nobody added anything
        clock.pass_(days=PATIENCE.days - 1)
        reception().look(wang, begun.id)
    clock.pass_(days=PATIENCE.days - 1)
    uow.promise("tidy", "")
    session.commit()
    Worker(app).drain(("tidy",))

    with app.app_context():
        assert reception().look(wang, begun.id).received == len(b"beginning")
