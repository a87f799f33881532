"""What people make of a resource, in figures: stars and uses in class."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.feedback import mean_of
from resource_hub.domain.people import Person
from resource_hub.models import Rating


@dataclass(frozen=True, slots=True)
class Stars:
    """The stars of one resource."""

    mean: float | None
    """None as long as fewer than three have rated it."""
    people: int
    own: int | None
    """What this person gave."""


def stars_of(session: Session, person: Person, resource_id: int) -> Stars:
    """One query; the caller has seen to it that the person may see the resource."""
    total, people, own = session.execute(
        select(
            func.coalesce(func.sum(Rating.stars), 0),
            func.count(Rating.person_id),
            func.max(Rating.stars).filter(Rating.person_id == (person.id or 0)),
        ).where(Rating.resource_id == resource_id)
    ).one()
    return Stars(mean_of(total, people), people, own)
