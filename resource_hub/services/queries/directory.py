"""Schools, alliances and people as plain lists, for whoever runs the hub."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Role
from resource_hub.models import Alliance, Appointed, Membership, School, User
from resource_hub.services.organisations import find_school


@dataclass(frozen=True, slots=True)
class HeldRole:
    role: Role
    organisation: str
    """The name of the school or alliance; empty for an administrator."""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    user_id: int
    name: str
    account: str
    email: str
    school: str
    subjects: tuple[str, ...]
    grades: tuple[str, ...]
    roles: tuple[HeldRole, ...]
    is_active: bool
    is_demo: bool


def people(session: Session, *, school_id: int | None = None) -> list[ListedPerson]:
    """Everybody with an account, school by school, or those of one school."""
    wanted = select(User).outerjoin(User.school).order_by(School.name, User.name, User.id)
    if school_id is not None:
        wanted = wanted.where(User.school_id == school_id)
    users = session.scalars(
        wanted.options(
            joinedload(User.school),
            selectinload(User.appointments).options(
                joinedload(Appointed.school), joinedload(Appointed.alliance)
            ),
        )
    )
    return [
        ListedPerson(
            user_id=user.id,
            name=user.name,
            account=user.account,
            email=user.email or "",
            school=user.school.name if user.school else "",
            subjects=user.subjects,
            grades=user.grades,
            roles=tuple(HeldRole(held.role, _place(held)) for held in user.appointments),
            is_active=user.is_active,
            is_demo=user.is_demo,
        )
        for user in users
    ]


def _place(held: Appointed) -> str:
    if held.school is not None:
        return held.school.name
    return held.alliance.name if held.alliance is not None else ""


@dataclass(frozen=True, slots=True)
class ListedSchool:
    school_id: int
    code: str
    name: str
    people: int
    alliances: Mapping[str, str]
    """By name: ``core`` or ``member``."""


def schools(session: Session) -> list[ListedSchool]:
    """All schools in the order of their names."""
    counts = dict(
        session.execute(select(User.school_id, func.count()).group_by(User.school_id)).all()
    )
    rows = session.scalars(
        select(School)
        .order_by(School.name)
        .options(selectinload(School.memberships).joinedload(Membership.alliance))
    )
    return [
        ListedSchool(
            school_id=school.id,
            code=school.code,
            name=school.name,
            people=counts.get(school.id, 0),
            alliances={held.alliance.name: held.standing.value for held in school.memberships},
        )
        for school in rows
    ]


@dataclass(frozen=True, slots=True)
class ListedAlliance:
    alliance_id: int
    name: str
    kind: str
    schools: Mapping[str, str]
    """By name: ``core`` or ``member``."""


def alliances(session: Session) -> list[ListedAlliance]:
    """All alliances in the order in which they were made."""
    rows = session.scalars(
        select(Alliance)
        .order_by(Alliance.id)
        .options(selectinload(Alliance.memberships).joinedload(Membership.school))
    )
    return [
        ListedAlliance(
            alliance_id=alliance.id,
            name=alliance.name,
            kind=alliance.kind.value,
            schools={held.school.name: held.standing.value for held in alliance.memberships},
        )
        for alliance in rows
    ]


def require_school(session: Session, name_or_code: str) -> School:
    """The school that is meant.

    Raises:
        Invalid: there is none of this name or code.
    """
    school = find_school(session, name_or_code)
    if school is None:
        raise Invalid(
            [Problem("school", N_("There is no school “%(name)s”."), {"name": name_or_code})]
        )
    return school


def require_alliance(session: Session, name: str = "") -> Alliance:
    """The alliance of this name; without one, the only alliance there is.

    Raises:
        Invalid: there is none, or there are several to choose from.
    """
    wanted = select(Alliance).order_by(Alliance.id)
    if name.strip():
        wanted = wanted.where(Alliance.name == name.strip())
    found = session.scalars(wanted.limit(2)).all()
    if len(found) == 1:
        return found[0]
    if found:
        sentence = N_("There are several alliances: name the one you mean.")
    elif name.strip():
        sentence = N_("There is no alliance “%(name)s”.")
    else:
        sentence = N_("There is no alliance yet.")
    values: dict[str, object] = {"name": name.strip()} if name.strip() else {}
    raise Invalid([Problem("alliance", sentence, values)])
