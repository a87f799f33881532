"""Accounts, roles and passwords: who may do what to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Appointed, AuditEvent, School, User
from resource_hub.services import dismissing, passwords, people
from resource_hub.services.persons import load_person
from resource_hub.services.queries.profile import Held, profile
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import PASSWORD, Given


@pytest.fixture
def school(given: Given) -> School:
    return given.school("青石小学")


def problems_of(act: Callable[[], object]) -> dict[str, str]:
    """Field → sentence of what was refused."""
    with pytest.raises(Invalid) as caught:
        act()
    return {problem.field: str(problem) for problem in caught.value.problems}


# Opening accounts


def test_whoever_has_a_school_is_its_teacher(
    session: Session, uow: UnitOfWork, school: School
) -> None:
    user = people.add_person(
        uow, OPERATOR, name=" 王敏 ", email="Wang@Example.org", school_id=school.id
    )
    person = load_person(session, user.id)
    assert person is not None
    assert (user.name, user.account, user.email) == ("王敏", "wang@example.org", "wang@example.org")
    assert [(held.role, held.school_id) for held in person.appointments] == [
        (Role.TEACHER, school.id)
    ]
    assert not passwords.matches(user.password_hash, "")


def test_an_account_says_all_that_is_wrong_with_it(uow: UnitOfWork) -> None:
    def add(**fields: Any) -> User:  # Any: any field of an account
        return people.add_person(uow, OPERATOR, **({"name": "王敏"} | fields))

    add(account="wang", email="wang@example.org")
    assert problems_of(lambda: add(name="", account="a", email="nothing", school_id=99)) == {
        "name": "Give the person's name, at most 60 characters.",
        "email": "This is not an e-mail address.",
        "account": "Give an account name of 2 to 60 characters.",
        "school": "There is no such school.",
    }
    assert problems_of(lambda: add(account="WANG", email="Wang@example.org")) == {
        "email": "Someone already has this e-mail address.",
        "account": "Someone already has this account name.",
    }
    assert problems_of(lambda: add(account="li", email=f"{'x' * 250}@e.cn")) == {
        "email": "This is not an e-mail address."
    }
    assert set(problems_of(lambda: add(account="li", password="short"))) == {"password"}
    assert set(problems_of(lambda: add(account="a b"))) == {"account"}


def test_nobody_takes_the_address_of_another_as_an_account_name(uow: UnitOfWork) -> None:
    people.add_person(uow, OPERATOR, name="王敏", account="wang", email="wang@example.org")
    people.add_person(uow, OPERATOR, name="李强", account="li@example.org")
    taken = problems_of(
        lambda: people.add_person(uow, OPERATOR, name="赵云", account="wang@example.org")
    )
    assert taken == {"account": "Someone already has this account name."}
    taken = problems_of(
        lambda: people.add_person(
            uow, OPERATOR, name="赵云", account="zhao", email="li@example.org"
        )
    )
    assert taken == {"email": "Someone already has this e-mail address."}


def test_only_an_administrator_or_the_schools_coordinator_opens_accounts(
    uow: UnitOfWork, given: Given, school: School
) -> None:
    coordinator = given.coordinator(school=school)
    for number, by in enumerate((OPERATOR, given.administrator(), coordinator)):
        people.add_person(uow, by, name="新人", account=f"new{number}", school_id=school.id)
    others = (
        STRANGER,
        given.teacher(school=school),
        given.reviewer(school=school),
        given.coordinator(school=given.school()),
    )
    for by in others:
        with pytest.raises(NotAllowed):
            people.add_person(uow, by, name="新人", account="new", school_id=school.id)
    with pytest.raises(NotAllowed):
        people.add_person(uow, coordinator, name="新人", account="new", school_id=None)


# Roles


def test_a_role_belongs_to_its_kind_of_organisation(
    uow: UnitOfWork, given: Given, school: School
) -> None:
    alliance = given.alliance(school)
    wang = given.teacher(school=school).id or 0
    places: dict[str, dict[str, Any]] = {  # Any: keyword arguments
        "school": {"school_id": school.id},
        "alliance": {"alliance_id": alliance.id},
        "hub": {},
        "both": {"school_id": school.id, "alliance_id": alliance.id},
    }
    taken = set()
    for role in Role:
        for name, place in places.items():
            try:
                people.appoint(uow, OPERATOR, wang, role, **place)
            except Invalid:
                continue
            taken.add((role.value, name))
    assert taken == {
        ("teacher", "school"),
        ("reviewer", "school"),
        ("reviewer", "alliance"),
        ("coordinator", "school"),
        ("editor", "alliance"),
        ("administrator", "hub"),
    }


def test_appointing_again_replaces_subjects_and_stages(
    session: Session, uow: UnitOfWork, given: Given, school: School
) -> None:
    wang = given.teacher(school=school).id or 0
    for subjects in (("math",), ("chinese", "art")):
        people.appoint(uow, OPERATOR, wang, Role.REVIEWER, school_id=school.id, subjects=subjects)
    held = session.scalars(select(Appointed).where(Appointed.role == Role.REVIEWER)).all()
    assert [each.subjects for each in held] == [("chinese", "art")]


def test_a_coordinator_appoints_teachers_and_reviewers_of_the_own_school(
    uow: UnitOfWork, given: Given, school: School
) -> None:
    other, alliance = given.school(), given.alliance(school)
    coordinator = given.coordinator(school=school)
    wang = given.teacher(school=school).id or 0
    people.appoint(uow, coordinator, wang, Role.REVIEWER, school_id=school.id)
    refused: tuple[tuple[Role, dict[str, Any]], ...] = (  # Any: keyword arguments
        (Role.COORDINATOR, {"school_id": school.id}),
        (Role.REVIEWER, {"school_id": other.id}),
        (Role.EDITOR, {"alliance_id": alliance.id}),
        (Role.ADMINISTRATOR, {}),
    )
    for role, place in refused:
        with pytest.raises(NotAllowed):
            people.appoint(uow, coordinator, wang, role, **place)


def test_the_last_administrator_stays(session: Session, uow: UnitOfWork, given: Given) -> None:
    first, second = given.administrator(), given.administrator()
    held = {each.user_id: each.id for each in session.scalars(select(Appointed))}
    dismissing.dismiss(uow, first, held[second.id or 0])
    session.flush()
    refusal = problems_of(lambda: dismissing.dismiss(uow, first, held[first.id or 0]))
    assert refusal == {"role": "The hub needs at least one administrator."}
    with pytest.raises(Missing):
        dismissing.dismiss(uow, first, held[second.id or 0])


# Closing and passwords


def test_nobody_closes_the_own_account(uow: UnitOfWork, given: Given) -> None:
    administrator = given.administrator()
    by: Person = administrator
    refusal = problems_of(lambda: dismissing.set_active(uow, by, by.id or 0, active=False))
    assert refusal == {"person": "You cannot close your own account."}


def test_a_closed_account_opens_again(
    session: Session, uow: UnitOfWork, given: Given, school: School
) -> None:
    wang, coordinator = given.teacher(school=school), given.coordinator(school=school)
    for active in (False, True):
        dismissing.set_active(uow, coordinator, wang.id or 0, active=active)
        session.flush()
        assert (load_person(session, wang.id or 0) is not None) is active


def test_a_password_is_changed_with_the_old_one_as_proof(
    session: Session, uow: UnitOfWork, given: Given, school: School
) -> None:
    wang = given.teacher(school=school)
    user = session.get_one(User, wang.id)
    present = user.password_hash

    def proven(old: str, new: str) -> str:
        return passwords.proven_new_hash(present, old=old, new=new)

    assert set(problems_of(lambda: proven("wrong", "another-lesson-9"))) == {"old"}
    assert set(problems_of(lambda: proven(PASSWORD, "short"))) == {"password"}
    new_hash = proven(PASSWORD, "另一堂课，在九月")
    people.set_password(uow, wang, user.id, present_hash=present, new_hash=new_hash)
    assert passwords.matches(user.password_hash, "另一堂课，在九月")
    assert not passwords.matches(user.password_hash, PASSWORD)
    tags = session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.like("person:%"))).all()
    assert tags == ["person:password"]


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("1234567", "A password needs at least 8 characters."),
        ("x" * 201, "A password may have at most 200 characters."),
        ("aaaaaaaaaa", "This password is too easy to guess; use several different characters."),
        ("lesson-plan", None),
        ("一二三四五六七八", None),
    ],
)
def test_a_password_is_long_rather_than_strange(password: str, sentence: str | None) -> None:
    assert passwords.weakness(password) == sentence


def test_a_link_for_a_new_password_works_until_the_password_is_changed(
    session: Session, uow: UnitOfWork, given: Given, school: School
) -> None:
    wang = given.teacher(school=school)
    user = session.get(User, wang.id)
    assert user is not None
    owner = passwords.token_owner("secret", passwords.reset_token("secret", user))
    assert owner is not None
    assert owner[0] == wang.id
    assert passwords.still_valid(user, owner[1])
    people.set_password(uow, wang, user.id, present_hash=user.password_hash, new_hash="new")
    assert not passwords.still_valid(user, owner[1])
    assert passwords.token_owner("other", passwords.reset_token("secret", user)) is None
    assert passwords.token_owner("secret", "forged") is None


def test_a_profile_says_which_roles_are_held_where(
    session: Session, given: Given, school: School
) -> None:
    alliance = given.alliance(school, name="青石教共体")
    wang = given.reviewer("王敏", school=school, alliance=alliance, subjects=("math",))
    found = profile(session, wang.id or 0)
    assert (found.name, found.school_name) == ("王敏", "青石小学")
    assert found.roles == (
        Held(Role.TEACHER, "青石小学", (), ()),
        Held(Role.REVIEWER, "青石教共体", ("math",), ()),
    )
