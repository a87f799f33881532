"""Works that are like others: found before they are submitted, answered, shown to those who may."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import (
    Attachment,
    Blob,
    BlobText,
    FoundAlike,
    Job,
    Kinship,
    Notice,
    Relation,
    Revision,
    WorkPrint,
    WorkValue,
)
from resource_hub.services import drafting, kinships, work_prints
from resource_hub.services.queries.alike import AlikeWorks, alike_works, credited, descendants
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision
from resource_hub.services.similarity import compare_work, is_compared
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given

LESSON = (
    "上课前，老师拿出一个月饼，问谁愿意和同桌分着吃。学生说要分得一样多才公平。老师把月饼切成两块，"
    "请大家比一比大小，引出平均分的意思。然后每人折一张圆形的纸，对折一次，涂出其中的一份，说说这一份"
    "是整张纸的几分之几。再请三个小组分别把纸折成四份、八份，比一比谁的一份大，想一想为什么份数越多每份越小。"
)
IN_TRADITIONAL = (
    "上課前，老師拿出一個月餅，問誰願意和同桌分著吃。學生說要分得一樣多才公平。老師把月餅切成兩塊，"
    "請大家比一比大小，引出平均分的意思。然後每人折一張圓形的紙，對折一次，塗出其中的一份，說說這一份"
    "是整張紙的幾分之幾。再請三個小組分別把紙折成四份、八份，比一比誰的一份大，想一想為什麼份數越多每份越小。"
)


class Cast:
    """Two schools of one alliance, one outside it; what the town's teacher has published."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.outside = given.home()
        self.author = given.teacher("王敏", school=self.town)
        self.copier = given.teacher("赵云", school=self.village)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def do_comparisons(uow: UnitOfWork) -> None:
    """Those that are promised, as the worker does them."""
    jobs = uow.session.scalars(select(Job).where(Job.kind == "compare").order_by(Job.id)).all()
    for job in jobs:
        if uow.session.get(Revision, int(job.subject)) is not None:
            kinships.note_comparison(uow, compare_work(uow.session, int(job.subject)))
        uow.session.delete(job)
    uow.session.flush()


@pytest.fixture
def work_off(uow: UnitOfWork) -> Callable[[], None]:
    return lambda: do_comparisons(uow)


def original(given: Given, cast: Cast, audience: Audience = Audience.ALLIANCE) -> Revision:
    return given.published(by=cast.author, title="分月饼", text=LESSON, audience=audience)


def copy(given: Given, by: Person) -> Revision:
    return given.draft(by=by, title="認識幾分之一", text=IN_TRADITIONAL)


def submit(uow: UnitOfWork, person: Person, revision: Revision) -> Revision:
    return take_step(uow, person, revision.id, Action.SUBMIT, rights_declared=True)


def seen_by(uow: UnitOfWork, person: Person, revision: Revision) -> AlikeWorks:
    loaded = load_revision(uow.session, revision.id)
    return alike_works(uow.session, person, loaded, uow.now())


def fields(caught: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.field for problem in caught.value.problems]


def test_a_copy_in_traditional_script_is_not_submitted_before_its_author_has_answered(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    source = original(given, cast)
    work_off()
    draft = copy(given, cast.copier)
    with pytest.raises(Invalid) as caught:
        submit(uow, cast.copier, draft)
    public_id = source.resource.public_id
    assert fields(caught) == [f"alike_{public_id}"]
    found = seen_by(uow, cast.copier, draft)
    assert [(each.public_id, each.percent, each.may_get_version) for each in found.known] == [
        (public_id, found.known[0].percent, False)
    ]
    assert found.known[0].percent >= 90
    kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DERIVED)
    assert submit(uow, cast.copier, draft).state is State.IN_REVIEW


def test_it_is_compared_at_submission_even_if_no_job_has_run(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    original(given, cast)
    work_off()
    draft = copy(given, cast.copier)
    assert not is_compared(uow.session, draft.id)
    with pytest.raises(Invalid):
        submit(uow, cast.copier, draft)


def test_what_the_author_may_not_see_is_only_counted(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    original(given, cast, Audience.SCHOOL)
    work_off()
    draft = submit(uow, cast.copier, copy(given, cast.copier))
    assert draft.state is State.IN_REVIEW
    assert seen_by(uow, cast.copier, draft) == AlikeWorks((), 1)
    coordinator = given.coordinator(school=cast.town)
    assert [each.title for each in seen_by(uow, coordinator, draft).known] == ["分月饼"]


def test_only_the_own_alliance_and_what_is_for_everyone_is_compared_with(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    original(given, cast)
    work_off()
    stranger = given.teacher("外人", school=cast.outside)
    draft = submit(uow, stranger, copy(given, stranger))
    assert seen_by(uow, stranger, draft) == AlikeWorks()
    given.published(by=cast.author, title="给大家", text=LESSON, audience=Audience.PUBLIC)
    work_off()
    other = copy(given, stranger)
    kinships.look_for_alike(uow, stranger, other)
    found = seen_by(uow, stranger, other).known
    assert [each.title for each in found] == ["認識幾分之一", "给大家"]


def test_drafts_of_others_are_theirs_alone(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None], clock: Clock
) -> None:
    hidden = given.draft(by=cast.author, text=LESSON)
    uow.promise("compare", hidden.id)
    work_off()
    draft = submit(uow, cast.copier, copy(given, cast.copier))
    assert seen_by(uow, cast.copier, draft) == AlikeWorks()
    work_off()
    clock.pass_(minutes=2)
    assert kinships.look_for_alike(uow, cast.author, hidden) == AlikeWorks((), 1)


def test_two_that_cross_are_found_by_the_job(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    first = submit(uow, cast.author, given.draft(by=cast.author, text=LESSON))
    second = submit(uow, cast.copier, copy(given, cast.copier))
    work_off()
    found = uow.session.execute(select(FoundAlike.revision_id, FoundAlike.other_id)).all()
    assert [tuple(row) for row in found] == [(second.id, first.id)]
    told = uow.session.scalars(select(Notice).where(Notice.kind == "found_alike")).all()
    assert [(notice.user_id, notice.revision_id) for notice in told] == [
        (cast.copier.id, second.id)
    ]


def test_a_file_that_is_read_after_the_submission_is_compared_then(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    public_id = original(given, cast).resource.public_id
    work_off()
    draft = given.draft(by=cast.copier, title="折纸")
    given.file(draft, by=cast.copier, name="教案.txt", content=IN_TRADITIONAL.encode())
    revision = submit(uow, cast.copier, draft)
    reviewer = given.reviewer(school=cast.village)
    key = uow.session.scalars(select(Attachment.blob_key)).one()
    uow.session.add(BlobText(blob_key=key, text=IN_TRADITIONAL, places=[]))
    blob = uow.session.get_one(Blob, key)
    blob.inspected_at = uow.now()
    work_prints.promise_comparisons(uow, key)
    uow.session.flush()
    with pytest.raises(WrongState):
        take_step(uow, reviewer, revision.id, Action.APPROVE)
    work_off()
    known = seen_by(uow, reviewer, revision).known
    assert [(each.public_id, each.relation) for each in known] == [(public_id, None)]
    assert take_step(uow, reviewer, revision.id, Action.APPROVE).state is State.IN_REVIEW
    kinships.answer(uow, cast.copier, revision.id, public_id, Relation.DIFFERENT, why="自己写的")


def test_different_asks_why_and_only_the_author_answers(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    public_id = original(given, cast).resource.public_id
    work_off()
    draft = copy(given, cast.copier)
    kinships.look_for_alike(uow, cast.copier, draft)
    with pytest.raises(Invalid) as caught:
        kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DIFFERENT, why="  ")
    assert fields(caught) == [f"why_{public_id}"]
    with pytest.raises(Invalid) as caught:
        kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DERIVED, why="x" * 1_001)
    assert fields(caught) == [f"why_{public_id}"]
    with pytest.raises(Missing):
        kinships.answer(uow, cast.author, draft.id, public_id, Relation.DERIVED)
    with pytest.raises(Missing):
        kinships.answer(uow, cast.copier, draft.id, "R-000000", Relation.DERIVED)
    kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DERIVED)
    kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DIFFERENT, why="只用了例子")
    said = uow.session.execute(select(Kinship.relation, Kinship.why)).all()
    assert [tuple(row) for row in said] == [(Relation.DIFFERENT, "只用了例子")]
    submit(uow, cast.copier, draft)
    colleague = given.coordinator(school=cast.village)
    with pytest.raises(NotAllowed):
        kinships.answer(uow, colleague, draft.id, public_id, Relation.DERIVED)


def test_credit_stands_on_both_pages_once_the_new_one_is_published(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    source = original(given, cast)
    work_off()
    draft = copy(given, cast.copier)
    kinships.look_for_alike(uow, cast.copier, draft)
    kinships.answer(uow, cast.copier, draft.id, source.resource.public_id, Relation.DERIVED)
    assert descendants(uow.session, cast.author, source.resource_id, uow.now()) == []
    given.admit(draft)
    [credit] = credited(uow.session, cast.copier, draft.id, uow.now())
    assert (credit.title, credit.author, credit.school, credit.relation) == (
        "分月饼", "王敏", "镇中心小学", Relation.DERIVED,
    )  # fmt: skip
    [child] = descendants(uow.session, cast.author, source.resource_id, uow.now())
    assert (child.title, child.author) == ("認識幾分之一", "赵云")
    stranger = given.teacher("外人", school=cast.outside)
    assert credited(uow.session, stranger, draft.id, uow.now()) == []
    assert descendants(uow.session, stranger, source.resource_id, uow.now()) == []


def test_what_was_said_of_a_version_holds_for_the_next(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    source = original(given, cast)
    work_off()
    draft = copy(given, cast.copier)
    kinships.look_for_alike(uow, cast.copier, draft)
    kinships.answer(uow, cast.copier, draft.id, source.resource.public_id, Relation.DERIVED)
    given.admit(draft)
    following = drafting.revise(uow, cast.copier, draft.id)
    assert submit(uow, cast.copier, following).state is State.IN_REVIEW


def test_a_print_is_kept_while_others_are_compared_with_the_work(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    def kept() -> tuple[int, int]:
        prints = uow.session.scalar(select(func.count()).select_from(WorkPrint))
        values = uow.session.scalar(select(func.count()).select_from(WorkValue))
        return prints or 0, values or 0

    revision = submit(uow, cast.author, given.draft(by=cast.author, text=LESSON))
    work_off()
    assert kept() == (1, 32)
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    work_off()
    assert kept() == (0, 0)
    submit(uow, cast.author, revision)
    work_off()
    assert kept() == (1, 32)


def test_what_was_here_before_gets_its_print_when_the_worker_starts(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = original(given, cast)
    assert work_prints.without_print(uow.session) == []  # it is promised
    uow.session.query(Job).delete()
    assert work_prints.without_print(uow.session) == [revision.id]
    assert work_prints.promise_missing_prints(uow) == 1
    uow.session.flush()
    assert work_prints.without_print(uow.session) == []


def test_the_same_large_file_is_found_without_reading_it(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8
    source = given.draft(by=cast.author, title="分月饼的录像")
    given.file(source, by=cast.author, name="分月饼.mp4", content=film)
    given.admit(uow.session.get_one(Revision, source.id))
    draft = given.draft(by=cast.copier, title="我的录像")
    given.file(draft, by=cast.copier, name="录像.mp4", content=film)
    found = kinships.look_for_alike(uow, cast.copier, draft)
    assert [(each.title, each.percent, each.same_files) for each in found.known] == [
        ("分月饼的录像", 100, ("录像.mp4",))
    ]


def test_works_of_less_than_sixty_characters_are_not_compared(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    poem = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
    given.published(by=cast.author, title="静夜思", summary="李白", text=poem)
    work_off()
    draft = given.draft(by=cast.copier, title="静夜思", summary="李白", text=poem)
    assert kinships.look_for_alike(uow, cast.copier, draft) == AlikeWorks()


def test_a_giant_file_beside_it_does_not_hide_a_copy(
    uow: UnitOfWork, given: Given, cast: Cast, work_off: Callable[[], None]
) -> None:
    original(given, cast)
    work_off()
    draft = copy(given, cast.copier)
    given.file(draft, by=cast.copier, name="大.txt", content=b"abc" * 900)
    attachment = uow.session.scalars(select(Attachment)).one()
    noise = "".join(chr(0x4E00 + place * 7919 % 20_011) for place in range(20_000))
    uow.session.add(BlobText(blob_key=attachment.blob_key, text=noise, places=[]))
    uow.session.flush()
    found = kinships.look_for_alike(uow, cast.copier, draft)
    assert [each.title for each in found.known] == ["分月饼"]
