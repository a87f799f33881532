"""Pages of files as pictures: promised once, made in the background, shown with their file."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.files import Trouble
from resource_hub.models import Attachment, Blob, Job, JobState, Preview, Rendition, Revision
from resource_hub.services import review
from resource_hub.services.previews import (
    make_pages,
    note_pages,
    promise_first_pages,
    promise_pages,
    span,
    subject_of,
    wait_for,
)
from resource_hub.services.queries.previews import file_view, find_page, page_totals, pages_of
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Clock, Given
from tests.services.sheets import Printer

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


@pytest.fixture
def pdf(given: Given, wang: Person) -> Attachment:
    """A PDF in a draft of ``wang``."""
    return with_file(given, given.draft(by=wang), wang)


def with_file(
    given: Given, revision: Revision, by: Person, name: str = "教案.pdf", content: bytes = PDF
) -> Attachment:
    given.file(revision, by=by, name=name, content=content)
    return given.session.scalars(
        select(Attachment)
        .where(Attachment.revision_id == revision.id)
        .order_by(Attachment.id.desc())
    ).first()  # type: ignore[return-value]  # it has just been added


def print_pages(
    uow: UnitOfWork, storage: Storage, printer: Printer, key: str, number: int = 1
) -> None:
    """What the worker does for one job."""
    uow.session.flush()
    uow.session.commit()
    stored = make_pages(uow.session, storage, printer, subject_of(key, number))
    if stored is not None:
        note_pages(uow, storage, stored)
        uow.session.commit()


def made(session: Session, key: str) -> list[int]:
    return [page.number for page in pages_of(session, [key]).get(key, ())]


def jobs(session: Session, *kinds: str) -> list[tuple[str, str]]:
    rows = session.execute(select(Job.kind, Job.subject).where(Job.kind.in_(kinds)))
    return [(kind, subject) for kind, subject in rows]


@pytest.mark.parametrize(
    ("number", "together"),
    [(1, (1, 3)), (3, (1, 3)), (4, (4, 11)), (11, (4, 11)), (12, (12, 19)), (40, (36, 40))],
)
def test_pages_are_made_a_few_at_a_time(number: int, together: tuple[int, int]) -> None:
    assert span(number) == together


def test_the_first_pages_follow_the_inspection(uow: UnitOfWork, pdf: Attachment) -> None:
    promise_first_pages(uow, pdf.blob_key)
    promise_first_pages(uow, pdf.blob_key)
    uow.session.flush()
    assert jobs(uow.session, "preview") == [("preview", f"{pdf.blob_key}:1")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("课文.txt", "春眠不觉晓".encode()),
        ("网页.html", "<!doctype html><p>春眠不觉晓</p>".encode()),
        ("图.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
)
def test_texts_web_pages_and_drawings_have_pages_too(
    uow: UnitOfWork, given: Given, wang: Person, name: str, content: bytes
) -> None:
    file = with_file(given, given.draft(by=wang), wang, name, content)
    promise_first_pages(uow, file.blob_key)
    uow.session.flush()
    assert jobs(uow.session, "preview") == [("preview", f"{file.blob_key}:1")]


def test_a_film_and_what_asks_for_a_password_have_no_pages(
    uow: UnitOfWork, given: Given, wang: Person, pdf: Attachment
) -> None:
    film = with_file(
        given, given.draft(by=wang), wang, "课.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
    )
    uow.session.get_one(Blob, pdf.blob_key).trouble = Trouble.ENCRYPTED
    promise_first_pages(uow, film.blob_key)
    promise_first_pages(uow, pdf.blob_key)
    uow.session.flush()
    assert jobs(uow.session, "preview") == []


def test_two_readers_wait_for_the_same_job(uow: UnitOfWork, pdf: Attachment, clock: Clock) -> None:
    promise_pages(uow, pdf.blob_key, 5)
    promise_pages(uow, pdf.blob_key, 7)
    promise_pages(uow, pdf.blob_key, 12)
    promise_pages(uow, pdf.blob_key, 41)
    uow.session.flush()
    assert jobs(uow.session, "pages") == [
        ("pages", f"{pdf.blob_key}:4"),
        ("pages", f"{pdf.blob_key}:12"),
    ]
    wait = wait_for(uow.session, pdf.blob_key, 6)
    assert wait is not None
    assert (wait.since, wait.given_up) == (clock(), False)
    assert wait_for(uow.session, pdf.blob_key, 20) is None


def test_who_waits_for_a_job_that_was_set_aside_is_told(uow: UnitOfWork, pdf: Attachment) -> None:
    promise_pages(uow, pdf.blob_key, 1)
    uow.session.flush()
    for job in uow.session.scalars(select(Job).where(Job.kind == "pages")):
        job.state = JobState.SET_ASIDE
    wait = wait_for(uow.session, pdf.blob_key, 1)
    assert wait is not None
    assert wait.given_up


def test_three_pages_are_made_unasked_and_others_when_asked(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    printer = Printer(pages=10)
    print_pages(uow, storage, printer, pdf.blob_key)
    assert made(uow.session, pdf.blob_key) == [1, 2, 3]
    print_pages(uow, storage, printer, pdf.blob_key, number=6)
    assert made(uow.session, pdf.blob_key) == list(range(1, 11))
    assert printer.asked == [("pdf", 1, 3), ("pdf", 4, 10)]
    assert page_totals(uow.session, [pdf.blob_key]) == {pdf.blob_key: 10}


def test_doing_it_twice_makes_nothing_twice(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    printer = Printer(pages=10)
    print_pages(uow, storage, printer, pdf.blob_key)
    before = uow.session.scalars(select(Rendition.id).order_by(Rendition.id)).all()
    print_pages(uow, storage, printer, pdf.blob_key)
    assert uow.session.scalars(select(Rendition.id).order_by(Rendition.id)).all() == before
    assert len(before) == 6
    assert len(printer.asked) == 1


def test_two_workers_at_once_leave_each_page_once(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    uow.session.commit()
    both = [
        make_pages(uow.session, storage, Printer(pages=2), subject_of(pdf.blob_key, 1))
        for _worker in range(2)
    ]
    for stored in both:
        assert stored is not None
        note_pages(uow, storage, stored)
        uow.session.commit()
    assert made(uow.session, pdf.blob_key) == [1, 2]


def test_the_pictures_are_in_the_storage_with_their_sizes(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    print_pages(uow, storage, Printer(pages=1), pdf.blob_key)
    (page,) = pages_of(uow.session, [pdf.blob_key])[pdf.blob_key]
    assert (page.large.width, page.large.height) == (1200, 900)
    assert (page.small.width, page.small.height) == (320, 240)
    with storage.open(page.large.key) as stream:
        assert stream.read(4) == b"RIFF"


def test_a_file_without_a_picture_of_its_own_gets_its_first_page(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    print_pages(uow, storage, Printer(pages=2), pdf.blob_key)
    (first, _second) = pages_of(uow.session, [pdf.blob_key])[pdf.blob_key]
    blob = uow.session.get_one(Blob, pdf.blob_key)
    assert blob.thumbnail_key == first.small.key
    blob.thumbnail_key = None  # as another inspection leaves it
    promise_first_pages(uow, pdf.blob_key)
    assert blob.thumbnail_key == first.small.key


def test_where_only_the_first_pages_were_laid_out_the_end_is_found_by_reading_on(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    printer = Printer(pages=5, knows_total=False)
    print_pages(uow, storage, printer, pdf.blob_key)
    assert page_totals(uow.session, [pdf.blob_key]) == {}
    print_pages(uow, storage, printer, pdf.blob_key, number=4)
    assert page_totals(uow.session, [pdf.blob_key]) == {pdf.blob_key: 5}


def test_pages_end_where_the_printer_broke_down_and_it_is_not_tried_again(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    printer = Printer(pages=20, stops_at=6)
    print_pages(uow, storage, printer, pdf.blob_key)
    print_pages(uow, storage, printer, pdf.blob_key, number=4)
    print_pages(uow, storage, printer, pdf.blob_key, number=12)
    preview = uow.session.get_one(Preview, pdf.blob_key)
    assert (preview.pages, preview.trouble) == (5, "too_slow")
    assert len(printer.asked) == 2


def test_nothing_is_made_of_a_file_that_was_removed(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    key = pdf.blob_key
    uow.session.delete(pdf)
    printer = Printer(pages=3)
    print_pages(uow, storage, printer, key)
    assert printer.asked == []


def test_what_was_made_goes_with_its_file(
    uow: UnitOfWork, storage: Storage, pdf: Attachment
) -> None:
    key = pdf.blob_key
    print_pages(uow, storage, Printer(pages=3), key)
    uow.session.delete(pdf)
    uow.session.flush()
    uow.session.delete(uow.session.get_one(Blob, key))
    uow.session.commit()
    assert uow.session.scalars(select(Rendition)).all() == []
    assert uow.session.scalars(select(Preview)).all() == []


class Readers:
    """Who may open the pictures, asked of both queries that lead to them."""

    def __init__(self, session: Session, attachment: Attachment, clock: Clock) -> None:
        self.session, self.clock = session, clock
        self.attachment_id = attachment.id
        revision = session.get_one(Revision, attachment.revision_id)
        session.refresh(revision, ["resource"])
        self.public_id = revision.resource.public_id

    def open(self, person: Person) -> bool:
        answers = set()
        for size in ("small", "large"):
            try:
                found = find_page(
                    self.session,
                    person,
                    self.public_id,
                    self.attachment_id,
                    number=1,
                    variant=size,
                    now=self.clock(),
                )
            except Missing:
                answers.add(False)
            else:
                answers.add(found.variant == size)
        try:
            view = file_view(self.session, person, self.public_id, self.attachment_id, self.clock())
        except Missing:
            answers.add(False)
        else:
            answers.add(view.attachment.id == self.attachment_id)
        (answer,) = answers
        return answer


def test_the_pages_of_a_draft_are_its_authors_alone(
    uow: UnitOfWork, storage: Storage, given: Given, wang: Person, pdf: Attachment, clock: Clock
) -> None:
    print_pages(uow, storage, Printer(pages=1), pdf.blob_key)
    readers = Readers(uow.session, pdf, clock)
    assert readers.open(wang)
    assert not readers.open(STRANGER)
    assert not readers.open(given.teacher(school=given.school()))
    assert not readers.open(given.administrator())


def test_the_pages_of_what_is_under_review_are_for_those_who_judge_it(
    uow: UnitOfWork, storage: Storage, given: Given, clock: Clock
) -> None:
    school = given.home()
    author = given.teacher(school=school)
    draft = given.draft(by=author)
    attachment = with_file(given, draft, author)
    review.take_step(uow, author, draft.id, Action.SUBMIT, rights_declared=True)
    print_pages(uow, storage, Printer(pages=1), attachment.blob_key)
    readers = Readers(uow.session, attachment, clock)
    assert readers.open(author)
    assert readers.open(given.reviewer(school=school))
    assert not readers.open(given.teacher(school=school))
    assert not readers.open(given.reviewer(school=given.school()))
    assert not readers.open(STRANGER)


@pytest.mark.parametrize(
    ("audience", "open_to"),
    [
        (Audience.PUBLIC, "author colleague neighbour elsewhere stranger"),
        (Audience.ALLIANCE, "author colleague neighbour"),
        (Audience.SCHOOL, "author colleague"),
    ],
)
def test_the_pages_of_what_is_published_are_for_its_audience(
    uow: UnitOfWork,
    storage: Storage,
    given: Given,
    clock: Clock,
    audience: Audience,
    open_to: str,
) -> None:
    school, near = given.school(), given.school()
    given.alliance(school, near)
    people = {
        "author": given.teacher(school=school),
        "colleague": given.teacher(school=school),
        "neighbour": given.teacher(school=near),
        "elsewhere": given.teacher(school=given.school()),
        "stranger": STRANGER,
    }
    draft = given.draft(by=people["author"], audience=audience)
    attachment = with_file(given, draft, people["author"])
    given.admit(draft)
    print_pages(uow, storage, Printer(pages=1), attachment.blob_key)
    readers = Readers(uow.session, attachment, clock)
    assert [name for name, person in people.items() if readers.open(person)] == open_to.split()


def test_the_same_bytes_in_an_open_file_do_not_open_the_hidden_one(
    uow: UnitOfWork, storage: Storage, given: Given, wang: Person, clock: Clock
) -> None:
    shown = given.draft(by=wang, audience=Audience.PUBLIC)
    open_file = with_file(given, shown, wang)
    given.admit(shown)
    hidden = with_file(given, given.draft(by=wang), wang)
    assert hidden.blob_key == open_file.blob_key
    print_pages(uow, storage, Printer(pages=1), hidden.blob_key)
    assert Readers(uow.session, open_file, clock).open(STRANGER)
    assert not Readers(uow.session, hidden, clock).open(STRANGER)


def test_the_files_beside_it_and_the_pages_that_are_made_come_along(
    uow: UnitOfWork, storage: Storage, given: Given, wang: Person, clock: Clock
) -> None:
    draft = given.draft(by=wang)
    first = with_file(given, draft, wang)
    print_pages(uow, storage, Printer(pages=7), first.blob_key)
    readers = Readers(uow.session, first, clock)
    for name in ("b.pdf", "c.pdf"):
        with_file(given, draft, wang, name, PDF + name.encode())
    view = file_view(uow.session, wang, readers.public_id, first.id, clock())
    assert [other.filename for other in view.neighbours] == ["教案.pdf", "b.pdf", "c.pdf"]
    assert list(view.pages) == [1, 2, 3]
    assert view.preview is not None
    assert view.preview.pages == 7
