"""What the worker does every night: read every blob, and tidy up."""

from collections.abc import Callable
from datetime import timedelta

from resource_hub.domain.errors import WrongState
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import hub, reading, reception, writing
from resource_hub.files.bounded import remove_left_scratch
from resource_hub.models import AskedBy
from resource_hub.services.opinions import forget_old_opinions
from resource_hub.services.periodic import forget_old_ticks
from resource_hub.services.queries.uploads import awaited_uploads
from resource_hub.services.scanning import promise_scans
from resource_hub.services.unused_blobs import (
    due,
    look_for_unused,
    note_unused,
    remove,
    unused_total,
)
from resource_hub.services.usage import forget_downloaders
from resource_hub.services.verifying import Care, forget_old_verifications, run

KILLED_WRITERS = 24 * 3600.0
"""Seconds after which what a killed writer left in the storage, or on the disk, is removed."""


def verify(stopping: Callable[[], bool]) -> bool:
    """Read everything at the night's pace; returns whether it came to the end.

    Somebody who verifies at the command line just now does it in our place.
    """
    care = Care(threads=1, rate=hub().verify_rate, stopping=stopping)
    steps = run(reading(), writing, hub().storage, hub().search, asked_by=AskedBy.NIGHT, care=care)
    try:
        return any(step.is_over for step in steps)
    except WrongState:
        return True


def tidy() -> None:
    """Remove what nothing uses any more and what killed writers left behind, and say so."""
    reception().forget_expired()
    storage, grace = hub().storage, timedelta(days=hub().unused_days)
    awaited = awaited_uploads(reading(), hub().now())
    reading().rollback()
    storage.sweep(KILLED_WRITERS, awaited=awaited)
    remove_left_scratch(KILLED_WRITERS)
    for unused in look_for_unused(reading(), storage):
        with writing() as uow:
            note_unused(uow, unused)
    keys = due(reading(), now=hub().now(), grace=grace)
    removed = []
    for key in keys:
        with writing() as uow:
            size = remove(uow, storage, key, grace=grace)
        if size is not None:
            removed.append(size)
    if hub().clamd:
        with writing() as uow:
            promise_scans(uow)  # of what was here before there was a scanner
    with writing() as uow:
        waiting, waiting_size = unused_total(uow.session)
        uow.record(
            "blobs:tidy",
            by=OPERATOR,
            removed=len(removed),
            removed_size=sum(removed),
            waiting=waiting,
            waiting_size=waiting_size,
        )
        forget_downloaders(uow)
        forget_old_ticks(uow)
        forget_old_verifications(uow)
        forget_old_opinions(uow)
