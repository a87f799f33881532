"""Signing in: who gets a token, what it is worth, and when the hub stops trying."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, TooManyTries
from resource_hub.domain.people import Person
from resource_hub.models import Job, SignIn, SignInFailure, User
from resource_hub.services import dismissing, people, sign_in
from resource_hub.services.persons import find_person, load_person
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import PASSWORD, Clock, Given

LIMIT = 3
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.school())


@pytest.fixture
def user(session: Session, wang: Person) -> User:
    return session.scalars(select(User).where(User.id == wang.id)).one()


def fail(uow: UnitOfWork, *, login: str, address: str = HERE) -> None:
    with pytest.raises(Invalid, match="The name or the password is not right"):
        sign_in.sign_in(uow, login=login, address=address, user_id=None, limit=LIMIT)


@pytest.mark.parametrize("write", [str, str.upper, lambda name: f"  {name} "])
def test_account_and_e_mail_both_open_in_any_case(
    session: Session, user: User, write: type[str]
) -> None:
    for login in (user.account, user.email or ""):
        assert sign_in.check_password(session, write(login), PASSWORD) is user
        person = find_person(session, write(login))
        assert person is not None
        assert person.id == user.id


@pytest.mark.parametrize(
    ("login", "password"),
    [("", ""), ("nobody", PASSWORD), ("person", PASSWORD), ("%", PASSWORD), ("", PASSWORD)],
)
def test_nobody_else_gets_in(session: Session, user: User, login: str, password: str) -> None:
    assert sign_in.check_password(session, login, password) is None
    assert sign_in.check_password(session, user.account, password + "x") is None


def test_a_token_is_known_by_its_hash_alone(session: Session, uow: UnitOfWork, user: User) -> None:
    token = sign_in.sign_in(uow, login="x", address=HERE, user_id=user.id, limit=LIMIT)
    other = sign_in.sign_in(uow, login="x", address=HERE, user_id=user.id, limit=LIMIT)
    session.flush()
    stored = session.scalars(select(SignIn.token_hash).order_by(SignIn.id)).all()
    assert stored == [sign_in.token_hash(token), sign_in.token_hash(other)]
    assert token not in stored
    found = sign_in.signed_in_user_id(session, token)
    assert found is not None
    assert found[0] == user.id


def test_signing_out_ends_one_browser(session: Session, uow: UnitOfWork, user: User) -> None:
    here = sign_in.sign_in(uow, login="x", address=HERE, user_id=user.id, limit=LIMIT)
    there = sign_in.sign_in(uow, login="x", address=ELSEWHERE, user_id=user.id, limit=LIMIT)
    session.flush()
    sign_in.sign_out(uow, here)
    assert sign_in.signed_in_user_id(session, here) is None
    assert sign_in.signed_in_user_id(session, there) is not None
    sign_in.sign_out(uow, "nobody's")


def test_closing_an_account_ends_every_sign_in(
    session: Session, uow: UnitOfWork, given: Given, user: User
) -> None:
    token = sign_in.sign_in(uow, login="x", address=HERE, user_id=user.id, limit=LIMIT)
    session.flush()
    dismissing.set_active(uow, given.administrator(), user.id, active=False)
    session.flush()
    assert sign_in.signed_in_user_id(session, token) is None
    assert sign_in.check_password(session, user.account, PASSWORD) is None
    assert load_person(session, user.id) is None


def test_a_new_password_ends_every_sign_in(session: Session, uow: UnitOfWork, wang: Person) -> None:
    token = sign_in.sign_in(uow, login="x", address=HERE, user_id=wang.id, limit=LIMIT)
    session.flush()
    present_hash = session.get_one(User, wang.id).password_hash
    people.set_password(uow, wang, wang.id or 0, present_hash=present_hash, new_hash="new")
    session.flush()
    assert sign_in.signed_in_user_id(session, token) is None


def test_an_account_that_failed_too_often_has_to_wait(
    uow: UnitOfWork, user: User, clock: Clock
) -> None:
    for _ in range(LIMIT):
        fail(uow, login=user.account)
    with pytest.raises(TooManyTries, match="Wait 15 minutes"):
        sign_in.sign_in(
            uow, login=user.account.upper(), address=ELSEWHERE, user_id=user.id, limit=LIMIT
        )
    clock.pass_(minutes=15, seconds=1)
    assert sign_in.sign_in(
        uow, login=user.account, address=HERE, user_id=user.id, limit=LIMIT
    )  # fmt: skip


def test_an_address_that_failed_too_often_has_to_wait_whatever_the_account(
    uow: UnitOfWork, user: User
) -> None:
    for number in range(LIMIT):
        fail(uow, login=f"guess{number}")
    with pytest.raises(TooManyTries):
        sign_in.sign_in(uow, login=user.account, address=HERE, user_id=user.id, limit=LIMIT)
    assert sign_in.sign_in(uow, login=user.account, address=ELSEWHERE, user_id=user.id, limit=LIMIT)


def test_one_failure_less_than_the_limit_does_no_harm(uow: UnitOfWork, user: User) -> None:
    for _ in range(LIMIT - 1):
        fail(uow, login=user.account)
    assert sign_in.sign_in(uow, login=user.account, address=HERE, user_id=user.id, limit=LIMIT)


def test_a_failure_counts_although_the_request_is_refused(
    session: Session, uow: UnitOfWork
) -> None:
    fail(uow, login="x" * 5_000)
    session.rollback()
    keys = session.scalars(select(SignInFailure.key).order_by(SignInFailure.key)).all()
    assert keys == [f"account:{'x' * 250}", f"address:{HERE}"]


def test_old_failures_are_forgotten(session: Session, uow: UnitOfWork, clock: Clock) -> None:
    fail(uow, login="old")
    clock.pass_(minutes=16)
    fail(uow, login="new")
    keys = session.scalars(select(SignInFailure.key).order_by(SignInFailure.key)).all()
    assert keys == ["account:new", f"address:{HERE}"]


def test_nobodys_mailbox_is_flooded_with_password_links(
    uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    person = given.teacher()
    assert person.id is not None
    for _press in range(5):
        sign_in.promise_link(uow, person.id)
    assert len(uow.session.scalars(select(Job.subject)).all()) == sign_in.LINKS
    clock.pass_(minutes=16)
    sign_in.promise_link(uow, person.id)
    assert len(uow.session.scalars(select(Job.subject)).all()) == sign_in.LINKS + 1
