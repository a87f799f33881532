"""Find the host of a round by what an editor types: a name, an account or an e-mail address."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.people import Person
from resource_hub.models import Membership, School, User

MOST_NAMED = 5
"""Namesakes that the sentence names."""


def find_host(
    session: Session, by: Person, alliance_id: int, typed: str, present: User | None
) -> tuple[int | None, Problem | None]:
    """The number of a person of the alliance, or what is wrong.

    Empty, and the name of whoever hosts it now, change nothing; of a new round the host is then
    ``by``. Namesakes are told apart by their school behind the name: ``王敏 实验小学``.
    """
    words = " ".join(typed.split())
    if present is not None and words in {"", present.name}:
        return present.id, None
    if not words and by.id:
        return by.id, None
    login = words.lower()
    rows = session.execute(
        select(User.id, User.name, School.name)
        .join(School, School.id == User.school_id)
        .join(Membership, Membership.school_id == School.id)
        .where(
            Membership.alliance_id == alliance_id,
            User.is_active,
            or_(
                User.name == words,
                User.account == login,
                User.email == login,
                User.name + " " + School.name == words,
            ),
        )
        .order_by(School.name, User.id)
        .limit(MOST_NAMED)
    ).all()
    if not rows:
        sentence = N_("Nobody of the alliance is called “%(name)s”. Look at the spelling.")
        return None, Problem("host", sentence, {"name": words})
    if len(rows) > 1:
        sentence = N_("Several people are called so. Write one of these: %(names)s")
        names = "; ".join(f"{name} {school}" for _id, name, school in rows)
        return None, Problem("host", sentence, {"names": names})
    return rows[0][0], None
