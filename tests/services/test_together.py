"""One button for several submissions: what may be done is done, the rest is said."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy
from resource_hub.domain.review import Action, Stage, State
from resource_hub.models import Assignment, Notice, Review, Revision, Submission
from resource_hub.services.assigning import holders
from resource_hub.services.queries.small_changes import small_changes
from resource_hub.services.queries.successors import handing_over
from resource_hub.services.review import take_step
from resource_hub.services.review_forms import shipped_form
from resource_hub.services.together import Chosen, Together, act_on_each
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.opinions import ANSWERED
from tests.services.turns import TODAY, give, many

Writing = Callable[[], AbstractContextManager[UnitOfWork]]


class Cast:
    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.author = given.teacher("王敏", school=self.village)
        self.reviewer = given.reviewer("李老师", school=self.village)
        self.second = given.reviewer("周老师", school=self.village)
        self.coordinator = given.coordinator("校管理员", school=self.village)
        self.stranger = given.reviewer("外校", school=self.town)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def writing(session: Session, clock: Clock) -> Writing:
    """A transaction for each, as an edge opens them."""

    @contextmanager
    def write() -> Iterator[UnitOfWork]:
        with unit_of_work(session, clock, SHANGHAI) as uow:
            yield uow

    return write


@pytest.fixture
def three(session: Session, uow: UnitOfWork, given: Given, cast: Cast) -> list[Submission]:
    """Three that nobody has."""
    for title in ("第一课", "第二课", "第三课"):
        given.submitted(by=cast.author, title=title)
    found = list(session.scalars(select(Submission).order_by(Submission.id)))
    for submission in found:
        give(uow, submission)
    session.commit()
    return found


def everything(found: list[Submission]) -> list[Chosen]:
    return [Chosen(submission.id) for submission in found]


def names(session: Session, submission: Submission) -> list[str]:
    return [held.name for held in holders(session, [submission.id])[submission.id]]


def test_all_that_are_chosen_are_taken_and_given_back(
    session: Session, writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    done = act_on_each(writing, cast.reviewer, everything(three), Together.CLAIM)
    assert [(one.title, one.refusal) for one in done] == [
        ("第一课", None), ("第二课", None), ("第三课", None),
    ]  # fmt: skip
    assert [names(session, each) for each in three] == [["李老师"]] * 3
    act_on_each(writing, cast.reviewer, everything(three)[:2], Together.RELEASE)
    assert ["李老师" in names(session, each) for each in three] == [False, False, True]


def test_one_refusal_stops_no_other(
    session: Session, writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    act_on_each(writing, cast.second, everything(three)[1:2], Together.CLAIM)
    done = act_on_each(writing, cast.reviewer, everything(three), Together.CLAIM)
    assert [str(one.refusal) if one.refusal else "" for one in done] == [
        "",
        "周老师 was faster. Look again, then decide; what you wrote is kept.",
        "",
    ]
    assert [names(session, each) for each in three] == [["李老师"], ["周老师"], ["李老师"]]


def test_what_one_may_not_know_of_is_refused_without_its_title(
    writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    done = act_on_each(
        writing, cast.stranger, [*everything(three)[:1], Chosen(999_999)], Together.CLAIM
    )
    assert [(one.title, str(one.refusal)) for one in done] == [
        ("", "There is no such submission, or it is not yours to judge.")
    ] * 2
    own = act_on_each(writing, cast.author, everything(three)[:1], Together.CLAIM)
    assert str(own[0].refusal) == "You cannot review your own work."


EACH = {shipped_form().digest: ANSWERED.passes.keys()}
"""Every criterion of the form, ticked."""


def approved(
    session: Session, writing: Writing, person: Person, submission: Submission,
    seen: int | None = None, met: Mapping[str, Collection[str]] = EACH,
) -> str:  # fmt: skip
    [done] = act_on_each(writing, person, [Chosen(submission.id, seen)], Together.APPROVE, met=met)
    return str(done.refusal or session.get_one(Revision, submission.revision_id).state)


def make_small(session: Session, submission: Submission, policy: Policy) -> None:
    submission.fast_lane, submission.policy = True, policy
    session.commit()


def test_small_changes_are_approved_together_as_their_page_showed_them(
    session: Session, writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    small = three[0]
    make_small(session, small, Policy((Stage.SCHOOL,)))
    version = session.get_one(Revision, small.revision_id).version
    assert approved(session, writing, cast.reviewer, small, version - 1) == (
        "王敏 was faster. Look again, then decide; what you wrote is kept."
    )
    assert len(small_changes(session, cast.stranger, [small.id])) == 0
    [group] = small_changes(session, cast.reviewer, [each.id for each in three]).groups
    assert group.titles == {small.id: "第一课"}
    assert approved(session, writing, cast.reviewer, small, version) == State.PUBLISHED
    [review] = session.scalars(select(Review))
    assert review.passes == dict.fromkeys(ANSWERED.passes, True)
    assert (review.scores, review.form) == ({}, shipped_form().digest)


def test_nothing_is_approved_together_before_each_veto_is_judged(
    session: Session, writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    refused = "Not every criterion is ticked that it must meet: open it and judge it."
    make_small(session, three[0], Policy((Stage.SCHOOL,)))
    make_small(session, three[1], Policy((Stage.SCHOOL,), vetoes=frozenset({"science"})))
    make_small(session, three[2], Policy((Stage.SCHOOL,), vetoes=frozenset()))
    [group] = small_changes(session, cast.reviewer, [three[1].id]).groups
    assert [item.code for item in group.criteria] == ["science"]
    digest = shipped_form().digest
    for met in ({}, {"0" * 64: ANSWERED.passes}, {digest: ["norms"]}):
        assert approved(session, writing, cast.reviewer, three[0], met=met) == refused
        assert approved(session, writing, cast.reviewer, three[1], met=met) == refused
    one = {digest: ["science"]}
    assert approved(session, writing, cast.reviewer, three[0], met=one) == refused
    assert approved(session, writing, cast.reviewer, three[1], met=one) == State.PUBLISHED
    assert approved(session, writing, cast.reviewer, three[2], met={}) == State.PUBLISHED


def test_where_the_scores_decide_each_small_change_is_opened(
    session: Session, writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    make_small(session, three[0], Policy((Stage.SCHOOL,), lowest_mean=3.0))
    found = small_changes(session, cast.reviewer, [three[0].id])
    assert (found.groups, found.scored) == ((), {three[0].id: "第一课"})
    assert approved(session, writing, cast.reviewer, three[0]) == (
        "Here the scores decide too: open it and judge it."
    )


def test_what_is_no_small_change_is_opened_and_judged(
    session: Session, writing: Writing, cast: Cast, three: list[Submission]
) -> None:
    assert approved(session, writing, cast.reviewer, three[0]) == (
        "Only small changes are approved together: open it and judge it."
    )


def test_the_coordinator_reminds_whoever_has_it_once_a_day(
    session: Session, uow: UnitOfWork, writing: Writing, cast: Cast, clock: Clock,
    three: list[Submission],
) -> None:  # fmt: skip
    give(uow, three[0], cast.reviewer)
    give(uow, three[1], cast.coordinator)
    session.commit()

    def refusals() -> list[str]:
        done = act_on_each(writing, cast.coordinator, everything(three), Together.REMIND)
        return [str(one.refusal or "") for one in done]

    nobody = "Nobody else has it: hand it to somebody."
    assert refusals() == ["", nobody, nobody]
    assert refusals() == ["李老师 has been reminded today already.", nobody, nobody]
    clock.pass_(days=1)
    assert refusals() == ["", nobody, nobody]
    told = session.scalars(select(Notice).where(Notice.kind == "remind")).all()
    assert [(notice.user_id, notice.values["title"]) for notice in told] == [
        (cast.reviewer.id, "第一课")
    ] * 2


def test_only_who_answers_for_it_reminds_and_only_while_it_is_open(
    session: Session, uow: UnitOfWork, writing: Writing, given: Given, cast: Cast,
    three: list[Submission],
) -> None:  # fmt: skip
    give(uow, three[0], cast.second)
    session.commit()
    [done] = act_on_each(writing, cast.reviewer, everything(three)[:1], Together.REMIND)
    assert str(done.refusal) == "Only the school's coordinator can remind the reviewers."
    administrator = given.administrator()
    session.commit()
    [done] = act_on_each(writing, administrator, everything(three)[:1], Together.REMIND)
    assert done.refusal is None
    with writing() as work:
        take_step(work, cast.author, three[0].revision_id, Action.TAKE_BACK)
    [done] = act_on_each(writing, cast.coordinator, everything(three)[:1], Together.REMIND)
    assert str(done.refusal) == "This round is over: there is nothing to remind of."


def handed(
    writing: Writing, by: Person, found: list[Submission], to: Person, note: str = ""
) -> list[str]:
    done = act_on_each(
        writing, by, everything(found), Together.HAND_OVER, successor=to.id, note=note
    )
    return [str(one.refusal or "") for one in done]


def test_several_are_handed_over_with_one_word_and_each_refusal_has_its_reason(
    session: Session, uow: UnitOfWork, writing: Writing, given: Given, cast: Cast,
    three: list[Submission],
) -> None:  # fmt: skip
    third = given.reviewer("张老师", school=cast.village)
    give(uow, three[0], cast.reviewer)
    give(uow, three[1], cast.reviewer)
    give(uow, three[2], third)
    session.commit()
    assert handed(writing, cast.reviewer, three, cast.second, "我下周出差") == [
        "", "", "Only who has it to review, or who answers for this review, can hand it over.",
    ]  # fmt: skip
    assert [names(session, each) for each in three] == [["周老师"], ["周老师"], ["张老师"]]
    ended = session.scalars(select(Assignment.note).where(Assignment.ended_as == "handed_over"))
    assert list(ended) == ["我下周出差"] * 2
    told = session.scalars(select(Notice).where(Notice.kind == "handed_over")).all()
    assert [(notice.user_id, notice.values["comment"]) for notice in told] == [
        (cast.second.id, "我下周出差")
    ] * 2
    had_it = "This person may not review it, or had it already: choose somebody else for it."
    assert handed(writing, cast.coordinator, three, cast.reviewer) == [had_it, had_it, ""]
    assert handed(writing, cast.coordinator, three, cast.stranger) == [had_it] * 3


def test_to_whom_it_could_go_is_asked_at_once_for_all_lines(
    session: Session, uow: UnitOfWork, cast: Cast, three: list[Submission],
    queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    give(uow, three[0], cast.reviewer)
    numbers = [each.id for each in three]

    def asked(person: Person) -> tuple[list[str], list[tuple[str, int]]]:
        found = handing_over(session, person, numbers, TODAY)
        return list(found.titles.values()), [(one.name, one.open) for one in found.people]

    assert asked(cast.reviewer) == (["第一课"], [("周老师", 0)])
    assert asked(cast.coordinator) == (
        ["第一课", "第二课", "第三课"], [("周老师", 0), ("李老师", 1)],
    )  # fmt: skip
    assert [asked(person) for person in (cast.stranger, cast.author, cast.second)] == [([], [])] * 3

    def ask() -> None:
        handing_over(session, cast.coordinator, numbers, TODAY)

    before = queries(ask)
    many(session, three[0], 20)
    numbers += range(1_000_000, 1_000_020)
    assert queries(ask) == before
    assert len(asked(cast.coordinator)[0]) == 23
