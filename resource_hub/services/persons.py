"""From the tables of people and organisations to the person that the rules know."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.people import Appointment, Person
from resource_hub.models import Membership, User


def person_of(session: Session, user: User) -> Person:
    """See ``user`` as the rules do; two queries, one if appointments and school are loaded."""
    alliances = frozenset(
        session.scalars(
            select(Membership.alliance_id).where(Membership.school_id == user.school_id)
        )
    )
    return Person(
        id=user.id,
        name=user.name,
        school_id=user.school_id,
        school_name=user.school.name if user.school else "",
        alliance_ids=alliances,
        appointments=tuple(
            Appointment(
                held.role,
                held.school_id,
                held.alliance_id,
                frozenset(held.subjects),
                frozenset(held.stages),
            )
            for held in user.appointments
        ),
        language=user.language,
    )


def load_person(session: Session, user_id: int) -> Person | None:
    """The active person with this id, or None."""
    user = session.scalar(
        select(User)
        .where(User.id == user_id, User.is_active)
        .options(selectinload(User.appointments), selectinload(User.school))
    )
    return None if user is None else person_of(session, user)


def find_person(session: Session, login: str) -> Person | None:
    """The active person with this account name or e-mail, in any case; None if there is none."""
    name = login.strip().lower()
    user_id = session.scalar(select(User.id).where((User.account == name) | (User.email == name)))
    return None if user_id is None else load_person(session, user_id)
