"""The road of a revision through review, with every step's traces."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Reason, Stage, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, Job, Notice, Resource, Review, Revision, Submission
from resource_hub.services import drafting, review
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given


class Cast:
    """Two schools in one alliance: an author, and a reviewer of each stage."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.author = given.teacher("王敏", school=self.village)
        self.colleague = given.teacher("赵云", school=self.village)
        self.stranger = given.teacher("陌生人", school=given.school("远方小学"))
        self.school_reviewer = given.reviewer("李老师", school=self.village, subjects=("math",))
        self.alliance_reviewer = given.reviewer(
            "陈老师", school=self.town, alliance=self.alliance, stages=("primary",)
        )


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def place(revision: Revision) -> tuple[State, Stage | None]:
    return revision.state, revision.stage


def test_a_lesson_plan_passes_school_and_alliance_and_is_published(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    assert place(revision) == (State.IN_REVIEW, Stage.SCHOOL)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    assert place(revision) == (State.IN_REVIEW, Stage.ALLIANCE)
    take_step(uow, cast.alliance_reviewer, revision.id, Action.APPROVE, comment="很好")
    assert place(revision) == (State.PUBLISHED, None)
    assert (revision.basis, revision.published_at, revision.available_at) == (
        "review",
        NOON,
        NOON,
    )
    resource = revision.resource
    assert resource.audience_token == f"alliance:{cast.alliance.id}"
    assert resource.available_at == NOON


def test_work_for_the_own_school_passes_the_school_stage_alone(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    assert place(revision) == (State.PUBLISHED, None)
    assert revision.resource.audience_token == f"school:{cast.village.id}"


def test_each_step_leaves_an_audit_event_a_notice_and_a_promise_to_the_index(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.school_reviewer, revision.id, Action.CLAIM)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    take_step(uow, cast.alliance_reviewer, revision.id, Action.APPROVE)
    tags = uow.session.scalars(
        select(AuditEvent.tag).where(AuditEvent.revision_id == revision.id).order_by(AuditEvent.id)
    ).all()
    assert tags == [
        "resource:create",
        "revision:submit",
        "revision:claim",
        "revision:approve",
        "revision:approve",
    ]
    notices = uow.session.scalars(
        select(Notice.kind).where(Notice.user_id == cast.author.id).order_by(Notice.id)
    ).all()
    assert notices == ["claim", "passed_stage", "published"]
    promised = Counter(uow.session.scalars(select(Job.kind)))
    assert promised == {"compare": 4, "index": 1, "mail_notice": 5, "rebalance": 2}


def test_changes_are_requested_answered_and_judged_again_from_the_first_stage(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    take_step(
        uow, cast.alliance_reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补板书设计"
    )
    assert place(revision) == (State.CHANGES_REQUESTED, None)
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True, comment="已补")
    assert place(revision) == (State.IN_REVIEW, Stage.SCHOOL)
    rounds = uow.session.scalars(
        select(Submission).where(Submission.revision_id == revision.id).order_by(Submission.round)
    ).all()
    assert [(each.round, each.outcome, each.message) for each in rounds] == [
        (1, Action.REQUEST_CHANGES, ""),
        (2, None, "已补"),
    ]


@pytest.mark.parametrize(
    ("action", "words", "field"),
    [
        (Action.REQUEST_CHANGES, {}, "comment"),
        (Action.REJECT, {"comment": "不合适"}, "reason"),
        (Action.REJECT, {"reason": Reason.QUALITY}, "comment"),
    ],
)
def test_a_refusal_needs_its_words(
    uow: UnitOfWork, given: Given, cast: Cast, action: Action, words: dict[str, str], field: str
) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(Invalid) as caught:
        take_step(uow, cast.school_reviewer, revision.id, action, **words)  # type: ignore[arg-type]  # mixed words
    assert [problem.field for problem in caught.value.problems] == [field]
    assert place(revision) == (State.IN_REVIEW, Stage.SCHOOL)


def test_nobody_reviews_own_work_not_even_a_coordinator(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    author = given.coordinator("校长", school=cast.village)
    revision = given.submitted(by=author)
    with pytest.raises(NotAllowed, match="You cannot review your own work"):
        take_step(uow, author, revision.id, Action.APPROVE)


def test_at_the_alliance_stage_nobody_of_the_own_school_decides(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    neighbour = given.reviewer("同校终审", school=cast.village, alliance=cast.alliance)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    with pytest.raises(Missing):
        take_step(uow, neighbour, revision.id, Action.APPROVE)


def test_a_reviewer_of_another_subject_cannot_decide(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    other = given.reviewer("语文审核", school=cast.village, subjects=("chinese",))
    revision = given.submitted(by=cast.author)
    with pytest.raises(Missing):
        take_step(uow, other, revision.id, Action.APPROVE)


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_others_do_not_even_learn_that_it_exists(
    uow: UnitOfWork, given: Given, cast: Cast, who: str
) -> None:
    revision = given.submitted(by=cast.author)
    person: Person = getattr(cast, who)
    with pytest.raises(Missing):
        take_step(uow, person, revision.id, Action.APPROVE)


def test_what_one_reviewer_holds_another_cannot_decide(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    second = given.reviewer("周老师", school=cast.village)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.school_reviewer, revision.id, Action.CLAIM)
    with pytest.raises(WrongState, match="李老师 was faster"):
        take_step(uow, second, revision.id, Action.APPROVE)
    take_step(uow, cast.school_reviewer, revision.id, Action.RELEASE)
    take_step(uow, second, revision.id, Action.APPROVE)
    assert place(revision) == (State.IN_REVIEW, Stage.ALLIANCE)


def test_who_decides_second_is_told_who_was_faster(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    second = given.reviewer("周老师", school=cast.village)
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    with pytest.raises(WrongState, match="李老师 was faster"):
        take_step(uow, second, revision.id, Action.REJECT, comment="x", reason=Reason.OTHER)


def test_a_decision_on_a_stale_page_is_refused(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    revision = given.submitted(by=cast.author)
    seen = revision.version
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    drafting.describe(
        uow,
        cast.author,
        revision.id,
        given.description(title="改过的题目", alliance_id=cast.alliance.id),
    )
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    with pytest.raises(WrongState, match="王敏 was faster"):
        take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE, seen=seen)


def test_the_live_revision_stays_until_the_next_one_is_published(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    first = given.through_review(
        given.submitted(by=cast.author), cast.school_reviewer, cast.alliance_reviewer
    )
    clock.pass_(days=3)
    second = drafting.revise(uow, cast.author, first.id)
    take_step(uow, cast.author, second.id, Action.SUBMIT, rights_declared=True)
    assert (first.state, second.state) == (State.PUBLISHED, State.IN_REVIEW)
    given.through_review(second, cast.school_reviewer, cast.alliance_reviewer)
    assert (first.state, second.state) == (State.SUPERSEDED, State.PUBLISHED)
    assert second.resource.available_at == clock()
    assert second.resource.first_available_at == NOON


def test_only_one_revision_is_open_at_a_time(uow: UnitOfWork, given: Given, cast: Cast) -> None:
    live = given.published(by=cast.author)
    drafting.revise(uow, cast.author, live.id)
    with pytest.raises(WrongState, match="already being written"):
        drafting.revise(uow, cast.author, live.id)


def test_withdrawing_leaves_a_tombstone_that_nobody_finds(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    live = given.published(by=cast.author)
    take_step(uow, cast.author, live.id, Action.WITHDRAW, comment="有错误")
    resource = live.resource
    assert live.state is State.WITHDRAWN
    assert (resource.audience_token, resource.available_at) == (None, None)
    assert (resource.withdrawn_at, resource.withdrawn_reason) == (NOON, "有错误")
    promised = uow.session.scalars(select(Job.kind).order_by(Job.id)).all()
    assert promised == ["index", "compare", "index", "compare"]


def test_a_coordinator_may_take_down_the_schools_work_but_a_colleague_may_not(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    live = given.published(by=cast.author)
    with pytest.raises(NotAllowed):
        take_step(uow, cast.colleague, live.id, Action.WITHDRAW, comment="x")
    coordinator = given.coordinator(school=cast.village)
    take_step(uow, coordinator, live.id, Action.WITHDRAW, comment="版权投诉")
    assert live.state is State.WITHDRAWN


def test_no_page_can_admit_not_even_for_an_administrator(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = given.draft(by=cast.author)
    for person in (cast.author, given.administrator()):
        with pytest.raises((NotAllowed, Missing)):
            take_step(uow, person, draft.id, Action.ADMIT)
    assert draft.state is State.DRAFT


def test_an_incomplete_draft_is_told_everything_that_is_missing(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = drafting.create_draft(uow, cast.author, given.description().kind)
    with pytest.raises(Invalid) as caught:
        take_step(uow, cast.author, draft.id, Action.SUBMIT)
    assert [problem.field for problem in caught.value.problems] == [
        "title", "summary", "school_stage", "subject", "grades", "licence", "files", "rights",
    ]  # fmt: skip


def test_a_release_date_holds_a_publication_back_and_promises_a_second_look(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    release = NOON.date().replace(day=20)
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL, release_on=release)
    take_step(uow, cast.school_reviewer, revision.id, Action.APPROVE)
    assert revision.available_at is not None
    assert revision.available_at.isoformat() == "2026-10-19T16:00:00+00:00"
    assert uow.session.scalars(
        select(Job.run_at).where(Job.kind == "index").order_by(Job.id)
    ).all() == [
        NOON,
        revision.available_at,
    ]


def test_a_discarded_draft_is_gone_and_remembered(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author)
    drafting.discard(uow, cast.author, draft.id)
    uow.session.flush()
    assert uow.session.scalar(select(func.count(Resource.id))) == 0
    assert uow.session.scalars(select(AuditEvent.tag).order_by(AuditEvent.id.desc())).first() == (
        "resource:discard"
    )


def test_a_draft_that_was_reviewed_keeps_its_history_when_discarded(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.school_reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补充")
    drafting.discard(uow, cast.author, revision.id)
    assert revision.state is State.WITHDRAWN
    assert uow.session.scalar(select(func.count(Review.id))) == 1


def test_a_comment_of_a_megabyte_is_refused_in_words(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(Invalid, match="At most 5000 characters; this has 1000000"):
        take_step(
            uow, cast.school_reviewer, revision.id, Action.REQUEST_CHANGES, comment="字" * 10**6
        )
    assert review.MAX_COMMENT == 5_000


def test_a_later_version_cannot_wait_for_a_day_for_the_present_one_would_vanish(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    release = NOON.date().replace(day=11)
    live = given.published(by=cast.author, release_on=release)
    second = drafting.revise(uow, cast.author, live.id)
    assert second.release_on is None
    second.release_on = release.replace(day=20)
    with pytest.raises(Invalid) as caught:
        take_step(uow, cast.author, second.id, Action.SUBMIT, rights_declared=True)
    assert [problem.field for problem in caught.value.problems] == ["release_on"]
