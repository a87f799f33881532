"""Accounts and appointments."""

import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Appointed, School, SignIn, User
from resource_hub.services import passwords
from resource_hub.services.unit_of_work import UnitOfWork

_ACCOUNT = re.compile(r"[\w.@-]{2,60}")
MAX_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

SCHOOL_ROLES = frozenset({Role.TEACHER, Role.REVIEWER, Role.COORDINATOR})
ALLIANCE_ROLES = frozenset({Role.REVIEWER, Role.EDITOR})


def add_person(
    uow: UnitOfWork,
    by: Person,
    *,
    name: str,
    account: str = "",
    email: str = "",
    school_id: int | None = None,
    password: str = "",
    subjects: tuple[str, ...] = (),
    grades: tuple[str, ...] = (),
    language: str = "",
    is_demo: bool = False,
    password_hash: str = "",
) -> User:
    """Open an account. Whoever has a school is a teacher of it from the start.

    Args:
        by: an administrator, the coordinator of the school, or the command line.
        account: the name to sign in with; empty: the e-mail address is.
        password: empty: nobody can sign in until one is set through a reset link.
        language: a locale, such as ``zh_Hant``; empty: as the browser asks.
        password_hash: of a password that is hashed already; ``password`` is then left empty.

    Raises:
        Invalid: a field is missing, malformed or taken.
    """
    require_may_manage(by, school_id)
    name, email = name.strip(), email.strip().lower()
    account = account.strip().lower() or email
    problems = _problems(uow.session, name=name, account=account, email=email)
    if school_id is not None and uow.session.get(School, school_id) is None:
        problems.append(Problem("school", N_("There is no such school.")))
    if password and (weakness := passwords.weakness(password)):
        problems.append(Problem("password", weakness))
    if problems:
        raise Invalid(problems)
    user = User(
        name=name,
        account=account,
        email=email or None,
        school_id=school_id,
        password_hash=password_hash or passwords.hashed(password or secrets.token_urlsafe(32)),
        subjects=subjects,
        grades=grades,
        language=language,
        is_demo=is_demo,
        created_at=uow.now(),
        appointments=[],
    )
    if school_id is not None:
        user.appointments.append(Appointed(role=Role.TEACHER, school_id=school_id))
    uow.session.add(user)
    uow.session.flush()
    uow.record("person:add", by=by, person=user.id, account=account)
    return user


def _problems(session: Session, *, name: str, account: str, email: str) -> list[Problem]:
    found = []
    if not name or len(name) > 60:  # noqa: PLR2004 - the column's length
        found.append(Problem("name", N_("Give the person's name, at most 60 characters.")))
    if email and (len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email)):
        found.append(Problem("email", N_("This is not an e-mail address.")))
    elif email and _is_taken(session, email):
        found.append(Problem("email", N_("Someone already has this e-mail address.")))
    if not _ACCOUNT.fullmatch(account):
        found.append(Problem("account", N_("Give an account name of 2 to 60 characters.")))
    elif _is_taken(session, account):
        found.append(Problem("account", N_("Someone already has this account name.")))
    return found


def _is_taken(session: Session, login: str) -> bool:
    """Whether someone signs in with it already, be it the account name or the e-mail address.

    Both are asked for in one field: another's address as an account name would keep them out.
    """
    held = select(User.id).where((User.account == login) | (User.email == login))
    return session.scalar(held.limit(1)) is not None


def require_may_manage(by: Person, school_id: int | None) -> None:
    """Accounts of a school are managed by its coordinator or an administrator."""
    if by == OPERATOR or by.is_administrator:
        return
    if school_id is None or not by.coordinates(school_id):
        raise NotAllowed(N_("Only an administrator or the school's coordinator can do this."))


def require_may_manage_account(session: Session, by: Person, user: User) -> None:
    """Raise ``NotAllowed`` unless ``may_manage_account``."""
    require_may_manage(by, user.school_id)
    if not may_manage_account(session, by, user):
        raise NotAllowed(
            N_("This person serves beyond your school: only an administrator can do this.")
        )


def may_manage_account(session: Session, by: Person, user: User) -> bool:
    """A coordinator manages the accounts of those who serve the own school alone.

    Whoever can set another's password can act as that person; so someone who also reviews for the
    alliance, edits the catalogue or runs the hub is managed by an administrator.
    """
    if by == OPERATOR or by.is_administrator:
        return True
    if user.school_id is None or not by.coordinates(user.school_id):
        return False
    elsewhere = select(Appointed.id).where(
        Appointed.user_id == user.id, Appointed.school_id.is_distinct_from(user.school_id)
    )
    return session.scalar(elsewhere.limit(1)) is None


def appoint(
    uow: UnitOfWork,
    by: Person,
    user_id: int,
    role: Role,
    *,
    school_id: int | None = None,
    alliance_id: int | None = None,
    subjects: tuple[str, ...] = (),
    stages: tuple[str, ...] = (),
) -> Appointed:
    """Give a person a role; the same role in the same place replaces its subjects and stages.

    Raises:
        Invalid: the role does not belong to that kind of organisation, or a reviewer to no school.
        NotAllowed: coordinators appoint teachers and reviewers of their own school alone, from
            among its people.
    """
    user = find_user(uow.session, user_id)
    if role not in givable_roles(by, user, school_id=school_id, alliance_id=alliance_id):
        raise NotAllowed(N_("Only an administrator can give this role."))
    fits = {
        (True, False): role in SCHOOL_ROLES,
        (False, True): role in ALLIANCE_ROLES,
        (False, False): role is Role.ADMINISTRATOR,
    }
    if not fits.get((school_id is not None, alliance_id is not None)):
        raise Invalid([Problem("role", N_("This role belongs to another kind of organisation."))])
    if role is Role.REVIEWER and user.school_id is None:
        raise Invalid(
            [Problem("role", N_("A reviewer belongs to a school; this person has none."))]
        )
    held = uow.session.scalar(
        select(Appointed).where(
            Appointed.user_id == user.id,
            Appointed.role == role,
            Appointed.school_id.is_(school_id)
            if school_id is None
            else Appointed.school_id == school_id,
            Appointed.alliance_id.is_(alliance_id)
            if alliance_id is None
            else Appointed.alliance_id == alliance_id,
        )
    )
    if held is None:
        held = Appointed(user_id=user.id, role=role, school_id=school_id, alliance_id=alliance_id)
        uow.session.add(held)
    elif (subjects, stages) != (held.subjects, held.stages):
        uow.promise("turns", user.id)  # something may not be theirs to judge any more
    held.subjects, held.stages = subjects, stages
    uow.session.flush()
    uow.record(
        "person:appoint",
        by=by,
        person=user.id,
        role=role.value,
        school=school_id,
        alliance=alliance_id,
    )
    return held


def givable_roles(
    by: Person, user: User, *, school_id: int | None, alliance_id: int | None
) -> frozenset[Role]:
    """What ``by`` may appoint ``user`` to in one organisation, or in the hub as a whole."""
    if by == OPERATOR or by.is_administrator:
        return frozenset(Role)
    if alliance_id is None and school_id is not None and by.coordinates(school_id):
        own = user.school_id == school_id
        return frozenset({Role.TEACHER, Role.REVIEWER}) if own else frozenset()
    return frozenset()


def password_link(uow: UnitOfWork, by: Person, user_id: int, *, secret: str) -> str:
    """The token of a link by which the person sets a password, once, within 48 hours.

    Raises:
        NotAllowed: see ``require_may_manage_account``.
        WrongState: the account is closed.
    """
    user = find_user(uow.session, user_id)
    require_may_manage_account(uow.session, by, user)
    if not user.is_active:
        raise WrongState(N_("This account is closed. Reopen it first."))
    uow.record("person:link", by=by, person=user.id)
    return passwords.reset_token(secret, user)


def set_password(
    uow: UnitOfWork, by: Person, user_id: int, *, present_hash: str, new_hash: str
) -> None:
    """Set a password and end every sign-in of that person.

    Args:
        present_hash: what was found before; whoever holds a link or the old password proved it of
            this one alone.
        new_hash: as ``passwords.new_hash`` makes it.

    Raises:
        WrongState: another password was set meanwhile.
    """
    user = uow.session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None or user.password_hash != present_hash:
        raise WrongState(N_("This password was changed a moment ago."))
    user.password_hash = new_hash
    end_sign_ins(uow.session, user.id)
    uow.record("person:password", by=by, person=user.id)


def find_user(session: Session, user_id: int) -> User:
    """The account, open or closed; raises ``Missing``."""
    user = session.get(User, user_id)
    if user is None:
        raise Missing(N_("There is no such person."))
    return user


def end_sign_ins(session: Session, user_id: int) -> None:
    """Whoever is signed in as this person is so no more."""
    for sign_in in session.scalars(select(SignIn).where(SignIn.user_id == user_id)):
        session.delete(sign_in)
