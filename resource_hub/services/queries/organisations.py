"""Schools and alliances on the administrator's pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.models import Alliance, Membership, School, Standing, User
from resource_hub.services.organisations import require_administrator
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 50
MOST_NAMES = 300
"""Names of schools offered while typing."""


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school of the list."""

    id: int
    name: str
    code: str
    people: int
    """With an open account."""
    alliances: Sequence[tuple[int, str, Standing]]


@dataclass(frozen=True, slots=True)
class AllianceLine:
    """One alliance of the list."""

    id: int
    name: str
    kind: str
    schools: int


@dataclass(frozen=True, slots=True)
class Member:
    """A school of an alliance."""

    school_id: int
    name: str
    code: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class AlliancePage:
    """An alliance with its schools, core schools first."""

    id: int
    name: str
    kind: str
    members: Sequence[Member]


def schools_page(
    session: Session, by: Person, *, words: str = "", page: int = 1
) -> tuple[list[SchoolLine], Paging]:
    """One page of schools by name; three queries.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    conditions = [
        or_(School.name.icontains(word, autoescape=True), School.code == word.lower())
        for word in words.split()
    ]
    total = session.scalar(select(func.count(School.id)).where(*conditions)) or 0
    paging = Paging.fit(page, PER_PAGE, total)
    people = (
        select(func.count(User.id))
        .where(User.school_id == School.id, User.is_active)
        .correlate(School)
        .scalar_subquery()
    )
    rows = session.execute(
        select(School.id, School.name, School.code, people)
        .where(*conditions)
        .order_by(School.name, School.id)
        .offset(paging.offset)
        .limit(PER_PAGE)
    ).all()
    held: dict[int, list[tuple[int, str, Standing]]] = {}
    for school_id, alliance_id, name, standing in session.execute(
        select(Membership.school_id, Alliance.id, Alliance.name, Membership.standing)
        .join(Membership.alliance)
        .where(Membership.school_id.in_([row[0] for row in rows]))
        .order_by(Alliance.id)
    ):
        held.setdefault(school_id, []).append((alliance_id, name, standing))
    return [
        SchoolLine(id_, name, code, number, held.get(id_, ())) for id_, name, code, number in rows
    ], paging


def school_names(session: Session, by: Person) -> list[str]:
    """To choose from while typing; the first few hundred, for more would be no help.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    return list(session.scalars(select(School.name).order_by(School.name).limit(MOST_NAMES)))


def alliance_lines(session: Session, by: Person) -> list[AllianceLine]:
    """All alliances, the oldest first; one query.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    rows = session.execute(
        select(Alliance.id, Alliance.name, Alliance.kind, func.count(Membership.id))
        .outerjoin(Alliance.memberships)
        .group_by(Alliance.id, Alliance.name, Alliance.kind)
        .order_by(Alliance.id)
    )
    return [AllianceLine(id_, name, kind.value, number) for id_, name, kind, number in rows]


def alliance_page(session: Session, by: Person, alliance_id: int) -> AlliancePage:
    """One alliance with its schools.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: there is no such alliance.
    """
    require_administrator(by)
    alliance = session.get(Alliance, alliance_id)
    if alliance is None:
        raise Missing(N_("There is no such alliance."))
    rows = session.execute(
        select(School.id, School.name, School.code, Membership.standing)
        .join(Membership.school)
        .where(Membership.alliance_id == alliance_id)
        .order_by(Membership.standing, School.name)
    )
    members = [Member(*row) for row in rows]
    return AlliancePage(alliance.id, alliance.name, alliance.kind.value, members)
