"""Discard a draft together with what is on its way to it."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import delete, select

from resource_hub.domain.people import Person
from resource_hub.models import Upload
from resource_hub.services import drafting
from resource_hub.services.revisions import hold_still
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage, StorageError

log = logging.getLogger(__name__)


def discard_draft(
    writing: Callable[[], AbstractContextManager[UnitOfWork]],
    storage: Storage,
    person: Person,
    revision_id: int,
) -> None:
    """Discard a draft as ``drafting.discard`` does, and the bytes of its unfinished uploads.

    Their rows go with the draft, and then nobody would count the bytes or know their name: who
    begins, sends and discards could fill the disk. A line that still sends is told to stop.
    """
    with writing() as uow:
        hold_still(uow.session, revision_id)  # from here on none is added
        uploads = uow.session.scalars(
            select(Upload.id).where(Upload.revision_id == revision_id, Upload.blob_key.is_(None))
        ).all()
        uow.session.execute(delete(Upload).where(Upload.id.in_(uploads)))
        drafting.discard(uow, person, revision_id)
    for upload_id in uploads:
        try:
            storage.discard(upload_id)
        except StorageError as error:  # the nightly sweep finds it after its week
            log.warning("the bytes of upload %s were not discarded: %s", upload_id, error)
