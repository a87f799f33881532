"""On entry to a stage the hub gives the work to somebody, and every turn ends as it should."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.assignment import Ground
from resource_hub.domain.errors import Invalid, Missing, NotAllowed
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.policy import Policy
from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.models import Assignment, EndedAs, Notice, Revision, Submission, User
from resource_hub.services.assigning import enter_stage, holders
from resource_hub.services.queries.submission_page import submission_page
from resource_hub.services.queries.successors import handing_over
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given


class Cast:
    """A village school with two reviewers and a coordinator, and a town school for the alliance."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.author = given.teacher("王敏", school=self.village)
        self.first = given.reviewer("李老师", school=self.village)
        self.second = given.reviewer("周老师", school=self.village)
        self.coordinator = given.coordinator("何校", school=self.village)
        self.judge = given.reviewer("陈老师", school=self.town, alliance=self.alliance)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def submission_of(session: Session, revision: Revision) -> Submission:
    return session.scalars(
        select(Submission)
        .where(Submission.revision_id == revision.id)
        .order_by(Submission.round.desc())
    ).all()[0]


def who_has(session: Session, revision: Revision) -> list[str]:
    number = submission_of(session, revision).id
    return [held.name for held in holders(session, [number])[number]]


def told(session: Session, person: Person) -> list[str]:
    kinds = select(Notice.kind).where(Notice.user_id == person.id).order_by(Notice.id)
    return list(session.scalars(kinds))


def test_each_stage_finds_its_reviewer_by_itself(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    [held] = session.scalars(select(Assignment)).all()
    assert (held.reviewer_id, held.stage, held.assigned_at, held.claimed_at) == (
        cast.first.id, Stage.SCHOOL, NOON, None,
    )  # fmt: skip
    assert held.due_on.isoformat() == "2026-10-19"  # five working days after Monday the 12th
    assert held.why == {"ground": Ground.IN_TURN, "open": 0, "of": 2, "by": ""}
    assert told(session, cast.first) == ["assigned"]
    take_step(uow, cast.first, revision.id, Action.APPROVE)
    assert (held.ended_as, held.ended_at) == (EndedAs.DECIDED, NOON)
    assert who_has(session, revision) == ["陈老师"]
    take_step(uow, cast.judge, revision.id, Action.APPROVE)
    assert who_has(session, revision) == []


def test_the_next_one_goes_to_who_has_less_to_do(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    names = []
    for _ in range(4):
        names += who_has(session, given.submitted(by=cast.author))
        clock.pass_(hours=1)
    assert names == ["李老师", "周老师", "李老师", "周老师"]


def test_other_subjects_and_closed_accounts_are_not_asked(
    session: Session, given: Given, cast: Cast
) -> None:
    art = given.reviewer("画老师", school=cast.village, subjects=("art",))
    for person in (cast.first, cast.second):
        session.get_one(User, person.id).is_active = False
    assert who_has(session, given.submitted(by=cast.author, subject="art")) == ["画老师"]
    assert who_has(session, given.submitted(by=cast.author, subject="math")) == []
    assert told(session, art) == ["assigned"]


def test_who_writes_and_reviews_too_does_not_get_the_own_work(
    session: Session, given: Given, cast: Cast
) -> None:
    assert who_has(session, given.submitted(by=cast.first)) == ["周老师"]


def test_where_nobody_is_available_the_coordinator_is_told_once(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.DECLINE, comment="我是评课人")
    take_step(uow, cast.second, revision.id, Action.DECLINE, comment="不熟悉")
    assert who_has(session, revision) == []
    enter_stage(uow, submission_of(session, revision), revision)
    assert told(session, cast.coordinator) == ["nobody_available"]


def test_who_comes_and_goes_leaves_word_with_the_coordinator_again(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    for person in (cast.first, cast.second):
        take_step(uow, person, revision.id, Action.DECLINE, comment="不熟悉")
    third = given.reviewer("吴老师", school=cast.village)
    number = submission_of(session, revision).id
    for _day in range(3):
        clock.pass_(days=1)
        look_at(uow, number)
    assert who_has(session, revision) == ["吴老师"]
    assert told(session, cast.coordinator) == ["nobody_available"]
    take_step(uow, third, revision.id, Action.DECLINE, comment="出差")
    assert told(session, cast.coordinator) == ["nobody_available"] * 2
    for _day in range(3):
        clock.pass_(days=1)
        look_at(uow, number)
    assert told(session, cast.coordinator) == ["nobody_available"] * 2


def test_of_several_who_are_lacking_the_coordinator_is_told_when_it_becomes_more(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    submission.policy = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 3})
    enter_stage(uow, submission, revision)
    assert told(session, cast.coordinator) == ["nobody_available"]
    take_step(uow, cast.first, revision.id, Action.APPROVE)
    assert told(session, cast.coordinator) == ["nobody_available"]
    take_step(uow, cast.second, revision.id, Action.DECLINE, comment="不熟悉")
    assert told(session, cast.coordinator) == ["nobody_available"] * 2
    given.reviewer("吴老师", school=cast.village)
    look_at(uow, submission.id)
    assert who_has(session, revision) == ["吴老师"]
    assert told(session, cast.coordinator) == ["nobody_available"] * 2


def test_a_later_round_tells_of_its_own_lack(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    for person in (cast.first, cast.second):
        take_step(uow, person, revision.id, Action.DECLINE, comment="不熟悉")
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    for person in (cast.first, cast.second):
        session.get_one(User, person.id).is_active = False
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    assert told(session, cast.coordinator) == ["nobody_available"] * 2


def test_a_school_without_a_coordinator_leaves_it_to_the_administrators(
    session: Session, given: Given
) -> None:
    school, boss = given.home(), given.administrator()
    given.submitted(by=given.teacher(school=school))
    assert told(session, boss) == ["nobody_available"]


def test_the_author_who_coordinates_is_not_asked_to_choose_the_judge(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    school, boss = given.home(), given.administrator()
    head = given.coordinator(school=school)
    revision = given.submitted(by=head)
    assert (told(session, head), told(session, boss)) == ([], ["nobody_available"])
    with pytest.raises(NotAllowed, match="You cannot choose who reviews your own work"):
        take_step(uow, head, revision.id, Action.HAND_OVER, successor=boss.id)


def test_what_is_given_back_goes_to_the_next_and_not_back_again(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.RELEASE)
    assert who_has(session, revision) == ["周老师"]
    take_step(uow, cast.coordinator, revision.id, Action.RELEASE)
    assert who_has(session, revision) == []
    assert told(session, cast.coordinator) == ["nobody_available"]


def test_declining_needs_a_reason_that_reviewers_see_and_the_author_does_not(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(Invalid) as caught:
        take_step(uow, cast.first, revision.id, Action.DECLINE)
    assert [problem.field for problem in caught.value.problems] == ["note"]
    with pytest.raises(NotAllowed, match="Only who has it to review can decline it"):
        take_step(uow, cast.second, revision.id, Action.DECLINE, comment="不")
    take_step(uow, cast.first, revision.id, Action.DECLINE, comment="这是我徒弟的课")
    assert who_has(session, revision) == ["周老师"]
    assert told(session, cast.author) == []
    page = submission_page(session, cast.second, submission_of(session, revision).id, clock())
    assert [(turn.name, turn.ended_as, turn.note) for turn in page.past_turns] == [
        ("李老师", EndedAs.DECLINED, "这是我徒弟的课")
    ]


def test_it_is_handed_over_with_a_word(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(
        uow, cast.first, revision.id, Action.HAND_OVER, comment="你熟", successor=cast.second.id
    )
    assert who_has(session, revision) == ["周老师"]
    notice = session.scalars(select(Notice).where(Notice.user_id == cast.second.id)).one()
    assert (notice.kind, notice.values["by"], notice.values["comment"], notice.values["due"]) == (
        "handed_over", "李老师", "你熟", "2026-10-19",
    )  # fmt: skip
    take_step(uow, cast.coordinator, revision.id, Action.RELEASE)
    third = given.reviewer("吴老师", school=cast.village)
    take_step(uow, cast.coordinator, revision.id, Action.HAND_OVER, successor=third.id)
    assert who_has(session, revision) == ["吴老师"]


@pytest.mark.parametrize("who", ["author", "judge", "first", "coordinator"])
def test_it_is_handed_over_only_to_who_may_judge_it(
    uow: UnitOfWork, given: Given, cast: Cast, who: str
) -> None:
    revision = given.submitted(by=cast.author)
    successor: Person = getattr(cast, who)
    with pytest.raises(Invalid, match="Choose a person from the list"):
        take_step(uow, cast.first, revision.id, Action.HAND_OVER, successor=successor.id)


def test_a_colleague_without_the_work_and_strangers_cannot_hand_it_over(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(NotAllowed, match="can hand it over"):
        take_step(uow, cast.second, revision.id, Action.HAND_OVER, successor=cast.second.id)
    stranger = given.teacher(school=given.school())
    with pytest.raises(Missing):
        take_step(uow, stranger, revision.id, Action.HAND_OVER, successor=cast.second.id)


def test_who_chooses_a_judge_at_the_alliance_stage(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    other = given.reviewer("赵老师", school=cast.town, alliance=cast.alliance)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.APPROVE)
    assert who_has(session, revision) == ["陈老师"]
    administrator = given.administrator()
    of_the_school = given.with_role(
        given.teacher("校内管理员", school=cast.village), Role.ADMINISTRATOR
    )
    number = submission_of(session, revision).id
    chooses_nobody = (NotAllowed, "nobody of the author's school chooses")
    for person, (kind, words) in {
        cast.author: (NotAllowed, "You cannot choose who reviews your own work"),
        cast.coordinator: chooses_nobody,
        of_the_school: chooses_nobody,
        cast.first: chooses_nobody,  # a colleague, who judged it at the school stage
        other: (NotAllowed, "who answers for this review"),
        given.coordinator(school=cast.town): (Missing, "not shared with you"),
        given.editor(alliance=cast.alliance, school=cast.town): (Missing, "not shared with you"),
        given.teacher(school=given.school()): (Missing, "not shared with you"),
        STRANGER: (Missing, "not shared with you"),
    }.items():
        for action in (Action.RELEASE, Action.HAND_OVER):
            with pytest.raises(kind, match=words):
                take_step(uow, person, revision.id, action, successor=other.id)
        assert handing_over(session, person, [number], NOON.date()).titles == {}
    for person in (administrator, cast.judge):
        assert list(handing_over(session, person, [number], NOON.date()).titles) == [number]
    take_step(uow, administrator, revision.id, Action.HAND_OVER, successor=other.id)
    assert who_has(session, revision) == ["赵老师"]
    take_step(uow, administrator, revision.id, Action.RELEASE)
    assert who_has(session, revision) == []
    assert told(session, cast.coordinator) == ["nobody_available"]
    assert told(session, of_the_school) == ["nobody_available"]
    assert told(session, administrator) == ["nobody_available"]


def test_an_author_who_coordinates_frees_nobody_of_the_own_work(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.coordinator)
    with pytest.raises(NotAllowed, match="You cannot choose who reviews your own work"):
        take_step(uow, cast.coordinator, revision.id, Action.RELEASE)
    assert who_has(session, revision) == ["李老师"]


def test_who_claims_takes_the_place_of_who_was_only_asked(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.second, revision.id, Action.CLAIM)
    assert who_has(session, revision) == ["周老师"]
    assert told(session, cast.first) == ["assigned", "relieved"]


def test_a_colleague_with_time_decides_and_the_one_who_was_asked_is_relieved(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.second, revision.id, Action.APPROVE)
    assert who_has(session, revision) == ["陈老师"]
    ends = session.execute(
        select(Assignment.reviewer_id, Assignment.ended_as).order_by(Assignment.id)
    ).all()
    assert [tuple(row) for row in ends] == [
        (cast.first.id, EndedAs.CLOSED),
        (cast.judge.id, None),
    ]


def test_two_approvals_ask_two_people_and_one_of_them_less_after_the_first(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    submission = submission_of(session, revision)
    submission.policy = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2})
    enter_stage(uow, submission, revision)
    assert who_has(session, revision) == ["李老师", "周老师"]
    take_step(uow, cast.coordinator, revision.id, Action.APPROVE)
    assert who_has(session, revision) == ["李老师"]
    assert told(session, cast.second) == ["assigned", "relieved"]


def test_taking_it_back_frees_everybody_and_the_next_round_asks_anew(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    assert who_has(session, revision) == []
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    assert who_has(session, revision) == ["周老师"]  # 李老师 had something more recently


def test_an_appeal_goes_to_somebody_else(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.REJECT, comment="不合适", reason=Reason.QUALITY)
    take_step(uow, cast.author, revision.id, Action.APPEAL, comment="请再看")
    assert who_has(session, revision) == ["周老师"]
    take_step(uow, cast.second, revision.id, Action.RELEASE)
    assert who_has(session, revision) == []
    assert told(session, cast.coordinator) == ["nobody_available"]


def test_the_desk_asks_as_often_with_many_reviewers_as_with_two(
    session: Session,
    given: Given,
    cast: Cast,
    clock: Clock,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    number = submission_of(session, given.submitted(by=cast.author)).id
    few = queries(lambda: submission_page(session, cast.first, number, clock()))
    for place in range(5):
        given.reviewer(f"新老师{place}", school=cast.village)
    assert queries(lambda: submission_page(session, cast.first, number, clock())) == few
