"""From the tables of people and organisations to the person that the rules know."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.people import Appointment, Person
from resource_hub.models import Membership, User


def person_of(session: Session, user: User) -> Person:
    """See ``user`` as the rules do; two queries, one if appointments and school are loaded."""
    return _seen(user, _alliances_of(session, {user.school_id})[user.school_id])


def load_person(session: Session, user_id: int) -> Person | None:
    """The active person with this id, or None."""
    return next(iter(load_persons(session, {user_id})), None)


def load_persons(session: Session, user_ids: Collection[int]) -> list[Person]:
    """Those of these who are active, by id; three queries, however many they are."""
    users = session.scalars(
        select(User)
        .where(User.id.in_(user_ids), User.is_active)
        .options(selectinload(User.appointments), joinedload(User.school))
        .order_by(User.id)
    ).all()
    alliances = _alliances_of(session, {user.school_id for user in users}) if users else {}
    return [_seen(user, alliances[user.school_id]) for user in users]


def _alliances_of(
    session: Session, school_ids: Collection[int | None]
) -> dict[int | None, frozenset[int]]:
    found: dict[int | None, set[int]] = defaultdict(set)
    rows = session.execute(
        select(Membership.school_id, Membership.alliance_id).where(
            Membership.school_id.in_(school_ids)
        )
    )
    for school_id, alliance_id in rows:
        found[school_id].add(alliance_id)
    return {school_id: frozenset(found[school_id]) for school_id in school_ids}


def _seen(user: User, alliance_ids: frozenset[int]) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        school_id=user.school_id,
        school_name=user.school.name if user.school else "",
        alliance_ids=alliance_ids,
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


def find_person(session: Session, login: str) -> Person | None:
    """The active person with this account name or e-mail, in any case; None if there is none."""
    name = login.strip().lower()
    user_id = session.scalar(select(User.id).where((User.account == name) | (User.email == name)))
    return None if user_id is None else load_person(session, user_id)
