"""What was found in a file is kept with it, told before it is submitted, and looked at again."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid
from resource_hub.domain.file_policy import FilePolicy
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State
from resource_hub.files import READERS, Facts, Trouble
from resource_hub.files.inspection import inspect
from resource_hub.models import Attachment, Blob, BlobText, Job, Revision
from resource_hub.services import review
from resource_hub.services.inspecting import look_into, note_facts, promise_second_looks
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.files import made, made_old
from tests.given import Clock, Given


class Here:
    """Looks into files in this process."""

    def inspect(self, path: Path, name: str) -> Facts:
        return inspect(path, name)


@pytest.fixture
def author(given: Given) -> Person:
    return given.teacher(school=given.home())


@pytest.fixture
def draft(given: Given, author: Person) -> Revision:
    return given.draft(by=author)


def inspected(uow: UnitOfWork, storage: Storage, revision: Revision) -> Blob:
    """Look into the newest file of a draft, as the worker does."""
    key = revision.attachments[-1].blob_key
    uow.session.commit()
    found = look_into(uow.session, storage, Here(), key)
    assert found is not None
    note_facts(uow, key, *found)
    uow.session.flush()
    return uow.session.get_one(Blob, key)


def submit(uow: UnitOfWork, author: Person, revision: Revision, policy: FilePolicy) -> Revision:
    return review.take_step(
        uow, author, revision.id, Action.SUBMIT, rights_declared=True, file_policy=policy
    )


def test_numbers_of_people_are_kept_masked_with_their_page(
    uow: UnitOfWork, storage: Storage, given: Given, author: Person, draft: Revision
) -> None:
    given.file(draft, by=author, name="a.pdf", content=made.pdf("静夜思", "家长 13812345678"))
    blob = inspected(uow, storage, draft)
    assert blob.findings == [["mobile_phone", "page", "2", "138******78"]]
    assert (blob.inspected_by, blob.macros) == (READERS, False)


def test_what_an_archive_holds_is_kept_and_searched(
    uow: UnitOfWork, storage: Storage, given: Given, author: Person, draft: Revision
) -> None:
    content = made.packed({"教案/静夜思.docx": "x" * 300, "课件.pptx": "y"})
    given.file(draft, by=author, name="包.zip", content=content)
    blob = inspected(uow, storage, draft)
    text = uow.session.get_one(BlobText, blob.key)
    assert text.text == "教案/静夜思.docx\n课件.pptx"
    assert text.listing == {"total": 2, "members": [["教案/静夜思.docx", 300], ["课件.pptx", 1]]}


def test_macros_are_kept(
    uow: UnitOfWork, storage: Storage, given: Given, author: Person, draft: Revision
) -> None:
    content = made_old.powerpoint(made_old.wide("静夜思"), macros=True)
    given.file(draft, by=author, name="课件.ppt", content=content)
    assert inspected(uow, storage, draft).macros


LOCKED = made.ole("EncryptedPackage", "EncryptionInfo")
CUT = made.pdf("x")[:600]
MACROS = made_old.powerpoint(made_old.wide("静夜思"), macros=True)


@pytest.mark.parametrize(
    ("name", "content", "policy", "words"),
    [
        ("a.docx", LOCKED, FilePolicy(encrypted=False), "asks for a password"),
        ("a.pdf", CUT, FilePolicy(damaged=False), "is damaged"),
        ("a.ppt", MACROS, FilePolicy(macros=False), "holds macros"),
        ("a.docx", made.pdf("x"), FilePolicy(misnamed=False), "does not fit"),
    ],
)
def test_what_a_setting_refuses_must_be_removed_before_it_is_submitted(
    uow: UnitOfWork, storage: Storage, given: Given, author: Person, draft: Revision,
    name: str, content: bytes, policy: FilePolicy, words: str,
) -> None:  # fmt: skip
    given.file(draft, by=author, name=name, content=content)
    with pytest.raises(Invalid, match="is still being looked into"):
        submit(uow, author, draft, policy)
    inspected(uow, storage, draft)
    with pytest.raises(Invalid, match=words):
        submit(uow, author, draft, policy)
    assert submit(uow, author, draft, FilePolicy()).state is State.IN_REVIEW


def test_sound_files_pass_the_strictest_settings(
    uow: UnitOfWork, storage: Storage, given: Given, author: Person, draft: Revision
) -> None:
    given.file(draft, by=author, name="a.docx", content=made.document("静夜思"))
    inspected(uow, storage, draft)
    nothing = FilePolicy(encrypted=False, damaged=False, macros=False, misnamed=False)
    assert submit(uow, author, draft, nothing).state is State.IN_REVIEW


def test_files_that_older_readers_saw_are_looked_into_again_once(
    uow: UnitOfWork, session: Session, clock: Clock, given: Given, author: Person, draft: Revision
) -> None:
    for number in range(5):
        given.file(draft, by=author, name=f"{number}.txt", content=f"{number}".encode())
    session.execute(delete(Job))
    keys = session.scalars(
        select(Attachment.blob_key)
        .where(Attachment.revision_id == draft.id)
        .order_by(Attachment.id)
    ).all()
    old, killed, new, waiting, other_old = (session.get_one(Blob, key) for key in keys)
    for blob in (old, killed, new, other_old):
        blob.inspected_at, blob.inspected_by = clock(), READERS - 1
    killed.trouble, new.inspected_by = Trouble.KILLED.value, READERS
    old.trouble = Trouble.UNSUPPORTED.value
    session.flush()
    assert waiting.inspected_at is None

    assert promise_second_looks(uow) == 2
    session.flush()
    assert promise_second_looks(uow) == 0

    jobs = session.scalars(select(Job).order_by(Job.run_at)).all()
    assert {job.subject for job in jobs} == {old.key, other_old.key}
    assert [job.kind for job in jobs] == ["inspect", "inspect"]
    assert jobs[1].run_at - jobs[0].run_at == timedelta(seconds=5)
