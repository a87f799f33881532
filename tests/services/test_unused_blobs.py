"""What nothing uses goes after its time of grace, and never under an upload of the same bytes."""

import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, String, delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import (
    Attachment,
    Base,
    Blob,
    BlobText,
    Rendition,
    RenditionKind,
    UnusedBlob,
)
from resource_hub.services import uploading
from resource_hub.services.blob_uses import BytesGone, claim
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.unused_blobs import (
    due,
    look_for_unused,
    note_unused,
    remove,
    unused_total,
)
from storage import Storage
from tests.conftest import SHANGHAI
from tests.given import LIMITS, NOON, Clock, Given

Writing = Callable[[], AbstractContextManager[UnitOfWork]]
GRACE = timedelta(days=30)


@pytest.fixture
def writing(engine: Engine, clock: Clock) -> Writing:
    """Each change on a connection of its own."""

    def opened() -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(Session(engine), clock, SHANGHAI)

    return opened


@pytest.fixture
def tidied(session: Session, writing: Writing, storage: Storage, clock: Clock) -> Callable[[], int]:
    """Does what the worker does every night; gives how many were removed."""

    def tidy() -> int:
        session.commit()
        for unused in look_for_unused(session, storage):
            with writing() as uow:
                note_unused(uow, unused)
        removed = 0
        for key in due(session, now=clock(), grace=GRACE):
            session.rollback()
            with writing() as uow:
                removed += remove(uow, storage, key, grace=GRACE) is not None
        session.rollback()
        return removed

    return tidy


def test_files_of_drafts_that_were_discarded_go_after_the_time_of_grace(
    given: Given,
    session: Session,
    storage: Storage,
    tidied: Callable[[], int],
    clock: Clock,
) -> None:
    author = given.teacher(school=given.home())
    kept, dropped = given.draft(by=author), given.draft(by=author)
    given.file(kept, by=author, content=b"both")
    given.file(dropped, by=author, content=b"both")
    given.file(dropped, by=author, content=b"only here")
    only = session.scalars(select(Blob).where(Blob.size == len(b"only here"))).one()
    picture = storage.put(io.BytesIO(b"a picture of it"))
    page = storage.put(io.BytesIO(b"its first page"))
    only.thumbnail_key = picture.key
    session.add(BlobText(blob_key=only.key, text="only here", places=[]))
    session.add(
        Rendition(blob_key=only.key, kind=RenditionKind.PAGE, number=1, variant="small",
                  key=page.key, media_type="image/webp", size=page.size, made_at=NOON)
    )  # fmt: skip
    assert tidied() == 0
    assert unused_total(session) == (0, 0)
    session.execute(delete(Attachment).where(Attachment.revision_id == dropped.id))
    assert tidied() == 0
    assert unused_total(session) == (3, len(b"only herea picture of itits first page"))
    clock.pass_(days=29)
    assert tidied() == 0
    clock.pass_(days=1)
    assert tidied() == 3
    assert unused_total(session) == (0, 0)
    assert session.scalars(select(Blob.size)).all() == [len(b"both")]
    assert session.scalars(select(BlobText)).all() == []
    assert session.scalars(select(Rendition)).all() == []
    assert [storage.size(key) for key in list(storage.keys())] == [len(b"both")]


def test_what_is_used_again_is_forgotten_and_its_time_begins_anew(
    given: Given, session: Session, tidied: Callable[[], int], clock: Clock
) -> None:
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    given.file(draft, by=author, content=b"again and again")
    [attachment] = session.scalars(select(Attachment)).all()
    uploading.remove(given.uow, author, draft.id, attachment.id)
    assert tidied() == 0
    clock.pass_(days=20)
    given.file(draft, by=author, content=b"again and again")
    assert unused_total(session) == (0, 0)
    assert tidied() == 0
    session.execute(delete(Attachment))
    assert tidied() == 0
    clock.pass_(days=20)
    assert tidied() == 0
    clock.pass_(days=10)
    assert tidied() == 1


def test_bytes_that_were_put_down_and_never_attached_go_too(
    session: Session, storage: Storage, tidied: Callable[[], int], clock: Clock
) -> None:
    storage.put(io.BytesIO(b"the line broke before it was attached"))
    assert tidied() == 0
    assert unused_total(session)[0] == 1
    clock.pass_(days=31)
    assert tidied() == 1
    assert list(storage.keys()) == []


def unused(
    given: Given, session: Session, storage: Storage, tidied: Callable[[], int], clock: Clock
) -> tuple[str, Person, int]:
    """The key of bytes that are about to go, and a draft to which they are brought again."""
    author = given.teacher(school=given.home())
    draft = given.draft(by=author)
    blob = storage.put(io.BytesIO(b"the same bytes"))
    assert tidied() == 0
    clock.pass_(days=31)
    session.commit()
    return blob.key, author, draft.id


def test_an_upload_that_is_first_keeps_the_bytes(
    given: Given,
    session: Session,
    writing: Writing,
    storage: Storage,
    tidied: Callable[[], int],
    clock: Clock,
) -> None:
    """The housekeeping waits for the transaction that attaches, then leaves the bytes alone."""
    key, author, draft_id = unused(given, session, storage, tidied, clock)
    attached, answers = threading.Event(), []

    def housekeeping() -> None:
        assert attached.wait(10)
        with writing() as uow:
            answers.append(remove(uow, storage, key, grace=GRACE))

    other = threading.Thread(target=housekeeping)
    other.start()
    kept = uploading.keep(storage, io.BytesIO(b"the same bytes"), "a.txt")
    with writing() as uow:
        uploading.attach(uow, author, draft_id, kept, limits=LIMITS)
        attached.set()
        other.join(0.5)  # it cannot come to its end before this transaction does
        assert answers == []
    other.join(10)
    assert answers == [None]
    with storage.open(key) as stream:
        assert stream.read() == b"the same bytes"


def test_an_upload_that_is_second_is_told_to_bring_the_bytes_again(
    given: Given,
    session: Session,
    writing: Writing,
    storage: Storage,
    tidied: Callable[[], int],
    clock: Clock,
) -> None:
    """The bytes were put down, then removed, then attached: never a row without bytes."""
    key, author, draft_id = unused(given, session, storage, tidied, clock)
    kept = uploading.keep(storage, io.BytesIO(b"the same bytes"), "a.txt")
    removing, answers = threading.Event(), []

    def upload() -> None:
        assert removing.wait(10)
        try:
            with writing() as uow:
                uploading.attach(uow, author, draft_id, kept, limits=LIMITS)
                answers.append("attached")
        except BytesGone:
            answers.append("bring them again")

    other = threading.Thread(target=upload)
    other.start()
    with writing() as uow:
        assert remove(uow, storage, key, grace=GRACE) == len(b"the same bytes")
        removing.set()
        other.join(0.5)
        assert answers == []
    other.join(10)
    assert answers == ["bring them again"]
    kept = uploading.keep(storage, io.BytesIO(b"the same bytes"), "a.txt")
    with writing() as uow:
        uploading.attach(uow, author, draft_id, kept, limits=LIMITS)
    assert storage.size(key) == len(b"the same bytes")


@pytest.mark.parametrize("repeat", range(5))
def test_in_whatever_order_they_come_every_row_has_its_bytes(
    given: Given,
    session: Session,
    writing: Writing,
    storage: Storage,
    tidied: Callable[[], int],
    clock: Clock,
    repeat: int,
) -> None:
    del repeat
    key, author, draft_id = unused(given, session, storage, tidied, clock)
    barrier = threading.Barrier(2)

    def housekeeping() -> None:
        barrier.wait()
        with writing() as uow:
            remove(uow, storage, key, grace=GRACE)

    other = threading.Thread(target=housekeeping)
    other.start()
    barrier.wait()
    while True:
        kept = uploading.keep(storage, io.BytesIO(b"the same bytes"), "a.txt")
        try:
            with writing() as uow:
                uploading.attach(uow, author, draft_id, kept, limits=LIMITS)
        except BytesGone:
            continue
        break
    other.join(10)
    assert storage.size(key) == len(b"the same bytes")
    session.rollback()
    assert session.scalars(select(Attachment.blob_key)).all() == [key]


def test_a_claim_of_bytes_that_are_gone_is_refused(uow: UnitOfWork, storage: Storage) -> None:
    with pytest.raises(BytesGone):
        claim(uow, storage, "c" * 64)


def test_the_least_grace_is_a_day_whatever_is_set(
    writing: Writing, session: Session, storage: Storage, clock: Clock
) -> None:
    blob = storage.put(io.BytesIO(b"young"))
    session.commit()
    with writing() as uow:
        uow.session.add(UnusedBlob(key=blob.key, size=5, since=clock()))
    clock.pass_(hours=23)
    assert due(session, now=clock(), grace=timedelta(0)) == []
    session.rollback()
    with writing() as uow:
        assert remove(uow, storage, blob.key, grace=timedelta(0)) is None
    assert storage.size(blob.key) == 5


def test_every_column_that_names_bytes_is_known_to_the_list_of_uses() -> None:
    """Whoever adds a column with a key must say here, and in ``blob_uses``, whether it is a use."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.type.length == 64
    }
    uses = {
        "attachment.blob_key", "blob.thumbnail_key", "judged_file.blob_key", "rendition.key",
        "upload.blob_key", "artefact.blob_hash", "issue.cover_key", "entry.thumbnail_key",
        "statement_file.blob_hash", "post_picture.key",
    }  # fmt: skip
    others = {
        "page_comparison.before_key", "page_comparison.after_key",
        "blob.key", "blob_text.blob_key", "rendition.blob_key", "preview.blob_key",
        "printed_file.blob_key", "page_print.blob_key", "page_print.bits",
        "sign_in.token_hash", "verification.cursor", "fault.key", "unused_blob.key",
        "upload.first", "upload.last", "upload.whole", "remark.words", "remark.picture",
        "form_choice.digest", "form_text.digest", "review.form", "submission.checked_form",
        "comparison.digest", "invitation.token_hash", "statement.digest",
        "remark.blob_key",  # what was judged is kept by its copy, judged_file
    }  # fmt: skip
    assert named <= uses | others, named - uses - others
