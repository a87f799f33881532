"""Do what is due before a command ends, so that what it made can be found at once."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.cli.console import progress
from resource_hub.domain.errors import N_
from resource_hub.edge.current import hub, reading
from resource_hub.models import Job, JobState

LOOK = 0.2
"""Seconds between two looks at the queue."""

SOON = timedelta(minutes=1)
"""A job that is put back waits less; a release date lies further off."""

PATIENCE = 900.0
"""Seconds without any progress after which the rest is left to the worker."""


def drain(kinds: Sequence[str] = ("inspect", "index")) -> None:
    """Work until nothing of ``kinds`` is due, together with a worker that may be running."""
    hand = current_app.extensions["worker"]()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            # One kind after the other: the index then takes what many files held at once.
            if not sum(hand.drain((kind,)) for kind in kinds):
                stop.wait(LOOK)

    total = left = count_due(reading(), kinds)
    if not left:
        return
    thread = threading.Thread(target=work, name="drain", daemon=True)
    thread.start()
    last_change = time.monotonic()
    try:
        with progress(N_("Making it findable"), total) as bar:
            while left and thread.is_alive() and time.monotonic() - last_change < PATIENCE:
                stop.wait(LOOK)
                now_left = count_due(reading(), kinds)
                if now_left != left:
                    left, last_change = now_left, time.monotonic()
                bar.reach(max(0, total - left))
    finally:
        stop.set()
        hand.stop()
        thread.join()


def count_due(session: Session, kinds: Sequence[str]) -> int:
    """How many jobs wait or run that a worker would do within a minute."""
    session.rollback()  # look at what is there now
    return (
        session.scalar(
            select(func.count(Job.id)).where(
                Job.kind.in_(kinds),
                Job.state != JobState.SET_ASIDE,
                Job.run_at <= hub().now() + SOON,
            )
        )
        or 0
    )
