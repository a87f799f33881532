"""Files that arrive in pieces: announced, received, continued, finished, discarded, forgotten.

No transaction is open while bytes travel or a disk works: on SQLite it would hold up every other
writer, on PostgreSQL it would keep a connection for hours.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem, TooLarge, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.uploads import (
    PATIENCE,
    Announcement,
    LineBroken,
    UploadDamaged,
    UploadLimits,
    UploadMoved,
    UploadTaken,
    check_size,
    check_type,
)
from resource_hub.models import Upload
from resource_hub.services.announcing import (
    admit,
    admit_more,
    await_bytes,
    going_on,
    here_already,
)
from resource_hub.services.arrivals import Begun, at_most, begun_of, looked_at, our_words
from resource_hub.services.blob_uses import BytesGone
from resource_hub.services.drafting import editable_revision
from resource_hub.services.queries.uploads import (
    NO_SUCH_UPLOAD,
    expired_uploads,
    own_upload,
)
from resource_hub.services.unit_of_work import FASTER, UnitOfWork
from resource_hub.services.uploading import Kept, attach, check_room_for
from storage import BlobMissing, Storage
from storage import UploadMissing as StorageMissing

FINISHED = N_("This upload is finished already.")

ATTEMPTS = 3
"""How often a finished upload is put into a draft that somebody else is changing."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Where uploads arrive.

    Args:
        reading: the session for reading.
        writing: opens one change in one transaction.
    """

    storage: Storage
    limits: UploadLimits
    reading: Callable[[], Session]
    writing: Callable[[], AbstractContextManager[UnitOfWork]]
    now: Callable[[], datetime]

    def announce(
        self, person: Person, revision_id: int, file: Announcement, *, upload_id: str = ""
    ) -> Begun | None:
        """Say before any byte travels what shall become of ``file``: None, it is attached already.

        Otherwise the upload to send it to: a new one, or the person's own unfinished one of the
        same file, from wherever it was begun.

        Args:
            upload_id: the one to go on with, when the person has pointed at it.

        Raises:
            TooLarge, Invalid: it would not be taken, in a sentence.
            WrongState, NotAllowed, Missing: the draft cannot be changed by this person now.
        """
        check_size(self.limits, file.size or 0)
        with self.writing() as uow:
            editable_revision(uow, person, revision_id)
            check_type(self.limits, file.filename)
            going = going_on(uow, person, revision_id, file, upload_id)
        if going is not None and going.received == going.size:
            going = self.look(person, going.id)  # finished now, or refused in a sentence
        if going is not None:
            return None if going.is_finished else going
        kept = here_already(self.reading(), self.storage, person, file, self.now())
        if kept is not None:
            with self.writing() as uow, suppress(BytesGone):  # a moment ago, unused for long
                attach(uow, person, revision_id, kept, limits=self.limits)
                return None
        return self.create(person, revision_id, file)

    def create(self, person: Person, revision_id: int, file: Announcement) -> Begun:
        """Open a new upload; raises as ``announce`` does."""
        with self.writing() as uow:
            admit(uow, person, revision_id, file, limits=self.limits)
        with our_words():
            upload_id = self.storage.begin()
        try:
            with self.writing() as uow:
                admit(uow, person, revision_id, file, limits=self.limits)
                begun = await_bytes(uow, person, revision_id, file, upload_id)
        except BaseException:
            self.storage.discard(upload_id)
            raise
        return begun

    def look(self, person: Person, upload_id: str) -> Begun:
        """How far it is, as the storage knows it; one that has arrived in full is finished first.

        Raises:
            Missing: there is none, as far as this person may know.
        """
        upload = own_upload(self.reading(), person, upload_id, self.now())
        if upload.blob_key is not None:
            return begun_of(upload)
        try:
            return self._noted(person, upload_id, self._received(upload_id))
        except StorageMissing:
            return self._gone(person, upload_id)

    def check_owner(self, person: Person, upload_id: str) -> None:
        """Raise ``Missing`` unless the upload is this person's."""
        own_upload(self.reading(), person, upload_id, self.now())

    def declare(self, person: Person, upload_id: str, size: int) -> None:
        """Say the size of an upload that was begun without; only once.

        Raises:
            Invalid: another size was said before, or more has arrived already.
            TooLarge: it does not fit.
        """
        with self.writing() as uow:
            upload = own_upload(uow.session, person, upload_id, uow.now(), to_change=True)
            if upload.size == size:
                return
            if upload.size is not None or size < max(upload.received, 1):
                raise Invalid([Problem("files", N_("The size of an upload is said only once."))])
            revision = editable_revision(uow, person, upload.revision_id)
            check_room_for(uow, person, revision, size, limits=self.limits, besides=upload_id)
            upload.size = size

    def take(
        self,
        person: Person,
        upload_id: str,
        source: BinaryIO,
        *,
        offset: int,
        length: int | None = None,
        accept: Callable[[], bool] | None = None,
    ) -> Begun:
        """Receive what ``source`` gives, and finish the upload when nothing is missing any more.

        Args:
            offset: where these bytes belong.
            length: how many bytes were promised, if that was said.
            accept: asked when all has arrived; on no it is thrown away.

        Raises:
            UploadMoved: ``offset`` is not where the upload ends.
            UploadTaken: a newer connection goes on with it.
            UploadDamaged: ``accept`` said no.
            LineBroken: the sender went away; what arrived is kept.
            TooLarge: more than was announced, or the disk is full.
            Missing: there is no such upload, as far as this person may know.
        """
        upload = own_upload(self.reading(), person, upload_id, self.now())
        if upload.blob_key is not None:
            raise UploadMoved(FINISHED)
        most = self.limits.file if upload.size is None else upload.size
        if upload.size is None:
            with self.writing() as uow:
                admit_more(uow, person, upload_id, offset + (length or 1), limits=self.limits)
        self.reading().rollback()  # gives the connection back while bytes travel
        if offset + (length or 0) > most:
            raise TooLarge(N_("More was sent than had been announced. Choose the file again."))
        try:
            with our_words():
                end = self.storage.append(
                    upload_id, at_most(source, most - offset), offset=offset, accept=accept
                )
        except StorageMissing as error:
            self._gone(person, upload_id)
            raise UploadMoved(FINISHED) from error
        except UploadTaken:
            self.check_owner(person, upload_id)  # it may be gone, with its draft
            raise
        except OSError as error:  # of the line; those of a disk come as StorageError
            self.look(person, upload_id)
            raise LineBroken(N_("The line broke. What has arrived is safe.")) from error
        return self._noted(person, upload_id, end)

    def discard(self, person: Person, upload_id: str) -> None:
        """Give up an upload; its bytes go. What it became, if it was finished, stays."""
        with self.writing() as uow:
            upload = own_upload(uow.session, person, upload_id, uow.now(), to_change=True)
            uow.session.delete(upload)
        with our_words():
            self.storage.discard(upload_id)

    def forget_expired(self) -> int:
        """Remove what nobody went on with in time; returns how many uploads that were."""
        now, gone = self.now(), 0
        while ids := expired_uploads(self.reading(), now):
            for upload_id in ids:
                self.reading().rollback()
                self.storage.discard(upload_id)
                with self.writing() as uow:
                    upload = uow.session.get(Upload, upload_id)
                    if upload is not None:
                        uow.session.delete(upload)
                gone += 1
        return gone

    def _received(self, upload_id: str) -> int:
        self.reading().rollback()
        with our_words():
            return self.storage.received(upload_id)

    def _noted(self, person: Person, upload_id: str, received: int) -> Begun:
        """Remember how far it is; finish it when nothing is missing."""
        with self.writing() as uow:
            upload = own_upload(uow.session, person, upload_id, uow.now(), to_change=True)
            upload.received = received
            upload.expires_at = uow.now() + PATIENCE
            begun = begun_of(upload)
        if received != begun.size or begun.is_finished:
            return begun
        return self._finish(person, begun)

    def _finish(self, person: Person, begun: Begun) -> Begun:
        """Make a blob of it, and a file of the draft; may be repeated whenever it was cut off."""
        try:
            with our_words():
                blob = self.storage.finish(begun.id)
                is_what_was_said, file_type = looked_at(self.storage, blob, begun.file)
        except (StorageMissing, BlobMissing):
            return self._gone(person, begun.id)
        if not is_what_was_said:
            self.discard(person, begun.id)
            raise UploadDamaged(
                N_("The file changed while it was being uploaded. Choose it again.")
            )
        kept = Kept(blob.key, blob.size, begun.file.filename, file_type, self.storage)
        finished = self._attached(person, begun.id, begun.revision_id, kept)
        with our_words():
            self.storage.discard(begun.id)
        return finished

    def _attached(self, person: Person, upload_id: str, revision_id: int, kept: Kept) -> Begun:
        """Put it into the draft, once.

        When that is refused (no room, under review meanwhile), the upload stays as it is, whole:
        as soon as the reason is gone it can be finished without sending a byte again.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.writing() as uow:
                    upload = own_upload(uow.session, person, upload_id, uow.now(), to_change=True)
                    if upload.blob_key is None:
                        attachment = attach(
                            uow, person, revision_id, kept, limits=self.limits, besides=upload_id
                        )
                        upload.blob_key, upload.attachment_id = kept.key, attachment.id
                    return begun_of(upload)
            except WrongState as error:
                if error.sentence != FASTER or attempt == ATTEMPTS:
                    raise
            except BytesGone:
                return self._gone(person, upload_id)
            except Invalid:  # for what is in it: no waiting makes that good
                self.discard(person, upload_id)
                raise
            except Missing:  # the draft is gone, and the upload's row with it
                self.storage.discard(upload_id)
                raise
        raise AssertionError("the last attempt returns or raises")

    def _gone(self, person: Person, upload_id: str) -> Begun:
        """What the storage does not have (any more): another connection has just finished it.

        Raises:
            Missing: it is lost, for the hub as well.
        """
        with self.writing() as uow:
            upload = own_upload(uow.session, person, upload_id, uow.now(), to_change=True)
            if upload.blob_key is not None:
                return begun_of(upload)
            uow.session.delete(upload)
        self.storage.discard(upload_id)
        raise Missing(NO_SUCH_UPLOAD)
