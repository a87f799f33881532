"""The text of a scan comes page by page, is kept as text like any other, and says what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.files import Facts, Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.scans import ReadPage
from resource_hub.files.types import TYPES
from resource_hub.models import Attachment, Blob, BlobText, Job, Recognition, Revision
from resource_hub.services.inspecting import note_facts
from resource_hub.services.recognising import (
    let_be,
    note_page,
    promise_missing_recognition,
    promise_recognition,
    recognise_pages,
)
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Clock, Given

CARD = "家长电话 13812345678"


@dataclass
class Eyes:
    """Reads what is written on the pages of a file that is not there; remembers which it saw."""

    pages: Mapping[int, str | Trouble]
    total: int
    seen: list[int] = field(default_factory=list)

    def read_page(self, path: Path, code: str, number: int) -> ReadPage:
        assert (path.read_bytes(), code) == (b"%PDF-1.7 a scan", "pdf")
        self.seen.append(number)
        found = self.pages.get(number, "")
        if isinstance(found, Trouble):
            raise Unreadable(found)
        return ReadPage(found, self.total)


@pytest.fixture
def author(given: Given) -> Person:
    return given.teacher(school=given.home())


@pytest.fixture
def published(given: Given, author: Person) -> Revision:
    draft = given.draft(by=author)
    given.file(draft, by=author, name="扫描.pdf", content=b"%PDF-1.7 a scan")
    return given.admit(draft)


@pytest.fixture
def key(uow: UnitOfWork, published: Revision) -> str:
    """Of a scan of three pages that was looked into."""
    key = published.attachments[0].blob_key
    note_facts(uow, key, Facts(TYPES["pdf"], pages=3, trouble=Trouble.NO_TEXT), None)
    promise_recognition(uow, key)
    uow.session.execute(delete(Job).where(Job.kind != "recognise"))
    uow.session.commit()
    return key


def read(uow: UnitOfWork, storage: Storage, eyes: Eyes, key: str, *, most: int = 100) -> None:
    """Work as the worker does, and end it after ``most`` pages."""
    for page in recognise_pages(uow.session, storage, eyes, key):
        note_page(uow, key, page)
        uow.session.commit()
        most -= 1
        if most == 0:
            return


def promised(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(Job.kind, Job.subject).order_by(Job.id))
    return [(kind, subject) for kind, subject in rows]


def test_what_stands_on_each_page_is_text_of_the_file_with_its_place(
    uow: UnitOfWork, session: Session, storage: Storage, published: Revision, key: str
) -> None:
    assert promised(session) == [("recognise", key)]
    assert session.get_one(Blob, key).recognition == Recognition.WAITING
    eyes = Eyes({1: "通讯录", 3: CARD}, total=3)
    read(uow, storage, eyes, key)

    blob, text = session.get_one(Blob, key), session.get_one(BlobText, key)
    assert eyes.seen == [1, 2, 3]
    assert (blob.recognition, blob.recognised_pages, blob.trouble) == ("found", 3, "no_text")
    assert (text.text, text.places) == (f"通讯录\n\n{CARD}", [[0, "page", "1"], [5, "page", "3"]])
    assert blob.findings == [["mobile_phone", "page", "3", "138******78"]]
    assert promised(session)[1:] == [
        ("compare", str(published.id)),
        ("index", str(published.resource_id)),
    ]


def test_a_worker_that_ends_goes_on_with_the_next_page(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    first, second = (Eyes({1: "一", 2: "二", 3: "三三三"}, total=3) for _ in range(2))
    read(uow, storage, first, key, most=2)
    assert session.get_one(Blob, key).recognition == Recognition.WAITING
    assert session.get_one(BlobText, key).text == "一\n\n二"
    read(uow, storage, second, key)
    assert (first.seen, second.seen) == ([1, 2], [3])
    assert session.get_one(BlobText, key).text == "一\n\n二\n\n三三三"


def test_two_workers_at_one_file_do_not_write_a_page_twice(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    eyes = Eyes({1: "第一页有字"}, total=3)
    pages = recognise_pages(session, storage, eyes, key)
    page = next(pages)
    pages.close()
    note_page(uow, key, page)
    note_page(uow, key, page)
    assert session.get_one(BlobText, key).text == "第一页有字"


def test_a_page_that_fails_is_passed_over_and_three_in_a_row_end_it(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    eyes = Eyes({1: Trouble.KILLED, 2: "中间一页", 3: Trouble.DAMAGED}, total=3)
    read(uow, storage, eyes, key)
    assert session.get_one(BlobText, key).places == [[0, "page", "2"]]

    blob = session.get_one(Blob, key)
    blob.recognition, blob.recognised_pages, blob.pages = Recognition.WAITING, 0, 50
    session.commit()
    eyes = Eyes(dict.fromkeys(range(1, 51), Trouble.TOO_SLOW), total=50)
    read(uow, storage, eyes, key)
    assert (eyes.seen, session.get_one(Blob, key).recognition) == ([1, 2, 3], "found")


def test_where_nothing_is_found_the_file_has_no_text(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    read(uow, storage, Eyes({2: "| 1"}, total=3), key)
    blob, text = session.get_one(Blob, key), session.get_one(BlobText, key)
    assert (blob.recognition, text.text, text.places) == ("nothing", "", [])
    assert promised(session) == [("recognise", key)]


def test_a_second_look_at_the_file_keeps_what_was_recognised(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    read(uow, storage, Eyes({1: CARD}, total=3), key)
    session.get_one(Blob, key).findings = []  # of readers that knew less
    note_facts(uow, key, Facts(TYPES["pdf"], pages=3, trouble=Trouble.NO_TEXT), None)
    promise_recognition(uow, key)
    blob = session.get_one(Blob, key)
    assert blob.findings == [["mobile_phone", "page", "1", "138******78"]]
    assert blob.recognition == Recognition.FOUND
    assert session.get_one(BlobText, key).text == CARD
    assert [kind for kind, _ in promised(session)].count("recognise") == 1


def test_the_place_that_a_photograph_tells_is_not_forgotten(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    session.get_one(Blob, key).findings = [["place_taken", None, "", ""]]
    session.commit()
    read(uow, storage, Eyes({1: CARD}, total=1), key)
    assert session.get_one(Blob, key).findings == [
        ["place_taken", None, "", ""],
        ["mobile_phone", "page", "1", "138******78"],
    ]


def test_readers_that_find_text_take_the_place_of_what_was_recognised(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    read(uow, storage, Eyes({1: CARD}, total=3), key)
    note_facts(uow, key, Facts(TYPES["pdf"], pages=3, text="真正的文字"), None)
    blob = session.get_one(Blob, key)
    assert (blob.recognition, blob.findings) == (None, [])
    assert session.get_one(BlobText, key).text == "真正的文字"


def test_without_the_extra_what_was_begun_is_let_be(
    uow: UnitOfWork, session: Session, storage: Storage, key: str
) -> None:
    let_be(uow, key)
    assert session.get_one(Blob, key).recognition is None
    promise_missing_recognition(uow)
    read(uow, storage, Eyes({1: "写了一页"}, total=3), key, most=1)
    let_be(uow, key)
    assert session.get_one(Blob, key).recognition == Recognition.FOUND


def test_files_that_were_here_before_follow_one_by_one_the_newest_first(
    uow: UnitOfWork, session: Session, clock: Clock, given: Given, author: Person
) -> None:
    draft = given.draft(by=author)
    looked_into: dict[str, Facts] = {
        "旧.pdf": Facts(TYPES["pdf"], pages=2, trouble=Trouble.NO_TEXT),
        "有字.pdf": Facts(TYPES["pdf"], pages=2, text="有字"),
        "照片.jpg": Facts(TYPES["jpg"], width=1200, height=1600),
        "图标.png": Facts(TYPES["png"], width=64, height=64),
    }
    keys = {}
    for name, facts in looked_into.items():
        clock.pass_(minutes=1)
        given.file(draft, by=author, name=name, content=name.encode())
        session.flush()
        newest = select(Attachment.blob_key).order_by(Attachment.id.desc()).limit(1)
        keys[name] = session.scalars(newest).one()
        blob = session.get_one(Blob, keys[name])
        blob.family, blob.format = facts.file_type.family, facts.file_type.code
        note_facts(uow, keys[name], facts, None)
    session.execute(delete(Job))

    assert promise_missing_recognition(uow) == 2
    assert promise_missing_recognition(uow) == 0

    jobs = session.scalars(select(Job).order_by(Job.run_at)).all()
    assert [job.subject for job in jobs] == [keys["照片.jpg"], keys["旧.pdf"]]
    assert jobs[1].run_at - jobs[0].run_at == timedelta(seconds=30)
