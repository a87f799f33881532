"""A lesson that is only pictures is found again when somebody else hands it in as a scan."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from resource_hub.domain.errors import Invalid
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import Action, State
from resource_hub.domain.visibility import Audience
from resource_hub.files.drawing import draw_prints
from resource_hub.files.page_print import SeenPage
from resource_hub.models import (
    Attachment,
    BlobText,
    Job,
    Notice,
    PageBand,
    PagePrint,
    PrintedFile,
    Relation,
    Revision,
)
from resource_hub.services import kinships, page_prints
from resource_hub.services.queries.alike import AlikeWorks, alike_works
from resource_hub.services.queries.page_pairs import pages_side_by_side
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision
from resource_hub.services.similarity import compare_work, is_compared
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Given
from tests.services.test_similarity import IN_TRADITIONAL, LESSON, Cast, do_comparisons
from tests.worksheets import DRESSES, picture, scan, worksheet

SHEETS = [worksheet(number) for number in range(4)]


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


class InThisProcess:
    """Looks at pages as the workshop's child does."""

    def page_prints(self, path: Path, code: str) -> Mapping[int, SeenPage]:
        return {
            answer.facts["number"]: SeenPage(int(answer.facts["bits"], 16), answer.facts["look"])
            for answer in draw_prints(path, {"code": code})
        }


def look_at_pages(uow: UnitOfWork, storage: Storage, revision: Revision) -> Revision:
    """What the worker does for the files of a revision, once they have been inspected."""
    keys = uow.session.scalars(
        select(Attachment.blob_key).where(Attachment.revision_id == revision.id)
    ).all()
    for key in keys:
        page_prints.promise_page_prints(uow, key)
        uow.session.flush()
        look_at_page_jobs(uow, storage)
    return load_revision(uow.session, revision.id)


def look_at_page_jobs(uow: UnitOfWork, storage: Storage) -> None:
    jobs = uow.session.scalars(select(Job).where(Job.kind == page_prints.PRINT)).all()
    subjects = [job.subject for job in jobs]
    for job in jobs:
        uow.session.delete(job)
    uow.session.commit()
    for key in subjects:
        prints = page_prints.make_page_prints(uow.session, storage, InThisProcess(), key)
        if prints is not None:
            page_prints.note_page_prints(uow, key, prints)
    uow.session.flush()


def with_files(
    given: Given, by: Person, title: str, files: Mapping[str, bytes], **changes: object
) -> Revision:
    draft = given.draft(by=by, title=title, **changes)
    for name, content in files.items():
        given.file(draft, by=by, name=name, content=content)
    given.session.flush()
    return load_revision(given.session, draft.id)


def original(
    given: Given, uow: UnitOfWork, cast: Cast, audience: Audience = Audience.ALLIANCE
) -> Revision:
    """Four worksheets as pictures, published."""
    files = {f"第{number}页.png": picture(page) for number, page in enumerate(SHEETS, start=1)}
    draft = with_files(given, cast.author, "四张学习单", files, audience=audience)
    live = given.admit(look_at_pages(uow, given.storage, draft))
    do_comparisons(uow)
    return live


def scanned(
    given: Given, uow: UnitOfWork, by: Person, pages: Sequence[int] = (3, 0, 2)
) -> Revision:
    """Some of them, in another order, as a grey PDF of less size."""
    draft = with_files(given, by, "我的学习单", {"扫描.pdf": scan([SHEETS[i] for i in pages])})
    return look_at_pages(uow, given.storage, draft)


def seen_by(uow: UnitOfWork, person: Person, revision: Revision) -> AlikeWorks:
    return alike_works(uow.session, person, load_revision(uow.session, revision.id), uow.now())


def pairs_for(
    uow: UnitOfWork, person: Person, new: Revision, old: Revision
) -> list[tuple[int, str, int, str]]:
    return [
        (pair.new.number, pair.new.filename, pair.old.number, pair.old.filename)
        for pair in pages_side_by_side(uow.session, person, new.id, old.id, uow.now())
    ]


def test_a_scan_of_it_is_found_page_by_page_and_asked_about(
    uow: UnitOfWork,
    given: Given,
    cast: Cast,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    source = original(given, uow, cast)
    draft = scanned(given, uow, cast.copier)
    with pytest.raises(Invalid) as caught:
        take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    public_id = load_revision(uow.session, source.id).resource.public_id
    assert [problem.field for problem in caught.value.problems] == [f"alike_{public_id}"]
    [found] = seen_by(uow, cast.copier, draft).known
    assert (found.public_id, found.percent, found.same_pages) == (public_id, 100, 3)
    assert pairs_for(uow, given.reviewer(school=cast.town), draft, source) == []
    kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DERIVED)
    take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    expected = [
        (1, "扫描.pdf", 1, "第4页.png"),
        (2, "扫描.pdf", 1, "第1页.png"),
        (3, "扫描.pdf", 1, "第3页.png"),
    ]
    assert pairs_for(uow, given.reviewer(school=cast.village), draft, source) == expected
    assert pairs_for(uow, cast.copier, draft, source) == expected
    asked = (uow.session, cast.copier, draft.id, source.id, uow.now())
    assert queries(lambda: pages_side_by_side(*asked)) == 3


def test_only_who_may_open_both_sees_the_pages(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    source = original(given, uow, cast, Audience.SCHOOL)
    draft = scanned(given, uow, cast.copier)
    submitted = take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    assert submitted.state is State.IN_REVIEW
    colleague = given.teacher("同事", school=cast.village)
    elsewhere = given.teacher("外人", school=cast.outside)
    for person in (cast.copier, given.reviewer(school=cast.village)):
        assert seen_by(uow, person, draft) == AlikeWorks((), 1)
    for person in (cast.copier, cast.author, colleague, elsewhere, STRANGER):
        assert pairs_for(uow, person, draft, source) == []
    assert len(pairs_for(uow, given.administrator(), draft, source)) == 3


def test_what_other_alliances_have_is_not_compared_with(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    original(given, uow, cast)
    stranger = given.teacher("外人", school=cast.outside)
    draft = scanned(given, uow, stranger)
    assert compare_work(uow.session, draft.id).alike == ()


def test_pages_that_are_looked_at_after_the_submission_are_compared_then(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    original(given, uow, cast)
    draft = with_files(given, cast.copier, "我的学习单", {"扫描.pdf": scan(SHEETS)})
    take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    do_comparisons(uow)
    assert is_compared(uow.session, draft.id)
    look_at_pages(uow, given.storage, draft)
    assert not is_compared(uow.session, draft.id)
    do_comparisons(uow)
    assert seen_by(uow, cast.copier, draft).known[0].same_pages == 4
    told = uow.session.scalars(select(Notice).where(Notice.kind == "found_alike")).all()
    assert [(each.user_id, each.revision_id) for each in told] == [(cast.copier.id, draft.id)]


def test_looking_twice_changes_nothing_and_is_promised_once(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    def kept() -> list[int | None]:
        tables = (PrintedFile, PagePrint, PageBand)
        return [uow.session.scalar(select(func.count()).select_from(table)) for table in tables]

    draft = scanned(given, uow, cast.copier)
    [key] = uow.session.scalars(select(PrintedFile.blob_key)).all()
    before = kept()
    assert before == [1, 3, 48]
    page_prints.promise_page_prints(uow, key)
    uow.session.flush()
    promised = select(func.count()).select_from(Job).where(Job.kind == page_prints.PRINT)
    assert uow.session.scalar(promised) == 0
    uow.session.commit()
    printer = InThisProcess()
    assert page_prints.make_page_prints(uow.session, given.storage, printer, key) is None
    with given.storage.local_copy(key) as path:
        page_prints.note_page_prints(uow, key, printer.page_prints(path, "pdf"))
    assert kept() == before
    page_prints.forget_page_prints(uow, key)
    for _ in range(2):
        uow.session.expire_all()
        page_prints.promise_page_prints(uow, key)
        uow.session.flush()
    assert uow.session.scalar(promised) == 1
    uow.session.query(Job).delete()
    take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    uow.session.query(Attachment).one().blob.inspected_at = uow.now()
    uow.session.flush()
    assert page_prints.promise_missing_page_prints(uow) == 1
    look_at_page_jobs(uow, given.storage)
    assert kept() == before
    assert page_prints.without_page_prints(uow.session) == []


def test_the_same_pages_with_their_words_are_told_by_their_passages_alone(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    source = with_files(given, cast.author, "分月饼", {"一.png": picture(SHEETS[0])}, text=LESSON)
    given.admit(look_at_pages(uow, given.storage, source))
    do_comparisons(uow)
    dressed = DRESSES["JPEG of quality 40"](SHEETS[0])
    draft = with_files(
        given, cast.copier, "分月餅", {"一.jpg": picture(dressed, "JPEG")}, text=IN_TRADITIONAL
    )
    look_at_pages(uow, given.storage, draft)
    [found] = compare_work(uow.session, draft.id).alike
    assert len(found.same_pages) == 1
    [key] = uow.session.scalars(
        select(Attachment.blob_key).where(Attachment.revision_id == draft.id)
    )
    uow.session.add(BlobText(blob_key=key, text=IN_TRADITIONAL, places=[[0, "page", "1"]]))
    uow.session.flush()
    [found] = compare_work(uow.session, draft.id).alike
    assert found.same_pages == ()


def test_a_page_that_many_works_have_makes_none_of_them_alike(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    for number, dress in enumerate(list(DRESSES)[:5]):
        cover = picture(DRESSES[dress](SHEETS[0]).convert("RGB"), "PNG")
        own = picture(worksheet(1 + number))
        work = with_files(given, cast.author, f"课{number}", {"封面.png": cover, "内容.png": own})
        given.admit(look_at_pages(uow, given.storage, work))
    draft = with_files(
        given,
        cast.copier,
        "新课",
        {"封面.jpg": picture(SHEETS[0], "JPEG"), "页.png": picture(worksheet(1).rotate(180))},
    )
    look_at_pages(uow, given.storage, draft)
    assert compare_work(uow.session, draft.id).alike == ()
