"""What a person's own page says about the account."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.people import Role
from resource_hub.models import Appointed, User


@dataclass(frozen=True, slots=True)
class Held:
    """A role with the name of its place; ``""`` for one of the whole hub."""

    role: Role
    place: str
    subjects: tuple[str, ...]
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Codes, not labels."""

    name: str
    account: str
    email: str
    school_name: str
    subjects: tuple[str, ...]
    grades: tuple[str, ...]
    roles: tuple[Held, ...]


def profile(session: Session, user_id: int) -> Profile:
    """The account with this id, which exists; two queries."""
    user = session.scalars(
        select(User)
        .where(User.id == user_id)
        .options(
            joinedload(User.school),
            selectinload(User.appointments).options(
                joinedload(Appointed.school), joinedload(Appointed.alliance)
            ),
        )
    ).one()
    return Profile(
        name=user.name,
        account=user.account,
        email=user.email or "",
        school_name=user.school.name if user.school else "",
        subjects=user.subjects,
        grades=user.grades,
        roles=tuple(
            Held(held.role, _place(held), held.subjects, held.stages) for held in user.appointments
        ),
    )


def _place(held: Appointed) -> str:
    organisation = held.school or held.alliance
    return organisation.name if organisation else ""
