"""People with an account, as far as a person may manage them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.errors import N_, Missing, NotAllowed
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Alliance, Appointed, School, User
from resource_hub.services.dismissing import may_dismiss
from resource_hub.services.people import (
    ALLIANCE_ROLES,
    SCHOOL_ROLES,
    givable_roles,
    may_manage_account,
)
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A role that someone holds; codes, not labels."""

    appointment_id: int
    role: Role
    place: str
    """The name of the school or alliance; empty for an administrator."""
    subjects: Sequence[str]
    stages: Sequence[str]
    may_dismiss: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the list."""

    id: int
    name: str
    account: str
    email: str
    school_name: str
    school_code: str
    is_active: bool
    is_demo: bool
    roles: Sequence[Held]


@dataclass(frozen=True, slots=True)
class Givable:
    """A role in a place to which the person may be appointed."""

    role: Role
    school_id: int | None
    alliance_id: int | None
    place: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One person, with what the reader may do."""

    listed: Listed
    created_at: datetime
    subjects: Sequence[str]
    grades: Sequence[str]
    givable: Sequence[Givable]
    may_manage: bool
    """Close and reopen the account, make a link for a new password."""


def managed_schools(session: Session, by: Person) -> list[tuple[int, str]]:
    """The schools whose people ``by`` manages, named; for an administrator none is listed.

    Raises:
        NotAllowed: ``by`` manages nobody.
    """
    ids = _school_ids(by)
    rows = session.execute(
        select(School.id, School.name).where(School.id.in_(sorted(ids))).order_by(School.name)
    )
    return [(school_id, name) for school_id, name in rows]


def _school_ids(by: Person) -> set[int]:
    """The schools that ``by`` coordinates; empty for an administrator, who manages all."""
    if by.is_administrator or by == OPERATOR:
        return set()
    ids = {
        held.school_id
        for held in by.appointments
        if held.role is Role.COORDINATOR and held.school_id is not None
    }
    if not ids:
        raise NotAllowed(N_("Only administrators and coordinators manage people."))
    return ids


def _managed(by: Person) -> ColumnElement[bool]:
    ids = _school_ids(by)
    return User.school_id.in_(sorted(ids)) if ids else true()


def members(
    session: Session, by: Person, *, words: str = "", school_code: str = "", page: int = 1
) -> tuple[list[Listed], Paging]:
    """One page of the people whom ``by`` manages, by name; in a constant number of queries.

    Args:
        words: parts of name, account or e-mail, all of which must be there.

    Raises:
        NotAllowed: ``by`` manages nobody.
    """
    conditions = [_managed(by)]
    conditions += [
        or_(
            User.name.icontains(word, autoescape=True),
            User.account.icontains(word, autoescape=True),
            User.email.icontains(word, autoescape=True),
        )
        for word in words.split()
    ]
    if school_code:
        conditions.append(
            User.school_id.in_(select(School.id).where(School.code == school_code.lower()))
        )
    total = session.scalar(select(func.count(User.id)).where(*conditions)) or 0
    paging = Paging.fit(page, PER_PAGE, total)
    users = session.scalars(
        select(User)
        .where(*conditions)
        .order_by(User.is_active.desc(), User.name, User.id)
        .offset(paging.offset)
        .limit(PER_PAGE)
        .options(*_WITH_ROLES)
    )
    return [_listed(by, user) for user in users], paging


_WITH_ROLES = (
    joinedload(User.school),
    selectinload(User.appointments).options(
        joinedload(Appointed.school), joinedload(Appointed.alliance)
    ),
)


def member_page(session: Session, by: Person, user_id: int) -> MemberPage:
    """One person whom ``by`` manages.

    Raises:
        NotAllowed: ``by`` manages nobody.
        Missing: there is no such person, as far as ``by`` may know.
    """
    user = session.scalar(
        select(User)
        .where(User.id == user_id, _managed(by))
        .options(*_WITH_ROLES)
        .execution_options(populate_existing=True)
    )
    if user is None:
        raise Missing(N_("There is no such person."))
    return MemberPage(
        listed=_listed(by, user),
        created_at=user.created_at,
        subjects=user.subjects,
        grades=user.grades,
        givable=_givable(session, by, user),
        may_manage=may_manage_account(session, by, user),
    )


def _listed(by: Person, user: User) -> Listed:
    return Listed(
        id=user.id,
        name=user.name,
        account=user.account,
        email=user.email or "",
        school_name=user.school.name if user.school else "",
        school_code=user.school.code if user.school else "",
        is_active=user.is_active,
        is_demo=user.is_demo,
        roles=[
            Held(
                appointment_id=held.id,
                role=held.role,
                place=_place(held),
                subjects=held.subjects,
                stages=held.stages,
                may_dismiss=may_dismiss(by, held),
            )
            for held in user.appointments
        ],
    )


def _place(held: Appointed) -> str:
    if held.school is not None:
        return held.school.name
    return held.alliance.name if held.alliance is not None else ""


def _givable(session: Session, by: Person, user: User) -> list[Givable]:
    """In the own school, in each alliance, and in the hub as a whole."""
    found = []
    if user.school is not None:
        roles = givable_roles(by, user, school_id=user.school_id, alliance_id=None)
        found += [
            Givable(role, user.school_id, None, user.school.name)
            for role in Role
            if role in roles & SCHOOL_ROLES
        ]
    for alliance_id, name in session.execute(
        select(Alliance.id, Alliance.name).order_by(Alliance.id)
    ):
        roles = givable_roles(by, user, school_id=None, alliance_id=alliance_id)
        found += [
            Givable(role, None, alliance_id, name)
            for role in Role
            if role in roles & ALLIANCE_ROLES
            and (role is not Role.REVIEWER or user.school_id is not None)
        ]
    if Role.ADMINISTRATOR in givable_roles(by, user, school_id=None, alliance_id=None):
        found.append(Givable(Role.ADMINISTRATOR, None, None, ""))
    return found
