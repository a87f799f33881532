"""The body of a search document says exactly where its own text, each file and each page begin."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from resource_hub.domain.visibility import Audience
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.files import Facts
from resource_hub.files.facts import Part, PlaceKind
from resource_hub.files.types import TYPES
from resource_hub.models import Blob, BlobText, Job, Revision
from resource_hub.services.document_body import body_of
from resource_hub.services.indexing import documents_of
from resource_hub.services.inspecting import note_facts
from resource_hub.services.unit_of_work import UnitOfWork
from search_index import IndexDocument
from search_index.base import BODY_LIMIT, Place
from tests.given import NOON, Given

SLIDES = "圆的面积\n例题一\n小结"
PARTS = tuple(
    Part(PlaceKind.SLIDE, str(number), SLIDES.index(words))
    for number, words in ((1, "圆的面积"), (2, "例题一"), (4, "小结"))
)


class File:
    """A row as the query gives it."""

    def __init__(
        self, filename: str, text: str | None = None, places: list[list[object]] | None = None
    ) -> None:
        self.filename, self.text, self.places = filename, text, places


def pieces(body: str, places: tuple[Place, ...]) -> Iterator[tuple[str, str, str]]:
    """What stands at each place, up to the next one: file, ``slide 2`` and words."""
    ends = [*(place.start for place in places[1:]), len(body)]
    for place, end in zip(places, ends, strict=True):
        yield place.file, f"{place.kind} {place.label}".strip(), body[place.start : end].strip("\n")


def test_own_text_comes_first_then_each_file_at_its_name_then_its_pages() -> None:
    slides: list[list[object]] = [[part.start, part.kind.value, part.label] for part in PARTS]
    body, places = body_of(
        ["把月饼平均分", "", "教学目标"],
        [File("圆.pptx", SLIDES, slides), File("图.png"), File("说明.txt", "先看图", [])],
    )
    assert list(pieces(body, places)) == [
        ("", "", "把月饼平均分\n教学目标"),
        ("圆.pptx", "", "圆.pptx"),
        ("圆.pptx", "slide 1", "圆的面积"),
        ("圆.pptx", "slide 2", "例题一"),
        ("圆.pptx", "slide 4", "小结"),
        ("图.png", "", "图.png"),
        ("说明.txt", "", "说明.txt\n先看图"),
    ]
    starts = [place.start for place in places]
    assert starts == sorted(set(starts))
    assert starts[0] == 0


def test_a_file_alone_begins_the_body_and_nothing_gives_nothing() -> None:
    assert body_of([""], [File("a.txt", "b", [])]) == ("a.txt\nb", (Place(0, "a.txt"),))
    assert body_of(["", ""], []) == ("", ())


@pytest.mark.parametrize("own", [BODY_LIMIT - 1, BODY_LIMIT, BODY_LIMIT + 1])
def test_no_place_lies_beyond_what_is_indexed(own: int) -> None:
    body, places = body_of(["字" * own], [File("a.txt", "b", [])] * 60)
    assert len(body) == min(own, BODY_LIMIT)
    assert places == (Place(0, ""),)


def document(session: Session, revision: Revision) -> IndexDocument:
    [found] = documents_of(session, [revision.resource_id], now=NOON)
    return found


def test_what_was_found_in_a_file_reaches_the_document_with_its_places(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    author = given.teacher(school=given.home())
    revision = given.draft(by=author, audience=Audience.PUBLIC, text="正文", sections={})
    given.file(revision, by=author, name="圆.pptx", content=b"1")
    given.file(revision, by=author, name="坏.pdf", content=b"2")
    given.admit(revision)
    first, second = revision.attachments
    note_facts(uow, first.blob_key, Facts(TYPES["pptx"], text=SLIDES, parts=PARTS, pages=4), None)
    note_facts(uow, second.blob_key, Facts(TYPES["pdf"], pages=1), None)
    session.flush()
    found = document(session, revision)
    assert list(pieces(found.body, found.places)) == [
        ("", "", "正文"),
        ("圆.pptx", "", "圆.pptx"),
        ("圆.pptx", "slide 1", "圆的面积"),
        ("圆.pptx", "slide 2", "例题一"),
        ("圆.pptx", "slide 4", "小结"),
        ("坏.pdf", "", "坏.pdf"),
    ]


def test_looking_into_a_file_again_replaces_its_places(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    author = given.teacher(school=given.home())
    revision = given.draft(by=author)
    given.file(revision, by=author, name="圆.pptx", content=b"1")
    key = revision.attachments[0].blob_key
    for parts in (PARTS, PARTS[:1]):
        note_facts(uow, key, Facts(TYPES["pptx"], text=SLIDES, parts=parts), None)
        session.flush()
        session.expire_all()
    assert session.get_one(BlobText, key).places == [[0, "slide", "1"]]


def test_an_older_database_looks_again_into_files_with_pages_one_every_five_seconds(
    engine: Engine, session: Session
) -> None:
    for number, (pages, words) in enumerate([(3, "a"), (None, "b"), (2, ""), (1, "c")]):
        blob = Blob(
            key=f"{number}" * 64, size=1, format="pdf", media_type="application/pdf",
            family="document", pages=pages, created_at=NOON,
        )  # fmt: skip
        session.add(blob)
        session.flush()
        if words:
            session.add(BlobText(blob_key=blob.key, text=words))
    session.commit()
    downgrade(engine, "0001")
    before = datetime.now(UTC)
    upgrade(engine)
    session.rollback()
    jobs = session.scalars(select(Job).order_by(Job.run_at)).all()
    assert [(job.kind, job.subject[0], job.attempts) for job in jobs] == [
        ("inspect", "0", 0),
        ("inspect", "3", 0),
    ]
    assert jobs[1].run_at - jobs[0].run_at == timedelta(seconds=5)
    assert jobs[0].run_at >= before
    assert set(session.scalars(select(BlobText.text))) == {"a", "b", "c"}
    assert all(found.places == [] for found in session.scalars(select(BlobText)))
    with engine.connect() as connection:
        places = connection.scalars(text("SELECT CAST(places AS TEXT) FROM blob_text")).all()
    assert set(places) == {"[]"}


def test_a_file_without_places_is_told_from_its_name_alone(session: Session, given: Given) -> None:
    author = given.teacher(school=given.home())
    revision = given.draft(by=author, text="", sections={}, audience=Audience.PUBLIC)
    given.file(revision, by=author, name="未看.txt", content=b"x")
    given.admit(revision)
    found = document(session, revision)
    assert (found.body, found.places) == ("未看.txt", (Place(0, "未看.txt"),))
