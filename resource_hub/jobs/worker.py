"""The worker: claims what is due, works, finishes or puts back; one thread a lane."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import groupby

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from resource_hub.domain.errors import WrongState
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.extensions import db
from resource_hub.jobs.handlers import BATCH, HANDLERS, LANES, PATIENCE, NotNow
from resource_hub.jobs.tools import Tools
from resource_hub.services import periodic, queue
from resource_hub.services.inspecting import promise_second_looks, read_by_older_ones
from resource_hub.services.page_prints import promise_missing_page_prints, without_page_prints
from resource_hub.services.recognising import promise_missing_recognition, without_recognition
from resource_hub.services.work_prints import promise_missing_prints, without_print

log = logging.getLogger(__name__)

PROMPT, IDLE = 0.2, 1.0
"""Seconds between two looks when nothing is due, in a prompt lane and in any other."""

PROMPT_LANES = ("quick", "files")
"""A publication is findable, and the first page of a file there, within a second."""

BEAT = 20.0
"""Seconds between two heartbeats, a third of a lease."""


PERIODIC = "verify"
"""The lane that does this looks at the clock."""

LOOK_AT_CLOCK = 60.0
"""Seconds between two looks at the clock."""


class Worker:
    """Keeps promises until told to stop. Several workers, on several machines, may run at once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stop = threading.Event()
        self._host = socket.gethostname().replace(":", "-")
        self.name = f"{self._host}:{os.getpid()}"

    def run(self) -> None:
        """Work until :meth:`stop`; frees first what dead workers of this machine had claimed."""
        self.free_dead()
        self.promise_second_looks()
        threads = [
            threading.Thread(
                target=self._lane,
                args=(kinds, PROMPT if lane in PROMPT_LANES else IDLE),
                name=f"lane-{lane}",
            )
            for lane, kinds in LANES.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """Finish the job in hand, then end."""
        self._stop.set()

    def free_dead(self) -> None:
        with self._app.app_context(), writing() as uow:
            queue.free_dead(uow.session, host=self._host, now=uow.now())

    def promise_second_looks(self) -> None:
        """After an upgrade, or a new extra: what was looked into before is looked into again."""
        with self._app.app_context():
            waiting = read_by_older_ones(reading())
            db.session.rollback()
            if waiting:
                with writing() as uow:
                    promise_second_looks(uow)
            without = without_print(reading())
            db.session.rollback()
            if without:
                with writing() as uow:
                    promise_missing_prints(uow)
            unseen = without_page_prints(reading())
            db.session.rollback()
            if unseen:
                with writing() as uow:
                    promise_missing_page_prints(uow)
            if not hub().ocr:
                return
            unrecognised = without_recognition(reading())
            db.session.rollback()
            if unrecognised:
                with writing() as uow:
                    promise_missing_recognition(uow)

    def promise_due(self) -> None:
        """Promise what the hour brings; the first of several workers does."""
        with self._app.app_context():
            ticks = periodic.due_ticks(reading(), hub().now(), hub().zone)
            db.session.rollback()
            for kind, day in ticks:
                with suppress(WrongState), writing() as uow:
                    periodic.promise_tick(uow, kind, day)

    def drain(self, kinds: tuple[str, ...] = tuple(HANDLERS)) -> int:
        """Do everything that is due now, in this thread; returns how many jobs were done."""
        done = 0
        tools = Tools()
        with tools.stack:
            while count := self._turn(kinds, tools):
                done += count
        return done

    def _lane(self, kinds: tuple[str, ...], idle: float) -> None:
        tools = Tools(stopping=self._stop.is_set)
        looked = -LOOK_AT_CLOCK
        with tools.stack:
            while not self._stop.is_set():
                try:
                    if PERIODIC in kinds and time.monotonic() - looked >= LOOK_AT_CLOCK:
                        looked = time.monotonic()
                        self.promise_due()
                    busy = self._turn(kinds, tools)
                except SQLAlchemyError:
                    log.exception("the database does not answer; the worker tries again")
                    busy = 0
                    self._stop.wait(BEAT / 4)
                if not busy:
                    self._stop.wait(idle)

    def _turn(self, kinds: tuple[str, ...], tools: Tools) -> int:
        """Claim and do one batch of each kind; returns how many jobs it was."""
        with self._app.app_context():
            due = queue.due_kinds(reading(), kinds, hub().now())
            db.session.rollback()
            done = 0
            for kind in filter(due.__contains__, kinds):
                jobs = self._claim(kind)
                if jobs:
                    self._do(kind, jobs, tools)
                    done += len(jobs)
            return done

    def _claim(self, kind: str) -> list[tuple[int, str]]:
        with writing() as uow:
            jobs = queue.claim(
                uow.session,
                kinds=(kind,),
                worker=self.name,
                now=uow.now(),
                most=BATCH.get(kind, 1),
            )
            return [(job.id, job.subject) for job in jobs]

    def _do(self, kind: str, jobs: list[tuple[int, str]], tools: Tools) -> None:
        ids = [job_id for job_id, _subject in jobs]
        subjects = [subject for subject, _ in groupby(sorted(subject for _, subject in jobs))]
        try:
            with self._heartbeat(ids):
                HANDLERS[kind](subjects, tools)
        except NotNow as reason:
            db.session.rollback()
            with writing() as uow:
                queue.put_off(uow.session, ids, worker=self.name, reason=str(reason), now=uow.now())
        except Exception as error:  # whatever a job meets, the worker must live on
            log.exception("a job of kind %s failed", kind)
            db.session.rollback()
            with writing() as uow:
                queue.put_back(
                    uow.session,
                    ids,
                    worker=self.name,
                    error=repr(error),
                    now=uow.now(),
                    patience=PATIENCE.get(kind, queue.Patience()),
                )
        else:
            with writing() as uow:
                queue.finish(uow.session, ids, worker=self.name)

    @contextmanager
    def _heartbeat(self, ids: list[int]) -> Iterator[None]:
        """Extend the lease of ``ids`` while the block runs."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(BEAT):
                try:
                    with self._app.app_context(), writing() as uow:
                        queue.extend(uow.session, ids, worker=self.name, now=uow.now())
                except SQLAlchemyError:  # the next beat tries again, well before the lease ends
                    log.warning("a heartbeat did not reach the database", exc_info=True)

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
