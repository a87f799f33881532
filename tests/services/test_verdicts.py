"""Several reviewers, appeals and the fast lane, on real tables."""

from itertools import cycle

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import Action, Reason, State
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.visibility import Audience
from resource_hub.models import Notice, PolicyRow, Review, Revision, Submission
from resource_hub.services import drafting
from resource_hub.services.deciding import decide
from resource_hub.services.queries.mine import own_work
from resource_hub.services.queries.resource_page import progress_of
from resource_hub.services.queries.submission_page import submission_page
from resource_hub.services.review import take_step
from resource_hub.services.review_forms import shipped_form
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given


class Cast:
    """A school with four who judge, and a policy for what its teachers write."""

    def __init__(self, given: Given, uow: UnitOfWork, policy: Policy) -> None:
        self.given, self.uow, self.session = given, uow, uow.session
        self.session.add(PolicyRow(kind="", policy=policy, changed_at=NOON))
        school = given.school()
        self.author = given.teacher("作者", school=school)
        self.judges = [given.reviewer(name, school=school) for name in "甲乙丙丁"]

    def submitted(self) -> Revision:
        return self.given.submitted(by=self.author, audience=Audience.SCHOOL)

    def decide(
        self,
        who: int,
        revision: Revision,
        action: Action,
        comment: str = "",
        sheet: Sheet | None = None,
    ) -> State:
        reason = Reason.QUALITY if action is Action.REJECT else None
        judge = self.judges[who]
        taken = take_step(
            self.uow, judge, revision.id, action, comment=comment, reason=reason, sheet=sheet
        )
        return taken.state

    def told(self) -> list[tuple[str, str]]:
        rows = self.session.scalars(
            select(Notice).where(Notice.user_id == self.author.id).order_by(Notice.id)
        )
        return [(notice.kind, notice.values["comment"]) for notice in rows]

    def seen_by(self, person: Person, revision: Revision) -> list[str]:
        """Whose decisions this person reads at the desk, in all rounds."""
        number = self.session.scalars(
            select(Submission.id)
            .where(Submission.revision_id == revision.id)
            .order_by(Submission.round.desc())
        ).first()
        page = submission_page(self.session, person, number or 0, NOON)
        return sorted(each.reviewer.name for round_ in page.rounds for each in round_.reviews)


TWO = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2})


def test_nothing_is_carried_out_or_known_before_all_are_in(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, TWO)
    revision = cast.submitted()
    first, second, third = cast.judges[:3]
    assert cast.decide(0, revision, Action.REJECT, "抄来的") is State.IN_REVIEW
    assert cast.told() == [("one_judged", "")]
    assert cast.seen_by(first, revision) == ["甲"]
    assert cast.seen_by(second, revision) == []
    assert cast.seen_by(given.administrator(), revision) == []
    assert [step.note for step in progress_of(uow.session, revision.id)] == ["", "", ""]

    assert cast.decide(1, revision, Action.APPROVE) is State.REJECTED
    assert cast.told()[1:] == [("all_reject", "甲：抄来的")]
    assert cast.seen_by(second, revision) == cast.seen_by(third, revision) == ["乙", "甲"]
    [submission] = uow.session.scalars(select(Submission)).all()
    assert submission.outcome is Action.REJECT
    reviews = uow.session.scalars(select(Review).order_by(Review.id)).all()
    assert [each.disclosed_at for each in reviews] == [uow.now()] * 2


def test_nobody_decides_twice_and_a_third_comes_too_late(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, TWO)
    revision = cast.submitted()
    cast.decide(0, revision, Action.REQUEST_CHANGES, "补作业")
    for action in (Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT, Action.CLAIM):
        with pytest.raises(WrongState, match="already decided"):
            cast.decide(0, revision, action, "又来")
    assert cast.decide(1, revision, Action.APPROVE) is State.CHANGES_REQUESTED
    submission_id = uow.session.scalars(select(Submission.id)).one()
    with pytest.raises(WrongState, match="乙 was faster"):
        decide(uow, cast.judges[2], submission_id, Action.APPROVE)


def test_a_colleagues_decision_does_not_make_my_page_stale(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, TWO)
    revision = cast.submitted()
    seen = revision.version
    cast.decide(0, revision, Action.APPROVE)
    done = take_step(uow, cast.judges[1], revision.id, Action.APPROVE, seen=seen)
    assert done.state is State.PUBLISHED


def test_what_was_decided_before_the_author_took_it_back_is_kept(
    given: Given, uow: UnitOfWork
) -> None:
    cast = Cast(given, uow, TWO)
    revision = cast.submitted()
    cast.decide(0, revision, Action.REQUEST_CHANGES, "补作业")
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    assert [each.comment for each in uow.session.scalars(select(Review))] == ["补作业"]
    again = take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    assert again.state is State.IN_REVIEW
    assert cast.decide(0, revision, Action.APPROVE) is State.IN_REVIEW
    assert cast.decide(1, revision, Action.APPROVE) is State.PUBLISHED


def test_taking_it_back_tells_nobody_what_one_reviewer_thought_before_all_are_in(
    given: Given, uow: UnitOfWork
) -> None:
    cast = Cast(given, uow, TWO)
    revision = cast.submitted()
    first, second, third = cast.judges[:3]
    cast.decide(0, revision, Action.REQUEST_CHANGES, "补作业")
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    for person in (second, third, given.administrator()):
        assert cast.seen_by(person, revision) == []
    assert cast.seen_by(first, revision) == ["甲"]
    cast.decide(2, revision, Action.APPROVE)
    assert cast.seen_by(second, revision) == []
    cast.decide(0, revision, Action.APPROVE)
    assert cast.seen_by(second, revision) == ["丙", "甲", "甲"]
    assert cast.told()[-1] == ("published", "")


def marks(*scores: int, failed: str = "") -> Sheet:
    """Every criterion met but ``failed``, and these scores in turn."""
    form = shipped_form()
    return Sheet(
        {item.code: item.code != failed for item in form.criteria},
        {item.code: score for item, score in zip(form.scores, cycle(scores), strict=False)},
    )


def test_the_mean_of_all_may_send_back_what_all_approved(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}, lowest_mean=3.5))
    revision = cast.submitted()
    assert cast.decide(0, revision, Action.APPROVE, sheet=marks(4)) is State.IN_REVIEW
    done = cast.decide(1, revision, Action.APPROVE, sheet=marks(2, 3))
    assert done is State.CHANGES_REQUESTED
    assert cast.told()[-1] == ("marks_too_low", "")
    assert uow.session.scalars(select(Submission.outcome)).one() is Action.REQUEST_CHANGES


def test_an_approval_that_contradicts_its_own_marks_is_refused_at_once(
    given: Given, uow: UnitOfWork
) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,), lowest_mean=3.5))
    revision = cast.submitted()
    for sheet, words in (
        (marks(3), "at least 3.5 may pass"),
        (None, "Give the scores"),
        (marks(5, failed=shipped_form().criteria[0].code), "cannot be approved"),
    ):
        with pytest.raises(Invalid, match=words):
            cast.decide(0, revision, Action.APPROVE, sheet=sheet)
    assert cast.decide(0, revision, Action.APPROVE, sheet=marks(4, 3)) is State.PUBLISHED


def test_an_appeal_goes_to_another_reviewer_and_there_is_only_one(
    given: Given, uow: UnitOfWork
) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,)))
    revision = cast.submitted()
    cast.decide(0, revision, Action.REJECT, "抄来的")
    with pytest.raises(Invalid, match="Write a sentence"):
        take_step(uow, cast.author, revision.id, Action.APPEAL)
    with pytest.raises(NotAllowed, match="Only the author"):
        take_step(uow, cast.judges[0], revision.id, Action.APPEAL, comment="不公")
    back = take_step(uow, cast.author, revision.id, Action.APPEAL, comment="是我自己写的")
    assert (back.state, back.stage) == (State.IN_REVIEW, Stage.SCHOOL)
    for action in (Action.APPROVE, Action.REJECT, Action.CLAIM):
        with pytest.raises(NotAllowed, match="another reviewer"):
            cast.decide(0, revision, action, "还是抄的")
    assert cast.decide(1, revision, Action.REJECT, "确实是抄的") is State.REJECTED
    [piece] = own_work(uow.session, cast.author)[0]
    assert Action.APPEAL not in piece.actions
    with pytest.raises(WrongState, match="This was the appeal"):
        take_step(uow, cast.author, revision.id, Action.APPEAL, comment="再审")


def test_an_appeal_that_succeeds_publishes_what_was_rejected(given: Given, uow: UnitOfWork) -> None:
    village, town = given.school(), given.school()
    alliance = given.alliance(village, town)
    author = given.teacher(school=village)
    first = given.reviewer("初审", school=village)
    finals = [given.reviewer(f"终审{n}", school=town, alliance=alliance) for n in range(2)]
    revision = given.submitted(by=author)
    take_step(uow, first, revision.id, Action.APPROVE)
    take_step(uow, finals[0], revision.id, Action.REJECT, comment="抄", reason=Reason.RIGHTS)
    [piece] = own_work(uow.session, author)[0]
    assert Action.APPEAL in piece.actions
    back = take_step(uow, author, revision.id, Action.APPEAL, comment="有授权")
    assert back.stage is Stage.ALLIANCE  # the school's approval stands
    assert take_step(uow, finals[1], revision.id, Action.APPROVE).state is State.PUBLISHED


def test_a_rejection_that_a_newer_version_has_left_behind_is_not_appealed(
    given: Given, uow: UnitOfWork
) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,)))
    revision = cast.submitted()
    cast.decide(0, revision, Action.REJECT, "抄来的")
    drafting.revise(uow, cast.author, revision.id)
    with pytest.raises(WrongState, match="newer version"):
        take_step(uow, cast.author, revision.id, Action.APPEAL, comment="不公")


LANE = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}, fast_lane=True)


def revised(cast: Cast, old: Revision, **changes: object) -> Submission:
    """The next version with these changes, submitted."""
    new = drafting.revise(cast.uow, cast.author, old.id)
    for name, value in changes.items():
        setattr(new, name, value)
    take_step(cast.uow, cast.author, new.id, Action.SUBMIT, rights_declared=True)
    return cast.session.scalars(select(Submission).where(Submission.revision_id == new.id)).one()


@pytest.mark.parametrize(
    ("changes", "is_fast"),
    [
        ({"title": "分数初步", "summary": "改了一句。", "keywords": ["月饼"]}, True),
        ({}, True),
        ({"title": "分数初步", "text": "全新的教案。"}, False),
        ({"unit": "第八单元"}, False),
    ],
)
def test_small_changes_of_a_reviewed_version_need_one_approval(
    given: Given, uow: UnitOfWork, changes: dict[str, object], *, is_fast: bool
) -> None:
    cast = Cast(given, uow, LANE)
    first = cast.submitted()
    assert [cast.decide(n, first, Action.APPROVE) for n in (0, 1)][-1] is State.PUBLISHED
    submission = revised(cast, first, **changes)
    assert submission.fast_lane is is_fast
    assert submission.policy.approvals_at(Stage.SCHOOL) == (1 if is_fast else 2)


def test_another_file_is_no_small_change(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, LANE)
    first = cast.submitted()
    for number in (0, 1):
        cast.decide(number, first, Action.APPROVE)
    new = drafting.revise(uow, cast.author, first.id)
    given.file(new, by=cast.author)
    uow.session.expire_all()
    take_step(uow, cast.author, new.id, Action.SUBMIT, rights_declared=True)
    assert uow.session.scalars(select(Submission.fast_lane).order_by(Submission.id)).all() == [
        False,
        False,
    ]


def test_what_was_imported_and_never_reviewed_takes_the_long_way(
    session: Session, given: Given, uow: UnitOfWork
) -> None:
    cast = Cast(given, uow, LANE)
    live = given.published(by=cast.author, audience=Audience.SCHOOL)
    assert revised(cast, live, title="新标题").fast_lane is False
    del session
