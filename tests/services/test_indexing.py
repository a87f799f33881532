"""What is read for the index: exactly what is live and released, in few queries."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import BlobText
from resource_hub.services import indexing, review, uploading
from search_index import IndexDocument
from tests.documents_by_objects import documents_by_objects
from tests.given import LIMITS, NOON, Given


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that go to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def without_places(documents: Iterator[IndexDocument]) -> dict[int, IndexDocument]:
    return {document.resource_id: replace(document, places=()) for document in documents}


@pytest.fixture
def shelf(given: Given) -> list[int]:
    """Resources of every fate; the ids of those that should be findable at noon."""
    school, other = given.school(), given.home()
    given.alliance(school, other)
    wang, zhao = given.teacher(school=school), given.teacher("赵静", school=other)
    plain = given.published(
        by=wang, grades=("g4", "g3"), keywords=("分数", "月饼"), unit="第八单元"
    )
    filed = given.draft(by=zhao, audience=Audience.PUBLIC, text="")
    for number, (name, words) in enumerate(
        (("教案.txt", "把一张纸对折。"), ("b.txt", ""), ("a.txt", "圆的面积"))
    ):
        kept = uploading.keep(given.storage, io.BytesIO(b"file %d" % number), name)
        uploading.attach(given.uow, zhao, filed.id, kept, limits=LIMITS)
        if words:
            given.session.add(BlobText(blob_key=kept.key, text=words))
    given.admit(filed)
    long = given.draft(by=wang)
    kept = uploading.keep(given.storage, io.BytesIO(b"long"), "long.txt")
    uploading.attach(given.uow, wang, long.id, kept, limits=LIMITS)
    given.session.add(BlobText(blob_key=kept.key, text="长" * 200_000))
    given.admit(long)
    given.draft(by=wang)
    given.submitted(by=zhao)
    given.published(by=wang, release_on=date(2026, 10, 13))
    gone = given.published(by=zhao)
    review.take_step(given.uow, zhao, gone.id, Action.WITHDRAW, comment="错了")
    given.session.flush()
    return [plain.resource_id, filed.resource_id, long.resource_id]


def test_what_is_read_is_what_the_objects_say(session: Session, shelf: list[int]) -> None:
    expected = documents_by_objects(session, NOON)
    assert sorted(expected) == sorted(shelf)
    assert without_places(indexing.all_documents(session, now=NOON)) == expected
    everything = range(1, 100)
    assert without_places(indexing.documents_of(session, everything, now=NOON)) == expected


def test_a_release_date_that_has_come_adds_a_document(session: Session, shelf: list[int]) -> None:
    later = NOON + timedelta(days=1)
    read = without_places(indexing.all_documents(session, now=later))
    assert len(read) == len(shelf) + 1
    assert read == documents_by_objects(session, later)


def test_batches_meet_without_gap_or_repetition(
    session: Session, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 3)
    author = given.teacher(school=given.home())
    ids = [given.published(by=author).resource_id for _ in range(7)]
    session.flush()
    read = [document.resource_id for document in indexing.all_documents(session, now=NOON)]
    assert sorted(read) == ids
    asked = [document.resource_id for document in indexing.documents_of(session, ids, now=NOON)]
    assert sorted(asked) == ids


def test_one_document_or_many_take_the_same_queries(
    session: Session, engine: Engine, given: Given
) -> None:
    author = given.teacher(school=given.home())

    def queries() -> int:
        session.flush()
        with counted(engine) as statements:
            list(indexing.all_documents(session, now=NOON))
        return len(statements)

    given.published(by=author, grades=("g3",))
    one = queries()
    for _ in range(3):
        given.published(by=author, grades=("g1", "g2"))
    assert queries() == one
