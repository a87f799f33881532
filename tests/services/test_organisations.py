"""Schools and alliances: who may make them, and what the pages learn about them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import Action, Stage
from resource_hub.domain.taxonomy import AllianceKind
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, Membership, School, Standing
from resource_hub.services import drafting, organisations
from resource_hub.services.queries.contributions import Contribution, school_page
from resource_hub.services.queries.members import managed_schools, member_page, members
from resource_hub.services.queries.organisations import (
    alliance_lines,
    alliance_page,
    schools_page,
)
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given


class Cast:
    """Two schools of one alliance, their people, and an administrator."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village, name="青山联盟")
        self.teacher = given.teacher("王敏", school=self.village)
        self.neighbour = given.teacher("赵云", school=self.town)
        self.coordinator = given.coordinator("周校", school=self.village)
        self.administrator = given.administrator()


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.mark.parametrize("who", ["teacher", "neighbour", "coordinator"])
def test_only_administrators_make_and_see_organisations(
    session: Session, uow: UnitOfWork, cast: Cast, who: str
) -> None:
    person: Person = getattr(cast, who)
    alliance, school = cast.alliance.id, cast.town.id
    acts: tuple[Callable[[], object], ...] = (
        lambda: organisations.add_school(uow, person, name="新校"),
        lambda: organisations.add_schools(uow, person, "新校"),
        lambda: organisations.add_alliance(uow, person, name="新盟", kind=AllianceKind.GROUP),
        lambda: organisations.join(
            uow, person, alliance_id=alliance, school_id=school, standing=Standing.CORE
        ),
        lambda: organisations.join_many(
            uow, person, alliance_id=alliance, text="s1", standing=Standing.CORE
        ),
        lambda: organisations.leave(uow, person, alliance_id=alliance, school_id=school),
        lambda: schools_page(session, person),
        lambda: alliance_lines(session, person),
        lambda: alliance_page(session, person, alliance),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match="Only an administrator can do this"):
            act()


def test_lines_are_read_as_people_write_them(uow: UnitOfWork, cast: Cast) -> None:
    made = organisations.add_schools(
        uow, cast.administrator, "河东小学，hedong\n\n  河西小学\t HEXI\n河南小学,\n"
    )
    assert [(school.name, school.code) for school in made] == [
        ("河东小学", "hedong"),
        ("河西小学", "hexi"),
        ("河南小学", "s5"),
    ]


def test_two_lines_of_the_same_name_are_told_apart(uow: UnitOfWork, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        organisations.add_schools(uow, cast.administrator, "河东小学\n河东小学\n镇中心小学")
    assert [problem.field for problem in caught.value.problems] == ["line-2", "line-3"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  \n ", "Write at least one school."), ("x\n" * 501, "At most 500 lines at once.")],
)
def test_nothing_and_far_too_much_are_refused(
    uow: UnitOfWork, cast: Cast, text: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        organisations.add_schools(uow, cast.administrator, text)


def test_joining_again_changes_the_standing_and_leaves_one_membership(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    organisations.join_many(
        uow,
        cast.administrator,
        alliance_id=cast.alliance.id,
        text="镇中心小学\ns2",
        standing=Standing.CORE,
    )
    session.flush()
    page = alliance_page(session, cast.administrator, cast.alliance.id)
    assert {(one.name, one.standing) for one in page.members} == {
        ("镇中心小学", Standing.CORE),
        ("山口小学", Standing.CORE),
    }
    assert len(session.scalars(select(Membership)).all()) == 2


def test_an_alliance_that_is_not_there_cannot_be_joined(uow: UnitOfWork, cast: Cast) -> None:
    with pytest.raises(Missing):
        organisations.join_many(
            uow, cast.administrator, alliance_id=999, text="s1", standing=Standing.MEMBER
        )
    with pytest.raises(Missing, match="not a member"):
        organisations.leave(uow, cast.administrator, alliance_id=999, school_id=cast.town.id)


def test_what_is_changed_is_remembered(session: Session, uow: UnitOfWork, cast: Cast) -> None:
    organisations.leave(
        uow, cast.administrator, alliance_id=cast.alliance.id, school_id=cast.town.id
    )
    session.flush()
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.tag, event.actor_id, event.detail) == (
        "alliance:leave",
        cast.administrator.id,
        {"alliance": cast.alliance.id, "school": cast.town.id},
    )


def test_schools_are_found_by_name_and_code_with_their_people(
    session: Session, given: Given, cast: Cast
) -> None:
    lines, paging = schools_page(session, cast.administrator, words="山口")
    assert [(line.name, line.code, line.people) for line in lines] == [("山口小学", "s2", 2)]
    assert [tuple(each) for each in lines[0].alliances] == [
        (cast.alliance.id, "青山联盟", Standing.MEMBER)
    ]
    assert paging.total == 1
    assert [line.code for line in schools_page(session, cast.administrator, words="S1")[0]] == [
        "s1"
    ]
    assert schools_page(session, cast.administrator, words="%")[0] == []
    for number in range(60):
        given.school(f"学校{number}")
    page, paging = schools_page(session, cast.administrator, page=2)
    assert (len(page), paging.pages) == (12, 2)


# Whom a person manages


def test_an_administrator_manages_everybody_and_a_coordinator_the_own_school(
    session: Session, cast: Cast
) -> None:
    everybody, _ = members(session, cast.administrator)
    own, paging = members(session, cast.coordinator)
    assert len(everybody) == 4
    assert {one.name for one in own} == {"王敏", "周校"}
    assert paging.total == 2
    assert managed_schools(session, cast.administrator) == []
    assert managed_schools(session, cast.coordinator) == [(cast.village.id, "山口小学")]


def test_who_manages_nobody_learns_of_nobody(session: Session, cast: Cast) -> None:
    for person in (cast.teacher, cast.neighbour, Person()):
        with pytest.raises(NotAllowed):
            members(session, person)
        with pytest.raises(NotAllowed):
            member_page(session, person, cast.teacher.id or 0)
    with pytest.raises(Missing):
        member_page(session, cast.coordinator, cast.neighbour.id or 0)


def test_someone_who_coordinates_two_schools_manages_both(
    session: Session, given: Given, cast: Cast
) -> None:
    both = given.with_role(cast.coordinator, Role.COORDINATOR, school=cast.town)
    assert {one.name for one in members(session, both)[0]} == {"王敏", "周校", "赵云"}
    assert [name for _, name in managed_schools(session, both)] == sorted(
        ["镇中心小学", "山口小学"]
    )


# What a school shares


def test_contributions_are_counted_per_person_however_many_versions_there_are(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    live = given.published(by=cast.teacher)
    live.resource.downloads = 7
    second = drafting.revise(uow, cast.teacher, live.id)
    take_step(uow, cast.teacher, second.id, Action.SUBMIT, rights_declared=True)
    withdrawn = given.published(by=cast.teacher, title="撤下的")
    take_step(uow, cast.teacher, withdrawn.id, Action.WITHDRAW, comment="有误")
    given.draft(by=cast.teacher, title="草稿")
    given.submitted(by=cast.neighbour)
    page = school_page(session, cast.coordinator, cast.village.id)
    assert list(page.contributions) == [
        Contribution(cast.teacher.id or 0, "王敏", True, 2, 1, 7),
        Contribution(cast.coordinator.id or 0, "周校", True, 0, 0, 0),
    ]


def test_the_school_sees_its_work_at_both_stages_and_who_holds_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    reviewer = given.reviewer("李老师", school=cast.village)
    first = given.through_review(given.submitted(by=cast.teacher, title="终审中"), reviewer)
    clock.pass_(days=1)
    second = given.submitted(by=cast.teacher, title="初审中")
    take_step(uow, reviewer, second.id, Action.CLAIM)
    given.submitted(by=cast.neighbour, title="别校的")
    given.through_review(
        given.submitted(by=cast.teacher, title="已发布", audience=Audience.SCHOOL), reviewer
    )
    lines = school_page(session, cast.coordinator, cast.village.id).under_review
    assert [
        (
            line.title,
            line.stage,
            line.waiting_since,
            [(held.name, held.since, held.has_claimed) for held in line.holders],
        )
        for line in lines
    ] == [
        ("终审中", Stage.ALLIANCE, NOON, []),
        ("初审中", Stage.SCHOOL, clock(), [("李老师", clock(), True)]),
    ]
    assert first.id != second.id


def test_the_schools_page_is_its_coordinators_and_the_administrators(
    session: Session, given: Given, cast: Cast
) -> None:
    for person in (cast.coordinator, cast.administrator):
        assert school_page(session, person, cast.village.id).name == "山口小学"
    for person in (cast.teacher, cast.neighbour, given.coordinator(school=cast.town)):
        with pytest.raises(NotAllowed):
            school_page(session, person, cast.village.id)
    with pytest.raises(Missing):
        school_page(session, cast.administrator, session.scalars(select(School.id)).all()[-1] + 9)


def test_a_name_is_no_longer_than_the_table_keeps(uow: UnitOfWork, given: Given) -> None:
    administrator = given.administrator()
    organisations.add_school(uow, administrator, name="校" * 120)
    for add in (
        lambda: organisations.add_school(uow, administrator, name="校" * 121),
        lambda: organisations.add_alliance(
            uow, administrator, name="盟" * 121, kind=AllianceKind.GROUP
        ),
    ):
        with pytest.raises(Invalid, match="At most 120 characters"):
            add()


def test_a_school_without_a_code_gets_one_that_is_free(uow: UnitOfWork, given: Given) -> None:
    administrator = given.administrator()
    organisations.add_school(uow, administrator, name="甲校", code="s2")
    assert organisations.add_school(uow, administrator, name="乙校").code == "s3"
