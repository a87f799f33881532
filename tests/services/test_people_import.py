"""People from a table: who may bring whom, and what a line makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Appointed, School, User
from resource_hub.services import passwords
from resource_hub.services.people_import import Made, PersonOutcome, Terms, import_people
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def bring(
    uow: UnitOfWork, table: Path, *lines: str, by: Person = OPERATOR, new_schools: bool = False
) -> list[PersonOutcome]:
    @contextmanager
    def begin() -> Iterator[UnitOfWork]:
        yield uow
        uow.session.flush()

    table.write_text("\n".join(lines), "utf-8")
    terms = Terms(by, link=lambda user: f"link of {user.account}", new_schools=new_schools)
    return list(import_people(table, set(), terms, begin))


def test_a_line_opens_an_account_that_nobody_can_sign_in_to_yet(
    uow: UnitOfWork, table: Path, session: Session
) -> None:
    (outcome,) = bring(
        uow,
        table,
        "姓名,账号,邮箱,学校,学科,年级",
        "王敏,WangMin,wm@example.org,一小,数学/科学,g3",
        new_schools=True,
    )
    assert outcome == PersonOutcome(
        2, "王敏", "wangmin", Made.ADDED, new_school="一小", link="link of wangmin"
    )
    user = session.scalars(select(User)).one()
    assert (user.email, user.subjects, user.grades) == (
        "wm@example.org",
        ("math", "science"),
        ("g3",),
    )
    assert not passwords.matches(user.password_hash, "")
    assert session.scalars(select(Appointed.role)).all() == [Role.TEACHER]


def test_a_reviewer_serves_the_alliance_that_is_named_else_the_school(
    uow: UnitOfWork, table: Path, session: Session, given: Given
) -> None:
    school = given.school("一小")
    alliance = given.alliance(school, name="城乡联盟")
    outcomes = bring(
        uow,
        table,
        "name,account,school,role,alliance,review subjects,review stages",
        "王敏,wm,一小,审核员,城乡联盟,数学,小学 初中",
        "李岚,ll,一小,reviewer,,,",
    )
    assert [outcome.roles for outcome in outcomes] == [(Role.REVIEWER,), (Role.REVIEWER,)]
    held = session.scalars(
        select(Appointed).where(Appointed.role == Role.REVIEWER).order_by(Appointed.id)
    ).all()
    assert [(role.alliance_id, role.school_id, role.subjects, role.stages) for role in held] == [
        (alliance.id, None, ("math",), ("primary", "junior")),
        (None, school.id, (), ()),
    ]


def test_a_refused_line_leaves_nothing_behind(
    uow: UnitOfWork, table: Path, session: Session
) -> None:
    (outcome,) = bring(
        uow,
        table,
        "姓名,账号,学校,角色",
        "王敏,wm,新学校,国王",
        new_schools=True,
    )
    assert outcome.made is Made.REFUSED
    assert session.scalars(select(School.id)).all() == []
    assert session.scalars(select(User.id)).all() == []


def test_a_coordinator_brings_people_of_the_own_school_alone(
    uow: UnitOfWork, table: Path, given: Given
) -> None:
    school = given.school("一小")
    given.school("二小")
    outcomes = bring(
        uow,
        table,
        "姓名,账号,学校,角色",
        "王敏,wm,一小,审核员",
        "李岚,ll,二小,",
        "赵强,zq,,",
        "孙丽,sl,一小,校管理员",
        by=given.coordinator(school=school),
    )
    assert [outcome.made for outcome in outcomes] == [
        Made.ADDED,
        Made.REFUSED,
        Made.REFUSED,
        Made.REFUSED,
    ]
    assert [str(problem) for outcome in outcomes for problem in outcome.problems] == [
        "Only an administrator or the school's coordinator can do this.",
        "Only an administrator or the school's coordinator can do this.",
        "Only an administrator can give this role.",
    ]


def test_each_account_gets_a_mark_of_its_own_so_that_no_link_fits_two(
    uow: UnitOfWork, table: Path, session: Session
) -> None:
    bring(uow, table, "姓名,账号", "王敏,wm", "李岚,ll")
    first, second = session.scalars(select(User.password_hash))
    assert first != second
