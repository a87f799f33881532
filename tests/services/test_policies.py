"""Which policy applies to a revision, and that one under way keeps its own."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.policy import Policy, Stage, usual_policy
from resource_hub.domain.review import Action, State
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, PolicyRow, Submission, User
from resource_hub.services.policies import drop_policy, policy_for, save_policy
from resource_hub.services.queries.policies import policies
from resource_hub.services.review import take_step
from resource_hub.services.shortages import Shortage
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given

BOTH = (Stage.SCHOOL, Stage.ALLIANCE)


def set_policy(
    session: Session, policy: Policy, *, alliance_id: int | None = None, kind: str = ""
) -> None:
    session.add(PolicyRow(alliance_id=alliance_id, kind=kind, policy=policy, changed_at=NOON))
    session.flush()


def test_the_narrowest_policy_applies(session: Session, given: Given) -> None:
    school = given.school()
    alliance_id = given.alliance(school).id
    author = given.teacher(school=school)
    case = given.draft(by=author, kind=Kind.CASE)
    plan = given.draft(by=author)

    def days() -> tuple[int, int]:
        return tuple(policy_for(session, each).days_at(Stage.SCHOOL) for each in (case, plan))  # type: ignore[return-value]  # two of them

    assert policy_for(session, plan) == usual_policy(Audience.ALLIANCE)
    steps = [
        ({"alliance_id": None, "kind": ""}, (1, 1)),
        ({"alliance_id": None, "kind": "case"}, (2, 1)),
        ({"alliance_id": alliance_id, "kind": ""}, (3, 3)),
        ({"alliance_id": alliance_id, "kind": "case"}, (4, 3)),
    ]
    for number, (place, expected) in enumerate(steps, 1):
        set_policy(session, Policy(BOTH, days={Stage.SCHOOL: number}), **place)  # type: ignore[arg-type]  # the two names
        assert days() == expected


def test_an_alliances_policy_is_not_asked_for_what_stays_in_the_school(
    session: Session, given: Given
) -> None:
    school = given.school()
    set_policy(session, Policy((Stage.ALLIANCE,)), alliance_id=given.alliance(school).id)
    set_policy(session, Policy(BOTH, {Stage.SCHOOL: 2, Stage.ALLIANCE: 3}))
    draft = given.draft(by=given.teacher(school=school), audience=Audience.SCHOOL)
    policy = policy_for(session, draft)
    assert policy.stages == (Stage.SCHOOL,)
    assert policy.approvals_at(Stage.SCHOOL) == 2


@pytest.mark.parametrize("stage", Stage)
def test_a_policy_with_one_stage_leads_through_that_stage_alone(
    session: Session, uow: UnitOfWork, given: Given, stage: Stage
) -> None:
    village, town = given.school(), given.school()
    alliance = given.alliance(village, town)
    set_policy(session, Policy((stage,)), alliance_id=alliance.id)
    judge = {
        Stage.SCHOOL: given.reviewer(school=village),
        Stage.ALLIANCE: given.reviewer(school=town, alliance=alliance),
    }[stage]
    revision = given.submitted(by=given.teacher(school=village))
    assert revision.stage is stage
    assert take_step(uow, judge, revision.id, Action.APPROVE).state is State.PUBLISHED


def test_a_change_of_policy_does_not_touch_what_is_under_way(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    school = given.school()
    author, judge = given.teacher(school=school), given.reviewer(school=school)
    revision = given.submitted(by=author, audience=Audience.SCHOOL)
    set_policy(session, Policy(BOTH, {Stage.SCHOOL: 3}))
    assert session.scalars(select(Submission.policy)).one() == Policy(
        (Stage.SCHOOL,), {Stage.SCHOOL: 1}, days={Stage.SCHOOL: 5}
    )
    assert take_step(uow, judge, revision.id, Action.APPROVE).state is State.PUBLISHED


def test_a_policy_is_saved_changed_and_dropped_and_each_is_recorded(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    boss, school = given.administrator(), given.school()
    given.reviewer(school=school)
    first, second = Policy((Stage.SCHOOL,)), Policy((Stage.SCHOOL,), days={Stage.SCHOOL: 9})
    assert save_policy(uow, boss, first, kind=Kind.CASE, seen=0) == []
    with pytest.raises(WrongState, match="Someone else changed this"):
        save_policy(uow, boss, second, kind=Kind.CASE, seen=0)
    save_policy(uow, boss, second, kind=Kind.CASE, seen=1)
    assert session.scalars(select(PolicyRow.policy)).one().days_at(Stage.SCHOOL) == 9
    drop_policy(uow, boss, kind=Kind.CASE)
    assert session.scalar(select(func.count(PolicyRow.id))) == 0
    with pytest.raises(Missing, match="no rule of its own"):
        drop_policy(uow, boss, kind=Kind.CASE)
    tags = session.scalars(
        select(AuditEvent.tag).where(AuditEvent.tag.startswith("policy:")).order_by(AuditEvent.id)
    ).all()
    assert tags == ["policy:change", "policy:change", "policy:drop"]


def test_only_administrators_change_policies(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    coordinator = given.coordinator(school=given.school())
    asked: list[Callable[[], object]] = [
        lambda: save_policy(uow, coordinator, Policy((Stage.SCHOOL,))),
        lambda: drop_policy(uow, coordinator),
        lambda: policies(session, coordinator),
    ]
    for ask in asked:
        with pytest.raises(NotAllowed, match="Only an administrator"):
            ask()
    with pytest.raises(Missing, match="no such alliance"):
        save_policy(uow, given.administrator(), Policy((Stage.SCHOOL,)), alliance_id=99)


def test_a_policy_for_which_there_are_too_few_people_everywhere_is_refused(
    uow: UnitOfWork, given: Given
) -> None:
    boss = given.administrator()
    village, town = given.school("村小"), given.school("镇小")
    alliance = given.alliance(village, town)
    given.reviewer(school=village)
    given.coordinator(school=village)
    for _ in range(2):
        given.reviewer(school=town, alliance=alliance)

    def save(policy: Policy) -> list[Shortage]:
        return list(save_policy(uow, boss, policy, alliance_id=alliance.id))

    with pytest.raises(Invalid, match="no school has more than 2 who may \\(村小\\)"):
        save(Policy((Stage.SCHOOL,), {Stage.SCHOOL: 3}))
    with pytest.raises(Invalid, match="there are at most 2 \\(for 村小\\)"):
        save(Policy((Stage.ALLIANCE,), {Stage.ALLIANCE: 3}))
    assert save(Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2})) == [
        Shortage("镇小", Stage.SCHOOL, 0, 2)
    ]
    assert save(Policy((Stage.ALLIANCE,), {Stage.ALLIANCE: 2})) == [
        Shortage("镇小", Stage.ALLIANCE, 0, 2)
    ]


def test_people_are_counted_for_the_same_subject_and_stage_of_school(
    uow: UnitOfWork, given: Given
) -> None:
    boss = given.administrator()
    village, town = given.school("村小"), given.school("镇小")
    alliance = given.alliance(village, town)
    for subjects, stages in ((("math",), ()), (("chinese",), ()), (("chinese",), ("senior",))):
        given.reviewer(school=town, alliance=alliance, subjects=subjects, stages=stages)

    def save(number: int) -> list[Shortage]:
        policy = Policy((Stage.ALLIANCE,), {Stage.ALLIANCE: number})
        return list(save_policy(uow, boss, policy, alliance_id=alliance.id))

    with pytest.raises(Invalid, match="there are at most 2 \\(for 村小\\)"):
        save(3)
    nobody = Shortage("镇小", Stage.ALLIANCE, 0, 2)
    assert save(2) == [nobody]
    teacher = given.teacher(school=village)
    given.submitted(by=teacher, subject="chinese", school_stage="senior", grades=("g10",))
    assert save(2) == [nobody]
    given.submitted(by=teacher, subject="chinese", school_stage="primary")
    given.draft(by=teacher, subject="music", school_stage="primary")
    few = Shortage("村小", Stage.ALLIANCE, 1, 2, ("chinese",))
    assert save(2) == [few, nobody]
    given.submitted(by=teacher, subject="art", school_stage="primary")
    assert save(1) == [
        Shortage("村小", Stage.ALLIANCE, 0, 1, ("art",)),
        Shortage("镇小", Stage.ALLIANCE, 0, 1),
    ]


def test_who_has_left_does_not_count(session: Session, uow: UnitOfWork, given: Given) -> None:
    school = given.school()
    gone = given.reviewer(school=school)
    session.get_one(User, gone.id).is_active = False
    with pytest.raises(Invalid, match="Nobody could meet this"):
        save_policy(uow, given.administrator(), Policy((Stage.SCHOOL,)))


def test_all_that_is_wrong_is_said_at_once(uow: UnitOfWork, given: Given) -> None:
    wrong = Policy((), lowest_mean=9.0, vetoes=frozenset({"beauty"}))
    with pytest.raises(Invalid) as refused:
        save_policy(uow, given.administrator(), wrong)
    assert [problem.field for problem in refused.value.problems] == [
        "stages",
        "lowest_mean",
        "vetoes",
    ]
