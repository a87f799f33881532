"""Schools, alliances, and who belongs to which."""

import re
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import AllianceKind
from resource_hub.models import Alliance, Membership, School, Standing
from resource_hub.services.unit_of_work import UnitOfWork

Thing = TypeVar("Thing")

MOST_LINES = 500
MAX_NAME = 120
TOO_LONG = N_("At most %(limit)s characters.")

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
    elif len(name) > MAX_NAME:
        problems.append(Problem("name", TOO_LONG, {"limit": MAX_NAME}))
    elif find_school(uow.session, name):
        problems.append(Problem("name", N_("There is already a school with this name.")))
    if not code:
        code = _next_code(uow.session)
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


def _next_code(session: Session) -> str:
    """``s`` and how many schools there are with this one, or the next number that is free."""
    taken = set(session.scalars(select(School.code)))
    return next(code for number in count(len(taken) + 1) if (code := f"s{number}") not in taken)


def add_schools(uow: UnitOfWork, by: Person, text: str) -> list[School]:
    """Add many schools at once, one a line: its name, then a comma and its code if it has one.

    All of them or none: with one wrong line nothing is added.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Invalid: with one problem for each wrong line, its field ``line-`` and the line's number.
    """
    require_administrator(by)
    return _line_by_line(
        text,
        N_("Write at least one school."),
        lambda line: add_school(uow, by, **_name_and_code(line)),
    )


def _name_and_code(line: str) -> dict[str, str]:
    name, _comma, code = line.replace("，", ",").replace("\t", ",").partition(",")
    return {"name": name, "code": code}


def _line_by_line(text: str, nothing: str, act: Callable[[str], Thing]) -> list[Thing]:
    """Do ``act`` for each line that is not empty, and gather what is wrong.

    Raises:
        Invalid: a line is wrong, there are none, or too many.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Invalid([Problem("lines", nothing)])
    if len(lines) > MOST_LINES:
        raise Invalid(
            [Problem("lines", N_("At most %(limit)s lines at once."), {"limit": MOST_LINES})]
        )
    done, problems = [], []
    for number, line in lines:
        try:
            done.append(act(line))
        except Invalid as error:
            problems += [
                Problem(f"line-{number}", problem.sentence, problem.values)
                for problem in error.problems
            ]
    if problems:
        raise Invalid(problems)
    return done


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
    if len(name) > MAX_NAME:
        raise Invalid([Problem("name", TOO_LONG, {"limit": MAX_NAME})])
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


def join_many(
    uow: UnitOfWork, by: Person, *, alliance_id: int, text: str, standing: Standing
) -> list[Membership]:
    """Let many schools join, one a line, each by its name or code; all of them or none.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: there is no such alliance.
        Invalid: with one problem for each line that names no school; see ``add_schools``.
    """
    require_administrator(by)

    def act(line: str) -> Membership:
        school = find_school(uow.session, line)
        if school is None:
            raise Invalid(
                [Problem("line", N_("There is no school “%(name)s”."), {"name": line.strip()})]
            )
        return join(uow, by, alliance_id=alliance_id, school_id=school.id, standing=standing)

    return _line_by_line(text, N_("Write at least one school."), act)


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
