"""Remarks: who writes, who reads them when, and what they do on the road of a revision."""

from dataclasses import dataclass

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from resource_hub.domain.anchors import AnchorKind, Change, PlaceNow, Rectangle
from resource_hub.domain.errors import HubError, Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy
from resource_hub.domain.remarks import MAX_TEXT, Target, Weight
from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.models import BlobText, Job, Notice, Remark, Revision
from resource_hub.services import drafting, review
from resource_hub.services.deciding import decide
from resource_hub.services.notices import mark_read
from resource_hub.services.queries.remarks import remarks_for
from resource_hub.services.remark_answers import answer_remark
from resource_hub.services.remarks import (
    change_remark,
    remove_remark,
    write_remark,
)
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given
from tests.services.test_inbox import Cast, submission_of

TITLE = Target(field="title")


@dataclass
class Desk:
    """A submission with a text file, and short ways to write and read remarks on it."""

    given: Given
    uow: UnitOfWork
    cast: Cast
    revision: Revision

    @property
    def submission_id(self) -> int:
        return submission_of(self.given.session, self.revision).id

    def write(
        self,
        target: Target = TITLE,
        *,
        by: Person | None = None,
        text: str = "请改",
        weight: Weight | None = Weight.MUST_FIX,
    ) -> Remark:
        by = by or self.cast.reviewer
        return write_remark(self.uow, by, self.submission_id, target, text=text, weight=weight)

    def decide(self, action: Action, *, by: Person | None = None) -> None:
        by = by or self.cast.reviewer
        review.take_step(self.uow, by, self.revision.id, action, comment="请看批注")

    def submit(self) -> None:
        author = self.cast.author
        review.take_step(self.uow, author, self.revision.id, Action.SUBMIT, rights_declared=True)

    def read(self, person: Person) -> list[str]:
        revision = load_revision(self.given.session, self.revision.id)
        return [
            each.remark.text for each in remarks_for(self.given.session, person, revision, NOON)
        ]

    def now(self, person: Person) -> list[PlaceNow | None]:
        revision = load_revision(self.given.session, self.revision.id)
        return [each.now for each in remarks_for(self.given.session, person, revision, NOON)]

    @property
    def file_id(self) -> int:
        return load_revision(self.given.session, self.revision.id).attachments[0].id


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def desk(given: Given, uow: UnitOfWork, cast: Cast) -> Desk:
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author, name="教案.txt", content="分数".encode())
    found = Desk(given, uow, cast, draft)
    found.submit()
    return found


def refused(desk: Desk, **changes: object) -> HubError:
    with pytest.raises(HubError) as refusal:
        desk.write(**changes)  # type: ignore[arg-type]  # each test gives what write takes
    return refusal.value


def test_a_remark_keeps_its_place_and_what_stood_there(desk: Desk) -> None:
    remark = desk.write(Target(field="summary", quote="几分之一"), text=" 举个例子 ")
    assert (remark.kind, remark.field, remark.quote, remark.start) == (
        AnchorKind.PASSAGE, "summary", "几分之一", 9,
    )  # fmt: skip
    assert (remark.text, remark.weight, remark.released_at) == ("举个例子", Weight.MUST_FIX, None)
    whole = desk.write(TITLE, weight=Weight.SUGGESTION)
    assert (whole.kind, whole.field, len(whole.words)) == (AnchorKind.FIELD, "title", 64)


def test_a_remark_stands_on_a_rectangle_of_a_page(given: Given, desk: Desk) -> None:
    blob = load_revision(given.session, desk.revision.id).attachments[0].blob
    blob.family, blob.pages = "pdf", 3
    given.session.flush()
    part = Rectangle(0.1, 0.2, 0.3, 0.4)
    remark = desk.write(Target(attachment_id=desk.file_id, page=3, rectangle=part))
    assert (remark.filename, remark.page, remark.rect_left, remark.rect_height) == (
        "教案.txt", 3, 0.1, 0.4,
    )  # fmt: skip
    refusal = refused(desk, target=Target(attachment_id=desk.file_id, page=4))
    assert str(refusal) == "There is no page 4: choose one from 1 to 3."


def test_only_those_who_may_decide_now_write(desk: Desk, given: Given, cast: Cast) -> None:
    for nobody in (
        given.teacher(school=cast.village),
        given.reviewer(school=cast.village, subjects=("art",)),
        given.teacher(school=given.school()),
    ):
        assert isinstance(refused(desk, by=nobody), Missing)
    assert isinstance(refused(desk, by=cast.author), NotAllowed)
    assert isinstance(refused(desk, by=cast.alliance_reviewer), NotAllowed)
    desk.decide(Action.CLAIM, by=cast.second)
    assert isinstance(refused(desk, by=cast.reviewer), WrongState)
    desk.write(by=cast.second)
    desk.decide(Action.REQUEST_CHANGES, by=cast.second)
    assert "round is over" in str(refused(desk, by=cast.second))


def test_what_is_wrong_is_said_field_by_field(desk: Desk, given: Given, cast: Cast) -> None:
    refusal = refused(desk, target=Target(), text="字" * (MAX_TEXT + 1), weight=None)
    assert isinstance(refusal, Invalid)
    assert [problem.field for problem in refusal.problems] == ["place", "weight", "text"]
    assert isinstance(refused(desk, text="  "), Invalid)
    other = given.draft(by=cast.author)
    given.file(other, by=cast.author, name="别的.txt")
    stranger = load_revision(given.session, other.id).attachments[0].id
    assert "not part of the work" in str(refused(desk, target=Target(attachment_id=stranger)))
    assert given.session.scalars(select(Remark)).all() == []


def test_the_author_reads_remarks_from_the_decision_on(desk: Desk, cast: Cast) -> None:
    desk.write(text="一")
    assert desk.read(cast.author) == []
    assert desk.read(cast.reviewer) == desk.read(cast.second) == ["一"]
    desk.decide(Action.APPROVE)
    desk.write(by=cast.alliance_reviewer, text="二")
    assert desk.read(cast.author) == ["一"]
    assert desk.read(cast.alliance_reviewer) == ["一", "二"]
    desk.decide(Action.REQUEST_CHANGES, by=cast.alliance_reviewer)
    assert desk.read(cast.author) == ["一", "二"]


def test_others_never_see_a_remark(desk: Desk, given: Given, cast: Cast) -> None:
    desk.write()
    desk.decide(Action.REQUEST_CHANGES)
    for nobody in (
        given.teacher(school=cast.village),
        given.teacher(school=given.school()),
        given.editor(alliance=cast.alliance, school=cast.town),
    ):
        assert desk.read(nobody) == []
    assert desk.read(given.coordinator(school=cast.village)) == ["请改"]


def test_where_several_judge_nobody_reads_another_before_all_have_decided(
    desk: Desk, given: Given, cast: Cast
) -> None:
    submission_of(given.session, desk.revision).policy = Policy(
        (Stage.SCHOOL,), approvals={Stage.SCHOOL: 2}
    )
    given.session.flush()
    leader = given.coordinator(school=cast.village)
    desk.write(text="一")
    desk.write(by=cast.second, text="二", weight=Weight.SUGGESTION)
    desk.write(by=leader, text="三")
    desk.decide(Action.APPROVE)
    assert [desk.read(each) for each in (cast.reviewer, cast.second, cast.author)] == [
        ["一"], ["二"], [],
    ]  # fmt: skip
    assert desk.read(given.administrator()) == []
    desk.decide(Action.APPROVE, by=cast.second)
    assert [desk.read(each) for each in (cast.reviewer, cast.second, cast.author)] == [
        ["一", "二"], ["一", "二"], ["一", "二"],
    ]  # fmt: skip
    assert desk.read(leader) == ["一", "二", "三"]


def test_what_was_taken_back_unseen_is_sent_with_the_next_decision(desk: Desk, cast: Cast) -> None:
    desk.write(text="早")
    review.take_step(desk.uow, cast.author, desk.revision.id, Action.TAKE_BACK)
    assert desk.read(cast.author) == []
    desk.submit()
    assert desk.read(cast.reviewer) == ["早"]
    desk.write(text="晚")
    desk.decide(Action.REQUEST_CHANGES)
    assert desk.read(cast.author) == ["早", "晚"]


def test_ones_own_remark_may_be_changed_until_it_is_sent(desk: Desk, cast: Cast) -> None:
    remark = desk.write()
    for other in (cast.second, cast.author):
        with pytest.raises(Missing):
            change_remark(desk.uow, other, remark.id, text="不", weight=None)
        with pytest.raises(Missing):
            remove_remark(desk.uow, other, remark.id)
    with pytest.raises(WrongState):
        change_remark(
            desk.uow, cast.reviewer, remark.id, text="新", weight=Weight.SUGGESTION, seen=99
        )
    change_remark(desk.uow, cast.reviewer, remark.id, text="新", weight=Weight.SUGGESTION, seen=1)
    assert (remark.text, remark.weight) == ("新", Weight.SUGGESTION)
    remove_remark(desk.uow, cast.reviewer, desk.write(text="误").id)
    desk.decide(Action.REQUEST_CHANGES)
    assert desk.read(cast.author) == ["新"]
    with pytest.raises(WrongState, match="has read it"):
        remove_remark(desk.uow, cast.reviewer, remark.id)


def test_must_fix_remarks_hold_back_the_next_round_until_they_are_done(
    desk: Desk, cast: Cast
) -> None:
    must, more = desk.write(text="标题有错字"), desk.write(text="长" * 200)
    desk.write(text="可以更短", weight=Weight.SUGGESTION)
    with pytest.raises(Missing):
        answer_remark(desk.uow, cast.author, must.id, answer="好", done=True)
    desk.decide(Action.REQUEST_CHANGES)
    with pytest.raises(Invalid) as refusal:
        desk.submit()
    assert [(problem.field, problem.values) for problem in refusal.value.problems] == [
        ("remarks", {"text": "标题有错字"}),
        ("remarks", {"text": "长" * 79 + "…"}),
    ]
    answer_remark(desk.uow, cast.author, must.id, answer=" 已改 ", done=True)
    assert (must.answer, must.done_at is not None) == ("已改", True)
    with pytest.raises(Missing):
        answer_remark(desk.uow, cast.reviewer, more.id, answer="", done=True)
    with pytest.raises(Invalid):
        answer_remark(desk.uow, cast.author, more.id, answer="字" * (MAX_TEXT + 1), done=True)
    answer_remark(desk.uow, cast.author, more.id, answer="", done=True)
    answer_remark(desk.uow, cast.author, must.id, answer="已改", done=False)
    with pytest.raises(Invalid):
        desk.submit()
    answer_remark(desk.uow, cast.author, must.id, answer="已改", done=True)
    desk.submit()


def test_who_was_faster_is_who_decided_not_who_answered_since(desk: Desk, cast: Cast) -> None:
    remark = desk.write(weight=Weight.SUGGESTION)
    submission_id = desk.submission_id
    desk.decide(Action.REQUEST_CHANGES)
    answer_remark(desk.uow, cast.author, remark.id, answer="已改", done=True)
    with pytest.raises(WrongState, match="李老师 was faster"):
        decide(desk.uow, cast.second, submission_id, Action.APPROVE)


def test_the_next_version_of_rejected_work_has_its_remarks_to_deal_with(
    desk: Desk, cast: Cast
) -> None:
    remark = desk.write()
    review.take_step(
        desk.uow, cast.reviewer, desk.revision.id, Action.REJECT,
        comment="有误", reason=Reason.CORRECTNESS,
    )  # fmt: skip
    desk.revision = drafting.revise(desk.uow, cast.author, desk.revision.id)
    assert desk.read(cast.author) == ["请改"]
    with pytest.raises(Invalid):
        desk.submit()
    answer_remark(desk.uow, cast.author, remark.id, answer="", done=True)
    desk.submit()


def test_the_next_version_of_withdrawn_work_has_its_remarks_to_deal_with(
    given: Given, desk: Desk, cast: Cast
) -> None:
    remark = desk.write()
    given.through_review(desk.revision, cast.reviewer, cast.alliance_reviewer)
    review.take_step(desk.uow, cast.author, desk.revision.id, Action.WITHDRAW, comment="有误")
    desk.revision = drafting.revise(desk.uow, cast.author, desk.revision.id)
    with pytest.raises(Invalid, match="must be fixed first"):
        desk.submit()
    answer_remark(desk.uow, cast.author, remark.id, answer="已改", done=True)
    desk.submit()


def test_in_the_next_round_each_says_whether_its_place_changed(
    desk: Desk, given: Given, cast: Cast
) -> None:
    desk.write(TITLE, weight=Weight.SUGGESTION)
    desk.write(Target(field="grades"), weight=Weight.SUGGESTION)
    desk.write(Target(field="text", quote="月饼平均分"), weight=Weight.SUGGESTION)
    desk.write(Target(field="text", quote="二分之一"), weight=Weight.SUGGESTION)
    desk.decide(Action.REQUEST_CHANGES)
    drafting.describe(
        desk.uow, cast.author, desk.revision.id,
        given.description(
            alliance_id=cast.alliance.id,
            title="分数的再认识",
            text="把一个蛋糕平均分成两份，每份是它的二分之一。",
        ),
    )  # fmt: skip
    desk.submit()
    assert desk.now(cast.reviewer) == desk.now(cast.author)
    assert desk.now(cast.author) == [
        PlaceNow(Change.CHANGED),
        PlaceNow(Change.SAME),
        PlaceNow(Change.CHANGED, words="蛋糕平均分"),
        PlaceNow(Change.SAME),
    ]


def test_a_replaced_file_is_compared_page_by_page(desk: Desk, given: Given, cast: Cast) -> None:
    """The first version has three pages, the next one has another page before the second."""
    _as_pages(given, desk, ["封面", "目标", "板书"])
    for page in (1, 2, 3):
        desk.write(Target(attachment_id=desk.file_id, page=page), weight=Weight.SUGGESTION)
    desk.write(Target(attachment_id=desk.file_id, quote="板书"), weight=Weight.SUGGESTION)
    desk.decide(Action.REQUEST_CHANGES)
    draft = load_revision(given.session, desk.revision.id)
    draft.attachments.clear()
    given.session.flush()
    assert desk.now(cast.author) == [PlaceNow(Change.GONE)] * 4
    assert desk.now(cast.reviewer) == [PlaceNow(Change.GONE)] * 4
    given.file(draft, by=cast.author, name="教案.txt", content=b"another")
    _as_pages(given, desk, ["新封面", "学情", "目标", "板书"])
    assert desk.now(cast.author) == [
        PlaceNow(Change.CHANGED, 1),
        PlaceNow(Change.MOVED, 3),
        PlaceNow(Change.MOVED, 4),
        PlaceNow(Change.SAME, 4),
    ]


def test_the_pages_to_compare_are_drawn_once_the_work_comes_back(
    desk: Desk, given: Given, cast: Cast
) -> None:
    _as_pages(given, desk, ["页"] * 20)
    remark = desk.write(Target(attachment_id=desk.file_id, page=15), weight=Weight.SUGGESTION)
    desk.decide(Action.REQUEST_CHANGES)
    draft = load_revision(given.session, desk.revision.id)
    draft.attachments.clear()
    given.session.flush()
    given.file(draft, by=cast.author, name="教案.txt", content=b"another")
    _as_pages(given, desk, ["页"] * 20)
    desk.submit()
    new = load_revision(given.session, desk.revision.id).attachments[0].blob_key
    asked = given.session.scalars(select(Job.subject).where(Job.kind == "pages")).all()
    assert set(asked) == {f"{remark.blob_key}:12", f"{new}:12"}


def _as_pages(given: Given, desk: Desk, pages: list[str]) -> None:
    """Let the only file be a PDF with these words on its pages, as the inspection would find."""
    blob = load_revision(given.session, desk.revision.id).attachments[0].blob
    blob.family, blob.pages = "pdf", len(pages)
    starts = [len("\n".join(["", *pages[:number]])) for number in range(len(pages))]
    given.session.merge(
        BlobText(
            blob_key=blob.key,
            text="\n" + "\n".join(pages),
            places=[[at, "page", str(number)] for number, at in enumerate(starts, start=1)],
        )
    )
    given.session.flush()


def test_reading_remarks_takes_as_many_queries_for_ten_as_for_one(
    session: Session, desk: Desk, cast: Cast
) -> None:
    def queries() -> int:
        session.expire_all()
        seen: list[str] = []
        connection = session.connection()
        note = lambda *arguments: seen.append(arguments[2])  # noqa: E731 - needed by its name
        event.listen(connection, "before_cursor_execute", note)
        desk.read(cast.reviewer)
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    desk.write(Target(attachment_id=desk.file_id, page=1))
    few = queries()
    for number in range(9):
        desk.write(Target(attachment_id=desk.file_id, page=number + 2))
        desk.write(Target(field="text", quote="月饼"))
    assert queries() == few


def test_the_reviewer_is_told_of_answers_once_until_that_is_read(desk: Desk, cast: Cast) -> None:
    remarks = [desk.write(weight=Weight.SUGGESTION) for _ in range(3)]
    desk.decide(Action.REQUEST_CHANGES)

    def answer(remark: Remark, text: str) -> list[str]:
        answer_remark(desk.uow, cast.author, remark.id, answer=text, done=True)
        return [
            notice.values["comment"]
            for notice in desk.uow.session.scalars(
                select(Notice)
                .where(Notice.kind == "remark_answered", Notice.user_id == cast.reviewer.id)
                .order_by(Notice.id)
            )
        ]

    assert answer(remarks[0], "") == []
    assert answer(remarks[0], "已改") == ["已改"]
    assert answer(remarks[1], "也改了") == ["已改"]
    mark_read(desk.uow, cast.reviewer)
    assert answer(remarks[2], "第三处") == ["已改", "第三处"]
