"""Schools, alliances, and who belongs to which."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import AllianceKind
from resource_hub.models import Alliance, Membership, School, Standing
from resource_hub.services.unit_of_work import UnitOfWork

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")


def require_administrator(person: Person) -> None:
    """Raise ``NotAllowed`` unless ``person`` is an administrator or at the command line."""
    if not (person.is_administrator or person == OPERATOR):
        raise NotAllowed(N_("Only an administrator can do this."))


def add_school(uow: UnitOfWork, by: Person, *, name: str, code: str = "") -> School:
    """Add a school; without ``code`` it is numbered: ``s1``, ``s2`` and so on.

    Raises:
        Invalid: the name is empty or taken, or the code is no code.
    """
    require_administrator(by)
    name, code = name.strip(), code.strip().lower()
    problems = []
    if not name:
        problems.append(Problem("name", N_("Give the school its name.")))
    elif find_school(uow.session, name):
        problems.append(Problem("name", N_("There is already a school with this name.")))
    if not code:
        code = f"s{len(uow.session.scalars(select(School.id)).all()) + 1}"
    if not _CODE.fullmatch(code):
        problems.append(
            Problem("code", N_("A code has small letters, digits and hyphens, at most 39."))
        )
    elif find_school(uow.session, code):
        problems.append(Problem("code", N_("There is already a school with this code.")))
    if problems:
        raise Invalid(problems)
    school = School(name=name, code=code, created_at=uow.now())
    uow.session.add(school)
    uow.session.flush()
    uow.record("school:add", by=by, school=school.id, name=name)
    return school


def find_school(session: Session, name_or_code: str) -> School | None:
    wanted = name_or_code.strip()
    return session.scalar(
        select(School).where((School.name == wanted) | (School.code == wanted.lower()))
    )


def add_alliance(uow: UnitOfWork, by: Person, *, name: str, kind: AllianceKind) -> Alliance:
    """Add an alliance without members.

    Raises:
        Invalid: the name is empty or taken.
    """
    require_administrator(by)
    name = name.strip()
    if not name:
        raise Invalid([Problem("name", N_("Give the alliance its name."))])
    if uow.session.scalar(select(Alliance.id).where(Alliance.name == name)):
        raise Invalid([Problem("name", N_("There is already an alliance with this name."))])
    alliance = Alliance(name=name, kind=kind, created_at=uow.now())
    uow.session.add(alliance)
    uow.session.flush()
    uow.record("alliance:add", by=by, alliance=alliance.id, name=name)
    return alliance


def join(
    uow: UnitOfWork, by: Person, *, alliance_id: int, school_id: int, standing: Standing
) -> Membership:
    """Make a school core or member of an alliance; again with another standing changes it."""
    require_administrator(by)
    session = uow.session
    if session.get(Alliance, alliance_id) is None or session.get(School, school_id) is None:
        raise Missing(N_("There is no such school or alliance."))
    membership = session.scalar(
        select(Membership).where(
            Membership.alliance_id == alliance_id, Membership.school_id == school_id
        )
    )
    if membership is None:
        membership = Membership(
            alliance_id=alliance_id, school_id=school_id, standing=standing, since=uow.now()
        )
        session.add(membership)
    membership.standing = standing
    uow.record(
        "alliance:join", by=by, alliance=alliance_id, school=school_id, standing=standing.value
    )
    return membership


def leave(uow: UnitOfWork, by: Person, *, alliance_id: int, school_id: int) -> None:
    """End a membership; what the school has shared with the alliance stays shared."""
    require_administrator(by)
    membership = uow.session.scalar(
        select(Membership).where(
            Membership.alliance_id == alliance_id, Membership.school_id == school_id
        )
    )
    if membership is None:
        raise Missing(N_("This school is not a member of the alliance."))
    uow.session.delete(membership)
    uow.record("alliance:leave", by=by, alliance=alliance_id, school=school_id)
